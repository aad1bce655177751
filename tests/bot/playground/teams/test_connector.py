from typing import Any

import aiohttp
import pytest

from bot.playground.teams.connector import METHODS
from bot.playground.teams.limits import MESSAGE_BYTES
from bot.playground.teams.people import Colleague
from bot.playground.teams.serve import serving
from bot.playground.teams.shop import GENERAL, GRETA, MARGIT, SHOP_DESK, TEAM, flower_shop
from bot.playground.teams.tenant import Tenant
from bot.teams.connectors import Connectors
from tests.bot.playground.teams.conftest import BOB, GROUP
from tests.bot.playground.teams.florist import Clocks, ListeningBot, card, message, text

HELLO = {"type": "message", "text": "hello"}


async def asked(
    tenant: Tenant, method: str, path: str, body: Any = None, token: str = ""
) -> tuple[int, Any, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, tenant.service_url + path, json=body, headers=headers) as response,
    ):
        return response.status, await response.json(), dict(response.headers)


async def refused(tenant: Tenant, method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, said, _ = await asked(tenant, method, path, body)
    return status, said["error"]["code"]


def at(conversation: str, activity: str = "") -> str:
    return f"v3/conversations/{conversation}/activities" + (f"/{activity}" if activity else "")


def person(id: str, tenant: Tenant, **more: Any) -> dict[str, Any]:
    return {"bot": {"id": tenant.bot.id}, "members": [{"id": id}], "tenantId": tenant.id, **more}


class TestTheOfficialClient:
    """1 says, 2 answers in a thread, 3 changes, 4 deletes, 5 begins a chat, 6 asks who is there, 7 what."""

    async def test_1_2_says_and_answers(
        self, tenant: Tenant, connectors: Connectors, greta: Colleague
    ) -> None:
        root = await connectors.send(tenant.service_url, SHOP_DESK, HELLO)
        below = await connectors.send(tenant.service_url, f"{SHOP_DESK};messageid={root}", HELLO)
        lost = await connectors.send(tenant.service_url, SHOP_DESK, HELLO, below)
        assert int(root) < int(below) < int(lost)
        seen, new = greta.sees("Shop desk")
        assert (seen.id, seen.plain, seen.by_bot) == (root, "hello", True)
        assert [each.id for each in greta.thread(seen)] == [root, below]
        assert new.id == lost, "an answer finds its thread by the conversation's id alone"

    async def test_3_4_changes_and_deletes(
        self, tenant: Tenant, connectors: Connectors, greta: Colleague
    ) -> None:
        said = await connectors.send(tenant.service_url, SHOP_DESK, HELLO)
        await connectors.update(tenant.service_url, SHOP_DESK, said, message(card(text("changed")), "news"))
        [seen] = greta.sees(SHOP_DESK)
        assert (seen.plain, seen.summary, seen.edited) == ("changed", "news", True)
        assert await connectors.delete(tenant.service_url, SHOP_DESK, said)
        assert greta.sees_message(seen).deleted
        tenant.can_delete = False
        other = await connectors.send(tenant.service_url, SHOP_DESK, HELLO)
        assert not await connectors.delete(tenant.service_url, SHOP_DESK, other)

    async def test_5_begins_a_chat(self, tenant: Tenant, connectors: Connectors, greta: Colleague) -> None:
        assert greta.sees(greta.chat) == []
        chat = await connectors.create_personal(tenant.service_url, tenant.id, tenant.bot.id, GRETA)
        again = await connectors.create_personal(tenant.service_url, tenant.id, tenant.bot.id, GRETA)
        await connectors.send(tenant.service_url, chat, HELLO)
        assert chat == again == greta.chat
        assert [each.plain for each in greta.sees(greta.chat)] == ["hello"]

    async def test_6_who_is_there(self, tenant: Tenant, connectors: Connectors) -> None:
        for number in range(120):
            one = tenant.add_person(f"29:{number}", f"Helper {number}", f"h{number}@petals.example")
            await tenant.add_member(SHOP_DESK, one.id)
        tenant.page_most = 50
        everybody = await connectors.members(tenant.service_url, SHOP_DESK)
        assert [each["id"] for each in everybody] == list(tenant.members(GENERAL))
        assert len(tenant.called("pagedmembers")) == 3
        margit = await connectors.member(tenant.service_url, SHOP_DESK, MARGIT)
        assert margit == {
            "id": MARGIT,
            "name": "Margit Ek",
            "objectId": tenant.people[MARGIT].object_id,
            "aadObjectId": tenant.people[MARGIT].object_id,
            "givenName": "Margit",
            "surname": "Ek",
            "email": "margit@petals.example",
            "userPrincipalName": "margit@petals.example",
            "tenantId": tenant.id,
            "userRole": "user",
        }

    async def test_7_what_is_in_a_team(self, tenant: Tenant, connectors: Connectors) -> None:
        team = await connectors.team(tenant.service_url, TEAM)
        assert (team["id"], team["name"]) == (TEAM, "Petals & Post")
        tenant.add_channel("19:attic@thread.tacv2", "Attic", team=TEAM)
        await tenant.delete_channel("19:attic@thread.tacv2")
        assert await connectors.channels(tenant.service_url, TEAM) == [
            {"id": GENERAL, "type": "standard"},
            {"id": SHOP_DESK, "name": "Shop desk", "type": "standard"},
        ]


class TestRefusals:
    """Teams' own codes."""

    async def test_what_is_not_there(self, tenant: Tenant) -> None:
        _, said, _ = await asked(tenant, "POST", at(SHOP_DESK), HELLO)
        assert [
            await refused(tenant, "POST", at("19:nowhere@thread.tacv2"), HELLO),
            await refused(tenant, "POST", at(f"{SHOP_DESK};messageid=7"), HELLO),
            await refused(tenant, "POST", at(SHOP_DESK, "7"), HELLO),
            await refused(tenant, "PUT", at(SHOP_DESK, "7"), HELLO),
            await refused(tenant, "PUT", at(GENERAL, said["id"]), HELLO),
            await refused(tenant, "GET", f"v3/conversations/{SHOP_DESK}/members/{BOB}"),
            await refused(tenant, "GET", f"v3/teams/{SHOP_DESK}/conversations"),
        ] == [
            (404, "ConversationNotFound"),
            *[(404, "ActivityNotFoundInConversation")] * 4,
            (404, "MemberNotFoundInConversation"),
            (404, "ConversationNotFound"),
        ]

    async def test_where_the_bot_is_not(self, tenant: Tenant, margit: Colleague) -> None:
        assert await refused(tenant, "POST", at(GROUP), HELLO) == (403, "BotNotInConversationRoster")
        await tenant.install_in(GROUP, MARGIT)
        assert (await asked(tenant, "POST", at(GROUP), HELLO))[0] == 201
        await tenant.remove_from(SHOP_DESK, MARGIT)
        assert await refused(tenant, "GET", f"v3/conversations/{GENERAL}/pagedmembers") == (
            403,
            "BotNotInConversationRoster",
        )
        assert await refused(tenant, "GET", f"v3/teams/{TEAM}") == (403, "BotNotInConversationRoster")
        said = await margit.say(GROUP, "mine")
        assert await refused(tenant, "PUT", at(GROUP, said.id), HELLO) == (403, "NotEnoughPermissions")

    async def test_who_does_not_want_to_hear(self, tenant: Tenant, greta: Colleague, bob: Colleague) -> None:
        begin = "v3/conversations"
        assert await refused(tenant, "POST", begin, person(BOB, tenant)) == (
            403,
            "ForbiddenOperationException",
        )
        await bob.install()
        assert (await asked(tenant, "POST", begin, person(BOB, tenant)))[1] == {"id": bob.chat}
        await bob.uninstall()
        assert await refused(tenant, "POST", at(bob.chat), HELLO) == (403, "BotNotInConversationRoster")
        greta.block()
        assert await refused(tenant, "POST", begin, person(GRETA, tenant)) == (
            403,
            "ConversationBlockedByUser",
        )

    @pytest.mark.parametrize(
        "body",
        [
            [],
            {"type": "hello"},
            {"type": "message"},
            {"type": "message", "text": 7},
            {"type": "message", "attachments": "x"},
            {"type": "message", "text": "<at>Margit Ek</at>, look"},
            {"type": "message", "text": "hello", "textFormat": "bold"},
            message(card(text("hello")), ""),
            {**message(card(text("hello"))), "text": "and this"},
            message({"type": "AdaptiveCard"}),
        ],
    )
    async def test_what_makes_no_sense(self, tenant: Tenant, body: Any) -> None:
        assert await refused(tenant, "POST", at(SHOP_DESK), body) == (400, "BadSyntax")
        assert isinstance(body, list) or tenant.faults
        assert tenant.log.all(SHOP_DESK) == []

    async def test_a_mention_needs_somebody(self, tenant: Tenant, greta: Colleague) -> None:
        mention = {
            "type": "mention",
            "text": "<at>Margit</at>",
            "mentioned": {"id": MARGIT, "name": "Margit"},
        }
        said = {"type": "message", "text": "<at>Margit</at>, look", "entities": [mention]}
        assert (await asked(tenant, "POST", at(SHOP_DESK), said))[0] == 201
        assert greta.sees(SHOP_DESK)[0].plain == "Margit, look"

    async def test_chats_begin_with_one_person_of_this_tenant(self, tenant: Tenant) -> None:
        wrongs: list[dict[str, Any]] = [
            {"tenantId": "another"},
            {"members": []},
            {"members": [{"id": MARGIT}, {"id": GRETA}]},
            {"members": [{"id": "29:x"}]},
        ]
        for wrong in wrongs:
            body = {**person(MARGIT, tenant), **wrong}
            assert await refused(tenant, "POST", "v3/conversations", body) == (400, "BadSyntax")

    async def test_a_thread_can_be_begun_too(self, tenant: Tenant) -> None:
        where = {"channel": {"id": SHOP_DESK}, "tenant": {"id": tenant.id}}
        body = {"isGroup": True, "channelData": where, "activity": HELLO}
        status, said, _ = await asked(tenant, "POST", "v3/conversations", body)
        assert (status, said["id"]) == (201, f"{SHOP_DESK};messageid={said['activityId']}")

    async def test_too_big(self, tenant: Tenant) -> None:
        many = "å" * (MESSAGE_BYTES // 2)
        assert await refused(tenant, "POST", at(SHOP_DESK), {"type": "message", "text": many}) == (
            413,
            "MessageSizeTooBig",
        )
        assert (await asked(tenant, "POST", at(SHOP_DESK), {"type": "message", "text": many[100:]}))[0] == 201

    async def test_without_a_token_nobody_is_known(self, tenant: Tenant) -> None:
        tenant.development, tenant.tokens_accepted = False, {"good"}
        assert [(await asked(tenant, "POST", at(SHOP_DESK), HELLO, token))[0] for token in ("", "bad")] == [
            401,
            401,
        ]
        assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO, "good"))[0] == 201
        tenant.tokens_accepted = lambda token: token.startswith("ours-")
        assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO, "ours-7"))[0] == 201


class TestPace:
    """Seven a second, eight in two, sixty in thirty; for each conversation."""

    async def test_too_fast_and_then_in_time(self, tenant: Tenant, clocks: Clocks) -> None:
        tenant.limits_on = True
        for _ in range(7):
            assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO))[0] == 201
        status, said, headers = await asked(tenant, "POST", at(SHOP_DESK), HELLO)
        assert (status, said["error"]["code"], headers["Retry-After"]) == (429, "Throttled", "1")
        assert (await asked(tenant, "POST", at(GENERAL), HELLO))[0] == 201
        clocks.pass_time(1.0)
        assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO))[0] == 201
        assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO))[0] == 429
        clocks.pass_time(1.0)
        assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO))[0] == 201


class TestTrouble:
    async def test_every_method_can_be_made_to_fail(self, tenant: Tenant) -> None:
        _, said, _ = await asked(tenant, "POST", at(SHOP_DESK), HELLO)
        roads = {
            "create": ("POST", "v3/conversations", person(MARGIT, tenant)),
            "send": ("POST", at(SHOP_DESK), HELLO),
            "reply": ("POST", at(SHOP_DESK, said["id"]), HELLO),
            "update": ("PUT", at(SHOP_DESK, said["id"]), HELLO),
            "members": ("GET", f"v3/conversations/{SHOP_DESK}/members", None),
            "pagedmembers": ("GET", f"v3/conversations/{SHOP_DESK}/pagedmembers", None),
            "member": ("GET", f"v3/conversations/{SHOP_DESK}/members/{MARGIT}", None),
            "team": ("GET", f"v3/teams/{TEAM}", None),
            "channels": ("GET", f"v3/teams/{TEAM}/conversations", None),
            "delete": ("DELETE", at(SHOP_DESK, said["id"]), None),
        }
        assert roads.keys() == METHODS.keys()
        for method, (verb, path, body) in roads.items():
            tenant.fail(method, status=412, code="PreconditionFailed")
            assert await refused(tenant, verb, path, body) == (412, "PreconditionFailed")
            assert (await asked(tenant, verb, path, body))[0] in (200, 201)
            assert [call.status for call in tenant.called(method)][-2] == 412

    async def test_before_after_slowly_and_never(self, tenant: Tenant, greta: Colleague) -> None:
        tenant.fail("send", retry_after=2.5, conversation=GENERAL)
        assert (await asked(tenant, "POST", at(SHOP_DESK), HELLO))[0] == 201
        status, _, headers = await asked(tenant, "POST", at(GENERAL), HELLO)
        assert (status, headers["Retry-After"], greta.sees(GENERAL)) == (429, "3", [])
        tenant.fail("*", status=502, before=False)
        assert (await asked(tenant, "POST", at(GENERAL), HELLO))[0] == 502
        assert len(greta.sees(GENERAL)) == 1
        tenant.fail("send", status=202, before=False)
        async with aiohttp.ClientSession() as http:
            said = await http.post(tenant.service_url + at(GENERAL), json=HELLO)
            assert (said.status, await said.text()) == (202, "")
        tenant.fail("send", delay=0.01)
        assert (await asked(tenant, "POST", at(GENERAL), HELLO))[0] == 201
        tenant.fail("send", drop=True)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await asked(tenant, "POST", at(GENERAL), HELLO)
        assert len(greta.sees(GENERAL)) == 3


async def test_the_flower_shop_in_teams(clocks: Clocks, bot: ListeningBot) -> None:
    shop = flower_shop(clocks.now)
    shop.app_url = None
    async with serving(shop) as address:
        margit = shop.person(MARGIT)
        assert address.endswith("/teams/")
        assert [each.name for each in shop.conversations_of(MARGIT)] == ["General", "Shop desk"]
        assert shop.may_meet(MARGIT)
        await margit.say("Shop desk", "@Deskbell help")
        assert margit.sees("Shop desk")[0].plain == "Deskbell help"
