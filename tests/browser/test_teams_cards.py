"""Adaptive Cards as the Teams page draws them: all that the bot sends, and nothing that it does not know."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Error, Page

from bot.playground.teams import card_rules
from bot.teams.render import render
from handlers.notices import Nothing
from tests.bot.examples import EXAMPLES, NASTY
from tests.bot.playground.teams.florist import asks, card, execute, field, opens, submits, text

from .teams import MARGIT, Windows, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

DRAW = """async ([card, scene]) => {
  const { drawCard } = await import("/teams/static/teams/cards.js");
  window.sent = [];
  const act = async (pressed) => (window.sent.push(pressed), {});
  const node = drawCard(card, { scene: { people: new Map(), ...scene }, act });
  const pane = document.createElement("div");
  pane.className = "pane";
  pane.append(node);
  document.querySelector("#body").replaceChildren(pane);
  const unmarked = [...node.querySelectorAll("*")].map(({ localName }) => localName);
  return { text: node.innerText, label: node.getAttribute("aria-label"), tags: [...new Set(unmarked)] };
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: BrowserContext) -> AsyncIterator[Page]:
    """A window onto an empty shop, to draw in."""
    async with opened() as petals:
        windows = Windows(browser, petals)
        yield await windows.look(strict=False)
        await windows.close()


async def draw(page: Page, drawn: Any, **scene: Any) -> Any:
    """What a person sees of a card."""
    return await page.evaluate(DRAW, [drawn, {"viewer": MARGIT, "zone": "Europe/Stockholm", **scene}])


async def draw_text(page: Page, words: str, **scene: Any) -> tuple[str, set[str]]:
    """What can be read of a text on a card, and the elements inside it."""
    await draw(page, card(text(words)), **scene)
    block = page.locator(".ac-text")
    tags = await block.evaluate("(e) => [...e.querySelectorAll('*')].map(({ localName }) => localName)")
    return await block.inner_text(), set(tags)


@pytest.mark.parametrize("name", EXAMPLES)
async def test_every_card_of_the_bot_is_drawn(page: Page, name: str) -> None:
    if isinstance(EXAMPLES[name], Nothing):
        return
    drawn = render(EXAMPLES[name]).card
    seen = await draw(page, drawn)
    assert seen["label"] == drawn["fallbackText"]
    assert seen["text"].strip()


async def test_what_people_write_is_shown_letter_by_letter(page: Page) -> None:
    seen = await draw(page, render(EXAMPLES["card, shouting"]).card)
    assert seen["text"].count(NASTY) >= 2
    assert not {"a", "b", "strong", "em", "i", "img", "ul", "ol", "code", "script"} & set(seen["tags"])


async def test_the_page_draws_what_the_tenant_accepts(page: Page) -> None:
    elements, actions = await page.evaluate(
        """async () => [
          (await import("/teams/static/teams/cards.js")).DRAWABLE_ELEMENTS,
          (await import("/teams/static/teams/actions.js")).DRAWABLE_ACTIONS,
        ]"""
    )
    assert set(elements) == {*card_rules.ELEMENTS, *card_rules.INPUTS}
    assert set(actions) == set(card_rules.ACTIONS)


@pytest.mark.parametrize(
    ("element", "why"),
    [
        ({"type": "Table"}, "the element Table"),
        ({"type": "TextBlock", "text": "x", "selectAction": {}}, "TextBlock.selectAction"),
        ({"type": "TextBlock", "text": "x", "color": "pink"}, "TextBlock.color = pink"),
        ({"type": "TextBlock", "text": "[x](javascript:alert)"}, "the address javascript:alert"),
        ({"type": "Input.Text", "label": "x"}, "Input.Text without an id"),
        ({"type": "ActionSet", "actions": [{"type": "Action.ToggleVisibility"}]}, "Action.ToggleVisibility"),
        (
            {"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": "x", "url": "data:,"}]},
            "data:",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_what_is_unknown_is_refused_aloud(page: Page, element: Any, why: str) -> None:
    with pytest.raises(Error, match=re.escape(why)):
        await draw(page, card(element))


@pytest.mark.parametrize(
    ("words", "read", "tags"),
    [
        ("**bold** and _slanted_ and *too*", "bold and slanted and too", {"strong", "em"}),
        (r"\*\*not bold\*\* \[x\](https://x.y)", "**not bold** [x](https://x.y)", set()),
        ("[the list](https://example.org/a)", "the list", {"a"}),
        ("<b>5 &lt; 6 &amp;amp; 7</b>", "<b>5 < 6 &amp; 7</b>", set()),
        ("snake_case_word and 2 * 3 * 4", "snake_case_word and 2 * 3 * 4", set()),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>", set()),
        (r"1\. not a list", "1. not a list", set()),
        ("- one\n- two", "one\ntwo", {"ul", "li"}),
        ("\U00100000 \U000f0041", "\ufffd \ufffd", set()),
    ],
)
async def test_markdown(page: Page, words: str, read: str, tags: set[str]) -> None:
    assert await draw_text(page, words) == (read, tags)


@pytest.mark.parametrize(
    ("zone", "read"),
    [("Europe/Stockholm", "Fri, 27 Nov 2026 00:30"), ("America/New_York", "Thu, 26 Nov 2026 18:30")],
)
async def test_moments_are_on_the_readers_clock(page: Page, zone: str, read: str) -> None:
    at = "2026-11-26T23:30:00Z"
    assert (await draw_text(page, f"{{{{DATE({at}, SHORT)}}}} {{{{TIME({at})}}}}", zone=zone))[0] == read


async def test_only_an_entity_makes_a_mention(page: Page) -> None:
    who = {"type": "mention", "text": "<at>Margit Ek</at>", "mentioned": {"id": MARGIT, "name": "Margit Ek"}}
    drawn = card(text("<at>Margit Ek</at> and <at>Nobody</at>"), msteams={"entities": [who]})
    assert (await draw(page, drawn))["text"] == "Margit Ek and <at>Nobody</at>"
    assert await page.locator(".mention.me").all_inner_texts() == ["Margit Ek"]


FORM = card(
    field("what", label="What do you need?", isRequired=True, errorMessage="Say what you need."),
    field("details", isMultiline=True, value="a\nb"),
    field("by", "Date", value="2026-11-27"),
    field("at", "Time", value="09:30"),
    field("stems", "Number", min=2, errorMessage="Two at least."),
    field("priority", "ChoiceSet", value="low", choices=[{"title": "Low", "value": "low"}]),
    field(
        "days",
        "ChoiceSet",
        isMultiSelect=True,
        value="mon,tue",
        choices=[{"title": each, "value": each[:3].lower()} for each in ("Monday", "Tuesday", "Friday")],
    ),
    field(
        "who",
        "ChoiceSet",
        style="filtered",
        choices=[{"title": "Ann Bell", "value": "1"}, {"title": "Bob Ray", "value": "2"}],
    ),
    field("private", "Toggle", title="Keep it private"),
    actions=(submits("File it"), {**submits("Not now"), "associatedInputs": "none"}),
)


async def test_what_is_filled_in_is_what_is_sent(page: Page) -> None:
    await draw(page, FORM)
    await page.get_by_label("What do you need?").fill("toner")
    await page.get_by_label("Friday").check()
    await page.get_by_label("Keep it private").check()
    await page.get_by_role("combobox", name="Who").fill("bo")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="File it").click()
    [sent] = await page.evaluate("window.sent")
    assert sent["path"] == ["actions", 0]
    assert sent["inputs"] == {
        "what": "toner",
        "details": "a\nb",
        "by": "2026-11-27",
        "at": "09:30",
        "stems": "",
        "priority": "low",
        "days": ["mon", "tue", "fri"],
        "who": "2",
        "private": "true",
    }


async def test_what_is_missing_is_said_under_the_field(page: Page) -> None:
    await draw(page, FORM)
    await page.get_by_label("Stems").fill("1")
    await page.get_by_role("button", name="File it").click()
    assert await page.locator(".ac-error:visible").all_inner_texts() == [
        "Say what you need.",
        "Two at least.",
    ]
    focused = await page.evaluate("document.activeElement.closest('[data-input]').dataset.input")
    assert focused == "what"
    assert await page.evaluate("window.sent") == []
    await page.get_by_role("button", name="Not now").click()
    assert [each["inputs"] for each in await page.evaluate("window.sent")] == [{}]


async def test_a_question_unfolds_and_what_is_behind_the_dots_can_be_chosen(page: Page) -> None:
    actions = [asks("Cancel", "Sure?", execute("Yes")), opens("Snooze"), execute("Give", mode="secondary")]
    await draw(page, card(text("x"), {"type": "ActionSet", "actions": actions}))
    assert await page.get_by_text("Sure?").count() == 0
    await page.get_by_role("button", name="Cancel", expanded=False).click()
    await page.get_by_role("button", name="Yes").click()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Give").click()
    paths = [each["path"] for each in await page.evaluate("window.sent")]
    assert paths == [["body", 1, "actions", 0, "card", "actions", 0], ["body", 1, "actions", 2]]
