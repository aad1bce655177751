"""Everything but the typed line: form, shortcut, ticket, messages, mentions, threads, Home, buttons."""

from datetime import date

import pytest

from bot.playground.people import Colleague
from bot.playground.records import Message, View
from bot.playground.shop import DELIVERIES, GENERAL, SHOP_DESK
from tests.shop import Shop, buttons

# the form


async def test_the_form_files_what_was_filled_in(shop: Shop) -> None:
    await shop.dialog((shop.clerk, "", "Ask for something"))
    faults = await shop.submit(
        shop.clerk,
        text="A wreath",
        details="with lilies,\nand a ribbon",
        priority="High",
        day=date(2026, 11, 27),
        time="15:30",
        behalf=shop.svea.id,
        flags=["private"],
        to=shop.flora.id,
    )
    assert not faults
    assert shop.clerk.modal is None
    card = shop.own_card(1, shop.flora).text
    for stands in (
        "#1 A wreath",
        "Private",
        "with lilies,\nand a ribbon",
        "Priority: high",
        "From: Svea Lund",
    ):
        assert stands in card
    assert "Filed by: Carl Berg" in card
    assert "Needed by: Fri 27 Nov, 15:30" in card
    assert "#1 is with Flora Nilsson." in shop.whispers(shop.clerk)[-1].text


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({}, "text", "Please complete this required field."),
        ({"text": ":tulip: :rose:"}, "text", "Say in a few words what you need"),
        ({"text": "!?"}, "text", "Say in a few words what you need"),
        ({"text": "x" * 151}, "text", "Must be less than 151 characters."),
        ({"text": "tulips", "details": "x" * 3001}, "details", "Must be less than 3001 characters."),
        ({"text": "tulips", "day": "2026-11-20"}, "day", "is already past"),
        ({"text": "tulips", "day": "2026-11-23", "time": "09:59"}, "day", "is already past"),
        ({"text": "tulips", "time": "15:00"}, "day", "A time needs a day, too."),
        ({"text": "tulips", "to": "UDESKBELL"}, "to", "is a bot and cannot be asked"),
        ({"text": "tulips", "to": "USVEA"}, "to", "Svea Lund has left"),
        ({"text": "tulips", "behalf": "USVEA"}, "behalf", "Svea Lund has left"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    shop: Shop, values: dict[str, str], field: str, says: str
) -> None:
    await shop.workspace.deactivate(shop.svea.id)
    await shop.says(shop.clerk, "")
    faults = await shop.submit(shop.clerk, **values)
    assert faults.keys() == {field}
    assert says in faults[field]
    assert shop.clerk.modal is not None, "the form stays open"
    assert not shop.cards(1, shop.flora)
    faults = await shop.submit(
        shop.clerk, text="tulips", details="", day="2026-11-24", time="", to="", behalf=""
    )
    assert not faults
    assert "#1 tulips" in shop.card(1, shop.flora).text


# the message shortcut


async def test_make_it_a_request_keeps_the_words_and_the_link(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "The van <makes> a noise, @carl knows", DELIVERIES)
    await shop.clerk.shortcut(said, "make_request")
    await shop.settle()
    assert not await shop.submit(shop.clerk, text="Look at the van")
    card = shop.card(1, shop.flora)
    assert "The van <makes> a noise, @Carl Berg knows".replace("<", "&lt;").replace(">", "&gt;") in card.text
    assert "From: David Holm" in card.text
    assert "Filed by: Carl Berg" in card.text
    assert shop.workspace.permalink(said) in str(card.blocks)
    assert shop.own_card(1, shop.driver)


async def test_making_a_request_of_my_own_message(shop: Shop) -> None:
    said = await shop.writes(shop.clerk, "We need tape", GENERAL)
    await shop.clerk.shortcut(said, "make_request")
    await shop.settle()
    await shop.submit(shop.clerk, text="Tape")
    assert "Filed by" not in shop.card(1, shop.flora).text


# a ticket on a message


async def test_a_ticket_files_once_for_the_author(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "The van is out of fuel\nand the card is empty", DELIVERIES)
    for who in (shop.clerk, shop.flora, shop.manager):
        await shop.reacts(who, said, "ticket")
    await shop.unreacts(shop.clerk, said, "ticket")
    await shop.reacts(shop.clerk, said, "ticket")
    card = shop.card(1, shop.flora)
    assert card.text.startswith("#1 The van is out of fuel.\n")
    assert "and the card is empty" in card.text
    assert "From: David Holm" in card.text
    assert shop.workspace.permalink(said) in str(card.blocks)
    assert not shop.cards(2, shop.flora)
    assert [len(shop.whispers(who, DELIVERIES)) for who in (shop.clerk, shop.flora)] == [2, 1]


async def test_a_ticket_of_ones_own(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "The van is out of fuel", DELIVERIES)
    await shop.reacts(shop.driver, said, "ticket")
    assert "Filed by" not in shop.card(1, shop.flora).text


async def test_a_ticket_on_a_very_long_message(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "fuel " * 800, DELIVERIES)
    await shop.reacts(shop.clerk, said, "ticket")
    title = shop.card(1, shop.flora).text.split("\n")[0]
    assert title.endswith("…")
    assert len(title) < 160


async def test_a_ticket_on_the_bots_own_message_does_nothing(shop: Shop) -> None:
    await shop.files()
    await shop.reacts(shop.flora, shop.card(1, shop.flora), "ticket")
    assert not shop.cards(2, shop.flora)
    assert not shop.whispers(shop.flora)


async def test_a_ticket_when_slack_cannot_be_read_back(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "The van is out of fuel", DELIVERIES)
    shop.workspace.fail("conversations.replies", error="ratelimited", status=429, retry_after=60)
    await shop.reacts(shop.clerk, said, "ticket")
    card = shop.card(1, shop.flora)
    assert "Something that was said in the channel" in card.text
    assert "From: David Holm" in card.text


# messages and mentions


async def answer(shop: Shop, who: Colleague, text: str, under: Message | None = None) -> str:
    """What the bot says to a direct message: exactly one message, where it was written."""
    before = {one.ts for one in shop.dm(who)}
    said = await shop.writes(who, text, under=under)
    if under:
        fresh = who.thread(under.channel, under.ts)
        told = [one.text for one in fresh if one.by_bot and one.ts > said.ts and one.ts not in before]
    else:
        told = [one.text for one in shop.dm(who) if one.by_bot and one.ts > said.ts and not _card(one)]
    assert len(told) == 1, told
    return told[0]


def _card(message: Message) -> bool:
    return "Due: " in message.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("the printer is out of toner", "#1 is with the team."),
        ("/request the printer is out of toner", "#1 is with the team."),
        ("request two vases for the window", "#1 is with the team."),
        ("drive to the market @david", "#1 is with David Holm."),
        ("@deskbell the lamp is broken", "#1 is with the team."),
        ("hello", "Say what you need, in your own words."),
        ("thanks a lot!", "Say what you need, in your own words."),
        ("list", "You wait for nothing."),
        ("take 5", "There is no request #5."),
        ("tkae 5", "did you mean “take”?"),
    ],
)
async def test_a_direct_message_is_a_line(shop: Shop, said: str, told: str) -> None:
    assert told in await answer(shop, shop.clerk, said)


async def test_a_form_asked_for_in_a_message_is_a_button(shop: Shop) -> None:
    await shop.files()
    for line, title in (
        ("settings", "Your settings"),
        ("decline 1", "Decline #1"),
        ("form", "Ask for something"),
    ):
        assert title in await answer(shop, shop.flora, line)
        assert await shop.press(shop.flora, shop.dm(shop.flora)[-1], "Open the form") == title
        await shop.flora.close()


async def test_a_reply_that_belongs_to_no_request_is_a_line_too(shop: Shop) -> None:
    await shop.writes(shop.clerk, "hello")
    help_page = shop.dm(shop.clerk)[-1]
    assert "Nothing is late." in await answer(shop, shop.clerk, "list late", under=help_page)


async def test_a_mention_in_a_channel_is_answered_to_its_author_alone(shop: Shop) -> None:
    await shop.writes(shop.clerk, "@deskbell the lamp is broken", DELIVERIES)
    assert "#1 is with the team." in shop.whispers(shop.clerk, DELIVERIES)[-1].text
    await shop.writes(shop.clerk, "@deskbell", DELIVERIES)
    assert "Say what you need" in shop.whispers(shop.clerk, DELIVERIES)[-1].text
    assert len(shop.whispers(shop.clerk, DELIVERIES)) == 2
    assert not shop.whispers(shop.flora, DELIVERIES)
    assert "#1 the lamp is broken" in shop.card(1, shop.flora).text


async def test_a_mention_in_any_thread_is_a_line(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "the van is slow today", DELIVERIES)
    await shop.writes(shop.clerk, "@deskbell the van needs new tyres", under=said)
    assert "#1 the van needs new tyres" in shop.card(1, shop.flora).text
    assert "#1 is with the team." in shop.whispers(shop.clerk, DELIVERIES)[-1].text


async def test_a_mention_in_a_cards_thread_is_part_of_it_or_a_command(shop: Shop) -> None:
    await shop.files()
    card = shop.card(1, shop.flora)
    await shop.writes(shop.flora, "@deskbell tulips are in", under=card)
    assert shop.thread(shop.own_card(1, shop.clerk), shop.clerk) == ["Flora Nilsson on #1:\n“tulips are in”."]
    await shop.writes(shop.flora, "@deskbell take 1", under=card)
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    assert shop.whispers(shop.flora)[-1].text == "#1 is yours."
    assert shop.whispers(shop.flora)[-1].thread_ts == card.ts


async def test_other_talk_in_channels_is_nobodys_business(shop: Shop) -> None:
    said = await shop.writes(shop.driver, "good morning", DELIVERIES)
    await shop.writes(shop.clerk, "morning", under=said)
    edited = await shop.clerk.edit(await shop.writes(shop.clerk, "take 1", DELIVERIES), "take 2")
    await shop.clerk.delete(edited)
    await shop.settle()
    assert all(not one.by_bot for one in shop.clerk.sees(DELIVERIES))


# threads


async def test_replies_reach_the_other_sides_thread(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "take 1")
    triage, own = shop.card(1, shop.flora), shop.own_card(1, shop.clerk)
    await shop.writes(shop.flora, "tulips or roses?", under=triage)
    await shop.writes(shop.clerk, "roses", under=own)
    assert shop.thread(own, shop.clerk)[-2:] == ["Flora Nilsson on #1:\n“tulips or roses?”", "roses"]
    assert shop.thread(triage, shop.flora) == ["tulips or roses?", "Carl Berg on #1:\n“roses”."]
    assert "Carl Berg: “roses”" in shop.card(1, shop.flora).text
    assert (await shop.history(1))[-2:] == [
        "Flora Nilsson wrote: “tulips or roses?”",
        "Carl Berg wrote: “roses”",
    ]


async def test_the_requesters_reply_answers_the_question(shop: Shop) -> None:
    await shop.files()
    await shop.says(shop.flora, "take 1")
    await shop.says(shop.flora, "ask 1 which colour?")
    await shop.writes(shop.clerk, "white", under=shop.own_card(1, shop.clerk))
    assert "Flora Nilsson has it." in shop.card(1, shop.flora).text
    assert shop.thread(shop.card(1, shop.flora), shop.flora)[-1] == "Carl Berg on #1:\n“white”."


@pytest.mark.parametrize("lock", ["🔒 ", "🔒", ":lock: ", "🔒️ "])
async def test_a_locked_reply_stays_with_the_team(shop: Shop, lock: str) -> None:
    await shop.svea.leave(SHOP_DESK)
    await shop.says(shop.svea, "a bouquet", GENERAL)
    await shop.writes(shop.flora, f"{lock}he never pays", under=shop.card(1, shop.flora))
    assert not shop.thread(shop.own_card(1, shop.svea), shop.svea)
    assert "he never pays" not in shop.own_card(1, shop.svea).text + shop.card(1, shop.flora).text
    assert (await shop.history(1))[-1] == "Flora Nilsson wrote to the team alone: “he never pays”"
    assert "never pays" not in await shop.says(shop.svea, "history 1", GENERAL)
    await shop.dialog((shop.svea, "find never pays", "Nothing contains"), channel=GENERAL)


async def test_a_reply_of_somebody_who_may_not_is_refused_to_them_alone(shop: Shop) -> None:
    await shop.files("private a raise")
    await shop.manager.leave(SHOP_DESK)
    await shop.svea.leave(SHOP_DESK)
    card = shop.card(1, shop.flora)
    await shop.svea.join(SHOP_DESK)
    await shop.writes(shop.svea, "congratulations", under=card)
    assert "Carl Berg" not in str(shop.thread(card, shop.flora))


# Home


def said(view: View | None) -> str:
    assert view is not None
    return str(view.blocks)


async def test_home_lists_what_waits_and_its_buttons_work(shop: Shop) -> None:
    await shop.files("tulips")
    await shop.files("drive to the market @flora")
    await shop.files("paper", shop.flora)
    home = await shop.flora.open_home()
    await shop.settle()
    home = shop.flora.home
    for stands in (
        "What waits for you",
        "#2 drive to the market",
        "What you asked for",
        "#3 paper",
        "#1 tulips",
    ):
        assert stands in said(home)
    assert await shop.press(shop.flora, home, "Settings") == "Your settings"
    await shop.flora.close()
    assert await shop.press(shop.flora, home, "Help") == "Deskbell"
    await shop.flora.close()
    assert await shop.press(shop.flora, home, "Ask for something") == "Ask for something"
    assert not await shop.submit(shop.flora, text="string")
    assert "#4 string" in said(shop.flora.home), "Home is brought up to date"


async def test_a_window_over_home_shows_a_request_and_what_can_be_done(shop: Shop) -> None:
    await shop.files("drive to the market @flora")
    await shop.flora.open_home()
    await shop.settle()
    assert await shop.press(shop.flora, shop.flora.home, "Show #1") == "Deskbell"
    assert "drive to the market" in said(shop.flora.modal)
    await shop.flora.press(shop.flora.modal, "Take")
    await shop.settle()
    assert "#1 is yours." in said(shop.flora.modal) or " is yours" in said(shop.flora.modal)
    assert "You have it" in said(shop.flora.home)


async def test_a_form_opens_above_a_window(shop: Shop) -> None:
    await shop.files("drive to the market @flora")
    await shop.flora.open_home()
    await shop.settle()
    await shop.press(shop.flora, shop.flora.home, "Show #1")
    assert await shop.press(shop.flora, shop.flora.modal, "Decline …") == "Decline #1"
    assert not await shop.submit(shop.flora, text="no fuel")
    assert shop.flora.modal is None
    assert "Flora Nilsson declined it: “no fuel”" in shop.own_card(1, shop.clerk).text
    assert "drive to the market" not in said(shop.flora.home)


async def test_an_empty_home(shop: Shop) -> None:
    await shop.svea.open_home()
    await shop.settle()
    assert "Nothing waits for you." in said(shop.svea.home)


# buttons


FORMS = [
    ("Done …", "Done: #1", {"text": "it is done"}, "Flora Nilsson resolved it: “it is done”"),
    ("Done …", "Done: #1", {}, "Flora Nilsson resolved it."),
    ("Ask …", "Ask about #1", {"text": "which?"}, "Waiting for Carl Berg to answer: “which?”"),
    ("Hand over …", "Hand over #1", {"to": "UDAVID", "text": "the van"}, "David Holm"),
    ("Decline …", "Decline #1", {"text": "no"}, "Flora Nilsson declined it: “no”"),
]


@pytest.mark.parametrize(("label", "title", "values", "stands"), FORMS)
async def test_a_button_that_opens_a_form(
    shop: Shop, label: str, title: str, values: dict[str, str], stands: str
) -> None:
    await shop.files()
    assert await shop.press(shop.flora, shop.card(1, shop.flora), label) == title
    assert not await shop.submit(shop.flora, **values)
    assert shop.flora.modal is None
    assert stands in shop.card(1, shop.flora).text
    assert len(shop.whispers(shop.flora)) == 1, "the outcome is told once"


async def test_promising_and_pausing_by_form(shop: Shop) -> None:
    await shop.files()
    await shop.press(shop.flora, shop.card(1, shop.flora), "Take")
    for label, stands in (
        ("Promise …", "Promised: Tue 24 Nov, 17:00"),
        ("Pause …", "Paused until Tue 24 Nov"),
    ):
        await shop.press(shop.flora, shop.card(1, shop.flora), label)
        faults = await shop.submit(shop.flora, day="2026-11-22")
        assert "is already past" in faults["day"]
        assert not await shop.submit(shop.flora, day="2026-11-24")
        assert stands in shop.card(1, shop.flora).text


async def test_handing_over_by_form_to_somebody_who_left(shop: Shop) -> None:
    await shop.files()
    await shop.workspace.deactivate(shop.svea.id)
    await shop.press(shop.flora, shop.card(1, shop.flora), "Hand over …")
    faults = await shop.submit(shop.flora, to=shop.svea.id)
    assert "Svea Lund has left" in faults["to"]
    assert shop.flora.modal is not None


async def test_a_form_whose_request_has_ended_meanwhile(shop: Shop) -> None:
    await shop.files()
    await shop.press(shop.flora, shop.card(1, shop.flora), "Decline …")
    await shop.says(shop.clerk, "cancel 1")
    assert not await shop.submit(shop.flora, text="no tulips")
    assert "#1 was already cancelled by Carl Berg." in shop.whispers(shop.flora)[-1].text
    assert "Cancelled by Carl Berg." in shop.card(1, shop.flora).text


async def test_the_settings_form(shop: Shop) -> None:
    await shop.says(shop.flora, "settings")
    assert "Leave at least one day" in (
        await shop.submit(shop.flora, quiet_days=["mon", "tue", "wed", "thu", "fri"])
    ).get("quiet_days", "")
    assert not await shop.submit(shop.flora, slots="morning", quiet_days=["fri"])
    assert (
        "Kept. Nudges reach you once a day, at 09:30, but not on Friday."
        in shop.whispers(shop.flora)[-1].text
    )


async def test_the_requesters_buttons(shop: Shop) -> None:
    await shop.files()
    own = shop.own_card(1, shop.clerk)
    assert "The team is asked for news of #1." in await shop.press(shop.clerk, own, "Any news?")
    assert await shop.press(shop.clerk, own, "Add a note …") == "Note to #1"
    await shop.submit(shop.clerk, text="white ones")
    assert "Carl Berg: “white ones”" in shop.card(1, shop.flora).text
    await shop.says(shop.flora, "ask 1 how many?")
    assert await shop.press(shop.clerk, shop.own_card(1, shop.clerk), "Answer …") == "Answer #1"
    await shop.submit(shop.clerk, text="ten")
    assert "Waiting for somebody to take it." in shop.card(1, shop.flora).text
    assert "#1 is cancelled." in await shop.press(shop.clerk, shop.own_card(1, shop.clerk), "Cancel")
    assert buttons(shop.own_card(1, shop.clerk)) == ["Reopen …"]


async def test_a_stale_button_says_how_it_stands_now(shop: Shop) -> None:
    await shop.files()
    shown = await shop.says(shop.driver, "show 1")
    assert shown
    old = shop.whispers(shop.driver)[-1]
    await shop.says(shop.flora, "take 1")
    told = await shop.press(shop.driver, old, "Take")
    assert told.startswith("Flora Nilsson already has #1.")
    assert "Flora Nilsson has it." in told
    assert "Take" not in buttons(shop.driver.sees_message(old.channel, old.ts))


async def test_a_live_cards_button_pressed_too_late(shop: Shop) -> None:
    await shop.files()
    old = shop.card(1, shop.driver)
    await shop.says(shop.flora, "take 1")
    await shop.press_old(shop.driver, old, "Take")
    assert shop.whispers(shop.driver)[-1].text.startswith("Flora Nilsson already has #1.")
    assert "Flora Nilsson has it." in shop.whispers(shop.driver)[-1].text
    await shop.says(shop.clerk, "cancel 1")
    await shop.press_old(shop.driver, old, "Decline …")
    assert "#1 was already cancelled by Carl Berg." in shop.whispers(shop.driver)[-1].text
    assert "Cancelled by Carl Berg." in shop.card(1, shop.driver).text
    assert len(shop.whispers(shop.driver)) == 2


async def test_buttons_in_messages_to_me_alone(shop: Shop) -> None:
    await shop.says(shop.clerk, "a bouquet")
    filed = shop.whispers(shop.clerk)[-1]
    assert buttons(filed) == ["Show", "Cancel"]
    assert "Waiting for somebody to take it." in await shop.press(shop.clerk, filed, "Show")
    assert "Show" in buttons(shop.clerk.sees_message(filed.channel, filed.ts)), "showing replaces nothing"
    assert await shop.press(shop.clerk, filed, "Cancel") == "#1 is cancelled."
    assert not buttons(shop.clerk.sees_message(filed.channel, filed.ts)), "what is over cannot be pressed"


async def test_what_slack_may_send_one_day(shop: Shop) -> None:
    """Payloads nobody registered for are taken and forgotten, or Slack would send them again."""
    for event in (
        {"type": "emoji_changed"},
        {"type": "message", "subtype": "channel_topic", "channel": GENERAL},
    ):
        shop.workspace.subscribed |= {event["type"]}
        assert (await shop.workspace.delivery.event(event)).ok
    said = await shop.writes(shop.clerk, "hm", GENERAL)
    assert (await shop.clerk.shortcut(said, "somebody_elses")).ok
    assert shop.clerk.modal is None
