"""The numbers are those of the cases in `handlers.lifecycle`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import lifecycle
from handlers.lifecycle import ALLOWED, ENDED, UNFINISHED, allows
from storage.records import Priority, Request, Status, WaitingOn
from storage.types import WallTime
from tests.handlers.office import ANN, BOB, CAT, MONDAY, TRIAGE, ZONE, a_request, moment

LATER = MONDAY + timedelta(hours=3)
FRIDAY = WallTime.parse(f"2026-11-27T17:00[{ZONE}]")

# Columns: open, taken, waiting, resolved, closed, cancelled, declined.
TABLE = {
    "take": "yes yes yes no no no no",
    "give": "yes yes yes no no no no",
    "move": "yes yes yes no no no no",
    "ask": "yes yes yes no no no no",
    "wait": "yes yes yes no no no no",
    "snooze": "yes yes yes no no no no",
    "nudge": "yes yes yes no no no no",
    "resolve": "yes yes yes no no no no",
    "cancel": "yes yes yes no no no no",
    "decline": "yes yes yes no no no no",
    "reopen": "no no no yes yes yes yes",
    "rate": "no no no yes yes no no",
    "note": "yes yes yes yes yes yes yes",
    "see": "yes yes yes yes yes yes yes",
    "follow": "yes yes yes yes yes yes yes",
}
STEPS = [
    (verb, status, answer == "yes")
    for verb, row in TABLE.items()
    for status, answer in zip(Status, row.split(), strict=True)
]


@pytest.mark.parametrize(("verb", "status", "allowed"), STEPS)
def test_which_step_from_which_status(verb: str, status: Status, allowed: bool) -> None:
    assert allows(a_request(status=status), verb) is allowed


def test_every_rule_is_in_the_table() -> None:
    assert set(ALLOWED) <= set(TABLE)
    assert set(Status) == UNFINISHED | ENDED
    assert not UNFINISHED & ENDED


def waiting(**more: object) -> Request:
    return a_request(status=Status.WAITING, paused_at=MONDAY, responded_at=MONDAY, **more)


TAKEN = lifecycle.take(a_request(), BOB, None, MONDAY)
ASKED = lifecycle.ask(TAKEN, "which printer?", MONDAY)
RESOLVED = lifecycle.resolve(TAKEN, "new roll", BOB, LATER)


def test_1_taking_owns_answers_and_promises() -> None:
    taken = lifecycle.take(a_request(), BOB, FRIDAY, LATER)
    assert (taken.status, taken.owner, taken.promise) == (Status.TAKEN, BOB, FRIDAY)
    assert (taken.responded_at, taken.moved_at) == (LATER, LATER)


def test_1_taking_again_keeps_the_promise_and_the_first_response() -> None:
    first = lifecycle.take(a_request(), BOB, FRIDAY, MONDAY)
    again = lifecycle.take(first, BOB, None, LATER)
    assert (again.promise, again.responded_at, again.moved_at) == (FRIDAY, MONDAY, LATER)


def test_1_resolving_ends_it() -> None:
    done = lifecycle.resolve(TAKEN, "new roll", CAT, LATER)
    assert (done.status, done.owner, done.ended_by, done.outcome) == (Status.RESOLVED, BOB, CAT, "new roll")
    assert (done.resolved_at, done.ended_at, done.resolutions) == (LATER, LATER, 1)


@pytest.mark.parametrize("resolver", [BOB, None])
def test_1_who_resolves_what_nobody_owns_owns_it(resolver: str | None) -> None:
    done = lifecycle.resolve(a_request(), "", resolver, LATER)
    assert (done.owner, done.responded_at) == (resolver, LATER)


def test_2_waiting_on_the_requester() -> None:
    assert (ASKED.status, ASKED.waiting_on) == (Status.WAITING, WaitingOn.REQUESTER)
    assert (ASKED.question, ASKED.paused_at) == ("which printer?", MONDAY)


def test_2_waiting_on_a_date_and_on_another_request() -> None:
    dated = lifecycle.wait_until(TAKEN, LATER, MONDAY)
    assert (dated.waiting_on, dated.waiting_until, dated.waiting_request) == (WaitingOn.DATE, LATER, None)
    chained = lifecycle.wait_on(dated, 7, LATER)
    assert (chained.waiting_on, chained.waiting_until, chained.waiting_request) == (
        WaitingOn.REQUEST,
        None,
        7,
    )
    assert chained.paused_at == MONDAY, "one wait after another is one pause"


def test_2_a_question_is_over_when_it_waits_for_something_else() -> None:
    assert lifecycle.wait_until(ASKED, LATER, MONDAY).question == ""
    assert lifecycle.wait_on(ASKED, 7, MONDAY).question == ""
    assert lifecycle.ask(ASKED, "and where?", LATER).question == "and where?"


@pytest.mark.parametrize(
    ("before", "status"),
    [
        (waiting(owner=BOB), Status.TAKEN),
        (waiting(), Status.OPEN),
    ],
)
def test_2_resuming(before: Request, status: Status) -> None:
    resumed = lifecycle.resume(before, LATER)
    assert (resumed.status, resumed.waiting_on, resumed.question) == (status, None, "")
    assert resumed.paused_at == MONDAY, "who keeps it moves the targets by this"


def test_2_waiting_is_a_first_response() -> None:
    assert lifecycle.ask(a_request(), "which?", LATER).responded_at == LATER


@pytest.mark.parametrize("before", [a_request(), TAKEN, ASKED])
def test_3_cancelled_and_declined(before: Request) -> None:
    cancelled = lifecycle.cancel(before, ANN, LATER)
    assert (cancelled.status, cancelled.ended_at, cancelled.ended_by) == (Status.CANCELLED, LATER, ANN)
    declined = lifecycle.decline(before, "not ours", BOB, LATER)
    assert (declined.status, declined.outcome, declined.resolved_at) == (Status.DECLINED, "not ours", None)
    assert declined.responded_at is not None
    for ended in (cancelled, declined):
        assert (ended.waiting_on, ended.question, ended.resolutions) == (None, "", 0)


@pytest.mark.parametrize(("here", "status", "owner"), [(True, Status.TAKEN, BOB), (False, Status.OPEN, None)])
@pytest.mark.parametrize(
    "ended",
    [RESOLVED, lifecycle.close(RESOLVED, LATER), lifecycle.cancel(TAKEN, ANN, LATER)],
    ids=["resolved", "closed", "cancelled"],
)
def test_4_reopened(ended: Request, here: bool, status: Status, owner: str | None) -> None:
    again = lifecycle.reopen(replace(ended, promise=FRIDAY), here, LATER, LATER)
    assert (again.status, again.owner, again.resolve_by) == (status, owner, LATER)
    assert (again.ended_at, again.ended_by, again.resolved_at) == (None, None, None)
    assert (again.outcome, again.promise, again.resolutions) == ("", None, ended.resolutions)


def test_4_what_nobody_took_is_open_again() -> None:
    """Sent to Bob, cancelled before he answered, and wanted after all: he has not taken it yet."""
    cancelled = lifecycle.cancel(a_request(owner=BOB, place=BOB), ANN, LATER)
    again = lifecycle.reopen(cancelled, True, None, LATER)
    assert (again.status, again.owner, again.responded_at) == (Status.OPEN, BOB, None)


def test_4_the_second_resolution_is_counted() -> None:
    again = lifecycle.reopen(RESOLVED, True, None, LATER)
    assert lifecycle.resolve(again, "", BOB, LATER).resolutions == 2


def test_5_closing_is_nobody_s_step() -> None:
    closed = lifecycle.close(RESOLVED, moment("2026-11-30 13:00"))
    assert (closed.status, closed.ended_at, closed.nudge_at) == (Status.CLOSED, LATER, None)
    assert closed.resolved_at == LATER


QUIET = a_request(
    status=Status.TAKEN,
    owner=BOB,
    escalated_at=MONDAY,
    snoozed_until=FRIDAY.instant(),
    snooze_reason="spring",
)
MOVES = {
    "take": lifecycle.take(QUIET, BOB, None, LATER),
    "give": lifecycle.give(QUIET, CAT, LATER),
    "ask": lifecycle.ask(QUIET, "which?", LATER),
    "note": lifecycle.note(QUIET, "soon", BOB, LATER),
    "resume": lifecycle.resume(QUIET, LATER),
    "resolve": lifecycle.resolve(QUIET, "", BOB, LATER),
    "reopen": lifecycle.reopen(QUIET, True, None, LATER),
    "orphan": lifecycle.orphaned(QUIET, TRIAGE, LATER),
}


@pytest.mark.parametrize("after", MOVES.values(), ids=MOVES.keys())
def test_whatever_moves_it_ends_the_silence(after: Request) -> None:
    assert (after.moved_at, after.escalated_at, after.snoozed_until, after.snooze_reason) == (
        LATER,
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    "after",
    [
        lifecycle.followed_by(QUIET, (CAT,)),
        lifecycle.moved_to(QUIET, "slack:C2"),
        lifecycle.escalated(QUIET, LATER),
    ],
    ids=["follow", "desk", "escalate"],
)
def test_what_does_not_move_it(after: Request) -> None:
    assert (after.moved_at, after.snoozed_until) == (MONDAY, QUIET.snoozed_until)


def test_snoozing_parks_it() -> None:
    parked = lifecycle.snooze(QUIET, LATER, "delivery on its way", MONDAY)
    assert (parked.snoozed_until, parked.snooze_reason, parked.escalated_at) == (
        LATER,
        "delivery on its way",
        None,
    )


@pytest.mark.parametrize(
    ("status", "then"),
    [(Status.TAKEN, Status.OPEN), (Status.OPEN, Status.OPEN), (Status.WAITING, Status.WAITING)],
)
def test_an_orphan_is_open_again_or_goes_on_waiting(status: Status, then: Status) -> None:
    after = lifecycle.orphaned(a_request(status=status, owner=BOB), "slack:C2", LATER)
    assert (after.status, after.owner, after.place) == (then, None, "slack:C2")


def test_urgency_is_an_order() -> None:
    assert sorted(Priority, key=lifecycle.urgency) == [
        Priority.LOW,
        Priority.NORMAL,
        Priority.HIGH,
        Priority.URGENT,
    ]
