"""The Teams page in a real browser, with a bot behind it that answers as it is told."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, expect

from tests.bot.playground.teams.florist import (
    asks,
    becomes,
    card,
    closing,
    dialog,
    execute,
    field,
    message,
    opens,
    posted,
    sentence,
    submits,
    text,
)

from .teams import GENERAL, GRETA, MARGIT, SHOP_DESK, Look, Petals, Windows, opened
from .test_layout import CONTRAST

pytestmark = pytest.mark.asyncio(loop_scope="session")

REQUEST = card(
    text("#12 The printer is out of toner", style="heading"),
    {
        "type": "ActionSet",
        "actions": [execute("Take"), opens("Snooze"), asks("Cancel", "Sure?", execute("Yes"))],
    },
)
ASKED = card(
    field("until", "Date", isRequired=True, errorMessage="Name a day."),
    actions=(submits("Snooze it", form="snooze"),),
)


@pytest_asyncio.fixture(loop_scope="session")
async def petals() -> AsyncIterator[Petals]:
    """The shop, open."""
    async with opened() as shop:
        yield shop


@pytest_asyncio.fixture(loop_scope="session")
async def look(browser: BrowserContext, petals: Petals) -> AsyncIterator[Look]:
    """Opens windows onto the shop; afterwards no strict one may have complained, nor Teams of the bot."""
    windows = Windows(browser, petals)
    yield windows.look
    await windows.close()
    assert windows.complaints == []
    assert petals.tenant.faults == []


# seeing


async def test_chats_and_channels_stand_in_a_list_with_what_is_unread(petals: Petals, look: Look) -> None:
    page = await look()
    petals.tenant.post(GENERAL, GRETA, "Lunch is at one.")
    petals.tenant.post(petals.tenant.personal(MARGIT).id, petals.tenant.bot.id, "Good morning.")
    places = page.get_by_role("navigation", name="Chats and channels")
    await expect(places.get_by_role("button", name="General 1 unread")).to_be_visible()
    await places.get_by_role("button", name="Deskbell 1 unread").click()
    await expect(page.get_by_role("heading", name="Deskbell")).to_be_visible()
    await expect(places.get_by_role("button", name="Deskbell", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    await page.get_by_role("navigation", name="Teams", exact=True).get_by_role("button", name="Teams").click()
    await expect(page.locator(".post")).to_contain_text("Lunch is at one.")
    assert await page.get_by_role("link", name="Slack window").get_attribute("href") == "/"


async def test_whose_eyes_one_looks_through(petals: Petals, look: Look) -> None:
    petals.tenant.post(SHOP_DESK, GRETA, "<at>Margit Ek</at> the van is back")
    page = await look()
    await expect(page.locator(".mention.me")).to_have_text("Margit Ek")
    await page.get_by_label("Through the eyes of").select_option("Greta Holm")
    await page.wait_for_url(f"**/teams#as={quote(GRETA)}*")
    await expect(page.locator(".mention")).to_have_text("Margit Ek")
    await expect(page.locator(".mention.me")).to_have_count(0)


async def test_what_people_write_is_never_markup(petals: Petals, look: Look) -> None:
    nasty = "<b>bold</b> <img src=x onerror=alert(1)> **x** [y](https://z.example) &amp;"
    petals.tenant.post(SHOP_DESK, GRETA, nasty)
    page = await look()
    await expect(page.locator(".words")).to_have_text(nasty)
    assert await page.locator(".words img, .words b, .words strong").count() == 0


async def test_the_clock_can_be_turned(look: Look) -> None:
    page = await look()
    await expect(page.locator(".clock time")).to_contain_text("10:00")
    await page.get_by_role("button", name="Four hours later").click()
    await expect(page.locator(".clock time")).to_contain_text("14:00")


# saying


async def test_in_a_chat_the_bot_hears_everything(petals: Petals, look: Look) -> None:
    page = await look(place=petals.margit.chat)
    await page.get_by_role("combobox", name="Type a message").fill("the printer is out of toner")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .bubble")).to_have_text("the printer is out of toner")
    assert petals.heard("message")["text"] == "the printer is out of toner"


async def test_in_a_channel_a_button_or_an_at_mentions_the_bot(petals: Petals, look: Look) -> None:
    page = await look()
    box = page.get_by_role("combobox", name="Start a post")
    await page.get_by_role("button", name="@Deskbell").click()
    await page.keyboard.type("help @gre")
    await expect(page.locator(".names").get_by_role("option", name="Greta Holm")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("@Deskbell help @Greta Holm ")
    await page.keyboard.press("Enter")
    await expect(page.locator(".post .mention")).to_have_text(["Deskbell", "Greta Holm"])
    assert petals.heard("message")["text"].strip() == "<at>Deskbell</at> help <at>Greta Holm</at>"


async def test_a_reply_stands_under_its_post(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    page = await look()
    await page.get_by_role("button", name="Reply").click()
    await page.keyboard.type("@de")
    await page.keyboard.press("Tab")
    await page.keyboard.type("take 12")
    await page.keyboard.press("Enter")
    await expect(page.locator(".post .replies .said")).to_contain_text("take 12")
    assert ";messageid=" in petals.heard("message")["conversation"]["id"]


async def test_a_chats_message_is_answered_with_a_quotation(petals: Petals, look: Look) -> None:
    chat = petals.tenant.personal(MARGIT).id
    petals.tenant.post(chat, petals.tenant.bot.id, "Which printer?")
    page = await look(place=chat)
    await page.locator(".said").hover()
    await page.get_by_role("button", name="Reply").click()
    await page.keyboard.type("upstairs")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .quotation")).to_contain_text("Which printer?")
    assert "itemprop" in petals.heard("message")["attachments"][0]["content"]


async def test_ones_own_message_can_be_changed_and_deleted(petals: Petals, look: Look) -> None:
    chat = petals.tenant.personal(MARGIT).id
    petals.tenant.post(chat, MARGIT, "the pinter is broken")
    page = await look(place=chat)
    await page.locator(".said").hover()
    await page.get_by_role("button", name="Edit").click()
    box = page.get_by_role("combobox", name="Edit message")
    await expect(box).to_have_value("the pinter is broken")
    await box.fill("the printer is broken")
    await page.keyboard.press("Enter")
    await expect(page.locator(".bubble")).to_have_text("the printer is broken")
    assert petals.heard("messageUpdate")["channelData"]["eventType"] == "editMessage"
    await page.get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.locator(".bubble")).to_have_text("This message has been deleted.")


async def test_reactions(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    page = await look()
    await page.locator(".said").hover()
    await page.get_by_role("button", name="heart").click()
    await expect(page.locator("[data-reaction=heart]")).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="More reactions").click()
    await page.keyboard.type("party")
    await page.keyboard.press("Enter")
    await expect(page.locator(".reactions")).to_contain_text("🎉")
    await page.locator("[data-reaction=heart]").click()
    await expect(page.locator("[data-reaction=heart]")).to_have_count(0)
    kinds = [
        each["type"]
        for heard in petals.bot.heard
        for each in heard.get("reactionsAdded", []) + heard.get("reactionsRemoved", [])
    ]
    assert kinds == ["heart", "1f389_partypopper", "heart"]


# pressing


async def test_a_button_puts_another_card_in_the_place_of_the_first(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    petals.bot.replies = [becomes(card(text("Margit has it.")))]
    page = await look()
    await page.get_by_role("button", name="Take").click()
    await expect(page.locator(".post .ac")).to_have_text("Margit has it.")
    assert petals.heard("adaptiveCard/action")["value"]["action"]["data"] == {"line": "take"}


async def test_a_question_is_asked_first_and_a_sentence_is_a_toast(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    petals.bot.replies = [sentence("Cancelled.")]
    page = await look()
    await page.get_by_role("button", name="Cancel").click()
    assert petals.bot.heard == []
    await page.get_by_role("button", name="Yes").click()
    await expect(page.get_by_role("status").filter(has_text="Cancelled.")).to_be_visible()


async def test_a_dialog_opens_keeps_what_is_missing_and_closes(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    petals.bot.replies = [dialog("Snooze #12", ASKED), closing("Until tomorrow.")]
    page = await look()
    await page.get_by_role("button", name="Snooze").click()
    shown = page.get_by_role("dialog", name="Snooze #12")
    await shown.get_by_role("button", name="Snooze it").click()
    await expect(shown.get_by_text("Name a day.")).to_be_visible()
    await shown.get_by_label("Until").fill("2026-11-24")
    await shown.get_by_role("button", name="Snooze it").click()
    await expect(page.get_by_role("status").filter(has_text="Until tomorrow.")).to_be_visible()
    await expect(shown).to_have_count(0)
    assert petals.heard("task/submit")["value"]["data"] == {"form": "snooze", "until": "2026-11-24"}


async def test_escape_closes_a_dialog(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    petals.bot.replies = [dialog("Snooze #12", ASKED)]
    page = await look()
    await page.get_by_role("button", name="Snooze").click()
    await page.get_by_role("dialog").wait_for()
    async with page.expect_response("**/api/teams/close"):
        await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert petals.margit.dialog is None


async def test_a_colleagues_message_becomes_a_request(petals: Petals, look: Look) -> None:
    petals.tenant.post(SHOP_DESK, GRETA, "the card machine prints half a receipt")
    petals.bot.replies = [dialog("A new request", ASKED)]
    page = await look()
    await page.locator(".said").hover()
    await page.get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name="Make it a request").click()
    await expect(page.get_by_role("dialog", name="A new request")).to_be_visible()
    payload = petals.heard("composeExtension/fetchTask")["value"]["messagePayload"]
    assert "half a receipt" in payload["body"]["content"]


async def test_the_bots_own_message_cannot_be_made_a_request(petals: Petals, look: Look) -> None:
    posted(petals.tenant, REQUEST)
    page = await look()
    await page.locator(".said").hover()
    await page.get_by_role("button", name="More options").click()
    await expect(page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Make it a request")).to_have_count(0)


async def test_a_request_is_found_and_shared(petals: Petals, look: Look) -> None:
    content = {"title": "#12 The printer", "text": "Margit has it."}
    found = {
        "contentType": message(REQUEST)["attachments"][0]["contentType"],
        "content": REQUEST,
        "preview": {"contentType": "application/vnd.microsoft.card.thumbnail", "content": content},
    }
    result = {"type": "result", "attachmentLayout": "list", "attachments": [found]}
    petals.bot.replies = [{"composeExtension": result}] * 9
    page = await look()
    await page.get_by_role("combobox", name="Find a request").fill("printer")
    await page.get_by_role("option", name="#12 The printer").click()
    await expect(page.locator(".above")).to_contain_text("Margit has it.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".post .ac")).to_contain_text("out of toner")
    assert petals.greta.sees(SHOP_DESK)[-1].author == MARGIT


async def test_a_card_that_cannot_be_drawn_is_hard_to_overlook(petals: Petals, look: Look) -> None:
    posted(petals.tenant, card({"type": "Table"}))
    page = await look(strict=False)
    await expect(page.get_by_role("alert")).to_have_text("This page cannot draw the element Table.")


# looks


async def test_everything_can_be_done_without_a_mouse(petals: Petals, look: Look) -> None:
    for words in ("first", "second"):
        petals.tenant.post(SHOP_DESK, GRETA, words)
    page = await look()
    await page.locator(".said").last.focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(".said").first).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-reaction=like]")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390, 320])
async def test_nothing_sticks_out_to_the_side(petals: Petals, look: Look, width: int) -> None:
    root = posted(petals.tenant, REQUEST)
    petals.tenant.post(SHOP_DESK, GRETA, "y" * 300, root=root.id)
    petals.tenant.post(petals.tenant.personal(MARGIT).id, MARGIT, f"https://example.org/{'x' * 200}")
    for place in (SHOP_DESK, petals.margit.chat):
        page = await look(place=place, width=width)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.locator(".pane").evaluate("(e) => e.scrollWidth <= e.clientWidth")


async def test_on_a_phone_the_list_is_a_page_of_its_own(look: Look) -> None:
    page = await look(width=390)
    await page.get_by_role("button", name="Chats and channels").click()
    await page.get_by_role("button", name="General").click()
    await expect(page.get_by_role("heading", name="General", exact=True)).to_be_visible()
    await expect(page.get_by_role("navigation", name="Chats and channels")).to_have_count(0)


READ = [
    ".author",
    ".stamp",
    ".words",
    ".mention",
    ".words a",
    ".ac-text",
    ".ac-button",
    ".ac-subtle",
    ".ac-color-good",
    ".ac-color-attention",
    ".ac-color-warning",
    ".ac-color-accent",
    ".place",
    ".dot",
    ".rail-item span",
    ".places h2",
    ".about",
    ".ask",
    ".start-reply",
    ".reaction",
    ".avatar",
    ".move",
    ".day h3",
    ".org",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_contrast(petals: Petals, look: Look, scheme: str) -> None:
    colours = [
        {"type": "Container", "style": style, "items": [text("x", color=colour)]}
        for style, colour in zip(
            ("emphasis", "good", "attention", "warning", "accent"),
            ("default", "good", "attention", "warning", "accent"),
            strict=True,
        )
    ]
    buttons = {"type": "ActionSet", "actions": [execute(s, style=s) for s in ("positive", "destructive")]}
    sent = posted(petals.tenant, card(*colours, text("x", isSubtle=True), buttons))
    petals.tenant.react(sent, MARGIT, "like")
    petals.tenant.post(SHOP_DESK, GRETA, "<at>Margit Ek</at> <at>Deskbell</at> https://example.org")
    petals.tenant.post(GENERAL, GRETA, "unread")
    page = await look(scheme=scheme)
    for selector, ratio in await page.evaluate(CONTRAST, READ):
        assert ratio >= 4.5, (selector, ratio)
