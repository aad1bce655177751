import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.deliver import signature
from bot.playground.workspace import Workspace
from tests.bot.playground.florist import ListeningApp


def test_the_signature_of_slacks_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


class TestRetries:
    """1 failed, 2 slow, 3 asked not to, 4 never, 5 repeated after all."""

    async def test_1_a_failed_event_is_repeated_with_its_number(
        self, workspace: Workspace, app: ListeningApp
    ) -> None:
        app.replies = [web.Response(status=500), web.Response(status=404)]
        await workspace.person("U1").say("C2", "hello")
        told = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h in app.headers]
        assert told == [(None, None), ("1", "http_error"), ("2", "http_error")]
        assert len({each["event_id"] for each in app.heard}) == 1

    async def test_2_a_slow_event_is_repeated(self, workspace: Workspace, app: ListeningApp) -> None:
        workspace.ack_timeout = 0.1
        app.replies = [0.3]
        await workspace.person("U1").say("C2", "hello")
        assert app.headers[1]["X-Slack-Retry-Reason"] == "http_timeout"

    async def test_3_an_app_can_ask_to_be_left_alone(self, workspace: Workspace, app: ListeningApp) -> None:
        app.replies = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
        await workspace.person("U1").say("C2", "hello")
        assert len(app.heard) == 1

    async def test_4_after_three_times_it_is_given_up(self, workspace: Workspace, app: ListeningApp) -> None:
        app.replies = [lambda _: web.Response(status=500)] * 9
        await workspace.person("U1").say("C2", "hello")
        assert len(app.heard) == 4
        assert [sent.attempt for sent in workspace.deliveries] == [0, 1, 2, 3]

    async def test_5_slack_may_repeat_what_was_taken(self, workspace: Workspace, app: ListeningApp) -> None:
        await workspace.person("U1").say("C2", "hello")
        assert (await workspace.delivery.again(workspace.deliveries[-1])).ok
        assert app.heard[0] == app.heard[1]
        assert app.headers[1]["X-Slack-Retry-Num"] == "1"


class Listener:
    """The app's end of Socket Mode, on the official client."""

    def __init__(self) -> None:
        self.heard: list[SocketModeRequest] = []
        self.answer: dict[str, Any] | None = None
        self.silent = 0

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if self.silent:
            self.silent -= 1
            return
        response = SocketModeResponse(envelope_id=request.envelope_id, payload=self.answer)
        await client.send_socket_mode_response(response)


@pytest.fixture
async def listener(workspace: Workspace, slack: AsyncWebClient) -> AsyncIterator[Listener]:
    listener = Listener()
    client = SocketModeClient(app_token=workspace.app_token, web_client=slack, ping_interval=0.2)
    client.socket_mode_request_listeners.append(listener)
    await client.connect()  # type: ignore[no-untyped-call]
    yield listener
    await client.close()  # type: ignore[no-untyped-call]


class TestSocketMode:
    async def test_a_command_is_answered_on_the_same_line(
        self, workspace: Workspace, listener: Listener
    ) -> None:
        listener.answer = {"text": "filed"}
        assert (await workspace.person("U1").command("C1", "/request")).text == "filed"
        [request] = listener.heard
        assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
        assert request.payload["command"] == "/request"

    async def test_an_event_without_acknowledgement_is_repeated(
        self, workspace: Workspace, listener: Listener
    ) -> None:
        workspace.ack_timeout = 0.1
        listener.silent = 1
        await workspace.person("U1").say("C2", "hello")
        assert [(r.type, r.retry_attempt, r.retry_reason) for r in listener.heard] == [
            ("events_api", 0, ""),
            ("events_api", 1, "http_timeout"),
        ]

    async def test_a_silent_app_is_a_timeout(self, workspace: Workspace, listener: Listener) -> None:
        workspace.ack_timeout = 0.1
        listener.silent = 1
        answer = await workspace.person("U1").command("C1", "/request")
        assert answer.text == '/request failed with the error "operation_timeout"'

    async def test_the_client_comes_back_when_asked_to_reconnect(
        self, workspace: Workspace, listener: Listener
    ) -> None:
        await workspace.sockets.refresh()
        async with asyncio.timeout(5):
            await workspace.sockets.connected()
        await workspace.person("U1").command("C1", "/request")
        assert [request.type for request in listener.heard] == ["slash_commands"]

    async def test_a_line_needs_a_ticket(self, workspace: Workspace, http: aiohttp.ClientSession) -> None:
        async with http.get(f"{workspace.base_url}/slack/socket?ticket=guess") as response:
            assert response.status == 401

    async def test_ten_lines_and_no_more(
        self, workspace: Workspace, slack: AsyncWebClient, http: aiohttp.ClientSession
    ) -> None:
        lines = []
        for _ in range(11):
            url = (await slack.apps_connections_open(app_token=workspace.app_token))["url"]
            lines.append(await http.ws_connect(url))
        said = [await line.receive_json() for line in lines]
        assert [each["type"] for each in said] == ["hello"] * 10 + ["disconnect"]
        assert said[-1]["reason"] == "too_many_websockets"
        for line in lines:
            await line.close()
