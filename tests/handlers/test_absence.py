"""Who is away and who covers; the rules are numbered in `handlers.absence`. It is Monday, ten o'clock."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.notices import Answer, Card, Filed, Form, HomePage, Nudge, Refused, Story
from handlers.words import plain
from storage import people
from storage.records import Person
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, TRIAGE, Office, moment

FRIDAY = "away until friday 09:00"


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def said(notice: object) -> str:
    assert isinstance(notice, Answer | Filed | Refused), notice
    return plain(notice.why if isinstance(notice, Refused) else notice.words)


def nudged(office: Office, until: str) -> list[tuple[str, list[int], str]]:
    return [
        (place, [item.number for item in notice.items], plain(notice.items[0].why).split(":")[0])
        for place, notice in office.until(until)
        if isinstance(notice, Nudge)
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (f"{FRIDAY} cover @cat", "You are away until Fri 27 Nov, 09:00. Cat gets new requests and nudges"),
        ("away until friday, @cat", "You are away until Fri 27 Nov, 09:00. Cat gets new requests"),
        ("away until friday noon", "You are away until Fri 27 Nov, 12:00."),
        ("away until monday", "You are away until Mon 30 Nov, 09:00."),
        ("away until mon cover @cat", "You are away until Mon 30 Nov, 09:00. Cat gets"),
        ("away until today", "You are away until Mon 23 Nov, 17:00."),
        ("away until 3 december cover @cat", "You are away until Thu 3 Dec, 09:00. Cat gets"),
        (FRIDAY, "You are away until Fri 27 Nov, 09:00. New requests go to the team"),
        ("away until yesterday", "is already past"),
        ("away until someday", "I do not understand “someday” as a date"),
        ("away until friday cover @bob", "You cannot cover for yourself."),
        ("away until friday cover @nobody", "I know nobody called “@nobody”. Nothing was changed."),
        ("away until friday or so", "I understand the date, but not “or so”. Nothing was changed."),
        ("back", "You were not away."),
    ],
)
def test_a_line(office: Office, line: str, answer: str) -> None:
    assert answer in said(office.say(BOB, line))


def test_what_only_begins_with_the_word_is_a_request(office: Office) -> None:
    assert isinstance(office.say(BOB, "away game: book a bus"), Filed)
    assert isinstance(office.say(BOB, "back door is stuck"), Filed)


def test_the_word_alone_opens_a_form(office: Office) -> None:
    form = office.say(BOB, "away")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["day", "cover"]
    filled = office.fill(BOB, "away", {"day": "2026-11-27", "cover": CAT})
    assert said(filled).startswith("You are away until Fri 27 Nov, 09:00. Cat gets")
    assert "Name the day" in said(office.fill(BOB, "away", {"day": ""}))


def test_1_the_cover_gets_what_is_asked(office: Office) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    answer = said(office.say(ANN, "toner @bob"))
    assert answer.startswith("Bob is away until Fri 27 Nov, 09:00; Cat covers for them. #1 is with Cat.")
    assert office.request().owner == CAT
    story = office.say(ANN, "history 1")
    assert isinstance(story, Story)
    assert plain(story.lines[-1][1]) == "Ann asked Bob, who was away"


def test_1_nobody_gives_them_anything(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, f"{FRIDAY} cover @cat")
    assert said(office.say(LEA, "give 1 @bob")) == (
        "Bob is away until Fri 27 Nov, 09:00; Cat covers for them. #1 stays as it is."
    )


def test_1_the_cover_is_nudged_by_name(office: Office) -> None:
    office.file(ANN, "toner by tomorrow 12:00")
    office.say(BOB, "take 1")
    office.say(BOB, f"{FRIDAY} cover @cat")
    assert (CAT, [1], "For Bob") in nudged(office, "2026-11-24 15:00")


def test_1_what_was_to_be_said_in_the_next_slot_is_said_to_the_cover(office: Office) -> None:
    office.file(ANN, "toner @bob !high")
    office.until("2026-11-23 13:00")
    office.say(BOB, f"{FRIDAY} cover @cat")
    assert nudged(office, "2026-11-23 14:00") == [(CAT, [1], "For Bob")]


def test_2_a_cover_who_is_away_has_a_cover_too(office: Office) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    office.say(CAT, f"{FRIDAY} cover @lea")
    office.file(ANN, "toner @bob")
    assert office.request().owner == LEA


def test_2_two_who_cover_for_each_other_are_nobody(office: Office) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    assert "Bob is away until" in said(office.say(CAT, f"{FRIDAY} cover @bob"))
    office.keep(lambda tx: people.set_away(tx, HOUSE.org, CAT, moment("2026-11-27 09:00"), BOB))
    office.file(ANN, "toner @bob")
    assert office.request().owner is None


@pytest.mark.parametrize("gone", [{"active": False}, {"bot": True}])
def test_2_nobody_covers_who_is_gone(office: Office, gone: dict[str, bool]) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    cat = Person(CAT, "Cat", handle="cat")
    office.keep(lambda tx: people.describe(tx, HOUSE.org, replace(cat, **gone)))  # type: ignore[arg-type] # flags
    office.file(ANN, "toner @bob")
    assert office.request().owner is None
    assert office.request().place == TRIAGE


def test_3_without_a_cover_it_is_for_the_team(office: Office) -> None:
    office.say(BOB, FRIDAY)
    assert said(office.say(ANN, "toner @bob")) == (
        "Bob is away until Fri 27 Nov, 09:00; nobody covers for them. "
        "#1 is with the team. You will hear in your direct messages."
    )


def test_3_what_is_private_stays_theirs(office: Office) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    office.say(ANN, "my salary @bob private")
    assert office.request().owner == BOB


def test_4_without_a_cover_the_nudge_goes_where_the_card_is(office: Office) -> None:
    office.file(ANN, "toner by tomorrow 12:00")
    office.say(BOB, "take 1")
    office.say(BOB, FRIDAY)
    assert (TRIAGE, [1], "For Bob") in nudged(office, "2026-11-24 15:00")


def test_4_a_requester_is_reminded_when_they_are_back(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "ask 1 which?")
    office.say(ANN, "away until thursday 09:00")
    assert nudged(office, "2026-11-26 08:00") == []
    assert [place for place, *_ in nudged(office, "2026-11-26 15:00")] == [ANN]


def test_5_they_are_back_when_the_day_has_come(office: Office) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    office.now = moment("2026-11-27 09:00")
    office.file(ANN, "toner @bob")
    assert office.request().owner == BOB


def test_5_whatever_their_status_says(office: Office) -> None:
    office.described(BOB, "Bob", absent_until=moment("2026-11-27 09:00"))
    assert "Bob is away until" in said(office.say(CAT, f"give {office.file(ANN, 'toner')} @bob"))
    assert said(office.say(BOB, "back")) == "Welcome back."
    assert office.request(office.file(ANN, "toner @bob")).owner == BOB


def test_5_or_when_they_say_so(office: Office) -> None:
    office.say(BOB, f"{FRIDAY} cover @cat")
    home = office.say(BOB, "home")
    assert isinstance(home, HomePage)
    assert plain(home.greeting).endswith("You are away until Fri 27 Nov, 09:00.")
    assert "back" in [button.line for button in home.buttons]
    assert said(office.say(BOB, "back")) == "Welcome back."
    office.file(ANN, "toner @bob")
    assert office.request().owner == BOB


def test_the_card_says_who_is_away(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1")
    office.say(BOB, FRIDAY)
    card = office.say(ANN, "show 1")
    assert isinstance(card, Card)
    assert ("Away", "Bob until Fri 27 Nov, 09:00") in [(label, plain(words)) for label, words in card.facts]
