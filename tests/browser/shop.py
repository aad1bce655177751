"""A flower shop's workspace with an app in it that only answers what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.playground.page import serving
from bot.playground.workspace import Workspace

from .gallery import Json

ANN, IDA, TOM = "UANN", "UIDA", "UTOM"
FLOWERS, OFFICE = "CFLOWERS", "COFFICE"


@dataclass
class ScriptedApp:
    """Stands where Deskbell would: keeps what is delivered, answers interactions with `answer`."""

    heard: list[Json] = field(default_factory=list)
    answer: Json | None = None

    async def take(self, request: web.Request) -> web.Response:
        """Keep one delivery."""
        form = await request.post() if request.content_type.endswith("urlencoded") else {}
        if "payload" in form:
            self.heard.append(json.loads(str(form["payload"])))
            return web.json_response(self.answer) if self.answer else web.Response()
        self.heard.append({"type": "command", **form} if form else await request.json())
        return web.Response()

    def of(self, kind: str) -> list[Json]:
        """What came in of one type."""
        return [payload for payload in self.heard if payload["type"] == kind]


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = datetime(2026, 10, 1, 9, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    async def four_hours(self) -> None:
        """The move the page offers."""
        self.at += timedelta(hours=4)


@dataclass
class Shop:
    """The workspace, where its page is, and the app behind it."""

    workspace: Workspace
    url: str
    app: ScriptedApp
    clock: Clock

    def show_modal(self, user: str, body: Json) -> str:
        """Put a modal in front of somebody; returns its id."""
        view = self.workspace.views.open(user, body)
        self.workspace.show_modal(user)
        return view.id

    def picture(self) -> str:
        """The address of a picture that needs no network."""
        return f"{self.url}/static/icon.svg"


def furnished(clock: Clock) -> Workspace:
    """Three colleagues in two time zones, two channels, one command, one shortcut, one move."""
    workspace = Workspace(clock)
    workspace.add_user(ANN, "ann", "Ann Bell", title="Shop clerk", tz="Europe/Amsterdam")
    workspace.add_user(IDA, "ida", "Ida Moreau", title="Floral designer", tz="Europe/Amsterdam")
    workspace.add_user(TOM, "tom", "Tom Okafor", title="Driver", tz="America/New_York")
    everybody = (ANN, IDA, TOM, workspace.bot_user)
    workspace.add_channel(FLOWERS, "flowers", topic="Orders and ribbons", members=everybody)
    workspace.add_channel(OFFICE, "office", private=True, members=(ANN, IDA))
    about = {"usage_hint": "what you need", "description": "Ask a colleague or a team"}
    workspace.commands = [{"command": "/request", **about}]
    workspace.hints = [
        {"line": "take 12 [by friday]", "does": "I own it; the date is my promise"},
        {"line": "give 12 @bob [why]", "does": "hand over"},
    ]
    workspace.shortcuts = [{"callback_id": "make_request", "name": "Make it a request"}]
    workspace.moves = {"hours": ("+4 hours", clock.four_hours)}
    return workspace


@asynccontextmanager
async def opened() -> AsyncIterator[Shop]:
    """A shop whose page and app are being served."""
    clock, app = Clock(), ScriptedApp()
    workspace = furnished(clock)
    application = web.Application()
    application.router.add_post("/slack/events", app.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        workspace.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        async with serving(workspace) as url:
            yield Shop(workspace, url, app, clock)
    finally:
        await runner.cleanup()
