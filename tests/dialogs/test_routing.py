"""Who gets a request, in the flower shop: Flora and David are a team, and are given requests in turn."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from bot.playground.people import Colleague
from bot.playground.shop import DELIVERIES, SHOP_DESK
from storage import catalogue
from storage.records import Rule, Service, Team
from tests.shop import Shop, buttons
from tests.teams import TeamsShop, open_teams_shop

TEAM = Team("flowers", "Flowers", rule=Rule.ROUND_ROBIN, zone="Europe/Stockholm")
BOUQUETS = Service("bouquets", "Bouquets", "flowers")
VANS = Team("vans", "Vans", place=f"slack:{DELIVERIES}")
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


async def stock(shop: Shop | TeamsShop, *records: Team | Service) -> None:
    """Put these into the catalogue."""
    front = shop.app.front

    def unit(tx: Connection) -> None:
        for record in records:
            if isinstance(record, Team):
                catalogue.keep_team(tx, front.house.org, record)
            else:
                catalogue.keep_service(tx, front.house.org, record)
        catalogue.count_up(tx, front.house.org)

    await front.keep(unit)


def us(*several: Colleague) -> tuple[str, ...]:
    return tuple(f"slack:{one.id}" for one in several)


@pytest.fixture
async def flowers(shop: Shop) -> Shop:
    crew = us(shop.driver, shop.flora)
    team = replace(TEAM, place=f"slack:{SHOP_DESK}", members=crew, lead=us(shop.svea)[0])
    await stock(shop, team, BOUQUETS, VANS)
    return shop


async def test_two_requests_go_to_two_colleagues_who_hear_why(flowers: Shop) -> None:
    shop = flowers
    assert "#1 is with David Holm." in await shop.says(shop.clerk, "roses #bouquets")
    assert "#2 is with Flora Nilsson." in await shop.says(shop.clerk, "tulips #bouquets")
    news = shop.dm(shop.flora)[-1]
    assert "#2 “tulips” is yours: it is your turn." in news.text
    assert buttons(news) == ["Take", "Show", "Hand over …"]
    await shop.press(shop.flora, news, "Take")
    assert "Flora Nilsson has it." in shop.card(2, shop.clerk).text
    assert await shop.history(2) == [
        "Carl Berg asked for it",
        "Given to Flora Nilsson: next in turn",
        "Flora Nilsson took it",
    ]


async def test_who_is_away_is_passed_over(flowers: Shop) -> None:
    shop = flowers
    await shop.says(shop.driver, "away until friday")
    assert "#1 is with Flora Nilsson." in await shop.says(shop.clerk, "roses #bouquets")
    assert "Given to Flora Nilsson: next in turn; David Holm is away" in await shop.history(1)


async def test_what_is_at_the_wrong_desk_is_moved(flowers: Shop) -> None:
    shop = flowers
    await shop.files("the parcels are too heavy #bouquets")
    await shop.dialog(
        (shop.driver, "move 1 #parcels", "Nobody offers “parcels”. Nothing was moved."),
        (shop.driver, "move 1", "Move #1"),
    )
    assert not await shop.submit(shop.driver, to="@vans")
    left = shop.card(1, shop.clerk)
    assert "Moved to Vans." in left.text
    assert buttons(left) == []
    assert "Take" in buttons(shop.card(1, shop.clerk, DELIVERIES))
    told = "David Holm moved #1 “the parcels are too heavy” to Vans."
    assert told in shop.thread(shop.own_card(1, shop.clerk), shop.clerk)
    assert (await shop.history(1))[-1] == "David Holm moved it to Vans"
    await shop.dialog((shop.clerk, "move 1 #bouquets", "#1 is with Bouquets now, and Flora Nilsson has it."))


async def test_what_nobody_can_be_given_is_in_the_lead_s_list_until_somebody_takes_it(flowers: Shop) -> None:
    shop = flowers
    await stock(shop, replace(TEAM, rule=Rule.DUTY, place=f"slack:{SHOP_DESK}", lead=us(shop.svea)[0]))
    await shop.says(shop.clerk, "roses #bouquets")
    assert "#1 roses" in shop.card(1, shop.flora).text
    await shop.wait_until(TUESDAY)
    (told,) = [one for one in shop.dm(shop.svea) if "These need a home" in one.text]
    assert "#1 roses" in told.text
    assert "Since Mon 23 Nov, 10:00: nobody is on the rota." in told.text
    assert buttons(told) == ["Take", "Hand over …", "Move …"]
    assert await shop.press(shop.svea, told, "Move …") == "Move #1"
    assert await shop.press(shop.svea, told, "Take") == "#1 is yours."
    await shop.wait(days=1)
    assert len([one for one in shop.dm(shop.svea) if "These need a home" in one.text]) == 1


async def test_when_the_owner_leaves_the_next_in_turn_has_it(flowers: Shop) -> None:
    shop = flowers
    await shop.files("roses #bouquets")
    await shop.says(shop.driver, "take 1")
    await shop.workspace.deactivate(shop.driver.id)
    await shop.settle()
    assert "Waiting for Flora Nilsson to take it." in shop.card(1, shop.clerk).text
    assert "#1 “roses” is yours: it is your turn." in shop.news(shop.flora)
    assert "#1 “roses” is with Flora Nilsson now." in shop.thread(shop.own_card(1, shop.clerk), shop.clerk)


async def test_in_teams_it_is_the_same(shop_url: str) -> None:
    async with open_teams_shop(shop_url) as shop:
        triage = shop.app.front.house.triage
        lead = shop.app.front.house.lead
        rota = replace(TEAM, rule=Rule.DUTY, place=triage, lead=lead)
        await stock(shop, rota, BOUQUETS, replace(VANS, place=triage))
        await shop.files("roses #bouquets")
        await shop.wait(days=1)
        (told,) = [one for one in shop.chat(shop.manager) if "These need a home" in one.summary]
        assert "nobody is on the rota" in told.summary
        assert "#1 is yours." in await shop.press(shop.manager, told, "Take")
        assert "#1 is with Vans now." in await shop.says(shop.manager, "move 1 @vans")
        await shop.wait(days=1)
        assert len([one for one in shop.chat(shop.manager) if "These need a home" in one.summary]) == 1
