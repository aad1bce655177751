"""The shop in Teams with a bot in it that only answers what a test tells it to, and its page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, Page

from bot.playground.teams.page import teams_routes
from bot.playground.teams.people import Colleague
from bot.playground.teams.serve import serving
from bot.playground.teams.shop import GENERAL, GRETA, MARGIT, SHOP_DESK, flower_shop
from bot.playground.teams.tenant import Tenant
from tests.bot.playground.teams.florist import Clocks, ListeningBot

Json = dict[str, Any]
Look = Callable[..., Awaitable[Page]]
"""look(as_=MARGIT, place=SHOP_DESK, width=1280, scheme="light", strict=True) opens a window."""


@dataclass(slots=True)
class Petals:
    """The tenant, where its page is, and the bot behind it."""

    tenant: Tenant
    url: str
    bot: ListeningBot
    clocks: Clocks

    @property
    def margit(self) -> Colleague:
        return self.tenant.person(MARGIT)

    @property
    def greta(self) -> Colleague:
        return self.tenant.person(GRETA)

    def heard(self, name: str) -> Json:
        """The one activity of this type, or invoke of this name, that reached the bot."""
        found = [each for each in self.bot.heard if name in (each["type"], each.get("name"))]
        assert len(found) == 1, [each["type"] for each in self.bot.heard]
        return found[0]


@asynccontextmanager
async def opened() -> AsyncIterator[Petals]:
    """The shop, served with its page, and a bot that listens."""
    clocks, bot = Clocks(), ListeningBot()
    tenant = flower_shop(clocks.now)

    async def later() -> None:
        clocks.at += timedelta(hours=4)

    tenant.moves = {"hours": ("Four hours later", later)}
    server = TestServer(bot.application())
    await server.start_server()
    try:
        tenant.app_url = str(server.make_url("/teams/messages"))
        async with serving(tenant, extend=lambda app: teams_routes(app, tenant)) as service:
            yield Petals(tenant, service.removesuffix("/teams/"), bot, clocks)
    finally:
        await server.close()


class Windows:
    """Opens windows onto the page; no strict one may complain on its console."""

    def __init__(self, browser: BrowserContext, petals: Petals) -> None:
        self._browser = browser
        self._petals = petals
        self._open: list[Page] = []
        self.complaints: list[str] = []

    async def look(
        self,
        as_: str = MARGIT,
        place: str = SHOP_DESK,
        *,
        width: int = 1280,
        scheme: str = "light",
        strict: bool = True,
    ) -> Page:
        page = await self._browser.new_page()
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self._open.append(page)
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if strict:
            page.on("console", self._complain)
        await page.goto(f"{self._petals.url}/teams#as={quote(as_)}&in={quote(place)}")
        await page.locator(".said, .empty").first.wait_for()
        return page

    def _complain(self, line: Any) -> None:
        if line.type == "error":
            self.complaints.append(line.text)

    async def close(self) -> None:
        for page in self._open:
            await page.close()


__all__ = ["GENERAL", "GRETA", "MARGIT", "SHOP_DESK", "Look", "Petals", "Windows", "opened"]
