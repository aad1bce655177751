import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.workspace import Workspace
from tests.bot.playground.florist import ListeningApp
from tests.bot.playground.test_people import CARD, FORM

Json = dict[str, Any]


class Browser:
    def __init__(self, workspace: Workspace, http: aiohttp.ClientSession) -> None:
        self._base, self._http = workspace.base_url, http

    async def get(self, path: str, viewer: str = "U1", **headers: str) -> tuple[int, Json]:
        async with self._http.get(f"{self._base}{path}", params={"as": viewer}, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, path: str, viewer: str = "U1", **body: Any) -> Json:
        async with self._http.post(f"{self._base}{path}", json={"as": viewer, **body}) as response:
            return dict(await response.json())


@pytest.fixture
def browser(workspace: Workspace, http: aiohttp.ClientSession) -> Browser:
    return Browser(workspace, http)


async def test_bootstrap(workspace: Workspace, browser: Browser) -> None:
    workspace.commands = [{"command": "/request", "usage_hint": "", "description": ""}]
    _, body = await browser.get("/api/bootstrap")
    assert body["team"] == {"name": "Petals & Post"}
    assert body["bot"] == {"id": "UDESKBELL", "name": "Deskbell"}
    assert (body["viewer"], body["now"]) == ("U1", "2026-11-23T09:00:00+00:00")
    assert [user["name"] for user in body["users"]] == ["deskbell", "ann", "bob"]
    assert body["commands"] == workspace.commands
    assert body["emoji"]["ticket"] == "🎫"
    assert body["emoji"]["thumbsup"] == body["emoji"]["+1"]


async def test_the_side_bar_counts_what_is_unread(workspace: Workspace, browser: Browser) -> None:
    await workspace.person("U2").say("C2", "hello")
    _, body = await browser.get("/api/conversations")
    seen = {each["id"]: (each["kind"], each["unread"]) for each in body["conversations"]}
    assert seen == {
        "C1": ("channel", 0),
        "C2": ("channel", 1),
        "C3": ("private", 0),
        "C4": ("channel", 0),
        "D1": ("im", 0),
    }
    await browser.post("/api/read", channel="C2")
    _, body = await browser.get("/api/conversations")
    assert all(each["unread"] == 0 for each in body["conversations"])


async def test_talking(workspace: Workspace, browser: Browser) -> None:
    top = await browser.post("/api/say", channel="C2", text="hello")
    await browser.post("/api/say", "U2", channel="C2", text="yes?", thread_ts=top["ts"])
    await browser.post("/api/react", "U2", channel="C2", ts=top["ts"], name="wave")
    _, body = await browser.get("/api/conversations/C2/messages")
    [message] = body["messages"]
    assert (message["text"], message["reply_count"], message["reply_users"]) == ("hello", 1, ["U2"])
    assert message["reactions"] == [{"name": "wave", "users": ["U2"]}]
    _, body = await browser.get(f"/api/conversations/C2/threads/{top['ts']}")
    assert [each["text"] for each in body["messages"]] == ["hello", "yes?"]


async def test_pressing_and_submitting(
    workspace: Workspace, browser: Browser, app: ListeningApp, slack: AsyncWebClient
) -> None:
    posted = await slack.chat_postMessage(channel="C2", text="card", blocks=CARD)
    await workspace.settled()
    where: Json = {"message": {"channel": "C2", "ts": posted["ts"]}, "block_id": "card"}
    high = {"text": {"type": "plain_text", "text": "High"}, "value": "high"}
    assert (await browser.post("/api/press", **where, action_id="give", selected_option=high))["ok"]
    assert app.heard[-1]["actions"][0]["selected_option"] == high
    await browser.post("/api/press", **where, action_id="take", value="take 12")
    opened = await slack.views_open(trigger_id=app.heard[-1]["trigger_id"], view=FORM)
    _, body = await browser.get("/api/modal")
    assert body["view"]["id"] == opened["view"]["id"]
    refused = await browser.post("/api/submit", view_id=opened["view"]["id"], values={})
    assert refused["errors"] == {"what": "Please complete this required field."}
    values = {"what": {"it": {"type": "plain_text_input", "value": "tulips"}}}
    app.replies = [web.Response(status=500)]
    failed = await browser.post("/api/submit", view_id=opened["view"]["id"], values=values)
    assert failed == {"ok": False, "error": "We had some trouble connecting. Try again?"}
    assert (await browser.post("/api/submit", view_id=opened["view"]["id"], values=values))["ok"]
    assert (await browser.get("/api/modal"))[1]["view"] is None


async def test_the_clock_moves(workspace: Workspace, browser: Browser) -> None:
    moved: list[str] = []

    async def tomorrow() -> None:
        moved.append("tomorrow")

    workspace.moves = {"tomorrow": ("Tomorrow morning", tomorrow)}
    assert (await browser.post("/api/clock", move="tomorrow"))["now"] == workspace.now().isoformat()
    assert moved == ["tomorrow"]
    assert (await browser.get("/api/bootstrap"))[1]["moves"] == [
        {"id": "tomorrow", "label": "Tomorrow morning"}
    ]


REFUSED: list[tuple[str, Json, str]] = [
    ("/api/say", {"channel": "C9", "text": "x"}, "There is no channel C9."),
    ("/api/say", {"channel": "C1"}, "Say which text."),
    ("/api/react", {"channel": "C1", "ts": "1.2", "name": "wave"}, "That message is no longer there."),
    ("/api/press", {"view": {"id": "V1"}, "action_id": "x"}, "That view is closed."),
    ("/api/submit", {"view_id": "V1"}, "That view is closed."),
    ("/api/clock", {"move": "back"}, "There is no such move."),
    ("/api/say", {"as": "U9", "channel": "C1", "text": "x"}, "Nobody here has that id."),
]


@pytest.mark.parametrize(("path", "body", "sentence"), REFUSED)
async def test_a_refusal_is_a_sentence(browser: Browser, path: str, body: Json, sentence: str) -> None:
    assert await browser.post(path, **{"viewer": body.pop("as", "U1"), **body}) == {
        "ok": False,
        "error": sentence,
    }


async def test_a_private_channel_is_nobody_elses(workspace: Workspace, browser: Browser) -> None:
    for channel in ("C3", workspace.person("U1").dm):
        status, body = await browser.get(f"/api/conversations/{channel}/messages", "U2")
        assert (status, body["ok"]) == (404, False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:3000"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_only_our_own_page_may_ask(browser: Browser, headers: dict[str, str], status: int) -> None:
    assert (await browser.get("/api/bootstrap", "U1", **headers))[0] == status


async def test_a_form_of_another_site_cannot_act(workspace: Workspace, http: aiohttp.ClientSession) -> None:
    data = json.dumps({"as": "U1", "channel": "C1", "text": "x"})
    async with http.post(f"{workspace.base_url}/api/say", data=data) as response:
        assert response.status == 415
    assert workspace.person("U1").sees("C1") == []


async def test_nothing_outside_the_static_folder_is_served(
    workspace: Workspace, http: aiohttp.ClientSession
) -> None:
    for path in ("/static/%2e%2e/page.py", "/static/..%2fpage.py", "/static/nothing.js"):
        async with http.get(f"{workspace.base_url}{path}") as response:
            assert response.status == 404


async def heard(response: aiohttp.ClientResponse, count: int) -> list[tuple[str, Json]]:
    events: list[tuple[str, Json]] = []
    name = ""
    async with asyncio.timeout(5):
        async for raw in response.content:
            line = raw.decode().strip()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
                if len(events) == count:
                    break
    return events


async def test_the_stream_tells_what_concerns_the_viewer(
    workspace: Workspace, http: aiohttp.ClientSession, slack: AsyncWebClient
) -> None:
    async with http.get(f"{workspace.base_url}/api/events?as=U2") as response:
        assert response.content_type == "text/event-stream"
        await response.content.readuntil(b"\n\n")
        await workspace.person("U1").say("C3", "not for bob")
        await slack.chat_postEphemeral(channel="C2", user="U1", text="not for bob either")
        posted = await slack.chat_postMessage(channel="C2", text="hello")
        await slack.chat_update(channel="C2", ts=posted["ts"], text="hello again")
        await slack.chat_delete(channel="C2", ts=posted["ts"])
        await slack.views_publish(user_id="U2", view={"type": "home", "blocks": []})
        workspace.notice("U2", "Something went wrong.")
        events = await heard(response, 5)
    assert [name for name, _ in events] == ["message", "message_changed", "message_deleted", "home", "notice"]
    assert events[0][1]["message"]["text"] == "hello"
    assert events[2][1] == {"channel": "C2", "ts": posted["ts"]}
    assert events[4][1] == {"text": "Something went wrong."}


async def test_closing_the_workspace_ends_the_stream(
    workspace: Workspace, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{workspace.base_url}/api/events?as=U2") as response:
        await response.content.readuntil(b"\n\n")
        await workspace.close()
        async with asyncio.timeout(2):
            assert await response.content.read() == b""
