"""Every block and element is drawn, in messages, modals and Home."""

import json

import pytest
from playwright.async_api import expect

from bot.playground.blocks import DRAWABLE_BLOCKS, DRAWABLE_ELEMENTS

from . import gallery
from .conftest import Look
from .shop import ANN, FLOWERS, Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_page_draws_what_the_workspace_accepts(look: Look) -> None:
    page = await look()
    drawable = await page.evaluate(
        """import("/static/blocks.js")
        .then(({ DRAWABLE_BLOCKS: blocks, DRAWABLE_ELEMENTS: elements }) => ({ blocks, elements }))"""
    )
    assert sorted(drawable["blocks"]) == sorted(DRAWABLE_BLOCKS)
    assert sorted(drawable["elements"]) == sorted(DRAWABLE_ELEMENTS)


async def test_the_gallery_leaves_nothing_out(shop: Shop) -> None:
    written = json.dumps([gallery.message_blocks(shop.picture()), gallery.modal()])
    missing = [kind for kind in DRAWABLE_BLOCKS | DRAWABLE_ELEMENTS if f'"type": "{kind}"' not in written]
    assert missing == []


async def test_a_message_with_everything(shop: Shop, look: Look) -> None:
    blocks = gallery.message_blocks(shop.picture())
    shop.workspace.post(FLOWERS, shop.workspace.bot_user, "gallery", blocks=blocks)
    page = await look()
    card = page.locator(".message .blocks")
    await expect(card.get_by_role("heading", name="#12 Bouquet for the wedding")).to_be_visible()
    assert await page.locator("[data-undrawable]").count() == 0
    for style in ("strong", "em", "s", "code", "u"):
        await expect(card.locator(f".b-rich {style}").first).to_be_visible()
    await expect(card.locator(".b-rich time")).to_have_text("1 Oct 2026 at 14:00")  # Ann is in Amsterdam
    await expect(card.get_by_label("Date and time")).to_have_value("2026-10-01T14:00")
    assert await card.locator("img").evaluate_all("(all) => all.every((img) => img.naturalWidth > 0)")


async def test_a_modal_with_everything(shop: Shop, look: Look) -> None:
    page = await look()
    shop.show_modal(ANN, gallery.modal())
    dialog = page.get_by_role("dialog", name="New request")
    await expect(dialog).to_be_visible()
    assert await page.locator("[data-undrawable]").count() == 0
    for label in set(gallery.LABELS.values()) - {"Extras", "Size"}:
        await expect(dialog.get_by_label(label, exact=False).first).to_be_visible()
    await expect(dialog.get_by_role("group", name="Extras")).to_be_visible()
    await expect(dialog.get_by_role("radiogroup", name="Size")).to_be_visible()


async def test_home(shop: Shop, look: Look) -> None:
    page = await look(place="home")
    await expect(page.get_by_text("Nothing here yet")).to_be_visible()
    shop.workspace.show_home(shop.workspace.views.publish(ANN, gallery.home()))
    await page.get_by_role("button", name="New request").click()
    await expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()
    assert shop.app.of("block_actions")[0]["actions"][0]["action_id"] == "ask"


async def test_an_unknown_block_is_hard_to_overlook(shop: Shop, look: Look) -> None:
    page = await look()
    shop.workspace.post(FLOWERS, ANN, "odd", blocks=[{"type": "video"}])
    await expect(page.locator("[data-undrawable=video]")).to_have_text("cannot draw: video")
