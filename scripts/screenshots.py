"""Makes the pictures in `docs/pictures` anew: the demo, looked at with a headless Chromium.

Emoji need a font that has them, such as Debian's fonts-noto-color-emoji.
"""

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.async_api import Page, async_playwright
from rich.progress import track

from bot.playground.demo import Demo, opened, today
from bot.playground.shop import MANAGER, SHOP_DESK
from bot.playground.teams.shop import MARGIT

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SETTLED = 800
"""Milliseconds until a page stands still."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Who looks at what; `scroll_to` is a text to bring to the top, `open_thread` opens the last thread."""

    name: str
    eyes: str
    place: str
    scroll_to: str = ""
    open_thread: bool = False
    width: int = 1280
    height: int = 860
    dark: bool = False
    window: str = ""
    """The address of the page; empty for the one that looks like Slack."""


SHOWN = (
    Picture("channel", "UFLORA", "CDESK", open_thread=True),
    Picture("digest", "USVEA", "CGENERAL", scroll_to="The week to", height=1120),
    Picture("question", "USVEA", "DSVEA"),
    Picture("home", "UFLORA", "home"),
    Picture("phone", "UFLORA", "CDESK", width=390, height=780, dark=True),
    Picture("teams", MARGIT, "", height=620, window="teams"),
)


async def main() -> None:
    """Open the shop once, and take every picture."""
    PICTURES.mkdir(exist_ok=True)
    async with opened(0, today(), _nothing) as demo, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=os.environ.get("DESKBELL_CHROMIUM") or None, args=ARGUMENTS
        )
        for picture in track(SHOWN, "Taking pictures"):
            page = await browser.new_page(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme="dark" if picture.dark else "light",
            )
            await _take(page, demo, picture)
            await page.close()
        page = await browser.new_page(viewport={"width": 1180, "height": 1240})
        await _take_report(page, demo)
        await browser.close()


async def _take(page: Page, demo: Demo, picture: Picture) -> None:
    await page.goto(f"{demo.address}/{picture.window}#as={picture.eyes}&in={picture.place}")
    await page.wait_for_timeout(SETTLED)
    if picture.scroll_to:
        found = page.get_by_text(picture.scroll_to).last
        await found.evaluate("e => e.closest('article, li, [data-ts]').scrollIntoView()")
    if picture.open_thread:
        await page.get_by_role("button", name="repl").last.click()
    await page.wait_for_timeout(SETTLED)
    await page.screenshot(path=PICTURES / f"{picture.name}.png")


async def _take_report(page: Page, demo: Demo) -> None:
    """The report, by the link that the manager is given in the channel."""
    margit = demo.workspace.person(MANAGER)
    await margit.command(SHOP_DESK, "/request report")
    said = demo.workspace.log.all(SHOP_DESK, margit.id)[-1].blocks
    (url,) = re.findall(r"'(http[^']+/report/[^']+)'", str(said))
    await page.goto(url)
    await page.get_by_role("button").click()
    await page.locator("img.weeks").wait_for()
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=PICTURES / "report.png")


def _nothing(_: date) -> None:
    return


if __name__ == "__main__":
    asyncio.run(main())
