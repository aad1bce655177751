"""What people write is shown as they meant it, and never run."""

import pytest
from playwright.async_api import expect

from .conftest import Look
from .gallery import Json
from .shop import ANN, FLOWERS, TOM, Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")

NASTY = [
    "<script>window.hacked = true</script>",
    "<img src=x onerror='window.hacked = true'>",
    "&lt;img src=x onerror='window.hacked = true'&gt;",
    "<javascript:window.hacked=true|press me>",
    "<data:text/html,hi|press me>",
    "<https://example.org/?q=&lt;b&gt;|&lt;b&gt;bold&lt;/b&gt;>",
]


async def test_markup_is_shown_and_not_executed(shop: Shop, look: Look) -> None:
    for text in NASTY:
        rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        blocks: list[Json] = [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {"type": "section", "text": {"type": "plain_text", "text": text}},
            {"type": "rich_text", "elements": [rich]},
        ]
        shop.workspace.post(FLOWERS, ANN, text)
        shop.workspace.post(FLOWERS, ANN, text, blocks=blocks)
    page = await look()
    await expect(page.locator(".message")).to_have_count(2 * len(NASTY))
    await expect(page.locator(".message").first).to_contain_text("<script>window.hacked = true</script>")
    assert await page.locator(".message script, .message img, .message b").count() == 0
    assert await page.locator(".message a[href]:not([href^=http])").count() == 0
    await expect(page.get_by_role("link", name="<b>bold</b>").first).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    await page.get_by_text("press me").first.click()
    assert await page.evaluate("window.hacked") is None


MRKDWN = [
    ("*bold* _italic_ ~strike~", "<strong>bold</strong> <em>italic</em> <s>strike</s>"),
    ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
    ("*_both_*", "<strong><em>both</em></strong>"),
    ("`a *b*`", "<code>a *b*</code>"),
    ("```one\ntwo```", "<pre>one\ntwo</pre>"),
    ("&gt; said\nso", "<blockquote>said</blockquote>so"),
    ("a\n• b", "a<br>• b"),
    ("1 &lt; 2 &amp;&amp; 3", "1 &lt; 2 &amp;&amp; 3"),
    (":nobody_knows: 10:30:00", ":nobody_knows: 10:30:00"),
    ("<!here>", '<span class="pill">@here</span>'),
    ("<@UTOM>", '<span class="pill" data-user="UTOM">@Tom Okafor</span>'),
    ("<@UANN>", '<span class="pill me" data-user="UANN">@Ann Bell</span>'),
    ("<#CFLOWERS|flowers>", '<button type="button" class="pill">#flowers</button>'),
]


async def test_mrkdwn(shop: Shop, look: Look) -> None:
    for text, _ in MRKDWN:
        shop.workspace.post(FLOWERS, TOM, text)
    page = await look()
    drawn = await page.locator(".message-text").evaluate_all("(all) => all.map((each) => each.innerHTML)")
    assert drawn == [html for _, html in MRKDWN]


DATES = [
    ("{time}", "14:00", "08:00"),
    ("{date_num} {time_secs}", "2026-10-01 14:00:00", "2026-10-01 08:00:00"),
    ("{date_short_pretty} at {time}", "Today at 14:00", "Today at 08:00"),
    (
        "{date} · {date_long}",
        "October 1st, 2026 · Thursday, October 1st, 2026",
        "October 1st, 2026 · Thursday, October 1st, 2026",
    ),
    ("due {date_pretty}", "due today", "due today"),
    ("{ago}", "in 2 hours", "in 2 hours"),
]
"""A pattern, what Ann in Amsterdam reads, what Tom in New York reads."""


async def test_dates_are_in_the_zone_of_who_looks(shop: Shop, look: Look) -> None:
    for pattern, *_ in DATES:
        shop.workspace.post(FLOWERS, ANN, f"<!date^1790856000^{pattern}|noon>")
    for person, column in ((ANN, 1), (TOM, 2)):
        page = await look(person)
        await expect(page.locator(".message-text time")).to_have_text([case[column] for case in DATES])


async def test_emoji(shop: Shop, look: Look) -> None:
    shop.workspace.post(FLOWERS, ANN, ":tada: :wave::skin-tone-3:")
    page = await look()
    await expect(page.locator(".message-text")).to_have_text("🎉 👋🏼")
