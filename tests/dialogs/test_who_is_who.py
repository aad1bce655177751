"""What the platforms tell by the way: where the bot is, who is in which channel, who is away, who is gone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.app import Deskbell
from bot.playground.shop import CLERK, DELIVERIES, DESIGNER, DRIVER, MANAGER, SHOP_DESK
from storage import catalogue, people
from storage.records import Team
from tests import teams as tenant_of
from tests.both import Both, open_both
from tests.shop import Shop
from tests.teams import DESK, TEAM, TeamsShop, open_teams_shop

VANS = "19:vans@thread.tacv2"
BACKROOM = "CBACKROOM"
PALM = "palm_tree"


@pytest.fixture
async def teams(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        yield shop


@pytest.fixture
async def both(shop_url: str) -> AsyncIterator[Both]:
    async with open_both(shop_url, "slack", apart=False, link_people=True) as both:
        yield both


async def look_up(app: Deskbell) -> None:
    """What is done every ten seconds: ask about what is new."""
    for side in app._sides:
        await side.beats()[0][2]()


async def refresh(app: Deskbell) -> None:
    """What is done every hour: ask about everything."""
    await app.look_around()


async def channels(app: Deskbell) -> dict[str, str]:
    """The channels that the bot is in: places by name."""
    found = await app.front.look(partial(catalogue.all_channels, org="main"))
    return {channel.name: channel.place.partition(":")[2] for channel in found}


async def members(app: Deskbell, place: str) -> set[str]:
    """Who belongs to a triage channel, without the bot."""
    found = await app.front.look(partial(people.members_of, org="main", place=place))
    return {one.partition(":")[2] for one in found} - {"UDESKBELL"}


async def a_team(app: Deskbell, place: str, key: str = "vans") -> None:
    """Somebody adds a team to the catalogue, with a channel of its own."""

    def unit(tx: Connection) -> None:
        catalogue.count_up(tx, "main")
        catalogue.keep_team(tx, "main", Team(key, key.capitalize(), place=place))

    await app.front.keep(unit)


@contextmanager
def calls(shop: Shop, method: str, expected: int) -> Iterator[None]:
    """So many calls of a method are made."""
    before = len(shop.workspace.called(method))
    yield
    assert len(shop.workspace.called(method)) - before == expected


# where the bot is, in Slack


async def test_the_channels_the_bot_is_in_are_known_by_name(shop: Shop) -> None:
    assert await channels(shop.app) == {
        "deliveries": DELIVERIES,
        "general": "CGENERAL",
        "shop-desk": SHOP_DESK,
    }
    await shop.workspace.rename(DELIVERIES, "vans")
    assert (await channels(shop.app))["vans"] == DELIVERIES
    shop.workspace.add_channel(BACKROOM, "backroom", private=True, members=[CLERK])
    await shop.workspace.rename(BACKROOM, "attic")
    await shop.clerk.invite(BACKROOM, shop.workspace.bot_user)
    await shop.settle()
    assert (await channels(shop.app))["attic"] == BACKROOM
    await shop.clerk.remove(BACKROOM, shop.workspace.bot_user)
    await shop.driver.remove(DELIVERIES, shop.workspace.bot_user)
    assert (await channels(shop.app)).keys() == {"general", "shop-desk"}


async def test_an_archived_channel_is_known_again_when_it_is_back(shop: Shop) -> None:
    await shop.workspace.archive(DELIVERIES)
    assert "deliveries" not in await channels(shop.app)
    await shop.workspace.unarchive(DELIVERIES)
    await shop.settle()
    assert (await channels(shop.app))["deliveries"] == DELIVERIES


async def test_what_was_not_told_is_found_out_by_the_hour(shop: Shop) -> None:
    shop.workspace.subscribed = frozenset()
    await shop.workspace.archive(DELIVERIES)
    shop.workspace.add_channel(BACKROOM, "backroom", private=True, members=[CLERK, shop.workspace.bot_user])
    assert "deliveries" in await channels(shop.app)
    await refresh(shop.app)
    assert (await channels(shop.app)).keys() == {"backroom", "general", "shop-desk"}


async def test_slack_s_trouble_with_the_channels_costs_nothing_else(shop: Shop) -> None:
    shop.workspace.fail("users.conversations", error="ratelimited")
    await refresh(shop.app)
    assert "deliveries" in await channels(shop.app)
    assert DESIGNER in await members(shop.app, f"slack:{SHOP_DESK}")


# who is in whose channel, in Slack


async def test_a_new_team_s_channel_is_read_once_and_then_followed(shop: Shop) -> None:
    place = f"slack:{DELIVERIES}"
    await shop.svea.leave(DELIVERIES)
    await a_team(shop.app, place)
    assert await members(shop.app, place) == set()
    with calls(shop, "conversations.members", 1):
        for _ in range(5):
            await look_up(shop.app)
    assert await members(shop.app, place) == {CLERK, DESIGNER, DRIVER, MANAGER}
    await shop.clerk.leave(DELIVERIES)
    await shop.svea.join(DELIVERIES)
    assert await members(shop.app, place) == {shop.svea.id, DESIGNER, DRIVER, MANAGER}
    assert CLERK in await members(shop.app, f"slack:{SHOP_DESK}")


async def test_a_channel_without_the_bot_is_asked_for_once_an_hour_until_the_bot_is_there(shop: Shop) -> None:
    shop.workspace.add_channel(BACKROOM, "backroom", private=True, members=[CLERK, DRIVER])
    await a_team(shop.app, f"slack:{BACKROOM}")
    with calls(shop, "conversations.members", 1):
        for _ in range(9):
            await look_up(shop.app)
    with calls(shop, "conversations.members", 2):
        await refresh(shop.app)
    assert await members(shop.app, f"slack:{BACKROOM}") == set()
    await shop.clerk.invite(BACKROOM, shop.workspace.bot_user)
    await shop.settle()
    assert await members(shop.app, f"slack:{BACKROOM}") == {CLERK, DRIVER}


# who is away, by their status in Slack


async def test_who_puts_a_palm_tree_up_is_away_until_it_is_taken_down(shop: Shop) -> None:
    await shop.flora.set_status(PALM, "Öland", shop.clock.at + timedelta(days=4))
    answer = await shop.says(shop.clerk, "a bouquet @flora")
    assert "Flora Nilsson is away until Fri 27 Nov, 10:00; nobody covers for them. " in answer
    assert shop.card(1, shop.driver).text.startswith("#1 a bouquet")
    await shop.flora.set_status("")
    assert "#2 is with Flora Nilsson." in await shop.says(shop.clerk, "two vases @flora")


async def test_a_status_ends_by_itself(shop: Shop) -> None:
    await shop.flora.set_status("face_with_thermometer", until=shop.clock.at + timedelta(hours=2))
    assert "Flora Nilsson is away until Mon 23 Nov, 12:00" in await shop.says(shop.clerk, "a bouquet @flora")
    await shop.wait(hours=2)
    assert "#2 is with Flora Nilsson." in await shop.says(shop.clerk, "two vases @flora")


@pytest.mark.parametrize("status", ["house", "coffee"])
async def test_another_status_is_none_of_our_business(shop: Shop, status: str) -> None:
    await shop.flora.set_status(status)
    assert "#1 is with Flora Nilsson." in await shop.says(shop.clerk, "a bouquet @flora")


async def test_a_status_is_seen_at_the_start_too(shop: Shop) -> None:
    await shop.close()
    await shop.flora.set_status(PALM)
    await shop.open()
    assert "Flora Nilsson is away; nobody covers for them." in await shop.says(shop.clerk, "a bouquet @flora")


async def test_who_says_that_they_are_back_is_back_with_the_palm_tree_still_up(shop: Shop) -> None:
    await shop.flora.set_status(PALM)
    assert await shop.says(shop.flora, "back") == "Welcome back."
    await refresh(shop.app)
    assert "#1 is with Flora Nilsson." in await shop.says(shop.clerk, "a bouquet @flora")
    await shop.flora.set_status("")
    await shop.flora.set_status(PALM)
    assert "Flora Nilsson is away; nobody covers for them." in await shop.says(shop.clerk, "two vases @flora")


async def test_nudges_that_were_owed_go_to_who_stands_in(shop: Shop) -> None:
    await shop.files("a bouquet @flora !high")
    await shop.wait(hours=3)
    told = shop.news(shop.flora)
    await shop.flora.set_status(PALM)
    await shop.wait(hours=1, minutes=30)
    assert shop.news(shop.flora) == told
    (nudge,) = shop.texts(shop.driver)
    assert "#1 a bouquet" in nudge
    assert "For Flora Nilsson" in nudge


async def test_a_status_in_slack_counts_for_the_person_in_teams(both: Both) -> None:
    await both.look_up()
    await both.slack.flora.set_status(PALM)
    await both.look_up()
    answer = await both.teams.says(both.teams.clerk, "a bouquet @flora")
    assert "Flora Nilsson is away; nobody covers for them." in answer
    await both.slack.flora.set_status("")
    assert "#2 is with Flora Nilsson." in await both.teams.says(both.teams.clerk, "two vases @flora")


# a channel that is lost, in Slack


@pytest.mark.parametrize("private", [False, True])
async def test_what_had_its_desk_where_the_bot_was_removed_goes_to_the_lead(
    shop: Shop, private: bool
) -> None:
    shop.workspace.add_channel(
        BACKROOM, "backroom", private=private, members=[CLERK, DRIVER, shop.workspace.bot_user]
    )
    await a_team(shop.app, f"slack:{BACKROOM}")
    await shop.says(shop.clerk, "a ride @vans")
    assert shop.card(1, shop.driver, BACKROOM)
    await shop.driver.remove(BACKROOM, shop.workspace.bot_user)
    await shop.settle()
    assert shop.own_card(1, shop.manager).text.startswith("#1 a ride")


async def test_what_had_its_desk_in_an_archived_channel_goes_to_the_lead(shop: Shop) -> None:
    await shop.files()
    await shop.files("two vases")
    await shop.says(shop.flora, "resolve 2")
    await shop.workspace.archive(SHOP_DESK)
    await shop.settle()
    assert shop.own_card(1, shop.manager).text.startswith("#1 a bouquet")
    assert not shop.cards(2, shop.manager, shop.manager.dm), "what is done stays where it was"


# where the bot is, in Teams


async def test_channels_of_a_team_are_known_when_it_was_heard_from(teams: TeamsShop) -> None:
    assert await channels(teams.app) == {}
    await teams.says(teams.clerk, "hello", DESK)
    await look_up(teams.app)
    assert await channels(teams.app) == {"General": TEAM, "Shop desk": DESK}
    await look_up(teams.app)
    assert len(teams.tenant.called("channels")) == 1


async def test_channels_are_followed_as_they_come_and_go(teams: TeamsShop) -> None:
    await teams.tenant.open_channel(VANS, "Vans", team=TEAM)
    assert await channels(teams.app) == {"General": TEAM, "Shop desk": DESK, "Vans": VANS}
    await teams.tenant.rename(VANS, "Lorries")
    assert (await channels(teams.app))["Lorries"] == VANS
    await teams.tenant.delete_channel(VANS)
    assert await channels(teams.app) == {"General": TEAM, "Shop desk": DESK}


async def test_channels_of_one_name_have_their_teams_before_it(teams: TeamsShop) -> None:
    await teams.tenant.rename(DESK, "Desk")
    teams.tenant.add_team(VANS, "Vans", members=[tenant_of.DRIVER])
    await teams.tenant.install_in(VANS, tenant_of.DRIVER)
    assert await channels(teams.app) == {
        "Petals & Post › General": TEAM,
        "Vans › General": VANS,
        "Desk": DESK,
    }
    await teams.tenant.rename_team(VANS, "Lorries")
    assert (await channels(teams.app))["Lorries › General"] == VANS
    await teams.tenant.remove_from(VANS, tenant_of.DRIVER)
    await refresh(teams.app)
    assert await channels(teams.app) == {"General": TEAM, "Desk": DESK}


async def test_teams_trouble_with_the_channels_costs_nothing_else(teams: TeamsShop) -> None:
    teams.tenant.fail("channels", status=500)
    teams.tenant.fail("team", status=403, code="BotNotInConversationRoster")
    await teams.tenant.rename(DESK, "Desk")
    await refresh(teams.app)
    assert await channels(teams.app) == {}
    assert tenant_of.FLORA in await members(teams.app, f"teams:{DESK}")
    await refresh(teams.app)
    assert await channels(teams.app) == {"General": TEAM, "Desk": DESK}


# who is in whose channel, in Teams


async def test_who_joins_or_leaves_a_team_is_in_or_out_of_all_its_triage_channels(teams: TeamsShop) -> None:
    await teams.tenant.open_channel(VANS, "Vans", team=TEAM)
    await a_team(teams.app, f"teams:{VANS}")
    await look_up(teams.app)
    everybody = {tenant_of.SVEA, tenant_of.CLERK, tenant_of.FLORA, tenant_of.DRIVER, tenant_of.MANAGER}
    for place in (DESK, VANS):
        assert await members(teams.app, f"teams:{place}") == everybody
    await teams.tenant.remove_member(TEAM, tenant_of.FLORA, by=tenant_of.MANAGER)
    for place in (DESK, VANS):
        assert await members(teams.app, f"teams:{place}") == everybody - {tenant_of.FLORA}
    await teams.tenant.add_member(TEAM, tenant_of.FLORA, by=tenant_of.MANAGER)
    for place in (DESK, VANS):
        assert await members(teams.app, f"teams:{place}") == everybody


async def test_who_leaves_another_team_stays_where_they_are(teams: TeamsShop) -> None:
    teams.tenant.add_team(VANS, "Vans", members=[tenant_of.DRIVER, tenant_of.FLORA], bot=True)
    await a_team(teams.app, f"teams:{VANS}")
    await teams.says(teams.driver, "hello", VANS)
    await look_up(teams.app)
    await teams.tenant.remove_member(VANS, tenant_of.FLORA, by=tenant_of.DRIVER)
    assert await members(teams.app, f"teams:{VANS}") == {tenant_of.DRIVER}
    assert tenant_of.FLORA in await members(teams.app, f"teams:{DESK}")


# a channel that is lost, in Teams


async def test_when_the_app_is_removed_from_the_team_its_requests_go_to_the_lead(teams: TeamsShop) -> None:
    await teams.files()
    assert await teams.card(1, teams.flora)
    await teams.tenant.remove_from(TEAM, tenant_of.MANAGER)
    await teams.settle()
    assert (await teams.own_card(1, teams.manager)).plain.startswith("#1 a bouquet")
    assert await channels(teams.app) == {}


async def test_when_the_channel_is_deleted_its_requests_go_to_the_lead(teams: TeamsShop) -> None:
    await teams.files()
    await teams.tenant.delete_channel(DESK, by=tenant_of.MANAGER)
    await teams.settle()
    assert (await teams.own_card(1, teams.manager)).plain.startswith("#1 a bouquet")
    assert DESK not in (await channels(teams.app)).values()
