"""Working time is Monday to Friday, nine to five, in Stockholm; it is Monday, ten o'clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import lifecycle, targets, worktime
from storage.records import Priority, Request, Status
from storage.types import WallTime
from tests.handlers.office import ANN, BOB, CAT, HOUSE, MONDAY, ZONE, a_request, moment, set_out


def wall(text: str) -> WallTime:
    return WallTime.parse(f"{text.replace(' ', 'T')}[{ZONE}]")


SET_OUT = set_out(a_request(), HOUSE)


@pytest.mark.parametrize(
    ("priority", "response", "resolution"),
    [
        (Priority.URGENT, "2026-11-23 11:00", "2026-11-24 10:00"),  # 1 and 8 hours
        (Priority.HIGH, "2026-11-23 14:00", "2026-11-25 10:00"),  # 4 and 16
        (Priority.NORMAL, "2026-11-24 10:00", "2026-11-30 10:00"),  # 8 and 40
        (Priority.LOW, "2026-11-25 10:00", "2026-12-07 10:00"),  # 16 and 80
    ],
)
def test_each_priority_has_its_targets(priority: Priority, response: str, resolution: str) -> None:
    out = set_out(a_request(priority=priority), HOUSE)
    assert (out.respond_by, out.resolve_by) == (moment(response), moment(resolution))


@pytest.mark.parametrize(
    ("filed", "response"),
    [
        ("2026-11-20 16:00", "2026-11-23 16:00"),  # Friday at four: the weekend does not count
        ("2026-11-21 12:00", "2026-11-23 17:00"),  # Saturday noon is Monday at nine
        ("2026-11-23 07:00", "2026-11-23 17:00"),
        ("2026-11-23 22:00", "2026-11-24 17:00"),
    ],
)
def test_the_clock_stands_still_outside_working_hours(filed: str, response: str) -> None:
    out = set_out(a_request(filed_at=moment(filed)), HOUSE)
    assert out.respond_by == moment(response)


@pytest.mark.parametrize(
    ("paused", "now", "resolve_by"),
    [
        ("2026-11-23 12:00", "2026-11-23 14:00", "2026-11-30 12:00"),  # two hours of waiting
        ("2026-11-23 16:00", "2026-11-24 10:00", "2026-11-30 12:00"),  # the night is no waiting
        ("2026-11-27 17:00", "2026-11-30 09:00", "2026-11-30 10:00"),  # nor the weekend
        ("2026-11-30 15:00", "2026-11-30 16:00", "2026-11-30 11:00"),  # already late: it stays as late
        ("2026-11-23 12:00", "2026-11-23 12:00", "2026-11-30 10:00"),
    ],
)
def test_what_waited_has_that_much_longer(paused: str, now: str, resolve_by: str) -> None:
    waited = replace(SET_OUT, status=Status.TAKEN, paused_at=moment(paused))
    after = targets.keep_pace(waited, waited, HOUSE, moment(now))
    assert (after.resolve_by, after.paused_at) == (moment(resolve_by), None)


def test_while_it_waits_nothing_is_moved() -> None:
    waiting = replace(SET_OUT, status=Status.WAITING, paused_at=MONDAY)
    assert targets.keep_pace(waiting, waiting, HOUSE, moment("2026-12-01 10:00")) == waiting


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CANCELLED, Status.DECLINED])
def test_ending_ends_the_pause(status: Status) -> None:
    ended = replace(SET_OUT, status=status, paused_at=MONDAY)
    after = targets.keep_pace(ended, ended, HOUSE, moment("2026-11-23 12:00"))
    assert (after.paused_at, after.resolve_by) == (None, moment("2026-11-30 12:00"))


def test_without_a_target_there_is_nothing_to_move() -> None:
    assert targets.later(a_request(), HOUSE, MONDAY, MONDAY + timedelta(days=9)) is None


NEEDED, PROMISED = wall("2026-11-25 17:00"), wall("2026-11-27 12:00")


@pytest.mark.parametrize(
    ("known", "due"),
    [
        ({}, "2026-11-30 10:00"),
        ({"needed_by": NEEDED}, "2026-11-25 17:00"),
        ({"promise": PROMISED}, "2026-11-27 12:00"),
        ({"needed_by": NEEDED, "promise": PROMISED}, "2026-11-27 12:00"),
    ],
)
def test_due_is_the_promise_else_the_wish_else_the_target(known: dict[str, Any], due: str) -> None:
    assert targets.due(replace(SET_OUT, **known)) == moment(due)


def test_nothing_is_due_without_any() -> None:
    assert targets.due(a_request()) is None
    assert not targets.is_late(a_request(), moment("2036-11-30 10:00"))


@pytest.mark.parametrize("status", Status)
def test_only_what_is_worked_on_is_late(status: Status) -> None:
    request = replace(SET_OUT, status=status)
    assert not targets.is_late(request, moment("2026-11-30 09:59"))
    assert targets.is_late(request, moment("2026-11-30 10:00")) is (status in (Status.OPEN, Status.TAKEN))


@pytest.mark.parametrize(
    ("resolved", "on_target", "kept"),
    [
        ("2026-11-26 12:00", True, True),
        ("2026-11-27 12:00", True, True),  # on the stroke is in time
        ("2026-11-30 10:00", True, False),
        ("2026-11-30 10:01", False, False),
    ],
)
def test_on_target_and_promises_kept(resolved: str, on_target: bool, kept: bool) -> None:
    done = replace(SET_OUT, resolved_at=moment(resolved), promise=PROMISED)
    assert (targets.on_target(done), targets.kept_promise(done)) == (on_target, kept)


@pytest.mark.parametrize(
    "request_", [SET_OUT, a_request(), a_request(resolved_at=MONDAY), replace(SET_OUT, promise=PROMISED)]
)
def test_no_answer_where_there_was_no_question(request_: Request) -> None:
    assert targets.on_target(request_) is None
    assert targets.kept_promise(request_) is None


minutes = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


@given(minutes, minutes, minutes)
def test_two_pauses_are_as_long_as_both(before: timedelta, first: timedelta, second: timedelta) -> None:
    """A pause that is interrupted for no time at all moves the target as one does."""
    start = MONDAY + before
    middle, end = start + first, start + first + second
    once = targets.later(SET_OUT, HOUSE, start, end)
    half = targets.later(SET_OUT, HOUSE, start, middle)
    assert targets.later(replace(SET_OUT, resolve_by=half), HOUSE, middle, end) == once
    assert once is not None
    assert SET_OUT.resolve_by is not None
    moved = worktime.between(HOUSE.calendar, SET_OUT.resolve_by, once)
    assert moved == worktime.between(HOUSE.calendar, start, end)


def paused(request: Request, how: str, at: datetime, until: datetime) -> Request:
    """The request as it stands still from a moment on."""
    match how:
        case "ask":
            return lifecycle.ask(request, "which?", at)
        case "wait on":
            return lifecycle.wait_on(request, 2, at)
        case "wait until":
            return lifecycle.wait_until(request, until, at)
        case _:
            return lifecycle.snooze(request, until, "no van", at)


@given(
    st.sampled_from(["ask", "wait on", "wait until", "snooze"]),
    st.sampled_from(["take", "resume", "resolve", "note", "follow"]),
    minutes,
    minutes,
    minutes,
)
def test_a_pause_adds_exactly_the_working_time_it_lasted(
    how: str, then: str, before: timedelta, planned: timedelta, lasted: timedelta
) -> None:
    """It ends when its date has come, or when somebody ends it; and not before somebody does who may."""
    start, until, end = MONDAY + before, MONDAY + before + planned, MONDAY + before + lasted
    still = targets.keep_pace(SET_OUT, paused(SET_OUT, how, start, until), HOUSE, start)
    steps: dict[str, Callable[[Request], Request]] = {
        "take": lambda r: lifecycle.take(r, BOB, None, end),
        "resume": lambda r: lifecycle.resume(r, end),
        "resolve": lambda r: lifecycle.resolve(r, "", BOB, end),
        "note": lambda r: lifecycle.note(r, "soon", ANN, end),
        "follow": lambda r: lifecycle.followed_by(r, (CAT,)),
    }
    after = targets.keep_pace(still, steps[then](still), HOUSE, end)
    if how in ("wait until", "snooze") and until <= end:
        end = until
    elif then == "follow" or (then == "note" and how != "snooze"):
        assert after.paused_at == start
        assert after.resolve_by == SET_OUT.resolve_by
        return
    stood = worktime.between(HOUSE.calendar, start, end)
    assert SET_OUT.resolve_by is not None
    assert after.resolve_by is not None
    assert worktime.between(HOUSE.calendar, SET_OUT.resolve_by, after.resolve_by) == stood


@given(minutes, minutes)
def test_who_parks_it_before_anybody_answered_owes_the_answer_later(
    before: timedelta, lasted: timedelta
) -> None:
    start, end = MONDAY + before, MONDAY + before + lasted
    parked = targets.keep_pace(SET_OUT, lifecycle.snooze(SET_OUT, end, "no van", start), HOUSE, start)
    after = targets.keep_pace(parked, parked, HOUSE, end)
    assert SET_OUT.respond_by is not None
    assert after.respond_by is not None
    moved = worktime.between(HOUSE.calendar, SET_OUT.respond_by, after.respond_by)
    assert moved == worktime.between(HOUSE.calendar, start, end)


def test_who_asks_has_answered() -> None:
    """The first response is made, and when it was owed stays as it was."""
    asked = targets.keep_pace(SET_OUT, lifecycle.ask(SET_OUT, "which?", MONDAY), HOUSE, MONDAY)
    later = moment("2026-11-25 10:00")
    after = targets.keep_pace(asked, lifecycle.resume(asked, later), HOUSE, later)
    assert (after.responded_at, after.respond_by) == (MONDAY, SET_OUT.respond_by)
    assert after.resolve_by == moment("2026-12-02 10:00")


@given(minutes, minutes)
def test_reopening_continues_the_clock(worked: timedelta, closed: timedelta) -> None:
    """What was left when it was resolved is left when it is reopened."""
    resolved, reopened = MONDAY + worked, MONDAY + worked + closed
    done = lifecycle.resolve(SET_OUT, "", BOB, resolved)
    resolve_by = targets.later(done, HOUSE, resolved, reopened)
    again = lifecycle.reopen(done, True, resolve_by, reopened)
    assert SET_OUT.resolve_by is not None
    assert again.resolve_by is not None
    left = worktime.between(HOUSE.calendar, resolved, SET_OUT.resolve_by)
    assert worktime.between(HOUSE.calendar, reopened, again.resolve_by) == left


@pytest.mark.parametrize(
    ("until", "late"), [("2026-12-01 10:00", False), ("2026-11-30 09:00", True), ("2026-11-24 10:00", True)]
)
def test_nothing_is_late_while_it_is_parked(until: str, late: bool) -> None:
    parked = lifecycle.snooze(replace(SET_OUT, promise=PROMISED), moment(until), "no van", MONDAY)
    over = targets.keep_pace(parked, parked, HOUSE, moment("2026-11-30 10:00"))
    assert targets.is_late(over, moment("2026-11-30 10:00")) is late
    assert targets.is_parked(over, moment("2026-11-30 10:00")) is not late
    assert not targets.is_late(parked, moment("2026-11-30 10:00")), "the clock has not counted the pause yet"
