"""Phone and desk, light and dark."""

import re

import pytest
from playwright.async_api import Page, expect

from . import gallery
from .conftest import Look
from .shop import ANN, FLOWERS, TOM, Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def assert_fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(
        "[...document.querySelectorAll('.scroller')].every((e) => e.scrollWidth <= e.clientWidth)"
    )


async def test_no_sideways_scrolling(shop: Shop, look: Look) -> None:
    parent = shop.workspace.post(FLOWERS, TOM, f"A long one: {'x' * 200} <https://example.org/{'y' * 200}>")
    shop.workspace.post(FLOWERS, ANN, "A reply", thread_ts=parent.ts)
    shop.workspace.post(FLOWERS, ANN, "all", blocks=gallery.message_blocks(shop.picture()))
    page = await look(width=390)
    for width in (390, 320, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        await assert_fits(page)
    await page.get_by_role("button", name="1 reply").click()
    await page.get_by_role("complementary", name="Thread").wait_for()
    await page.set_viewport_size({"width": 390, "height": 800})
    await assert_fits(page)
    shop.show_modal(ANN, gallery.modal())
    body = page.get_by_role("dialog").locator(".dialog-body")
    await body.wait_for()
    assert await body.evaluate("(e) => e.scrollWidth <= e.clientWidth")


async def test_on_a_phone_the_sidebar_is_behind_a_button(look: Look) -> None:
    page = await look(width=390)
    side = page.get_by_role("navigation")
    await expect(side).to_have_count(0)
    await page.get_by_role("button", name="Channels and people").click()
    await side.get_by_role("button", name="office").click()
    await expect(page.get_by_role("heading", name="#office", exact=True)).to_be_visible()
    await expect(side).to_have_count(0)


CONTRAST = """(selectors) => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (part) => ((part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour.length === 3) return colour;
    }
    return [255, 255, 255];
  };
  return selectors.flatMap((selector) => [...document.querySelectorAll(selector)].map((node) => {
    const [a, b] = [light(channels(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    return [selector, (a + 0.05) / (b + 0.05)];
  }));
}"""


READ = [
    ".stamp:not(.side)",
    ".title",
    ".badge",
    ".pill",
    ".message-text",
    ".message-text>a",
    "code",
    ".count",
    ".latest",
    ".only-you",
    ".link",
    ".button",
    ".b-context",
    ".place",
    ".places>h2",
    ".move",
    ".eyes>label",
    "#topic",
    ".composer-keys",
    ".avatar",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_contrast(shop: Shop, look: Look, scheme: str) -> None:
    said = shop.workspace.post(FLOWERS, TOM, "<@UANN> <@UIDA> <https://example.org|a link> `code`")
    shop.workspace.react(said, ANN, "tada")
    shop.workspace.post(FLOWERS, TOM, "in a thread", thread_ts=said.ts)
    shop.workspace.post(
        FLOWERS, shop.workspace.bot_user, "all", blocks=gallery.message_blocks(shop.picture())
    )
    shop.workspace.post(FLOWERS, shop.workspace.bot_user, "Filed", ephemeral_to=ANN)
    page = await look(scheme=scheme)
    measured = await page.evaluate(CONTRAST, READ)
    seen = {selector for selector, _ in measured}
    assert seen == set(READ)
    assert [(selector, ratio) for selector, ratio in measured if ratio < 4.5] == []


async def test_nothing_comes_from_elsewhere(shop: Shop, look: Look) -> None:
    page = await look()
    loaded = await page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert len(loaded) > 20
    assert [name for name in loaded if not name.startswith(shop.url)] == []


async def test_landmarks_and_names(look: Look) -> None:
    page = await look()
    tree = await page.locator("body").aria_snapshot()
    for part in (
        "banner",
        "navigation",
        "main",
        'heading "Petals & Post" [level=1]',
        'heading "#flowers" [level=2]',
    ):
        assert part in tree
    assert not re.search(r"- (button|combobox|textbox)\s*$", tree, re.MULTILINE)
