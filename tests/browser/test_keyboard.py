"""Everything without a mouse."""

import pytest
from playwright.async_api import Page, expect

from . import gallery
from .conftest import Look
from .shop import ANN, FLOWERS, TOM, Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press the key until the focus is there."""
    for _ in range(40):
        if await page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached")


async def test_filing_with_the_composer(shop: Shop, look: Look) -> None:
    page = await look()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    await page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="Message #flowers")
    await expect(box).to_be_focused()
    await page.keyboard.type("/re")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/request ")
    await expect(page.locator("[role=option]")).to_have_count(2)
    await page.keyboard.type("ta")
    await expect(page.locator("[role=option]")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/request take ")
    await page.keyboard.type("12 @to")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/request take 12 @tom ")
    async with page.expect_response("**/api/command"):
        await page.keyboard.press("Enter")
    command = shop.app.of("command")[0]
    assert (command["command"], command["text"]) == ("/request", "take 12 <@UTOM|tom>")
    await expect(box).to_have_value("")


async def test_arrow_keys_choose_a_line_and_enter_alone_sends(shop: Shop, look: Look) -> None:
    page = await look()
    box = page.get_by_role("combobox", name="Message #flowers")
    await box.focus()
    await page.keyboard.type("/request ")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/request give ")
    await box.fill("")
    await page.keyboard.type("/request ")
    async with page.expect_response("**/api/command"):
        await page.keyboard.press("Enter")
    assert shop.app.of("command")[0]["text"] == ""


async def test_people_channels_and_emoji_are_completed(shop: Shop, look: Look) -> None:
    page = await look()
    box = page.get_by_role("combobox", name="Message #flowers")
    await box.focus()
    for typed in ("@mor", "see #off", ":tad"):
        await page.keyboard.type(typed)
        await page.keyboard.press("Tab")
    await expect(box).to_have_value("@ida see #office :tada: ")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message-text")).to_have_text("@Ida Moreau see #office 🎉")


async def test_switching_eyes(shop: Shop, look: Look) -> None:
    page = await look()
    await tab_to(page, "#eyes")
    await page.keyboard.type("Tom")
    await expect(page.get_by_label("Through the eyes of")).to_have_value(TOM)
    await page.wait_for_url(f"**/#as={TOM}&in={FLOWERS}")
    await expect(page.locator(".clock time")).to_contain_text("05:12")
    await expect(page.get_by_role("navigation").get_by_text("office")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_label("Through the eyes of")).to_have_value(TOM)


async def test_a_thread(shop: Shop, look: Look) -> None:
    for text in ("Which ribbon?", "And which vase?"):
        shop.workspace.post(FLOWERS, TOM, text)
    page = await look()
    await tab_to(page, ".message")
    await expect(page.locator(".message").last).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(".message").first).to_be_focused()
    await tab_to(page, "[aria-label='Reply in thread']")
    await page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Thread")
    await expect(panel.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("The blue one")
    await page.keyboard.press("Enter")
    await expect(panel.locator(".message")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(page.locator(".message").first).to_be_focused()


async def test_reacting_and_choosing_from_a_menu(shop: Shop, look: Look) -> None:
    blocks = [{"type": "actions", "elements": gallery.PRESSED}]
    shop.workspace.post(FLOWERS, shop.workspace.bot_user, "#12", blocks=blocks)
    page = await look()
    await tab_to(page, ".message")
    await tab_to(page, "[aria-label='More choices']")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Hand over")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    async with page.expect_response("**/api/press"):
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="More choices")).to_be_focused()
    await tab_to(page, "[aria-label='Add a reaction']")
    await page.keyboard.press("Enter")
    await page.keyboard.type("tada")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-reaction=tada]")).to_have_attribute("aria-pressed", "true")


async def test_new_messages_are_announced(shop: Shop, look: Look) -> None:
    page = await look(ANN)
    shop.workspace.post(FLOWERS, TOM, "The *van* is back")
    await expect(page.locator("[aria-live=polite]")).to_have_text("Tom Okafor: The van is back")
