"""Working time is Monday to Friday, nine to five, in Stockholm; it is Monday, ten o'clock."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import targets, worktime
from storage.records import Priority, Request, Status
from storage.types import WallTime
from tests.handlers.office import HOUSE, MONDAY, ZONE, a_request, moment, set_out


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
    after = targets.keep_pace(waited, HOUSE, moment(now))
    assert (after.resolve_by, after.paused_at) == (moment(resolve_by), None)


def test_while_it_waits_nothing_is_moved() -> None:
    waiting = replace(SET_OUT, status=Status.WAITING, paused_at=MONDAY)
    assert targets.keep_pace(waiting, HOUSE, moment("2026-12-01 10:00")) == waiting


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CANCELLED, Status.DECLINED])
def test_ending_ends_the_pause(status: Status) -> None:
    ended = replace(SET_OUT, status=status, paused_at=MONDAY)
    after = targets.keep_pace(ended, HOUSE, moment("2026-11-23 12:00"))
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
