"""One Chromium for the session; for each test a shop of its own and as many windows as it asks for."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, async_playwright

from .shop import ANN, FLOWERS, Shop, opened

CHROMIUM = Path(os.environ.get("DESKBELL_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]

Look = Callable[..., Awaitable[Page]]
"""look(as_=ANN, place=FLOWERS, width=1280, scheme="light", strict=True) opens a window."""


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Where Chromium is; without one there is nothing to test with."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; set DESKBELL_CHROMIUM")
    return CHROMIUM


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: Path) -> AsyncIterator[BrowserContext]:
    """Chromium, started once. The page keeps nothing but its address, so tests can share a profile."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield await chromium.new_context(locale="en-GB")
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """A flower shop, open."""
    async with opened() as open_shop:
        yield open_shop


@pytest_asyncio.fixture(loop_scope="session")
async def look(browser: BrowserContext, shop: Shop) -> AsyncIterator[Look]:
    """Opens windows onto the shop; afterwards no strict one may have complained on its console."""
    complaints: list[str] = []
    windows: list[Page] = []

    async def look_through(
        as_: str = ANN,
        place: str = FLOWERS,
        *,
        width: int = 1280,
        scheme: str = "light",
        strict: bool = True,
    ) -> Page:
        page = await browser.new_page()
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        windows.append(page)
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if strict:
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        await page.goto(f"{shop.url}/#as={as_}&in={place}")
        await page.locator("#title:not(:empty)").wait_for()
        await page.locator(".message, .empty, .home-page").first.wait_for()
        return page

    yield look_through
    for page in windows:
        await page.close()
    assert complaints == []
