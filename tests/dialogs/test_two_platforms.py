"""Slack and Teams at once: one queue, whoever sits where."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.app import Deskbell
from bot.playground.shop import CLERK, GENERAL
from bot.settings import BadSettings
from storage import posts, ratings
from tests.both import SHOP_DESK, Both, Platform, Seat, open_both
from tests.shop import elements
from tests.teams import DESK, TEAM

OTHER: dict[Platform, Platform] = {"slack": "teams", "teams": "slack"}
NO_TEAMS = {"teams_app_id": "", "teams_app_password": None, "teams_tenant_id": "", "teams_development": False}
NO_SLACK = {"slack_bot_token": None, "slack_signing_secret": None}


@dataclass
class Apart:
    """Those who serve sit on the triage channel's platform, those who ask on the other."""

    both: Both
    clerk: Seat
    svea: Seat
    flora: Seat
    driver: Seat


@pytest.fixture(params=["slack", "teams"])
def desk(request: pytest.FixtureRequest) -> Platform:
    """Where the triage channel is."""
    platform: Platform = request.param
    return platform


@pytest.fixture
async def apart(shop_url: str, desk: Platform) -> AsyncIterator[Apart]:
    async with open_both(shop_url, desk) as both:
        here, there = desk, OTHER[desk]
        yield Apart(
            both,
            clerk=both.seat(there, "clerk"),
            svea=both.seat(there, "svea"),
            flora=both.seat(here, "flora"),
            driver=both.seat(here, "driver"),
        )


async def test_filed_on_one_taken_on_the_other_and_so_on_to_the_rating(apart: Apart) -> None:
    clerk, flora = apart.clerk, apart.flora
    assert "#1 is with the team." in await clerk.says("twelve tulips by friday !high")
    for card in (await flora.card(1), await clerk.own_card(1)):
        assert "Waiting for somebody to take it." in card
    await flora.presses(1, "Take")
    await flora.fills(1, "Ask …", text="Which colour?")
    for card in (await flora.card(1), await clerk.own_card(1)):
        assert "Waiting for Carl Berg to answer" in card
        assert "Which colour?" in card
    await clerk.replies(1, "White, please")
    for card in (await flora.card(1), await clerk.own_card(1)):
        assert "Flora Nilsson has it." in card
    assert "White, please" in await flora.card(1)
    await flora.fills(1, "Done …", text="On the table")
    for card in (await flora.card(1), await clerk.own_card(1)):
        assert "Flora Nilsson resolved it" in card
        assert "On the table" in card
    assert await clerk.hears(1) == [
        "#1 twelve tulips.",
        "Flora Nilsson has taken #1 “twelve tulips”.",
        "Flora Nilsson needs to know something about #1 “twelve tulips”: “Which colour?”",
        "How was the service?",
    ]
    assert "Thank you. You chose" in await clerk.votes(2)
    assert "Carl Berg on #1: “White, please”." in [" ".join(one.split("\n")) for one in await flora.under(1)]
    poll = await apart.both.app.front.look(lambda tx: ratings.latest(tx, "main", 1))
    assert poll is not None
    assert (poll.person, poll.resolver, poll.score) == (clerk.id, flora.id, 2)


async def test_a_conversation_across_threads(apart: Apart) -> None:
    clerk, flora = apart.clerk, apart.flora
    await clerk.says("twelve tulips")
    await flora.presses(1, "Take")
    await flora.replies_at_the_desk(1, "the van leaves at four")
    assert (await clerk.hears(1))[-1] == "Flora Nilsson on #1: “the van leaves at four”."
    await clerk.replies(1, "four is fine")
    assert (await flora.under(1))[-1] == "Carl Berg on #1:\n“four is fine”."
    await flora.replies_at_the_desk(1, "🔒 it never is")
    assert not [one for one in await clerk.hears(1) if "never" in one]
    assert "never" not in await clerk.own_card(1)
    assert "never" not in await clerk.says("history 1")


async def test_somebody_of_the_other_platform_is_found_by_handle(apart: Apart) -> None:
    assert "#1 is with Flora Nilsson." in await apart.clerk.says("a ribbon @flora")
    for card in (await apart.flora.own_card(1), await apart.clerk.own_card(1)):
        assert "Waiting for Flora Nilsson to take it." in card
    await apart.clerk.says("twelve tulips")
    await apart.both.look_up()
    await apart.flora.presses(2, "Take")
    assert "#2 is now with Carl Berg" in await apart.flora.says("give 2 @carl you know best")
    assert (await apart.clerk.hears(2))[-1].startswith("Flora Nilsson handed #2 “twelve tulips” to you: ")
    assert "#2 is resolved." in await apart.clerk.says("resolve 2")
    assert "Carl Berg" in await apart.flora.card(2)


async def test_somebody_of_the_other_platform_is_shown_by_name(apart: Apart) -> None:
    workspace, tenant = apart.both.slack.workspace, apart.both.teams.tenant
    await apart.clerk.says("twelve tulips")
    await apart.flora.presses(1, "Take")
    await apart.both.look_up()
    await apart.flora.says("note 1 @carl was first, @david knows")
    for card in (await apart.flora.card(1), await apart.clerk.own_card(1)):
        assert "Flora Nilsson has it." in card
        assert "@Carl Berg was first, @David Holm knows" in card
    assert "From: Carl Berg" in await apart.flora.card(1)
    told = [call.args for call in workspace.calls if call.method.startswith("chat.")]
    named = {each["user_id"] for each in elements(told) if each.get("type") == "user"}
    mentioned = [
        each for each in elements([call.body for call in tenant.calls]) if each.get("type") == "mention"
    ]
    assert named <= set(workspace.users)
    assert {each["mentioned"]["id"] for each in mentioned} <= set(tenant.people)
    assert named or mentioned
    assert "29:" not in str(told)
    assert "slack:" not in str([call.body for call in tenant.calls])


async def test_the_digest_goes_to_channels_of_both_once_each(shop_url: str) -> None:
    async with open_both(shop_url, digest=f"mon 09:00 general; mon 09:00 {TEAM}") as both:
        await both.seat("teams", "clerk").says("twelve tulips")
        await both.seat("slack", "flora").says("take 1")
        both.clock.at += timedelta(days=7, hours=-1, minutes=-1)
        await _tick(both)
        assert _digests(both) == ([], [])
        both.clock.at += timedelta(minutes=1)
        for _ in range(3):
            await _tick(both)
        await both.close()
        await both.open()
        await _tick(both)
        (in_slack,), (in_teams,) = _digests(both)
        for digest in (in_slack, in_teams):
            assert digest.startswith("The week to Sunday 29 November 2026")
            assert "1 request came in" in digest


def _digests(both: Both) -> tuple[list[str], list[str]]:
    in_slack = [one.text for one in both.slack.workspace.log.all(GENERAL)]
    in_teams = [one.summary for one in both.teams.tenant.log.all(TEAM)]
    slack, teams = ([one for one in said if one.startswith("The week")] for said in (in_slack, in_teams))
    return slack, teams


async def _tick(both: Both) -> None:
    await both.app.front.sweep()
    await both.settle()


@pytest.mark.parametrize("away", ["slack", "teams"])
async def test_while_one_platform_is_away_the_other_is_served(
    apart: Apart, desk: Platform, away: Platform
) -> None:
    both = apart.both
    workspace, tenant = both.slack.workspace, both.teams.tenant
    for method in ("chat.postMessage", "chat.update") if away == "slack" else ():
        workspace.fail(method, status=503, times=100)
    for method in ("send", "update") if away == "teams" else ():
        tenant.fail(method, status=503, times=100)
    await apart.clerk.says("twelve tulips")
    there = apart.clerk.own_card if away == desk else apart.flora.card
    nowhere = apart.flora.card if away == desk else apart.clerk.own_card
    assert "Waiting for somebody to take it." in await there(1)
    with pytest.raises(AssertionError):
        await nowhere(1)
    workspace.faults.clear()
    tenant.planned.clear()
    await both.wait(hours=1)
    assert "Waiting for somebody to take it." in await nowhere(1)


async def test_slow_answers_of_one_platform_hold_up_nothing_on_the_other(shop_url: str) -> None:
    async with open_both(shop_url) as both:
        both.slack.workspace.fail("chat.postMessage", delay=2.0, channel=SHOP_DESK)
        clerk = both.teams.clerk
        with both.teams.tenant.subscribe() as heard:
            await clerk.say(clerk.chat, "twelve tulips")
            while not [one for one in clerk.sees(clerk.chat) if "Waiting for somebody" in one.plain]:
                await heard.get()
        card = await both.app.front.look(lambda tx: posts.by_key(tx, "main", f"card:1:slack:{SHOP_DESK}"))
        assert card is not None
        assert card.message is None, "Slack has not answered yet"
        await both.settle()
        assert len(both.slack.texts(both.slack.flora)) == 1


async def test_with_one_platform_alone_what_the_other_is_owed_waits(shop_url: str, desk: Platform) -> None:
    async with open_both(shop_url, desk) as both:
        clerk, flora = both.seat(OTHER[desk], "clerk"), both.seat(desk, "flora")
        await clerk.says("twelve tulips")
        whole = both.slack.settings
        for_a_while = whole.model_copy(update=NO_TEAMS if desk == "slack" else NO_SLACK)
        await both.close()
        both.slack.settings = for_a_while
        await both.open()
        assert [side.name for side in both.app._sides] == [desk]
        await flora.presses(1, "Take")
        assert "Waiting for somebody" in await clerk.own_card(1)
        await both.close()
        both.slack.settings = whole
        await both.open()
        await both.wait(hours=1)
        assert "Flora Nilsson has it." in await clerk.own_card(1)
        assert (await clerk.hears(1))[-1] == "Flora Nilsson has taken #1 “twelve tulips”."


@pytest.mark.parametrize(
    ("lead", "digest", "found"),
    [
        ("@margit", "", "slack:UMARGIT"),
        ("svea@petals.example", f"mon 09:00 {TEAM}", "teams:29:svea"),
        ("SVEA@petals.example", f"mon 09:00 general; mon 09:00 {DESK}", "teams:29:svea"),
        ("29:svea", "", "teams:29:svea"),
        (
            "svea@petals.example",
            "mon 09:00 general",
            "is an e-mail address, but the settings name no channel",
        ),
        ("eve@petals.example", f"mon 09:00 {TEAM}", "eve@petals.example is not in the Teams channels"),
        ("@nobody", "", "there is no colleague @nobody"),
    ],
)
async def test_the_lead_is_found_on_either_platform_or_the_start_says_why_not(
    shop_url: str, lead: str, digest: str, found: str
) -> None:
    if found.startswith(("slack:", "teams:")):
        async with open_both(shop_url, lead=lead, digest=digest) as both:
            assert both.app.front.house.lead == found
        return
    with pytest.raises(BadSettings, match=found):
        async with open_both(shop_url, lead=lead, digest=digest):
            pass


async def test_a_channel_of_no_platform_is_refused(shop_url: str) -> None:
    async with open_both(shop_url, "teams") as both:
        alone = both.slack.settings.model_copy(update={**NO_SLACK, "digest": "mon 09:00 general"})
        with pytest.raises(BadSettings, match="general is a channel of no platform that is connected"):
            await Deskbell(alone, now=both.clock).start()


@asynccontextmanager
async def linked(database_url: str, **more: Any) -> AsyncIterator[Both]:
    """Everybody has an account on both, with the same address."""
    async with open_both(database_url, apart=False, **{"link_people": True, **more}) as both:
        yield both


async def test_with_an_account_on_both_somebody_is_one_person(shop_url: str) -> None:
    async with linked(shop_url) as both:
        there, here = both.seat("teams", "clerk"), both.seat("slack", "clerk")
        flora = both.seat("slack", "flora")
        await there.says("twelve tulips")
        await both.look_up()
        assert "#1 twelve tulips" in await here.says("list mine")
        await there.says("and paper")
        await flora.presses(1, "Take")
        assert (await there.hears(1))[-1] == "Flora Nilsson has taken #1 “twelve tulips”.", "spoke there last"
        assert not [one for one in await here.hears(1) if "has taken" in one]
        await here.says("a ribbon")
        await flora.presses(3, "Take")
        assert (await here.hears(3))[-1] == "Flora Nilsson has taken #3 “a ribbon”.", "and now here"
        await there.says("note 1 by noon")
        await flora.presses(1, "Done …")
        await both.slack.submit(both.slack.flora, text="on the table")
        assert (await there.hears(1))[-1] == "How was the service?"
        assert "Thank you" in await here.says("rate 1 5")
        assert "Thank you. You chose" in both.teams.poll(both.teams.clerk).plain
        assert "From: Carl Berg." in await flora.card(1)
        assert await here.says("list mine") == (await there.says("list mine")).replace("/request ", "")


async def test_by_default_two_accounts_are_two_people(shop_url: str) -> None:
    async with linked(shop_url, link_people=False) as both:
        there, here = both.seat("teams", "clerk"), both.seat("slack", "clerk")
        await there.says("twelve tulips")
        await both.look_up()
        assert "You wait for nothing." in await here.says("list mine")
        await both.seat("slack", "flora").says("resolve 1")
        assert "Only the requester rates the service." in await here.says("rate 1 5")
        assert "Thank you" in await there.votes(5)


async def test_an_address_that_nobody_confirmed_links_nobody(shop_url: str) -> None:
    async with linked(shop_url) as both:
        there, here = both.seat("teams", "clerk"), both.seat("slack", "clerk")
        await both.slack.workspace.change_user(CLERK, email_confirmed=False)
        await there.says("twelve tulips")
        await both.look_up()
        assert "You wait for nothing." in await here.says("list mine")
        await both.slack.workspace.change_user(CLERK, email_confirmed=True)
        await both.settle()
        assert "#1 twelve tulips" in await here.says("list mine"), "confirmed at last"


async def test_who_serves_may_do_it_from_the_other_platform(shop_url: str) -> None:
    async with linked(shop_url) as both:
        flora = both.seat("teams", "flora")
        await both.seat("slack", "clerk").says("twelve tulips")
        assert "Only the people of its channel" in await flora.says("take 1"), "nobody knows her yet"
        await both.look_up()
        assert "#1 is yours." in await flora.says("take 1")
        assert "Flora Nilsson has it." in await both.seat("slack", "clerk").own_card(1)


async def test_who_leaves_one_platform_goes_on_in_the_other(shop_url: str) -> None:
    async with linked(shop_url) as both:
        there, here = both.seat("teams", "clerk"), both.seat("slack", "clerk")
        await there.says("hello")
        await both.look_up()
        await here.says("twelve tulips")
        await both.slack.workspace.deactivate(CLERK)
        await both.settle()
        await both.seat("slack", "flora").presses(1, "Take")
        assert (await there.hears(1))[-1] == "Flora Nilsson has taken #1 “twelve tulips”."
        assert "#1 twelve tulips" in await there.says("list mine")
        assert "From: Carl Berg." in await both.seat("slack", "flora").card(1)
