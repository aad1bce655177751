"""The numbers are those of `handlers.nudges`.

Ann has filed on Monday the 23rd at ten. Working time is nine to five in Stockholm, so that a normal request
is due for a first response on Tuesday at ten and resolved on Monday the 30th at ten.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import lifecycle, nudges, targets
from handlers.nudges import Reason, after_look, come_due, holds, look, next_look, receiver, slot
from storage.records import Person, Priority, Request, Status, WaitingOn
from storage.types import WallTime
from tests.handlers.office import ANN, BOB, CAT, HOUSE, MONDAY, TRIAGE, ZONE, a_request, moment, set_out

MINUTE = timedelta(minutes=1)
OPEN = set_out(a_request(), HOUSE)
TAKEN = lifecycle.take(OPEN, BOB, None, MONDAY)
TUESDAY = moment("2026-11-24 12:00")
CASES: list[tuple[Reason, Request, str]] = [
    (Reason.HALF, OPEN, "2026-11-23 14:00"),
    (Reason.UNTAKEN, OPEN, "2026-11-24 10:00"),
    (Reason.IDLE, OPEN, "2026-11-26 10:00"),
    (Reason.IDLE, TAKEN, "2026-11-26 10:00"),
    (Reason.PARKED, lifecycle.snooze(TAKEN, TUESDAY, "spring", MONDAY), "2026-11-24 12:00"),
    (Reason.SOON, TAKEN, "2026-11-27 10:00"),  # 32 of 40 hours
    (
        Reason.SOON,
        replace(TAKEN, promise=WallTime.parse(f"2026-11-24T12:00[{ZONE}]")),
        "2026-11-24 10:00",  # 8 of 10
    ),
    (Reason.LATE, TAKEN, "2026-11-30 10:00"),
    (
        Reason.LATE,
        replace(TAKEN, needed_by=WallTime.parse(f"2026-11-28T12:00[{ZONE}]")),
        "2026-11-28 12:00",
    ),
    (Reason.ANSWER, lifecycle.ask(TAKEN, "which?", MONDAY), "2026-11-25 10:00"),
    (Reason.RESUME, lifecycle.wait_until(TAKEN, TUESDAY, MONDAY), "2026-11-24 12:00"),
    (Reason.GIVE_UP, lifecycle.ask(TAKEN, "which?", MONDAY), "2026-11-30 10:00"),
    (Reason.CLOSE, lifecycle.resolve(TAKEN, "", BOB, MONDAY), "2026-11-30 10:00"),
]
"""Reason 11 comes true at no moment of its own: see `test_sweep`."""


@pytest.mark.parametrize(("reason", "request_", "at"), CASES, ids=[f"{c[0]:d}_{c[0].name}" for c in CASES])
def test_each_reason_comes_true_at_its_moment(reason: Reason, request_: Request, at: str) -> None:
    assert not holds(request_, HOUSE, reason, moment(at) - MINUTE)
    assert holds(request_, HOUSE, reason, moment(at))
    looked = replace(request_, nudge_at=moment(at))
    assert come_due(looked, HOUSE, moment(at) - MINUTE) is None
    assert come_due(looked, HOUSE, moment(at)) is reason


def test_every_reason_has_a_case() -> None:
    assert {reason for reason, _, _ in CASES} == set(Reason) - {Reason.STUCK}


def looks(request: Request, until: str) -> list[tuple[str, str]]:
    """What the clock finds, when it looks exactly when it should."""
    found = []
    request = replace(request, nudge_at=next_look(request, HOUSE, MONDAY))
    while request.nudge_at and request.nudge_at <= moment(until):
        now = request.nudge_at
        reason = come_due(request, HOUSE, now)
        assert reason is not None
        found.append((f"{WallTime.at(now, ZONE).local:%a %d %H:%M}", reason.name))
        request = replace(request, nudge_at=after_look(request, HOUSE, now))
    return found


@pytest.mark.parametrize(
    ("request_", "story"),
    [
        (
            OPEN,
            "Mon 23 14:00 HALF, Tue 24 10:00 UNTAKEN, Thu 26 10:00 IDLE, Fri 27 10:00 SOON, "
            "Mon 30 10:00 LATE, Thu 03 10:00 IDLE, Tue 08 10:00 IDLE",  # counted from when it became late
        ),
        (
            TAKEN,
            "Thu 26 10:00 IDLE, Fri 27 10:00 SOON, Mon 30 10:00 LATE, Thu 03 10:00 IDLE, Tue 08 10:00 IDLE",
        ),
        (replace(TAKEN, escalated_at=MONDAY), "Mon 30 10:00 LATE"),
        (lifecycle.ask(TAKEN, "which?", MONDAY), "Wed 25 10:00 ANSWER, Mon 30 10:00 GIVE_UP"),
        (lifecycle.wait_on(TAKEN, 2, MONDAY), ""),
        (lifecycle.resolve(TAKEN, "", BOB, MONDAY), "Mon 30 10:00 CLOSE"),
        (lifecycle.cancel(TAKEN, ANN, MONDAY), ""),
        (lifecycle.decline(TAKEN, "no", BOB, MONDAY), ""),
        (lifecycle.close(TAKEN, MONDAY), ""),
    ],
)
def test_what_the_clock_finds_in_the_life_of_a_request(request_: Request, story: str) -> None:
    assert ", ".join(" ".join(look) for look in looks(request_, "2026-12-09 12:00")) == story


def test_of_several_that_come_due_together_the_strongest_is_said() -> None:
    """The clock was off since before two on Monday: one nudge is said, not four."""
    asleep = replace(OPEN, nudge_at=moment("2026-11-23 14:00"))
    for now, reason in (
        ("2026-11-23 14:00", Reason.HALF),
        ("2026-11-24 10:00", Reason.UNTAKEN),
        ("2026-11-26 12:00", Reason.IDLE),
        ("2026-11-27 12:00", Reason.SOON),
        ("2026-12-01 12:00", Reason.LATE),
    ):
        assert come_due(asleep, HOUSE, moment(now)) is reason


def test_what_was_over_before_the_look_was_set_is_not_said_again() -> None:
    looked = replace(OPEN, nudge_at=moment("2026-11-26 10:00"))
    assert come_due(looked, HOUSE, moment("2026-11-26 10:00")) is Reason.IDLE


def test_an_owed_look_stays_owed_through_a_step() -> None:
    owed = replace(OPEN, nudge_at=moment("2026-11-23 14:00"))
    note = lifecycle.note(owed, "soon", ANN, moment("2026-11-23 14:01"))
    assert next_look(note, HOUSE, moment("2026-11-23 14:01")) == moment("2026-11-23 14:00")
    taken = lifecycle.take(owed, BOB, None, moment("2026-11-23 14:01"))
    assert next_look(taken, HOUSE, moment("2026-11-23 14:01")) == moment("2026-11-26 14:01")


def test_4_nothing_is_said_while_it_is_parked() -> None:
    """Parked past everything: it is not late before, and three days without movement count from then."""
    parked = lifecycle.snooze(OPEN, moment("2026-12-10 12:00"), "spring", MONDAY)
    assert looks(parked, "2026-12-10 12:00") == [("Thu 10 12:00", "LATE")]
    for reason in Reason:
        assert not holds(parked, HOUSE, reason, moment("2026-12-10 11:59")), reason
    then = {reason for reason in Reason if holds(parked, HOUSE, reason, moment("2026-12-10 12:00"))}
    assert then == {Reason.HALF, Reason.UNTAKEN, Reason.PARKED, Reason.LATE}
    late = lifecycle.snooze(OPEN, moment("2026-12-10 12:00"), "spring", moment("2026-12-01 10:00"))
    assert looks(late, "2026-12-10 12:00")[-1] == ("Thu 10 12:00", "PARKED"), "it was late before"


def test_7_who_hears() -> None:
    for reason in Reason:
        asks = reason is Reason.ANSWER
        assert receiver(OPEN, reason) == (ANN if asks else TRIAGE)
        assert receiver(TAKEN, reason) == (ANN if asks else BOB)


def person(**more: Any) -> Person:
    return Person(BOB, "Bob", **{"zone": ZONE, **more})


@pytest.mark.parametrize(
    ("who", "urgent", "now", "at"),
    [
        (person(), False, "2026-11-23 09:29", "2026-11-23 09:30"),
        (person(), False, "2026-11-23 09:30", "2026-11-23 14:00"),  # a slot that has begun is over
        (person(), False, "2026-11-23 14:00", "2026-11-24 09:30"),
        (person(), False, "2026-11-27 14:00", "2026-11-30 09:30"),  # the weekend
        (person(), True, "2026-11-28 03:00", "2026-11-28 03:00"),  # urgent goes at once
        (person(slots="at once"), False, "2026-11-27 16:59", "2026-11-27 16:59"),
        (person(slots="at once"), False, "2026-11-28 03:00", "2026-11-30 09:00"),  # Saturday night
        (person(slots="at once", quiet_days=("tue",)), False, "2026-11-24 10:00", "2026-11-25 09:00"),
        (person(slots="at once"), True, "2026-11-28 03:00", "2026-11-28 03:00"),
        (person(slots="morning"), False, "2026-11-23 10:00", "2026-11-24 09:30"),
        (person(slots="afternoon"), False, "2026-11-23 15:00", "2026-11-24 14:00"),
        (person(quiet_days=("tue", "wed")), False, "2026-11-23 15:00", "2026-11-26 09:30"),
        (person(quiet_days=("tue",)), True, "2026-11-24 15:00", "2026-11-24 15:00"),
        (
            person(quiet_days=("mon", "tue", "wed", "thu", "fri")),
            False,
            "2026-11-23 15:00",
            "2026-11-24 09:30",
        ),
        (person(zone=""), False, "2026-11-23 10:00", "2026-11-23 14:00"),
        (None, False, "2026-11-23 10:00", "2026-11-23 14:00"),  # a channel, on the organisation's clock
        (None, True, "2026-11-23 20:00", "2026-11-23 20:00"),
        # New York is six hours behind: half past nine there is half past three here.
        (person(zone="America/New_York"), False, "2026-11-23 10:00", "2026-11-23 15:30"),
        (person(zone="Pacific/Auckland"), False, "2026-11-27 10:00", "2026-11-29 21:30"),
        # Over the changes of the clocks the wall shows the same hour.
        (person(), False, "2026-03-27 15:00", "2026-03-30 09:30"),
        (person(), False, "2026-10-23 15:00", "2026-10-26 09:30"),
    ],
)
def test_the_next_slot(who: Person | None, urgent: bool, now: str, at: str) -> None:
    assert slot(HOUSE, HOUSE.desk, who, urgent, moment(now)) == moment(at)


@pytest.mark.parametrize(("priority", "urgent"), [(p, p is Priority.URGENT) for p in Priority])
def test_only_the_urgent_goes_at_once(priority: Priority, urgent: bool) -> None:
    assert nudges.is_urgent(a_request(priority=priority)) is urgent


# Any request that could be, and any moment around its life.

spans = st.integers(0, 60 * 24 * 30).map(lambda minutes: timedelta(minutes=minutes))
moments = spans.map(lambda span: MONDAY + span)
walls = moments.map(lambda at: WallTime.at(at, ZONE))


@st.composite
def any_request(draw: st.DrawFn) -> Request:
    request = set_out(
        a_request(
            priority=draw(st.sampled_from(Priority)),
            owner=draw(st.none() | st.just(BOB)),
            needed_by=draw(st.none() | walls),
        ),
        HOUSE,
    )
    steps = [
        lambda r, at: lifecycle.take(r, BOB, draw(st.none() | walls), at),
        lambda r, at: lifecycle.ask(r, "which?", at),
        lambda r, at: lifecycle.wait_until(r, at + draw(spans), at),
        lambda r, at: lifecycle.wait_on(r, 2, at),
        lambda r, at: lifecycle.resume(r, at),
        lambda r, at: lifecycle.snooze(r, at + draw(spans), "spring", at),
        lambda r, at: lifecycle.escalated(r, at),
        lambda r, at: lifecycle.resolve(r, "", BOB, at),
        lambda r, at: lifecycle.cancel(r, ANN, at),
        lambda r, at: lifecycle.decline(r, "no", BOB, at),
        lambda r, at: lifecycle.close(lifecycle.resolve(r, "", BOB, at), at),
        lambda r, at: lifecycle.reopen(r, True, r.resolve_by, at),
    ]
    at = MONDAY
    for step in draw(st.lists(st.sampled_from(steps), max_size=4)):
        at += draw(spans) / 10
        request = targets.keep_pace(request, step(request, at), HOUSE, at)
    return request


@given(any_request(), moments)
def test_a_new_look_is_never_in_the_past(request_: Request, now: datetime) -> None:
    first = next_look(replace(request_, nudge_at=None), HOUSE, now)
    assert first is None or first > now
    again = after_look(request_, HOUSE, now)
    assert again is None or again > now


@given(any_request(), moments, spans)
def test_an_owed_look_is_never_lost_nor_moved_back(request_: Request, due: datetime, ago: timedelta) -> None:
    now = due + ago
    ahead = next_look(replace(request_, nudge_at=due), HOUSE, now)
    assert ahead is None or ahead >= due
    reason = come_due(replace(request_, nudge_at=due), HOUSE, now)
    assert (reason is not None) <= (ahead is not None and ahead <= now)


@given(any_request(), st.none() | moments, moments)
def test_one_look_sees_both(request_: Request, due: datetime | None, now: datetime) -> None:
    asked = replace(request_, nudge_at=due)
    assert look(asked, HOUSE, now) == (come_due(asked, HOUSE, now), after_look(asked, HOUSE, now))


@given(any_request(), moments)
def test_what_comes_due_holds_unless_it_is_parked(request_: Request, now: datetime) -> None:
    reason = come_due(replace(request_, nudge_at=MONDAY), HOUSE, now)
    parked = request_.snoozed_until is not None and request_.snoozed_until > now
    assert reason is None or parked or holds(request_, HOUSE, reason, now)


@given(any_request(), st.sampled_from(Reason), moments)
def test_what_holds_has_a_receiver(request_: Request, reason: Reason, now: datetime) -> None:
    if holds(request_, HOUSE, reason, now):
        assert receiver(request_, reason) in (ANN, BOB, TRIAGE)
        assert receiver(request_, reason, CAT) in (ANN, BOB, CAT), "who is on duty, instead of the channel"
        assert (reason is Reason.ANSWER) <= (request_.waiting_on is WaitingOn.REQUESTER)


@given(any_request(), moments)
def test_nothing_is_nudged_when_it_has_ended(request_: Request, now: datetime) -> None:
    true = {reason for reason in Reason if holds(request_, HOUSE, reason, now)}
    if request_.status in lifecycle.ENDED:
        assert true <= {Reason.CLOSE}
    elif request_.status is Status.WAITING:
        assert true <= {Reason.ANSWER, Reason.GIVE_UP, Reason.RESUME}
    elif request_.escalated_at:
        assert true <= {Reason.LATE, Reason.STUCK}


@given(any_request(), moments)
def test_what_is_worked_on_is_looked_at_for_ever(request_: Request, now: datetime) -> None:
    if request_.status in (Status.OPEN, Status.TAKEN) and request_.escalated_at is None:
        assert after_look(request_, HOUSE, now) is not None


people_ = st.builds(
    Person,
    st.just(BOB),
    st.just("Bob"),
    zone=st.sampled_from(["", ZONE, "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"]),
    slots=st.sampled_from(["both", "morning", "afternoon", "at once"]),
    quiet_days=st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri"])).map(tuple),
)
days = st.integers(0, 366 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@settings(max_examples=200)
@given(st.none() | people_, st.booleans(), days)
def test_a_slot_is_soon_and_in_somebody_s_day(who: Person | None, urgent: bool, now: datetime) -> None:
    at = slot(HOUSE, HOUSE.desk, who, urgent, now)
    if urgent:
        assert at == now
        return
    local = WallTime.at(at, (who.zone if who else "") or ZONE).local
    assert now <= at < now + timedelta(days=8)
    if who and who.slots == "at once":
        assert time(9) <= local.time() < time(17)
        assert at == now or local.time() == time(9)
    else:
        assert at > now
        assert local.time() in (time(9, 30), time(14))
    assert local.weekday() < 5
    quiet = who.quiet_days if who else ()
    assert f"{local:%a}".lower() not in quiet or len(quiet) == 5
