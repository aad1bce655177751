"""The flower shop with the real Deskbell in it: what every dialog test plays in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import Deskbell
from bot.playground.page import serving
from bot.playground.people import Colleague
from bot.playground.records import Message
from bot.playground.shop import (
    CLERK,
    DESIGNER,
    DRIVER,
    MANAGER,
    SHOP_DESK,
    SHOPKEEPER,
    ZONE,
    flower_shop,
    teach,
)
from bot.playground.workspace import Workspace
from bot.settings import Settings
from storage.migrate import upgrade

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Ten in the morning in the shop."""


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Shop:
    """The shop's people, the app, and the clock, in one hand."""

    def __init__(self, workspace: Workspace, app: Deskbell, clock: HandClock) -> None:
        self.workspace, self.app, self.clock = workspace, app, clock
        self.clerk: Colleague = workspace.person(CLERK)
        self.flora: Colleague = workspace.person(DESIGNER)
        self.driver: Colleague = workspace.person(DRIVER)
        self.manager: Colleague = workspace.person(MANAGER)
        self.svea: Colleague = workspace.person(SHOPKEEPER)

    async def settle(self) -> None:
        """Wait until everything said has been heard, carried out and delivered."""
        for _ in range(3):
            await self.workspace.settled()
            await self.app.finish()
            await self.app.courier.deliver_due()

    async def says(self, who: Colleague, line: str, channel: str = SHOP_DESK) -> str:
        """`/request line`, and what the person reads; everything owed is delivered then."""
        answer = await who.command(channel, f"/request {line}")
        await self.settle()
        return answer.text

    async def wait(self, **time: float) -> None:
        """Let time pass in steps of half an hour, with everything that becomes due in it."""
        end = self.clock.at + timedelta(**time)
        while self.clock.at < end:
            self.clock.at = min(self.clock.at + timedelta(minutes=30), end)
            await self.app.front.sweep()
            await self.settle()

    def texts(self, who: Colleague, channel: str = SHOP_DESK) -> list[str]:
        """What a person can read in a channel, as a screen reader would say it."""
        return [message.text for message in who.sees(channel)]

    def dm(self, who: Colleague) -> list[Message]:
        """What a person can read in their direct messages with the bot."""
        return who.sees(who.dm)

    def card(self, number: int, who: Colleague, channel: str = SHOP_DESK) -> Message:
        """The live card of a request in a channel."""
        found = [one for one in who.sees(channel) if not one.ephemeral_to and f"#{number} " in one.text + " "]
        assert found, f"no card of #{number} in {[one.text for one in who.sees(channel)]}"
        return found[0]


@asynccontextmanager
async def open_shop(
    database_url: str, clock: HandClock | None = None, **settings: Any
) -> AsyncIterator[Shop]:
    """The shop, served over real sockets, with the app on a database of its own."""
    clock = clock or HandClock()
    workspace = flower_shop(clock)
    teach(workspace, [])
    workspace.delivery.retry_delays = (0.0, 0.0, 0.0)
    async with serving(workspace) as base:
        upgrade(database_url)
        app = Deskbell(shop_settings(workspace, base, database_url, **settings), now=clock, pace=timedelta(0))
        await app.start()
        await app.directory.refresh()
        workspace.app_url = f"http://127.0.0.1:{app.port}/slack/events"
        try:
            yield Shop(workspace, app, clock)
        finally:
            workspace.app_url = None
            await app.stop()


def shop_settings(workspace: Workspace, base: str, database_url: str, **more: Any) -> Settings:
    """Settings for an app in the shop."""
    known = {
        "database_url": database_url,
        "port": 0,
        "slack_bot_token": workspace.bot_token,
        "slack_signing_secret": workspace.signing_secret,
        "slack_api_url": f"{base}/slack/api/",
        "triage_channel": "#shop-desk",
        "lead": "@margit",
        "timezone": ZONE,
        "digest": "",
    }
    return Settings(_env_file=None, **{**known, **more})  # type: ignore[call-arg] # pydantic-settings' own
