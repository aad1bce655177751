"""What the clock does to an office: bundles, the lead, and those who wait. It is Monday, ten o'clock."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.notices import Answer, News, Notice, Nudge, Refused
from handlers.words import plain
from storage.records import PlaceId, Status
from tests.handlers.office import ANN, BOB, CAT, TRIAGE, Office, moment


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        yield office


def nudges(said: list[tuple[PlaceId, Notice]]) -> list[tuple[str, list[int]]]:
    return [
        (place, [item.number for item in notice.items]) for place, notice in said if isinstance(notice, Nudge)
    ]


def test_several_requests_are_one_message_in_the_next_slot(office: Office) -> None:
    for text in ("toner @bob", "paper @bob !high", "chairs @cat"):
        office.file(ANN, text)
    assert nudges(office.until("2026-11-23 14:00")) == [(BOB, [2])]
    assert nudges(office.until("2026-11-24 09:30")) == [(BOB, [2, 1]), (CAT, [3])]


def test_the_urgent_goes_at_once(office: Office) -> None:
    office.file(ANN, "water on the floor !urgent")
    assert nudges(office.until("2026-11-23 10:30")) == [(TRIAGE, [1])]


def test_after_three_nudges_the_lead_is_told_once_and_then_it_is_quiet(office: Office) -> None:
    office.file(ANN, "toner")
    said = office.until("2026-12-16 12:00")
    assert [place for place, _ in nudges(said)] == [TRIAGE] * 3
    told = [
        plain(notice.words) for _, notice in said if isinstance(notice, News) and "Lea" in plain(notice.words)
    ]
    assert len(told) == 1
    assert "“toner” does not move" in told[0]
    assert office.verbs().count("escalate") == 1


def test_a_step_begins_the_count_again(office: Office) -> None:
    office.file(ANN, "toner")
    office.until("2026-11-25 12:00")
    office.say(BOB, "note 1 the shop is closed")
    office.until("2026-12-03 12:00")
    assert office.request().escalated_at is None


def test_nothing_is_said_while_it_is_parked_but_to_who_waits(office: Office) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "take 1")
    office.say(BOB, "snooze 1 until 10 december 12:00 the spring is ordered")
    said = office.until("2026-12-10 12:00")
    assert nudges(said) == []
    assert [
        place for place, notice in said if isinstance(notice, News) and "later" in plain(notice.words)
    ] == [office.post(f"card:1:{ANN}").message]
    assert nudges(office.until("2026-12-10 14:00")) == [(BOB, [1])]


def test_what_was_raised_before_it_was_parked_is_not_said(office: Office) -> None:
    office.file(ANN, "toner by tuesday 13:00 @bob")
    office.say(BOB, "take 1")
    office.until("2026-11-24 13:30")
    office.say(BOB, "snooze 1 until 26 november 12:00 the spring is ordered")
    assert nudges(office.until("2026-11-24 16:00")) == []


def test_any_news_is_not_refused_because_deskbell_asked(office: Office) -> None:
    office.file(ANN, "toner @bob !high")
    office.until("2026-11-24 09:30")
    assert "nudge" in office.verbs()
    assert isinstance(office.say(ANN, "nudge 1"), Answer)
    assert isinstance(office.say(ANN, "nudge 1"), Refused)
    office.now += timedelta(days=1)
    assert isinstance(office.say(ANN, "nudge 1"), Answer)


def test_without_an_answer_it_ends_and_what_waited_for_it_goes_on(office: Office) -> None:
    office.file(ANN, "toner")
    office.file(CAT, "print the menu")
    office.say(BOB, "take 2")
    office.say(BOB, "wait 2 on 1")
    office.say(BOB, "ask 1 which printer?")
    said = office.until("2026-11-25 12:00")
    assert [place for place, _ in nudges(said)] == []
    assert nudges(office.until("2026-11-25 14:00")) == [(ANN, [1])], "who was asked is nudged"
    office.until("2026-11-30 12:00")
    assert office.request(1).status is Status.RESOLVED
    assert office.request(2).status is Status.TAKEN


@pytest.mark.parametrize(("said", "status"), [("", Status.CLOSED), ("reopen 1", Status.TAKEN)])
def test_what_is_resolved_is_closed_unless_somebody_objects(
    office: Office, said: str, status: Status
) -> None:
    office.file(ANN, "toner")
    office.say(BOB, "resolve 1")
    office.until("2026-11-27 12:00")
    if said:
        office.say(ANN, said)
    office.until("2026-11-30 09:30")
    assert office.request().status is (status if said else Status.RESOLVED)
    office.until("2026-11-30 10:00")
    assert office.request().status is status


def test_a_week_of_downtime_is_one_look(office: Office) -> None:
    office.file(ANN, "toner @bob")
    office.now = moment("2026-12-01 12:00")
    office.sweep()
    assert office.verbs() == ["file", "late"]
    assert nudges(office.until("2026-12-01 14:00")) == [(BOB, [1])]


def test_what_became_due_while_it_waited_is_found_as_soon_as_the_wait_is_over(office: Office) -> None:
    """Nobody was there when the wait ended: the clock looks four days later."""
    office.file(ANN, "toner !urgent by tomorrow 09:00")
    office.say(BOB, "wait 1 until today 11:00")
    office.now += timedelta(days=4)
    office.sweep()
    request = office.request()
    assert request.status is Status.OPEN
    assert "late" in office.verbs()
    assert request.nudge_at is not None
    assert request.nudge_at > office.now
