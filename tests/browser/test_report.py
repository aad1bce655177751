"""The report in a real browser: what the real Deskbell serves, without a script, by keyboard, on a phone."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Connection

from bot.playground.shop import CLERK, DESIGNER
from storage import catalogue
from storage.records import Service, Team
from tests.dialogs.test_report import TUESDAY, link
from tests.shop import Shop, open_shop

pytestmark = pytest.mark.asyncio(loop_scope="session")

Opens = Callable[..., Awaitable[Page]]
WIDTHS = (1280, 768, 390, 320)


@pytest_asyncio.fixture(loop_scope="session")
async def served(tmp_path: Path) -> AsyncIterator[Shop]:
    """The flower shop with a week behind it, in which five people voted."""
    async with open_shop(f"sqlite:///{tmp_path}/report.db") as shop:

        def furnish(tx: Connection) -> None:
            org, place = shop.app.front.house.org, shop.app.front.house.triage
            flora, carl = f"slack:{DESIGNER}", f"slack:{CLERK}"
            long = "Flowers, wreaths and everything else that has leaves"
            catalogue.keep_team(tx, org, Team("flowers", long, lead=flora, place=place, members=(flora,)))
            catalogue.keep_team(tx, org, Team("till", "Till", members=(carl,)))
            catalogue.keep_service(tx, org, Service("roses", "Roses", "flowers"))
            catalogue.count_up(tx, org)

        await shop.app.front.keep(furnish)
        for score in (5, 4, 4, 3, 1):
            n = await shop.files("ten roses #roses", shop.clerk)
            await shop.says(shop.flora, f"take {n}")
            await shop.says(shop.flora, f"resolve {n}")
            await shop.says(shop.clerk, f"rate {n} {score}")
        await shop.says(shop.clerk, "fault 5 attitude")
        shop.clock.at = TUESDAY
        yield shop


@pytest_asyncio.fixture(loop_scope="session")
async def opens(browser: BrowserContext, served: Shop) -> AsyncIterator[Opens]:
    """Opens the report in a browser of its own, as a person does: the link, then the button."""
    chromium = browser.browser
    assert isinstance(chromium, Browser)
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def open_it(*, width: int = 1280, scheme: str = "light", javascript: bool = True) -> Page:
        context = await chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
            locale="en-GB",
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(await link(served, served.flora))
        await page.get_by_role("button", name="Open the report").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Everything")
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert complaints == [], "nothing is blocked, nothing is missing"


async def test_it_works_without_any_script(opens: Opens) -> None:
    page = await opens(javascript=False)
    await page.get_by_role("link", name="Roses").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Roses")
    await page.get_by_role("link", name="Show all: Filed").click()
    await expect(page.get_by_role("row")).to_have_count(6)
    await page.get_by_role("link", name="All the numbers").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Roses")


async def test_the_weeks_are_chosen_in_a_form(opens: Opens) -> None:
    page = await opens()
    await page.get_by_label("From the week of").fill("2026-11-23")
    await page.get_by_label("to the week of").fill("2026-12-01")
    await page.get_by_label("About").select_option("Team Till")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Till")
    await expect(page.get_by_text("2 calendar weeks")).to_be_visible()
    assert "about=team%3Atill" in page.url


async def test_the_sheet_comes_as_a_file(opens: Opens) -> None:
    page = await opens()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="All of it as a sheet (CSV)").click()
    download = await coming.value
    assert re.fullmatch(r"deskbell-2026-11-23-2026-11-29\.csv", download.suggested_filename)
    assert "between,Till → Flowers" in (await download.path()).read_text().replace('"', "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_sticks_out(opens: Opens, scheme: str) -> None:
    page = await opens(scheme=scheme)
    shown = page.get_by_role("img", name=re.compile("Week by week|1 calendar week"))
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await shown.scroll_into_view_if_needed()
        await expect(shown).to_have_js_property("complete", True)
        assert await shown.evaluate("image => image.naturalWidth") == 1440, "the picture is there"
    assert ("dark=1" in str(await shown.evaluate("image => image.currentSrc"))) is (scheme == "dark")


def luminance(colour: str) -> float:
    """Of `rgb(1, 2, 3)`, as WCAG 2 defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_are_legible(opens: Opens, scheme: str) -> None:
    """A contrast of 4.5 to 1 at least, as WCAG 2 asks for."""
    page = await opens(scheme=scheme)
    for words, ground in (
        ("h1", "body"),
        (".lead", "body"),
        (".quiet", "body"),
        ("a", "body"),
        ("dt", ".numbers > div"),
        (".detail", ".numbers > div"),
        ("dd a", ".numbers > div"),
        (".wide thead th", ".wide"),
    ):
        ink = await page.locator(words).first.evaluate("one => getComputedStyle(one).color")
        paper = await page.locator(ground).first.evaluate("one => getComputedStyle(one).backgroundColor")
        light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (words, ink, paper)


async def test_by_keyboard_alone(opens: Opens) -> None:
    page = await opens()
    await page.keyboard.press("Tab")
    assert await focused(page) == "To the numbers"
    await page.keyboard.press("Enter")
    await expect(page.locator("#numbers")).to_be_focused()
    reached = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        reached.append(await focused(page))
    for wanted in ("Show all: Filed", "Every week in numbers", "Roses", "By team", "Who serves whom"):
        assert any(wanted in one for one in reached), wanted
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


async def focused(page: Page) -> str:
    """The name of what has the focus."""
    said: str = await page.evaluate(
        "(one => one.ariaLabel || document.getElementById(one.getAttribute('aria-labelledby'))?.innerText "
        "|| one.innerText || one.name || '')(document.activeElement)"
    )
    return " ".join(said.split())


async def test_what_a_screen_reader_finds(opens: Opens) -> None:
    page = await opens()
    assert await page.title() == "Everything, 23 November 2026 to 29 November 2026 · Deskbell"
    assert await page.locator("html").get_attribute("lang") == "en"
    levels = await page.locator("h1, h2").evaluate_all("all => all.map(one => one.tagName)")
    assert levels[0] == "H1"
    assert levels.count("H1") == 1
    for table in await page.get_by_role("table").all():
        assert await table.locator("thead th[scope=col]").count()
        rows = table.locator("tbody tr")
        assert await rows.locator("th[scope=row]").count() >= await rows.count()
    assert not await page.locator("img:not([alt]), input:not(label input), select:not(label select)").count()
    alt = await page.locator("img.weeks").get_attribute("alt")
    assert alt is not None
    assert "5 filed, 5 resolved" in alt
    bars = page.get_by_role("table", name="Votes, of 5 who were asked")
    await expect(bars.get_by_role("row", name="5 – great 1 (20%)")).to_be_visible()


async def test_printed_it_is_on_white_and_whole(opens: Opens) -> None:
    page = await opens(scheme="dark")
    await page.emulate_media(media="print", color_scheme="dark")
    await expect(page.get_by_role("button", name="Show")).to_be_hidden()
    assert await page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    await expect(page.get_by_role("rowheader", name="Flora Nilsson")).to_be_visible()
    assert (await page.pdf()).startswith(b"%PDF")
