import asyncio
from typing import Any

import pytest
from aiohttp import web

from bot.playground.errors import NotThere
from bot.playground.teams.people import Colleague
from bot.playground.teams.shop import GENERAL, GRETA, MARGIT, SHOP_DESK, TEAM
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.conftest import BOB, GROUP
from tests.bot.playground.teams.florist import (
    Json,
    ListeningBot,
    becomes,
    card,
    dialog,
    execute,
    opens,
    posted,
    sentence,
    text,
)

ATTIC = "19:attic@thread.tacv2"


class TestComingAndGoing:
    async def test_somebody_adds_the_app_and_removes_it(
        self, tenant: Tenant, bot: ListeningBot, bob: Colleague
    ) -> None:
        await bob.install()
        added, installed = bot.heard
        assert (added["type"], added["membersAdded"]) == (
            "conversationUpdate",
            [{"id": tenant.bot.id, "name": "Deskbell"}],
        )
        assert (installed["type"], installed["action"]) == ("installationUpdate", "add")
        assert installed["conversation"]["id"] == bob.chat
        await bob.say(bob.chat, "hello")
        await bob.uninstall()
        assert [(each["type"], each.get("action")) for each in bot.heard[2:]] == [
            ("message", None),
            ("installationUpdate", "remove"),
        ]
        with pytest.raises(NotThere):
            await bob.say(bob.chat, "hello")

    async def test_a_team_adds_the_app_and_removes_it(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        await tenant.remove_from(SHOP_DESK, MARGIT)
        assert [each["channelData"].get("eventType") for each in bot.heard] == ["teamMemberRemoved", None]
        assert bot.heard[-1]["channelData"]["team"] == {"id": TEAM, "name": "Petals & Post"}
        await margit.say(GENERAL, "@Deskbell are you there?")
        assert len(bot.heard) == 2
        await tenant.install_in(SHOP_DESK, MARGIT)
        await margit.say(GENERAL, "@Deskbell are you there?")
        assert bot.types()[2:] == ["conversationUpdate", "installationUpdate", "message"]
        assert bot.heard[3]["conversation"]["id"] == SHOP_DESK

    async def test_people_join_and_leave(self, tenant: Tenant, bot: ListeningBot, bob: Colleague) -> None:
        await tenant.add_member(SHOP_DESK, BOB, MARGIT)
        await tenant.remove_member(SHOP_DESK, BOB, MARGIT)
        joined, left = bot.heard
        assert joined["conversation"]["id"] == left["conversation"]["id"] == TEAM
        assert (
            joined["membersAdded"]
            == left["membersRemoved"]
            == [{"id": BOB, "aadObjectId": bob.user.object_id}]
        )
        assert joined["channelData"]["eventType"] == "teamMemberAdded"
        await tenant.remove_member(GROUP, BOB)
        assert len(bot.heard) == 2, "the bot is not in that group"

    async def test_channels_change(self, tenant: Tenant, bot: ListeningBot, greta: Colleague) -> None:
        await tenant.open_channel(ATTIC, "Attic", team=TEAM)
        await tenant.rename(SHOP_DESK, "Desk")
        await tenant.delete_channel(SHOP_DESK)
        told = [(each["channelData"]["eventType"], each["channelData"]["channel"]) for each in bot.heard]
        assert told == [
            ("channelCreated", {"id": ATTIC, "name": "Attic"}),
            ("channelRenamed", {"id": SHOP_DESK, "name": "Desk"}),
            ("channelDeleted", {"id": SHOP_DESK, "name": "Desk"}),
        ]
        with pytest.raises(NotThere):
            greta.sees(SHOP_DESK)

    async def test_a_team_is_renamed(self, tenant: Tenant, bot: ListeningBot) -> None:
        await tenant.rename_team(TEAM, "Stems & Stamps")
        (told,) = bot.heard
        assert told["conversation"]["id"] == TEAM
        assert told["channelData"] == {
            "team": {"id": TEAM, "name": "Stems & Stamps"},
            "eventType": "teamRenamed",
            "tenant": {"id": tenant.id},
        }


class TestDelivery:
    """1 repeated, 2 given up, 3 invokes are not repeated, 4 repeated after all, 5 signed, 6 nobody there."""

    async def test_1_what_is_not_taken_is_repeated(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        bot.replies = [web.Response(status=503)]
        await margit.say(SHOP_DESK, "@Deskbell hello")
        assert bot.heard[0] == bot.heard[1]
        assert [(each.attempt, each.status) for each in tenant.sent("message")] == [(0, 503), (1, 200)]

    async def test_2_3_given_up(self, tenant: Tenant, bot: ListeningBot, margit: Colleague) -> None:
        bot.replies = [web.Response(status=500) for _ in range(9)]
        await margit.say(SHOP_DESK, "@Deskbell hello")
        assert len(bot.heard) == 3
        await margit.press(posted(tenant, card(text("x"), actions=(execute("Take"),))), "Take")
        assert len(tenant.sent("invoke", "adaptiveCard/action")) == 1
        assert margit.toasts == ["Something went wrong. Please try again."]

    async def test_4_the_same_may_come_twice(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        await margit.say(SHOP_DESK, "@Deskbell hello")
        assert (await tenant.delivery.again(tenant.deliveries[-1])).ok
        assert bot.heard[0] == bot.heard[1]

    async def test_5_signed_when_somebody_signs(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        await margit.say(SHOP_DESK, "@Deskbell hello")
        tenant.mint_token = lambda: "signed"
        await margit.say(SHOP_DESK, "@Deskbell hello")
        assert bot.tokens == [None, "Bearer signed"]

    async def test_6_nobody_is_there(self, tenant: Tenant, margit: Colleague) -> None:
        await margit.say(SHOP_DESK, "@Deskbell hello")
        assert tenant.deliveries[-1].error == "unreachable"


class TestWhatThePageHears:
    async def test_everybody_hears_what_is_theirs(
        self, tenant: Tenant, bot: ListeningBot, margit: Colleague
    ) -> None:
        with tenant.subscribe() as queue:
            shown = posted(tenant, card(text("x"), actions=(execute("Take"), opens("Form"))))
            bot.replies = [becomes(card(text("yours"))), sentence("Hello."), dialog("Form", card(text("y")))]
            await margit.press(shown, "Take")
            tenant.toast(MARGIT, "Hello.")
            events = await _drain(queue)
        told = [(name, only) for name, only, _ in events]
        assert told == [
            ("message", {MARGIT}),
            ("message", {GRETA}),
            ("message_changed", {MARGIT}),
            ("toast", {MARGIT}),
        ]
        assert events[2][2]["message"]["card"]["body"][0]["text"] == "yours"

    async def test_what_is_unread(self, tenant: Tenant, margit: Colleague) -> None:
        await margit.say(SHOP_DESK, "one")
        await margit.say(SHOP_DESK, "two")
        assert (tenant.unread(GRETA, SHOP_DESK), tenant.unread(MARGIT, SHOP_DESK)) == (2, 0)
        tenant.mark_read(GRETA, SHOP_DESK)
        assert tenant.unread(GRETA, SHOP_DESK) == 0


async def _drain(queue: Any) -> list[tuple[str, set[str] | None, Json]]:
    await asyncio.sleep(0)
    events = []
    while not queue.empty():
        event = queue.get_nowait()
        events.append((event.name, set(event.only) if event.only else None, event.data))
    return events
