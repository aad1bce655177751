"""A small shop to test in, and a stand-in for the app at the other end of Slack's deliveries."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.playground.workspace import Workspace

Reply = Callable[[dict[str, Any]], Any]


class Clocks:
    """The time of day, and the seconds that trigger ids are measured in."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        self.seconds = 1_000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


def petals(clocks: Clocks) -> Workspace:
    workspace = Workspace(clocks.now, monotonic=clocks.monotonic)
    workspace.add_user("U1", "ann", "Ann Lee", title="Florist", tz="Europe/Stockholm")
    workspace.add_user("U2", "bob", "Bob Ray", tz="America/New_York")
    workspace.add_channel("C1", "general", members=["U1", "U2"])
    workspace.add_channel("C2", "flowers", members=["U1", "U2", workspace.bot_user], topic="Bouquets")
    workspace.add_channel("C3", "secret", private=True, members=["U1"])
    workspace.add_channel("C4", "attic", members=["U1", workspace.bot_user])
    workspace.delivery.retry_delays = (0.0, 0.0, 0.0)
    return workspace


class ListeningApp:
    """Verifies every signature, remembers every delivery, and answers as it is told.

    `replies` are used up in order; each is a body, a `web.Response`, seconds to wait, or a function of the
    delivery that gives one of those. Without replies it answers an empty 200.
    """

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.replies: list[Any] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/slack/events", self._answer)
        return app

    def heard_events(self) -> list[dict[str, Any]]:
        return [each["event"] for each in self.heard if each.get("type") == "event_callback"]

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.text()
        assert self._verifier.is_valid_request(body, dict(request.headers))
        self.headers.append(dict(request.headers))
        self.heard.append(_parsed(request.content_type, body))
        reply = self.replies.pop(0) if self.replies else None
        return await _as_response(reply(self.heard[-1]) if callable(reply) else reply)


def _parsed(content_type: str, body: str) -> dict[str, Any]:
    if content_type == "application/json":
        return dict(json.loads(body))
    form = {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}
    return dict(json.loads(form["payload"])) if "payload" in form else form


async def _as_response(reply: Any) -> web.Response:
    if asyncio.iscoroutine(reply):
        reply = await reply
    if isinstance(reply, float):
        await asyncio.sleep(reply)
    if isinstance(reply, web.Response):
        return reply
    if isinstance(reply, dict):
        return web.json_response(reply)
    return web.Response(text=reply if isinstance(reply, str) else "")
