"""The request form of the real Deskbell in the browser: it follows the service that is chosen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import Connection

from bot.playground.shop import CLERK, SHOP_DESK
from storage import catalogue
from storage.records import Service, Team
from tests.shop import Shop, open_shop

pytestmark = pytest.mark.asyncio(loop_scope="session")

SERVICES = (
    Service(
        "bouquets",
        "Bouquets",
        "flowers",
        description="Everything that is bound.",
        form=(
            "Which size? (choice: small, large) *",
            "Ribbons (choices: red, white, gold)",
            "Wedding day (date)",
            "Who decides? (person)",
            "Words on the card",
        ),
    ),
    Service("vases", "Vases", "flowers", form=("How many? (number)",)),
    Service("wages", "Wages", "office", private=True),
)


@pytest_asyncio.fixture(loop_scope="session")
async def served(tmp_path: Path) -> AsyncIterator[Shop]:
    """The flower shop with Deskbell in it, and a catalogue."""

    def stock(tx: Connection) -> None:
        for key, name in (("flowers", "Flowers"), ("office", "The office")):
            catalogue.keep_team(tx, "main", Team(key, name, place="slack:CDESK"))
        for service in SERVICES:
            catalogue.keep_service(tx, "main", service)
        catalogue.count_up(tx, "main", 0)

    async with open_shop(f"sqlite:///{tmp_path}/deskbell.db") as shop:
        await shop.app.front.keep(stock)
        yield shop


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: BrowserContext, served: Shop) -> AsyncIterator[Page]:
    """The clerk's window, with the form open in it."""
    window = await browser.new_page()
    await window.set_viewport_size({"width": 1280, "height": 1400})
    window.set_default_timeout(5_000)
    address = str(served.settings.slack_api_url).removesuffix("/slack/api/")
    channel = served.workspace.channel(SHOP_DESK)
    assert channel is not None
    await window.goto(f"{address}/#as={CLERK}&in={channel.id}")
    await window.locator("#title:not(:empty)").wait_for()
    await served.clerk.command(SHOP_DESK, "/request")
    await window.get_by_role("dialog").wait_for()
    yield window
    await window.close()


async def test_the_fields_swap_in_place_and_what_was_typed_stays(page: Page, served: Shop) -> None:
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What do you need?").fill("Roses for the church")
    await dialog.get_by_label("Details").fill("White, and a few red ones")
    about = dialog.get_by_label("What is it about?")
    await about.focus()
    await about.select_option("bouquets")
    await expect(dialog.get_by_label("Which size?")).to_be_visible()
    await expect(dialog.get_by_text("Everything that is bound.")).to_be_visible()
    await expect(about).to_be_focused()
    await expect(dialog.get_by_label("What do you need?")).to_have_value("Roses for the church")
    await expect(dialog.get_by_label("Details")).to_have_value("White, and a few red ones")
    await dialog.get_by_label("Which size?").select_option("large")
    await dialog.get_by_label("Ribbons").select_option("gold")

    await about.select_option("wages")
    await expect(dialog.get_by_label("Which size?")).to_have_count(0)
    await expect(dialog.get_by_label("Private")).to_be_checked()
    await about.select_option("vases")
    await expect(dialog.get_by_label("How many?")).to_be_visible()
    await expect(dialog.get_by_label("Private")).not_to_be_checked()
    await dialog.get_by_label("How many?").fill("three")
    await dialog.get_by_role("button", name="Ask").click()
    await expect(dialog.get_by_label("How many?")).to_be_focused()
    await dialog.get_by_label("How many?").fill("3")
    await dialog.get_by_role("button", name="Ask").click()
    await expect(dialog).to_have_count(0)
    await served.settle()
    card = page.get_by_label("Messages").get_by_text("Service: Vases, Flowers")
    await expect(card.first).to_be_visible()
