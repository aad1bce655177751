"""Every way into Deskbell on Teams: lines, mentions, buttons, dialogs, forms, and the message extension."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from bot.playground.ack import Ack
from bot.playground.teams import payloads, reading
from bot.playground.teams.people import Colleague
from bot.playground.teams.records import CARD, Message
from tests.teams import CLERK, DESK, DRIVER, FLORA, MANAGER, SVEA, TEAM, TeamsShop, open_teams_shop

GENERAL = TEAM
WINDOW = "19:window@thread.v2"
"""A group chat of the clerk, the designer and the driver."""


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[TeamsShop]:
    async with open_teams_shop(shop_url) as shop:
        shop.tenant.add_group(WINDOW, "Window", members=(CLERK, FLORA, DRIVER), bot=True)
        yield shop


def answered(ack: Ack) -> str:
    """The card that a press was answered with, as it is read."""
    assert ack.ok, ack
    assert isinstance(ack.body, dict), ack
    assert ack.body["type"] == CARD, ack.body
    return reading.plain(ack.body["value"])


# lines


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("the printer is out of toner", "#1 is with the team."),
        ("/request the printer is out of toner", "#1 the printer is out of toner."),
        ("request two vases for the window", "#1 two vases for the window."),
        ("drive to the market @David Holm", "#1 is with David Holm."),
        ("@Deskbell the lamp is broken", "#1 the lamp is broken."),
        ("hello", "Say what you need, in your own words."),
        ("Thanks a lot!", "Say what you need, in your own words."),
        ("/request hello", "#1 hello."),
        ("list", "You wait for nothing."),
        ("take 5", "There is no request #5."),
        ("tkae 5", "did you mean “take”?"),
    ],
)
async def test_what_is_said_in_the_chat_is_a_line(shop: TeamsShop, said: str, told: str) -> None:
    await shop.dialog((shop.clerk, said, told))
    filed = told.startswith("#1") and "David Holm" not in told
    assert len(await shop.cards(1, shop.flora)) == filed, "what is asked of one colleague is in their chat"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("@Deskbell the lamp is broken", "#1 the lamp is broken."),
        ("@Deskbell: the lamp is broken", "#1 the lamp is broken."),
        ("the lamp @Deskbell is broken", "#1 the lamp is broken."),
        ("the lamp is broken @Deskbell", "#1 the lamp is broken."),
        ("@Deskbell /request the lamp is broken", "#1 the lamp is broken."),
        ("@Deskbell", "Say what you need, in your own words."),
        ("good morning @Deskbell", "Say what you need, in your own words."),
        ("@Deskbell take 7", "There is no request #7."),
    ],
)
@pytest.mark.parametrize("where", [GENERAL, WINDOW])
async def test_in_a_channel_and_a_group_the_mention_is_taken_out(
    shop: TeamsShop, said: str, told: str, where: str
) -> None:
    await shop.dialog((shop.clerk, said, told), where=where)


async def test_an_answer_stands_under_the_question(shop: TeamsShop) -> None:
    said = await shop.clerk.say(GENERAL, "@Deskbell the lamp is broken")
    other = await shop.clerk.say(WINDOW, "@Deskbell the window is dirty")
    await shop.settle()
    (answer,) = shop.thread(said, shop.clerk)
    assert answer.startswith("#1 the lamp is broken.")
    assert [one.summary[:2] for one in shop.clerk.sees(WINDOW) if one.id > other.id] == ["#2"]


@pytest.mark.parametrize("where", [GENERAL, WINDOW])
async def test_what_shows_requests_is_for_whoever_asked_alone(shop: TeamsShop, where: str) -> None:
    await shop.files("red tulips", shop.driver)
    told = await shop.says(shop.driver, "list", where)
    assert told.split("\n")[-1] == "The answer is in our chat."
    assert "#1 red tulips" in shop.chat(shop.driver)[-1].summary
    aloud = [one.summary for one in shop.tenant.log.all(where) if one.by_bot]
    assert aloud == ["The answer is in our chat."]


async def test_who_cannot_be_written_to_is_told_how(shop: TeamsShop) -> None:
    shop.tenant.fail(
        "send", status=403, code="ForbiddenOperationException", conversation=shop.driver.chat, times=100
    )
    told = await shop.says(shop.driver, "list", GENERAL)
    assert (
        told == "That is for you alone, and I cannot write to you yet. Say hello to me in a chat, "
        "then ask again."
    )


# buttons


async def test_a_press_is_answered_with_the_card_as_it_stands_now(shop: TeamsShop) -> None:
    await shop.files()
    card = await shop.card(1, shop.flora)
    said = answered(await shop.flora.press(card, "Take")).split("\n")
    assert said[:3] == ["#1 is yours.", "#1 a bouquet", "Flora Nilsson has it."]
    await shop.settle()
    for who in (shop.flora, shop.driver):
        now = await shop.card(1, who)
        assert now.id == card.id
        assert now.plain.startswith("#1 a bouquet\nFlora Nilsson has it.")


async def test_a_button_asks_before_it_does_what_cannot_be_undone(shop: TeamsShop) -> None:
    await shop.files()
    card = await shop.own_card(1, shop.clerk)
    await shop.press(shop.clerk, card, "Cancel")
    assert "Waiting for somebody" in (await shop.own_card(1, shop.clerk)).plain, "it only asked"
    assert "Nobody will work on it any more." in str(card.card)
    said = answered(await shop.clerk.press(card, "Cancel", confirm=True))
    assert said.startswith("#1 is cancelled.\n#1 a bouquet\nCancelled by Carl Berg.")
    await shop.settle()
    assert "Cancelled by Carl Berg." in (await shop.card(1, shop.flora)).plain


async def test_a_press_that_comes_too_late_gets_a_sentence_and_the_present_state(shop: TeamsShop) -> None:
    await shop.files()
    old = await shop.card(1, shop.driver)
    await shop.says(shop.flora, "take 1")
    said = answered(await press_old(shop, shop.driver, old, "take 1"))
    assert said.startswith("Flora Nilsson already has #1.")
    assert "\n#1 a bouquet\nFlora Nilsson has it." in said


async def press_old(shop: TeamsShop, who: Colleague, card: Message, line: str) -> Ack:
    """Press a button as it was when somebody looked, whatever the message shows by now."""
    action = {"type": "Action.Execute", "verb": "say", "data": {"line": line}}
    place = shop.tenant.conversations[card.conversation]
    value = {"action": action, "trigger": "manual"}
    invoke = payloads.invoke(shop.tenant, "adaptiveCard/action", who.id, place, value, card)
    return await shop.tenant.delivery.invoke(invoke)


async def outsider(shop: TeamsShop) -> Colleague:
    """Somebody in the team of whom the app has not heard: they read the channel and are not of the desk."""
    url, shop.tenant.app_url = shop.tenant.app_url, None
    shop.tenant.add_person("29:ola", "Ola Dahl", "ola@petals.example")
    await shop.tenant.add_member(TEAM, "29:ola", by=MANAGER)
    shop.tenant.app_url = url
    return shop.tenant.person("29:ola")


async def test_the_card_of_a_private_request_opens_for_those_who_may_alone(shop: TeamsShop) -> None:
    ola = await outsider(shop)
    await shop.says(shop.clerk, "private a raise")
    card = await shop.card(1, shop.flora)
    assert card.plain == "#1 Private request\nA private request, open."
    assert card.buttons == ["Show me", "Take it"]
    assert await shop.press(ola, card, "Show me") == "Deskbell"
    assert ola.dialog
    assert ola.dialog.plain.startswith("#1 is private, and you are not part of it.")
    refused = answered(await ola.press(card, "Take it"))
    assert refused.startswith("#1 is private, and you are not part of it.\n#1 Private request")
    assert "raise" not in ola.dialog.plain + refused
    await shop.press(shop.flora, card, "Show me")
    assert shop.flora.dialog
    assert "a raise" in shop.flora.dialog.plain
    taken = answered(await shop.flora.press(card, "Take it"))
    assert taken.startswith("#1 is yours.\n#1 a raise")
    await shop.settle()
    assert "raise" not in str([one.card for one in shop.tenant.log.all(DESK)])
    assert "A private request, taken, with Flora Nilsson." in (await shop.card(1, shop.driver)).plain


# dialogs


FORMS: list[tuple[str, str, dict[str, Any], str]] = [
    ("Done …", "Done: #1", {"text": "it is in the window"}, "resolved it: “it is in the window”"),
    ("Ask …", "Ask about #1", {"question": "which colour?"}, "to answer: “which colour?”"),
    ("Hand over …", "Hand over #1", {"to": "David Holm"}, "David Holm"),
    ("Decline …", "Decline #1", {"why": "no lilies"}, "declined it: “no lilies”"),
]


@pytest.mark.parametrize(("label", "title", "values", "stands"), FORMS)
async def test_a_button_that_asks_for_more_opens_a_dialog(
    shop: TeamsShop, label: str, title: str, values: dict[str, Any], stands: str
) -> None:
    await shop.files()
    assert await shop.press(shop.flora, await shop.card(1, shop.flora), label) == title
    fields = list(shop.flora.inputs(shop.flora.dialog)) if shop.flora.dialog else []
    assert not await shop.submit(shop.flora, **{fields[0]: next(iter(values.values()))})
    assert shop.flora.dialog is None
    assert stands in (await shop.own_card(1, shop.clerk)).plain


async def test_what_is_wrong_stands_in_the_dialog_with_all_that_was_typed(shop: TeamsShop) -> None:
    await shop.says(shop.clerk, "home")
    home = shop.chat(shop.clerk)[-1]
    assert await shop.press(shop.clerk, home, "Ask for something") == "Ask for something"
    wrong = {"text": "tulips", "details": "red, <b>white</b>", "day": "2026-11-20", "priority": "High"}
    await shop.submit(shop.clerk, **wrong)
    assert shop.clerk.dialog
    assert "is already past" in shop.clerk.dialog.plain.split("\n")[0]
    kept = {name: field.get("value") for name, field in shop.clerk.inputs(shop.clerk.dialog).items()}
    assert kept["text"] == "tulips"
    assert kept["details"] == "red, <b>white</b>"
    assert kept["day"] == "2026-11-20"
    assert not await shop.cards(1, shop.flora)
    await shop.submit(shop.clerk, day=date(2026, 11, 27))
    card = await shop.card(1, shop.flora)
    assert card.plain.startswith("#1 tulips\nWaiting for somebody to take it.")
    assert "red, <b>white</b>" in card.plain
    assert "Priority: high" in card.plain


async def test_what_cannot_be_sent_again_ends_the_dialog_with_a_sentence(shop: TeamsShop) -> None:
    await shop.files()
    await shop.press(shop.flora, await shop.card(1, shop.flora), "Done …")
    await shop.says(shop.clerk, "cancel 1")
    await shop.submit(shop.flora, text="done")
    assert shop.flora.dialog is None
    assert shop.flora.toasts[-1].startswith("#1 was already cancelled by Carl Berg.")


async def test_buttons_in_a_dialog_go_on_in_it(shop: TeamsShop) -> None:
    await shop.files("drive to the market @Flora Nilsson")
    await shop.says(shop.flora, "home")
    await shop.press(shop.flora, shop.chat(shop.flora)[-1], "Show #1")
    assert shop.flora.dialog
    assert "drive to the market" in shop.flora.dialog.plain
    assert await shop.press(shop.flora, None, "Take") == "#1 is yours."
    await shop.press(shop.flora, shop.chat(shop.flora)[-1], "Show #1")
    assert await shop.press(shop.flora, None, "Done …") == "Done: #1"
    await shop.submit(shop.flora, text="parked")
    assert "Flora Nilsson resolved it: “parked”" in (await shop.own_card(1, shop.clerk)).plain


# forms in a conversation


@pytest.mark.parametrize("where", ["", GENERAL, WINDOW])
async def test_a_form_is_a_card_to_fill_in(shop: TeamsShop, where: str) -> None:
    await shop.dialog((shop.clerk, "form", "Ask for something."), where=where)
    form = next(one for one in reversed(all_in(shop, where or shop.clerk.chat)) if one.by_bot)
    assert not await shop.clerk.fill(form, {"text": "!?", "details": "three of them"})
    wrong = shop.clerk.sees_message(form)
    assert wrong.plain.startswith("⚠ Say in a few words what you need.")
    assert shop.clerk.inputs(form)["details"]["value"] == "three of them"
    assert not await shop.clerk.fill(form, {"text": "a wreath"})
    assert shop.clerk.sees_message(form).plain.startswith("#1 a wreath\n#1 is with the team.")
    await shop.settle()
    assert "three of them" in (await shop.card(1, shop.flora)).plain
    if where:
        assert shop.flora.inputs(form)["text"].get("value") is None, "what somebody typed is theirs"


def all_in(shop: TeamsShop, where: str) -> list[Message]:
    return shop.tenant.log.all(where)


async def test_a_form_for_a_request_in_a_chat(shop: TeamsShop) -> None:
    await shop.files()
    await shop.dialog((shop.flora, "decline 1", "Decline #1."))
    form = shop.chat(shop.flora)[-1]
    assert await shop.flora.fill(form, {}), "what must be filled in is asked for by Teams itself"
    assert not await shop.flora.fill(form, {next(iter(shop.flora.inputs(form))): "no lilies"})
    assert shop.flora.sees_message(form).plain == "#1 is declined. Carl Berg hears why."
    await shop.settle()
    assert "declined it: “no lilies”" in (await shop.own_card(1, shop.clerk)).plain


# the message extension


@pytest.mark.parametrize("where", [GENERAL, WINDOW])
async def test_make_it_a_request_keeps_words_link_and_author(shop: TeamsShop, where: str) -> None:
    said = await shop.driver.say(where, "The van <makes> a *noise*\nsince Monday")
    dialog = await shop.clerk.make_request(said)
    assert dialog
    assert dialog.title == "Ask for something"
    assert "The van <makes> a *noise*\nsince Monday" in str(shop.clerk.inputs(dialog)["details"]["value"]), (
        "the words of the message"
    )
    assert not await shop.submit(shop.clerk, text="Look at the van")
    card = await shop.card(1, shop.flora)
    assert card.plain.startswith("#1 Look at the van\n")
    assert "The van <makes> a *noise*\nsince Monday" in card.plain
    assert f"/{said.id}?tenantId=" in str(card.card), "the link to the message"
    assert "From: David Holm" in card.plain
    assert "Filed by: Carl Berg" in card.plain
    assert await shop.own_card(1, shop.driver)


async def test_make_it_a_request_of_what_one_said_oneself_or_the_bot_said(shop: TeamsShop) -> None:
    said = await shop.clerk.say(WINDOW, "We need tape")
    await shop.clerk.make_request(said)
    assert not await shop.submit(shop.clerk, text="Tape")
    assert "Filed by" not in (await shop.card(1, shop.flora)).plain
    await shop.says(shop.clerk, "hello")
    help_page = shop.chat(shop.clerk)[-1]
    await shop.clerk.make_request(help_page)
    assert not await shop.submit(shop.clerk, text="Explain this")
    assert "From: Carl Berg" in (await shop.card(2, shop.flora)).plain


async def test_a_search_finds_and_shares_what_everybody_may_see(shop: TeamsShop) -> None:
    await shop.files("tulips for the window")
    await shop.files("private a raise for tulips")
    await shop.says(shop.flora, "take 1")
    found = await shop.clerk.search("tulips")
    assert [one.title for one in found] == ["#2 a raise for tulips", "#1 tulips for the window"]
    assert found[0].text == "A private request, open."
    assert found[1].text == "Flora Nilsson has it."
    shared = [shop.clerk.share(one, GENERAL) for one in found]
    assert shared[0].plain.startswith("#2 Private request\nA private request, open.")
    assert "raise" not in str(shared[0].card)
    assert shared[1].plain.startswith("#1 tulips for the window\nFlora Nilsson has it.")
    assert not shared[0].buttons
    assert not shared[1].buttons
    assert await shop.flora.search() == [], "she has asked for nothing"
    assert len(await shop.clerk.search("", WINDOW)) == 2, "before a word is typed: one's own"
    assert await shop.clerk.search("orchids") == []


async def test_a_search_finds_nothing_private_for_others(shop: TeamsShop) -> None:
    await shop.leaves(shop.svea)
    shop.tenant.installed.add(SVEA)
    await shop.files("private a raise")
    assert await shop.svea.search("raise") == []
    assert len(await shop.clerk.search("raise")) == 1
