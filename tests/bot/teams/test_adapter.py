"""What Teams is answered, by the real adapter over real sockets, with real tokens."""

import gzip
import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from botbuilder.core import InvokeResponse
from botbuilder.schema import Activity, ActivityTypes, HeroCard
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot.chat import Undelivered
from bot.teams.adapter import MOST_AGAIN, MOST_BYTES, WITHIN, TeamsAdapter, answer, heard, make_handler
from bot.teams.connectors import Connectors
from bot.teams.guard import Guard
from bot.teams.tokens import Credentials
from tests.bot.teams.issuer import APP, PASSWORD, TENANT, Issuer, Service, connecting, issuing, says, serving

Turn = Callable[[Any], Awaitable[None]]
JSON = {"Content-Type": "application/json"}


async def _silent(_: Any) -> None:
    """Hears, and says nothing."""


@dataclass
class Listener:
    """A bot that keeps what it hears, and does as told."""

    turn: Turn = _silent
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def on_turn(self, context: Any) -> None:
        self.heard.append(heard(context))
        await self.turn(context)


@dataclass
class Town:
    """Teams, Microsoft's issuer, and the bot between them."""

    issuer: Issuer
    service: Service
    listener: Listener
    adapter: TeamsAdapter
    connectors: Connectors
    session: aiohttp.ClientSession
    time: list[float]
    address: str = ""

    def activity(self, **other: Any) -> dict[str, Any]:
        usual = {
            "type": "message",
            "id": "1716",
            "timestamp": "2026-11-09T09:00:00.123Z",
            "channelId": "msteams",
            "serviceUrl": self.service.address,
            "from": {"id": "29:1", "name": "Ann", "aadObjectId": "0-1"},
            "recipient": {"id": f"28:{APP}", "name": "Deskbell"},
            "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
            "text": "the printer is broken",
            "entities": [{"type": "clientInfo", "locale": "en-GB", "timezone": "Europe/Stockholm"}],
            "channelData": {"tenant": {"id": TENANT}},
        }
        return {**usual, **other}

    async def post(self, body: bytes, **headers: str) -> tuple[int, str]:
        token = {"Authorization": f"Bearer {self.issuer.mint(self.service.address)}"}
        async with self.session.post(
            self.address, data=io.BytesIO(body), headers={**JSON, **token, **headers}
        ) as answer:
            return answer.status, await answer.text()

    async def tell(self, **other: Any) -> tuple[int, str]:
        return await self.post(json.dumps(self.activity(**other)).encode())


@asynccontextmanager
async def a_town() -> AsyncIterator[Town]:
    async with aiohttp.ClientSession() as session, issuing() as issuer, connecting() as service:
        guard = Guard(session, APP, TENANT, development=True, openid_url=issuer.openid_url)
        credentials = Credentials(APP, SecretStr(PASSWORD), TENANT, issuer.address)
        connectors = Connectors(session, credentials, development=True)
        time = [0.0]
        adapter, listener = TeamsAdapter(guard, connectors, lambda: time[0]), Listener()
        town = Town(issuer, service, listener, adapter, connectors, session, time)
        app = web.Application()
        app.router.add_post("/teams/messages", make_handler(adapter, listener))
        async with serving(app) as address:
            town.address = f"{address}/teams/messages"
            yield town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as one:
        yield one


async def test_a_message_is_heard_as_it_was_sent(town: Town) -> None:
    assert await town.tell() == (200, "")
    assert town.listener.heard == [town.activity()]


async def test_the_sdk_knows_whom_it_hears_and_can_answer(town: Town) -> None:
    async def echo(context: Any) -> None:
        await context.send_activity(f"{context.activity.from_property.name}: {context.activity.text}")

    town.listener.turn = echo
    assert await town.tell() == (200, "")
    (call,) = town.service.calls
    assert (call.method, call.path) == ("POST", "/v3/conversations/a%3A1/activities/1716")
    assert call.body["text"] == "Ann: the printer is broken"
    assert call.headers["Authorization"] == "Bearer token-1"


async def test_one_client_serves_every_turn(town: Town) -> None:
    seen = []

    async def look(context: Any) -> None:
        seen.append(context.turn_state[TeamsAdapter.BOT_CONNECTOR_CLIENT_KEY])

    town.listener.turn = look
    for _ in range(3):
        await town.tell()
    assert [client is town.connectors.client(town.service.address) for client in seen] == [True] * 3


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic Zm9vOmJhcg=="])
async def test_without_a_token_nothing_is_even_read(town: Town, header: str) -> None:
    status, _ = await town.post(b"{" * 100, Authorization=header)
    assert status == 401
    assert town.listener.heard == []


async def test_another_bots_token_does_not_get_in(town: Town) -> None:
    token = town.issuer.mint(town.service.address, aud="another-bot")
    status, text = await town.post(json.dumps(town.activity()).encode(), Authorization=f"Bearer {token}")
    assert (status, text) == (401, "This does not come from Teams.")


@pytest.mark.parametrize(
    "other",
    [
        {"serviceUrl": "http://127.0.0.1:1/"},
        {"serviceUrl": None},
        {"channelId": "webchat"},
        {"conversation": {"id": "a:1", "tenantId": "another"}},
    ],
)
async def test_what_does_not_fit_the_token_does_not_get_in(town: Town, other: dict[str, Any]) -> None:
    assert (await town.tell(**other))[0] == 401
    assert town.listener.heard == []


async def test_while_there_are_no_keys_teams_shall_try_again(town: Town) -> None:
    town.issuer.down = True
    assert (await town.tell())[0] == 503
    assert town.listener.heard == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"5",
        b'"message"',
        b'["message"]',
        b"{}",
        b'{"type": ""}',
        b'{"type": 5}',
        b'{"type": null}',
        b'{"type": "message"',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b"9" * 10_000,
    ],
)
async def test_what_is_no_activity_is_refused(town: Town, body: bytes) -> None:
    assert (await town.post(body))[0] == 400


async def test_a_body_that_is_too_long_is_refused(town: Town) -> None:
    assert (await town.post(b" " * (MOST_BYTES + 1)))[0] == 413
    assert (await town.post(b" " * 2_000_000))[0] == 413
    bomb = gzip.compress(b" " * 2_000_000)
    assert (await town.post(bomb, **{"Content-Encoding": "gzip"}))[0] == 413
    assert (await town.tell(text="x" * 100_000))[0] == 200


async def test_a_body_that_is_too_long_is_refused_though_it_does_not_say_so(town: Town) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(2_000):
            yield b" " * 1_000

    headers = {**JSON, "Authorization": f"Bearer {town.issuer.mint(town.service.address)}"}
    async with town.session.post(town.address, data=parts(), headers=headers) as answered:
        assert answered.status == 413


async def test_a_body_that_is_not_packed_as_it_says_is_refused(town: Town) -> None:
    assert (await town.post(b"{}", **{"Content-Encoding": "gzip"}))[0] == 400


ODD: list[dict[str, Any]] = [
    {"type": "somethingNew", "fresh": {"from": "Teams"}},
    {"type": "message", "fresh": [1]},
    {"timestamp": "never", "expiration": 5, "localTimestamp": {}},
    {"entities": "x", "attachments": {"a": 1}, "membersAdded": 5, "reactionsAdded": "?"},
    {"entities": [1, None, {"type": {"a": 1}}]},
    {"from": "me", "recipient": [], "text": 5, "id": {"a": 1}, "replyToId": 7, "locale": []},
    {"from": None, "recipient": None, "text": None, "id": None, "name": 5, "value": "x"},
    {"conversation": {"id": 5, "isGroup": "maybe", "tenantId": TENANT}},
    {"conversation": {"tenantId": TENANT}, "channelData": 5, "deliveryMode": "expectReplies"},
    {"semanticAction": 7, "listenFor": 3, "suggestedActions": "?", "callerId": 5},
    {"type": "a" * 1000, "id": "b" * 1000, "text": "\x00\ud800"},
]


@pytest.mark.parametrize("other", ODD)
async def test_what_is_merely_unknown_is_heard_and_taken(town: Town, other: dict[str, Any]) -> None:
    assert await town.tell(**other) == (200, "")
    assert town.listener.heard == [town.activity(**other)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"statusCode": 200, "type": "t", "value": {"ä": [1, None]}}, 200),
        (None, 200),
        ({}, 200),
        ({"a": 1}, 400),
    ],
)
async def test_an_invoke_is_answered_once_serialised(
    town: Town, body: dict[str, Any] | None, status: int
) -> None:
    async def act(context: Any) -> None:
        answer(context, body, status)

    town.listener.turn = act
    answered = await town.tell(type="invoke", name="adaptiveCard/action", value={"action": {"verb": "say"}})
    assert answered == (status, "" if body is None else json.dumps(body))
    assert town.listener.heard[0]["value"] == {"action": {"verb": "say"}}


async def test_an_invoke_may_be_answered_as_the_sdk_does(town: Town) -> None:
    async def act(context: Any) -> None:
        card = HeroCard(title="A title")
        said = InvokeResponse(status=200, body={"card": card, "plain": 1})
        await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=said))

    town.listener.turn = act
    status, text = await town.tell(type="invoke", name="task/fetch")
    assert (status, json.loads(text)) == (200, {"card": {"title": "A title"}, "plain": 1})


async def test_an_invoke_nobody_answers_is_not_found(town: Town) -> None:
    assert await town.tell(type="invoke", name="something/new") == (404, "")


def _raising(error: Exception) -> Turn:
    async def act(_: Any) -> None:
        raise error

    return act


UNKEPT = OperationalError("insert", {}, Exception("the disk is full"))


async def test_what_could_not_be_kept_is_delivered_again_but_not_for_ever(town: Town) -> None:
    town.listener.turn = _raising(UNKEPT)
    statuses = [(await town.tell())[0] for _ in range(MOST_AGAIN + 2)]
    assert statuses == [503] * MOST_AGAIN + [200, 200]
    town.time[0] += WITHIN
    assert (await town.tell())[0] == 503


@pytest.mark.parametrize("error", [KeyError("x"), Undelivered("late"), web.HTTPFound("/"), UNKEPT])
async def test_an_invoke_that_fails_is_no_fault_of_the_server(
    town: Town, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    town.listener.turn = _raising(error)
    assert await town.tell(type="invoke", name="task/submit") == (400, "")
    assert "task/submit" in caplog.text


@pytest.mark.parametrize("error", [KeyError("x"), Undelivered("late"), PermissionError(), web.HTTPFound("/")])
async def test_a_fault_of_our_own_is_logged_and_not_delivered_again(
    town: Town, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    town.listener.turn = _raising(error)
    assert await town.tell() == (200, "")
    assert "Traceback" in caplog.text
    assert type(error).__name__ in caplog.text


async def test_an_answer_that_cannot_be_written_fails_alone(town: Town) -> None:
    async def act(context: Any) -> None:
        answer(context, {"odd": object()})

    town.listener.turn = act
    assert (await town.tell(type="invoke", name="task/fetch"))[0] == 400


async def test_teams_failing_an_answer_is_undelivered_to_the_bot(town: Town) -> None:
    seen = []

    async def act(context: Any) -> None:
        try:
            await context.send_activity("hello")
        except Undelivered as error:
            seen.append(error)

    town.listener.turn = act
    town.service.answers = [says(403, "BotNotInConversationRoster")]
    assert (await town.tell())[0] == 200
    assert [(error.why, error.permanent) for error in seen] == [("BotNotInConversationRoster", True)]


async def test_the_other_ways_into_the_stock_adapter_are_closed(town: Town) -> None:
    async with town.session.get(town.address) as answered:
        assert answered.status == 405
    with pytest.raises(PermissionError):
        await town.adapter.process_activity("Bearer x", Activity(type="message"), _silent)


async def test_development_needs_no_token_but_stays_on_this_machine() -> None:
    async with aiohttp.ClientSession() as session, connecting() as service:
        listener = Listener()
        guard, connectors = (
            Guard(session, "", "", development=True),
            Connectors(session, None, development=True),
        )
        app = web.Application()
        app.router.add_post("/teams/messages", make_handler(TeamsAdapter(guard, connectors), listener))
        async with serving(app) as address:
            for url, status in ((service.address, 200), ("https://smba.trafficmanager.net/emea/", 401)):
                body = {"type": "message", "serviceUrl": url}
                async with session.post(f"{address}/teams/messages", json=body) as answered:
                    assert answered.status == status
        assert [said["serviceUrl"] for said in listener.heard] == [service.address]


async def test_no_word_and_no_secret_stands_in_the_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def echo(context: Any) -> None:
        await context.send_activity("an answer")
        raise KeyError

    town.listener.turn = echo
    await town.tell()
    await town.tell(channelId="webchat")
    await town.post(b"{}")
    for word in (PASSWORD, "token-1", "printer", "an answer", town.issuer.mint(town.service.address)[:30]):
        assert word not in caplog.text
