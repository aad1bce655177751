"""What reaches Teams on the wire, and what its answers mean for whoever owes the message."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from botbuilder.schema import Activity
from pydantic import SecretStr

from bot.chat import Undelivered
from bot.teams.connectors import MOST, Connectors
from bot.teams.tokens import NOT_ACCEPTED, Credentials, Tokens
from tests.bot.teams.issuer import APP, PASSWORD, TENANT, Issuer, Service, connecting, issuing, says

CHANNEL = "19:abc@thread.tacv2;messageid=17"
MENTION = {"type": "mention", "text": "<at>Ann</at>", "mentioned": {"id": "29:1", "name": "Ann", "x": None}}
CARD = {
    "type": "AdaptiveCard",
    "$schema": "https://adaptivecards.io/schemas/adaptive-card.json",
    "version": "1.5",
    "msteams": {"width": "Full", "entities": [MENTION]},
    "body": [{"type": "TextBlock", "text": "Müller – 42 €", "wrap": True, "maxLines": 3, "spacing": None}],
    "actions": [
        {"type": "Action.Execute", "verb": "say", "data": {"line": "take 12", "deep": [{"a.b": 1.5}]}}
    ],
}
MESSAGE: dict[str, Any] = {
    "type": "message",
    "summary": "Müller asks",
    "textFormat": "xml",
    "attachmentLayout": "list",
    "importance": "high",
    "attachments": [
        {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD, "name": None}
    ],
    "entities": [MENTION],
    "channelData": {"notification": {"alert": True}, "feedbackLoopEnabled": False},
    "suggestedActions": {"actions": [{"type": "imBack", "title": "Yes", "value": "yes"}], "to": ["29:1"]},
    "somethingNew": {"of": "Teams"},
}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuing() as one:
        yield one


@pytest.fixture
async def teams() -> AsyncIterator[Service]:
    async with connecting() as one:
        yield one


@pytest.fixture
def credentials(issuer: Issuer) -> Credentials:
    return Credentials(APP, SecretStr(PASSWORD), TENANT, issuer.address)


@pytest.fixture
def connectors(session: aiohttp.ClientSession, credentials: Credentials) -> Connectors:
    return Connectors(session, credentials, development=True)


async def test_an_activity_arrives_as_it_was_made(connectors: Connectors, teams: Service) -> None:
    assert await connectors.send(teams.address, CHANNEL, MESSAGE) == "a-1"
    assert await connectors.send(teams.address, CHANNEL, MESSAGE, reply_to="17") == "a-2"
    await connectors.update(teams.address, "a:1/2?", "a-1", MESSAGE)
    assert [(call.method, call.path) for call in teams.calls] == [
        ("POST", "/v3/conversations/19%3Aabc%40thread.tacv2%3Bmessageid%3D17/activities"),
        ("POST", "/v3/conversations/19%3Aabc%40thread.tacv2%3Bmessageid%3D17/activities/17"),
        ("PUT", "/v3/conversations/a%3A1%2F2%3F/activities/a-1"),
    ]
    for call in teams.calls:
        assert call.body == MESSAGE
        assert call.headers["Authorization"] == "Bearer token-1"
        assert call.headers["Content-Type"] == "application/json; charset=utf-8"
        assert call.headers["User-Agent"] == "Deskbell"


async def test_the_path_of_the_service_stands_before_ours(connectors: Connectors, teams: Service) -> None:
    await connectors.send(f"{teams.address}/emea/", "a:1", MESSAGE)
    await connectors.send(f"{teams.address}/emea", "a:1", MESSAGE)
    assert {call.path for call in teams.calls} == {"/emea/v3/conversations/a%3A1/activities"}


async def test_a_personal_conversation_is_begun(connectors: Connectors, teams: Service) -> None:
    teams.answers = [lambda: web.json_response({"id": "a:new", "activityId": None, "odd": 1}, status=201)]
    assert await connectors.create_personal(teams.address, TENANT, f"28:{APP}", "29:1") == "a:new"
    assert (teams.calls[0].method, teams.calls[0].path) == ("POST", "/v3/conversations")
    assert teams.calls[0].body == {
        "isGroup": False,
        "bot": {"id": f"28:{APP}"},
        "members": [{"id": "29:1"}],
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


async def test_members_come_page_by_page_with_all_that_teams_tells(
    connectors: Connectors, teams: Service
) -> None:
    ann = {"id": "29:1", "name": "Ann", "email": "ann@example.org", "userRole": "user", "odd": [1]}
    bob = {"id": "29:2", "objectId": "0-0", "tenantId": TENANT}
    teams.answers = [
        lambda: web.json_response({"members": [ann, None], "continuationToken": "next & more="}),
        lambda: web.json_response({"members": [bob]}),
        lambda: web.json_response({}),
        lambda: web.json_response(ann),
    ]
    assert await connectors.members(teams.address, "19:x@thread.tacv2") == [ann, bob]
    assert await connectors.members(teams.address, "19:x@thread.tacv2") == []
    assert await connectors.member(teams.address, "19:x@thread.tacv2", "29:1") == ann
    first = "/v3/conversations/19%3Ax%40thread.tacv2/pagedmembers?pageSize=200"
    assert [call.path for call in teams.calls] == [
        first,
        f"{first}&continuationToken=next%20%26%20more%3D",
        first,
        "/v3/conversations/19%3Ax%40thread.tacv2/members/29%3A1",
    ]


async def test_a_team_and_its_channels(connectors: Connectors, teams: Service) -> None:
    general, desk = {"id": "19:t@thread.tacv2"}, {"id": "19:d@thread.tacv2", "name": "Desk", "odd": 1}
    teams.answers = [
        lambda: web.json_response({"id": "19:t@thread.tacv2", "name": "Petals", "aadGroupId": "0-0"}),
        lambda: web.json_response({"conversations": [general, None, desk]}),
        lambda: web.json_response({}),
        says(403, "BotNotInConversationRoster"),
    ]
    assert (await connectors.team(teams.address, "19:t@thread.tacv2"))["name"] == "Petals"
    assert await connectors.channels(f"{teams.address}/emea/", "19:t@thread.tacv2") == [general, desk]
    assert await connectors.channels(teams.address, "../x?y#{z}") == []
    with pytest.raises(Undelivered, match="BotNotInConversationRoster") as caught:
        await connectors.channels(teams.address, "19:t@thread.tacv2")
    assert caught.value.permanent
    assert [(call.method, call.path) for call in teams.calls][:3] == [
        ("GET", "/v3/teams/19%3At%40thread.tacv2"),
        ("GET", "/emea/v3/teams/19%3At%40thread.tacv2/conversations"),
        ("GET", "/v3/teams/..%2Fx%3Fy%23%7Bz%7D/conversations"),
    ]
    assert teams.calls[0].headers["Authorization"] == "Bearer token-1"


async def test_a_message_is_taken_away_where_teams_does_that(connectors: Connectors, teams: Service) -> None:
    teams.answers = [lambda: web.Response(status=204), says(501, "NotImplemented"), lambda: web.Response()]
    assert await connectors.delete(teams.address, "a:1", "5") is True
    assert await connectors.delete(teams.address, "a:1", "5") is False
    assert await connectors.delete(teams.address, "a:1", "5") is True
    assert {(call.method, call.path) for call in teams.calls} == {
        ("DELETE", "/v3/conversations/a%3A1/activities/5")
    }


async def test_one_client_for_each_service_is_built_and_kept(connectors: Connectors, teams: Service) -> None:
    one = connectors.client(f"{teams.address}/emea")
    assert connectors.client(f"{teams.address}/emea/") is one
    assert connectors.client(f"{teams.address}/amer/") is not one
    for n in range(MOST - 1):
        connectors.client(f"{teams.address}/{n}")
    assert connectors.client(f"{teams.address}/amer/") is connectors.client(f"{teams.address}/amer/")
    assert connectors.client(f"{teams.address}/emea") is not one  # the oldest went


async def test_the_client_also_serves_the_sdk(connectors: Connectors, teams: Service) -> None:
    client = connectors.client(teams.address)
    made = await client.conversations.send_to_conversation("a:1", Activity(type="message", text="hello"))
    assert (made.id, teams.calls[0].body) == ("a-1", {"type": "message", "text": "hello"})


MEANINGS: list[tuple[Callable[[], Any], Undelivered]] = [
    (says(429, "TooManyRequests", Retry_After="7"), Undelivered("TooManyRequests", retry_in=7)),
    (says(429, Retry_After="soon"), Undelivered("Teams answered 429")),
    (says(429, Retry_After="-5"), Undelivered("Teams answered 429")),
    (says(412, "PreconditionFailed"), Undelivered("PreconditionFailed")),
    (says(500, "ServiceError"), Undelivered("ServiceError")),
    (says(501, "NotImplemented"), Undelivered("NotImplemented")),
    (says(502, "ServiceError", Retry_After="3"), Undelivered("ServiceError", retry_in=3)),
    (lambda: web.Response(status=504, text="<html>"), Undelivered("Teams answered 504")),
    (says(403, "BotNotInConversationRoster"), Undelivered("BotNotInConversationRoster", permanent=True)),
    (says(403, "words of a person"), Undelivered("Teams answered 403", permanent=True)),
    (says(400, "BadSyntax"), Undelivered("BadSyntax", permanent=True)),
    (says(413, "MessageSizeTooBig"), Undelivered("MessageSizeTooBig", permanent=True)),
    (says(307, Location="/elsewhere"), Undelivered("Teams answered 307")),
    (lambda: web.Response(text="<html>"), Undelivered("Teams' answer could not be understood")),
    (
        says(401, "Unauthorized"),
        Undelivered("Microsoft does not accept the bot's id or password (Unauthorized)"),
    ),
]
BY_VERB: list[tuple[str, Callable[[], Any], Undelivered]] = [
    *(("update", answer, meaning) for answer, meaning in MEANINGS),
    *(("send", answer, meaning) for answer, meaning in MEANINGS),
    ("send", says(404, "ConversationNotFound"), Undelivered("ConversationNotFound", permanent=True)),
    ("update", says(404, "ConversationNotFound"), Undelivered("ConversationNotFound", permanent=True)),
    (
        "update",
        says(404, "ActivityNotFoundInConversation"),
        Undelivered("ActivityNotFoundInConversation", permanent=True, gone=True),
    ),
    ("update", says(404), Undelivered("Teams answered 404", permanent=True, gone=True)),
]


@pytest.mark.parametrize(("verb", "answer", "meaning"), BY_VERB)
async def test_what_an_answer_means(
    connectors: Connectors, teams: Service, verb: str, answer: Callable[[], Any], meaning: Undelivered
) -> None:
    teams.answers = [answer]
    attempts: dict[str, Callable[[], Awaitable[object]]] = {
        "send": lambda: connectors.send(teams.address, "a:1", MESSAGE),
        "update": lambda: connectors.update(teams.address, "a:1", "5", MESSAGE),
    }
    with pytest.raises(Undelivered) as caught:
        await attempts[verb]()
    assert _parts(caught.value) == _parts(meaning)
    assert len(teams.calls) == 1


async def test_a_service_that_does_not_answer_is_asked_again_later(
    session: aiohttp.ClientSession, teams: Service
) -> None:
    connectors = Connectors(session, None, development=True, timeout=0.1)

    async def late() -> web.Response:
        await asyncio.sleep(1)
        return web.Response()

    teams.answers = [late]
    with pytest.raises(Undelivered) as caught:
        await connectors.send(teams.address, "a:1", MESSAGE)
    assert _parts(caught.value) == _parts(Undelivered("Teams did not answer in time"))


async def test_a_service_that_is_not_there_is_asked_again_later(connectors: Connectors) -> None:
    with pytest.raises(Undelivered) as caught:
        await connectors.send("http://127.0.0.1:1/", "a:1", MESSAGE)
    assert (caught.value.permanent, caught.value.why[:29]) == (False, "Teams could not be reached: C")


@pytest.mark.parametrize(
    "url",
    [
        "http://smba.trafficmanager.net/",
        "ftp://127.0.0.1/",
        "smba.trafficmanager.net",
        "",
        "https:///x",
        "https://smba.trafficmanager.net/{0.__class__}/",
        "https://smba.trafficmanager.net/?x=",
        "https://smba.trafficmanager.net@evil.example/",
        "https://[x/",
        "https://smba.trafficmanager.net:99999/",
        "https://smba.trafficmanager.net\\@evil.example/",
        "https://evil.example\t.trafficmanager.net/",
    ],
)
async def test_some_service_urls_are_never_called(connectors: Connectors, issuer: Issuer, url: str) -> None:
    with pytest.raises(Undelivered) as caught:
        await connectors.send(url, "a:1", MESSAGE)
    assert caught.value.permanent
    assert issuer.asked_for_tokens == []


@pytest.mark.parametrize("identity", ["", ".", ".."])
async def test_an_id_does_not_lead_out_of_its_path(
    connectors: Connectors, teams: Service, identity: str
) -> None:
    for attempt in (
        connectors.send(teams.address, identity, MESSAGE),
        connectors.update(teams.address, "a:1", identity, MESSAGE),
    ):
        with pytest.raises(Undelivered):
            await attempt
    assert teams.calls == []


async def test_outside_development_this_machine_is_not_called(
    session: aiohttp.ClientSession, credentials: Credentials, teams: Service
) -> None:
    with pytest.raises(Undelivered):
        await Connectors(session, credentials).send(teams.address, "a:1", MESSAGE)
    with pytest.raises(ValueError, match="password"):
        Connectors(session, None)


async def test_without_an_id_nothing_carries_a_token_nor_leaves_this_machine(
    session: aiohttp.ClientSession, teams: Service
) -> None:
    connectors = Connectors(session, None, development=True)
    await connectors.send(teams.address, "a:1", MESSAGE)
    assert "Authorization" not in teams.calls[0].headers
    with pytest.raises(Undelivered):
        await connectors.send("https://smba.trafficmanager.net/emea/", "a:1", MESSAGE)


async def test_a_redirect_is_not_followed_and_takes_no_token_along(
    connectors: Connectors, teams: Service
) -> None:
    async with connecting() as elsewhere:
        teams.answers = [says(307, Location=f"{elsewhere.address}/v3/conversations/a/activities")]
        with pytest.raises(Undelivered):
            await connectors.send(teams.address, "a:1", MESSAGE)
        assert elsewhere.calls == []


async def test_the_token_goes_to_no_other_host(connectors: Connectors, teams: Service) -> None:
    client = connectors.client(teams.address)
    async with connecting() as elsewhere:
        request = client._client.get(f"{elsewhere.address}/v3/attachments/1")
        await client._client.async_send(request, stream=False)
        assert "Authorization" not in elsewhere.calls[0].headers


async def test_a_token_is_asked_for_once_and_kept(
    connectors: Connectors, teams: Service, issuer: Issuer
) -> None:
    await asyncio.gather(*(connectors.send(teams.address, "a:1", MESSAGE) for _ in range(20)))
    assert issuer.asked_for_tokens == [
        {
            "grant_type": "client_credentials",
            "client_id": APP,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
            "tenant": TENANT,
        }
    ]


async def test_a_password_proves_itself_before_anything_is_sent(
    session: aiohttp.ClientSession, credentials: Credentials, issuer: Issuer
) -> None:
    await Connectors(session, credentials).prove()
    await Connectors(session, None, development=True).prove()
    with pytest.raises(Undelivered, match=NOT_ACCEPTED):
        await Connectors(session, replace(credentials, password=SecretStr("wrong"))).prove()
    assert len(issuer.asked_for_tokens) == 2


async def test_a_token_is_renewed_five_minutes_before_its_end(
    session: aiohttp.ClientSession, credentials: Credentials
) -> None:
    time = [0.0]
    tokens = Tokens(session, credentials, lambda: time[0])
    for at, expected in ((0, "token-1"), (3299, "token-1"), (3300, "token-2")):
        time[0] = at
        assert await tokens.get() == expected


async def test_a_token_that_is_not_accepted_is_asked_for_anew(
    connectors: Connectors, teams: Service, issuer: Issuer
) -> None:
    teams.answers = [says(401)]
    with pytest.raises(Undelivered) as caught:
        await connectors.send(teams.address, "a:1", MESSAGE)
    assert not caught.value.permanent
    await connectors.send(teams.address, "a:1", MESSAGE)
    assert [call.headers["Authorization"] for call in teams.calls] == ["Bearer token-1", "Bearer token-2"]


LOGINS: list[tuple[Callable[[], web.Response], str]] = [
    (lambda: web.json_response({"error": "invalid_client"}, status=401), "password (invalid_client)"),
    (lambda: web.json_response({"error": f"no {PASSWORD}!"}, status=400), "password (no reason given)"),
    (lambda: web.json_response(["?"], status=503), "login answered 503 without a token"),
    (lambda: web.json_response({"expires_in": 5}), "login answered 200 without a token"),
    (lambda: web.Response(text="<html>"), "login answered what could not be understood"),
    (lambda: web.Response(status=302, headers={"Location": "/x"}, text="{}"), "answered 302 without a token"),
]


@pytest.mark.parametrize(("answer", "why"), LOGINS)
async def test_a_login_that_fails_can_be_mended(
    connectors: Connectors, teams: Service, issuer: Issuer, answer: Callable[[], web.Response], why: str
) -> None:
    issuer.login_answer = answer
    results = await asyncio.gather(
        *(connectors.send(teams.address, "a:1", MESSAGE) for _ in range(3)), return_exceptions=True
    )
    for result in results:
        assert isinstance(result, Undelivered)
        assert result.why.endswith(why)
        assert not result.permanent
    assert (teams.calls, len(issuer.asked_for_tokens)) == ([], 1)
    issuer.login_answer = None
    assert await connectors.send(teams.address, "a:1", MESSAGE)


async def test_no_secret_stands_in_an_error_a_repr_or_the_log(
    session: aiohttp.ClientSession,
    credentials: Credentials,
    teams: Service,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = replace(credentials, password=SecretStr("another-password"))
    seen = [repr(credentials), str(credentials), repr(wrong)]
    for who in (credentials, wrong):
        connectors = Connectors(session, who, development=True)
        teams.answers = [says(401), says(403, "NotAllowed")]
        for _ in range(2):
            with pytest.raises(Undelivered) as caught:
                await connectors.send(teams.address, "a:1", MESSAGE)
            seen += [repr(caught.value), caught.value.why, repr(caught.value.__context__)]
        seen += [repr(connectors), repr(connectors._tokens), repr(connectors.client(teams.address))]
    seen.append(caplog.text)
    for secret in (PASSWORD, "another-password", "token-1", "token-2", "words of a person"):
        assert not [text for text in seen if secret in text]


def _parts(error: Undelivered) -> tuple[str, bool, float | None, bool]:
    return error.why, error.permanent, error.retry_in, error.gone
