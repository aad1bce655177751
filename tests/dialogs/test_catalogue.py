"""The catalogue in chat, on both platforms: looking, changing it, and who may not.

Margit leads the organisation, Flora the flowers.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.front import Front
from bot.playground.shop import CLERK, DESIGNER, DRIVER
from storage import catalogue
from storage.records import Rule, Service, Team
from tests import teams as tenant_of
from tests.shop import Shop, buttons
from tests.teams import DESK, TeamsShop, open_teams_shop

BOUQUETS = Service("bouquets", "Bouquets", "flowers", "Bound to order.", targets=("normal: 4h / 2d",))
MEANWHILE = "Somebody changed the catalogue meanwhile. Nothing was kept; open it again."


def flowers(front: Front, prefix: str, lead: str, *others: str) -> Team:
    crew = tuple(f"{prefix}{each}" for each in (lead, *others))
    return Team(
        "flowers",
        "Flowers",
        lead=crew[0],
        place=front.house.triage,
        rule=Rule.DUTY,
        members=tuple(sorted(crew)),
        rota=crew,
        rota_from="2026-11-23",
    )


async def stock(front: Front, team: Team, *services: Service) -> None:
    def unit(tx: Connection) -> None:
        catalogue.keep_team(tx, front.house.org, team)
        for service in services:
            catalogue.keep_service(tx, front.house.org, service)
        catalogue.count_up(tx, front.house.org)

    await front.keep(unit)


async def kept(front: Front) -> tuple[Team, Service]:
    await front.look(lambda _: None)
    return front.house.teams["flowers"], front.house.services["bouquets"]


@pytest.fixture
async def slack(shop: Shop) -> Shop:
    front = shop.app.front
    await stock(front, flowers(front, "slack:", DESIGNER, DRIVER), BOUQUETS)
    return shop


@pytest.fixture
async def teams(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        front = shop.app.front
        await stock(front, flowers(front, "teams:", tenant_of.FLORA, tenant_of.DRIVER), BOUQUETS)
        yield shop


# in Slack


async def test_a_lead_changes_a_service_and_everybody_sees_it(slack: Shop) -> None:
    await slack.dialog(
        (slack.clerk, "services", "Answer within 4 h of work, done within 16 h."),
        (slack.flora, "services", "Bound to order."),
    )
    assert "Edit Bouquets …" not in buttons(slack.whispers(slack.clerk)[-1])
    shown = slack.whispers(slack.flora)[-1]
    assert buttons(shown)[:2] == ["Ask for Bouquets …", "Edit Bouquets …"]
    assert await slack.press(slack.flora, shown, "Edit Bouquets …") == "Bouquets"
    faults = await slack.submit(slack.flora, **{"What is owed": "normal: soon / later"})
    assert faults == {"targets": "What is owed: “soon” should look like “4h”, “30m” or “2d”."}
    typed = {"What is owed": "normal: 2h / 1d", "Questions": "Which size? (choice: small, large) *"}
    assert not await slack.submit(slack.flora, **typed)
    assert slack.whispers(slack.flora)[-1].text.startswith("Kept: Bouquets.")
    await slack.dialog((slack.clerk, "services", "Answer within 2 h of work, done within 8 h."))
    shown = slack.whispers(slack.clerk)[-1]
    assert await slack.press(slack.clerk, shown, "Ask for Bouquets …") == "Ask for something"
    assert slack.clerk.modal is not None
    assert "Which size?" in str(slack.clerk.modal.blocks)


async def test_a_lead_changes_the_team(slack: Shop) -> None:
    answer = await slack.says(slack.clerk, "teams")
    assert "Led by Flora Nilsson." in answer
    assert "this week Flora Nilsson." in answer
    assert await slack.says(slack.flora, "teams edit flowers") == ""
    assert slack.flora.modal is not None
    assert slack.flora.modal.title == "Team Flowers"
    assert not await slack.submit(
        slack.flora,
        Members=[slack.flora.id, slack.driver.id, slack.clerk.id],
        Hours="mon-fri 08:00-16:00",
        Rota="@carl\n@flora",
    )
    team, _ = await kept(slack.app.front)
    assert team.members == tuple(sorted(f"slack:{one}" for one in (DESIGNER, DRIVER, CLERK)))
    assert (team.rota, team.hours) == ((f"slack:{CLERK}", f"slack:{DESIGNER}"), "mon-fri 08:00-16:00")
    await slack.dialog((slack.svea, "duty", "This week: Carl Berg."))


async def test_who_leads_the_organisation_adds_a_team_and_a_service(slack: Shop) -> None:
    await slack.says(slack.manager, "teams")
    shown = slack.whispers(slack.manager)[-1]
    assert await slack.press(slack.manager, shown, "Add a team …") == "A new team"
    assert not await slack.submit(slack.manager, Name="Vans", Channel="shop-desk", Lead=slack.driver.id)
    await slack.says(slack.driver, "services")
    assert (
        await slack.press(slack.driver, slack.whispers(slack.driver)[-1], "Add a service …")
        == "A new service"
    )
    assert not await slack.submit(slack.driver, Name="Rides", Team="Vans")
    await slack.dialog(
        (slack.clerk, "services vans", "Rides"),
        (slack.clerk, "to the station #rides", "#1"),
    )


async def test_others_cannot_change_it(slack: Shop) -> None:
    await slack.dialog(
        (slack.clerk, "services edit bouquets", "Only the lead of the team can change that"),
        (slack.driver, "teams edit flowers …", "Only the lead of the team can change that"),
        (slack.flora, "teams add", "Only the lead of the organisation can change that"),
    )
    before = await kept(slack.app.front)
    await slack.says(slack.flora, "teams edit flowers")
    assert slack.flora.modal is not None
    slack.workspace.views.open(slack.clerk.id, dict(slack.flora.modal.body))  # a form of somebody else
    assert not await slack.submit(slack.clerk, Name="Mine")
    assert "Only the lead" in slack.whispers(slack.clerk)[-1].text
    assert await kept(slack.app.front) == before


async def test_of_two_leads_at_once_the_second_is_told_and_keeps_what_they_typed(slack: Shop) -> None:
    await slack.says(slack.flora, "services edit bouquets")
    await slack.says(slack.manager, "services edit bouquets")
    assert not await slack.submit(slack.flora, Name="Bunches")
    assert await slack.submit(slack.manager, Name="Posies") == {"name": MEANWHILE}
    assert slack.manager.modal is not None
    assert slack.manager.filled()["Name"] == "Posies"
    assert (await kept(slack.app.front))[1] == replace(BOUQUETS, name="Bunches")


async def test_a_week_is_swapped_with_a_form(slack: Shop) -> None:
    await slack.dialog((slack.flora, "duty", "Mon 30 Nov: David Holm."))
    shown = slack.whispers(slack.flora)[-1]
    assert await slack.press(slack.flora, shown, "Swap a week of Flowers …") == "Swap a week of Flowers"
    asked = {"Which week?": "30 Nov: David Holm", "Who stands in?": slack.clerk.id}
    assert not await slack.submit(slack.flora, **asked)
    told = slack.whispers(slack.flora)[-1].text
    assert told.startswith("Flowers, the week of Mon 30 Nov: Carl Berg is on duty, for David Holm.")
    await slack.dialog(
        (slack.driver, "duty flowers", "Mon 30 Nov: Carl Berg, for David Holm."),
        (slack.clerk, "duty flowers 30 november nobody", "Only the people of the team"),
        (slack.driver, "duty 30 november nobody", "David Holm is on duty, as planned."),
    )


# in Teams


async def test_in_teams_a_lead_changes_a_service(teams: TeamsShop) -> None:
    await teams.says(teams.clerk, "services")
    assert teams.clerk.buttons(teams.chat(teams.clerk)[-1])[:2] == [
        "Ask for Bouquets …",
        "Ask for something else …",
    ]
    await teams.says(teams.flora, "services")
    shown = teams.chat(teams.flora)[-1]
    assert await teams.press(teams.flora, shown, "Edit Bouquets …") == "Bouquets"
    assert not await teams.submit(teams.flora, targets="normal: soon")
    assert teams.flora.dialog is not None
    assert "What is owed: “normal: soon” should look like" in teams.flora.dialog.plain
    assert teams.flora.inputs(teams.flora.dialog)["targets"]["value"] == "normal: soon"
    assert not await teams.submit(teams.flora, targets="normal: 2h / 1d")
    assert teams.flora.toasts[-1].startswith("Kept: Bouquets.")
    await teams.dialog((teams.clerk, "services", "Answer within 2 h of work, done within 8 h."))
    shown = teams.chat(teams.clerk)[-1]
    assert await teams.press(teams.clerk, shown, "Ask for Bouquets …") == "Ask for something"


async def test_in_teams_a_lead_changes_the_team(teams: TeamsShop) -> None:
    await teams.says(teams.flora, "teams")
    assert await teams.press(teams.flora, teams.chat(teams.flora)[-1], "Edit Flowers …") == "Team Flowers"
    crew = ["Flora Nilsson", "David Holm", "Carl Berg"]
    assert not await teams.submit(teams.flora, members=crew, rota="Carl Berg\nflora@petals.example")
    assert teams.flora.dialog is None, teams.flora.dialog.plain
    team, _ = await kept(teams.app.front)
    assert set(team.members) == {
        f"teams:{one}" for one in (tenant_of.FLORA, tenant_of.DRIVER, tenant_of.CLERK)
    }
    assert team.rota == (f"teams:{tenant_of.CLERK}", f"teams:{tenant_of.FLORA}")
    await teams.dialog((teams.svea, "duty", "This week: Carl Berg."))


async def test_in_teams_a_form_that_was_typed_for_is_a_card(teams: TeamsShop) -> None:
    await teams.says(teams.flora, "teams edit flowers")
    card = teams.chat(teams.flora)[-1]
    assert not await teams.flora.fill(card, {"hours": "always"})
    await teams.settle()
    assert "Hours: “always” should look like" in teams.flora.sees_message(card).plain
    assert not await teams.flora.fill(card, {"hours": "mon-fri 08:00-16:00"})
    await teams.settle()
    assert teams.flora.sees_message(card).plain.startswith("Kept: Flowers.")
    assert (await kept(teams.app.front))[0].hours == "mon-fri 08:00-16:00"


async def test_in_teams_others_cannot_change_it(teams: TeamsShop) -> None:
    await teams.dialog(
        (teams.clerk, "services edit bouquets", "Only the lead of the team can change that"),
        (teams.flora, "teams add", "Only the lead of the organisation can change that"),
    )
    before = await kept(teams.app.front)
    await teams.says(teams.flora, "teams")
    await teams.press(teams.flora, teams.chat(teams.flora)[-1], "Edit Flowers …")
    teams.tenant.show_dialog(teams.clerk.id, teams.flora.dialog)  # a form of somebody else
    await teams.submit(teams.clerk, name="Mine")
    assert "Only the lead" in teams.clerk.toasts[-1]
    assert await kept(teams.app.front) == before


async def test_in_teams_the_second_of_two_keeps_what_they_typed(teams: TeamsShop) -> None:
    for who in (teams.flora, teams.manager):
        await teams.says(who, "services")
        await teams.press(who, teams.chat(who)[-1], "Edit Bouquets …")
    assert not await teams.submit(teams.flora, name="Bunches")
    await teams.submit(teams.manager, name="Posies", description="Small ones.")
    assert teams.manager.dialog is not None
    assert MEANWHILE in teams.manager.dialog.plain
    drawn = teams.manager.inputs(teams.manager.dialog)
    assert (drawn["name"]["value"], drawn["description"]["value"]) == ("Posies", "Small ones.")
    assert (await kept(teams.app.front))[1] == replace(BOUQUETS, name="Bunches")


async def test_in_teams_a_week_is_swapped(teams: TeamsShop) -> None:
    await teams.says(teams.flora, "duty")
    shown = teams.chat(teams.flora)[-1]
    assert await teams.press(teams.flora, shown, "Swap a week of Flowers …") == "Swap a week of Flowers"
    assert not await teams.submit(teams.flora, week="30 Nov: David Holm", person="Carl Berg")
    assert "Carl Berg is on duty, for David Holm." in teams.flora.toasts[-1]
    await teams.dialog((teams.clerk, "duty flowers", "Mon 30 Nov: Carl Berg, for David Holm."))


async def test_in_a_channel_in_teams_the_catalogue_is_for_who_asked(teams: TeamsShop) -> None:
    await teams.says(teams.clerk, "services", DESK)
    asked = teams.clerk.sees(DESK)[-1]
    assert teams.thread(asked, teams.clerk) == ["The answer is in our chat."]
    assert "Bouquets" in teams.chat(teams.clerk)[-1].summary
