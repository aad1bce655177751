"""The numbers are those of `handlers.polling`."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers import polling
from handlers.polling import Asking, Ending
from storage.records import Poll, Privacy
from tests.handlers.office import ANN, BOB, HOUSE, MONDAY, ZONE, moment

HOURS = HOUSE.hours_in(ZONE)
POLL = Poll(7, 1, 1, ANN, BOB, MONDAY, team="flowers", service="bouquets")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("own", "here", "sampled", "lately", "asking"),
    [
        (False, True, True, 0, Asking.MESSAGE),
        (False, True, True, 2, Asking.MESSAGE),
        (False, True, True, 3, Asking.TYPED),
        (False, True, True, 9, Asking.TYPED),
        (True, True, True, 0, Asking.NOTHING),
        (False, False, True, 0, Asking.NOTHING),
        (False, True, False, 0, Asking.NOTHING),
        (True, True, True, 3, Asking.NOTHING),
    ],
)
def test_1_and_3_what_is_asked(own: bool, here: bool, sampled: bool, lately: int, asking: Asking) -> None:
    assert polling.asking(own=own, here=here, sampled=sampled, lately=lately) is asking


@pytest.mark.parametrize(
    ("asked", "put", "reminded", "closed"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00", "2026-11-25 10:00", "2026-11-30 10:00"),
        ("2026-11-23 20:00", "2026-11-24 09:00", "2026-11-26 09:00", "2026-12-01 09:00"),
        ("2026-11-27 16:30", "2026-11-27 16:30", "2026-12-01 16:30", "2026-12-04 16:30"),
        ("2026-11-28 12:00", "2026-11-30 09:00", "2026-12-02 09:00", "2026-12-07 09:00"),
    ],
)
def test_2_8_and_9_when(asked: str, put: str, reminded: str, closed: str) -> None:
    poll = polling.timed(replace(POLL, asked_at=moment(asked)), HOURS)
    assert (poll.put_at, poll.remind_at, poll.close_at) == (moment(put), moment(reminded), moment(closed))


def test_3_what_is_not_put_is_not_reminded_of_and_closes_all_the_same() -> None:
    poll = polling.timed(POLL, HOURS, put=False)
    assert (poll.put_at, poll.remind_at, poll.close_at) == (None, None, MONDAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("changes", "person", "counts"),
    [({}, ANN, True), ({}, BOB, False), ({}, "", False), ({"closed_at": MONDAY}, ANN, False)],
)
def test_4_whose_vote_counts(changes: dict[str, datetime], person: str, counts: bool) -> None:
    assert polling.counts(replace(POLL, **changes), person) is counts  # type: ignore[arg-type] # its own fields


def test_5_and_6_reasons_go_with_a_bad_vote_and_words_stay() -> None:
    poll = polling.voted(polling.commented(POLL, "slow"), 2, MONDAY)
    poll = polling.ticked(polling.ticked(poll, "timeliness"), "delivery")
    assert (poll.score, poll.voted_at, poll.comment) == (2, MONDAY, "slow")
    assert poll.reasons == ("delivery", "timeliness"), "in the order in which they are offered"
    assert polling.voted(poll, 1, MONDAY).reasons == poll.reasons
    assert polling.ticked(poll, "delivery").reasons == ("timeliness",)
    better = polling.voted(poll, 4, MONDAY)
    assert (better.reasons, better.comment) == ((), "slow")
    none = polling.voted(poll, None, None)
    assert (none.score, none.voted_at, none.reasons, none.comment) == (None, None, (), "slow")


def test_6_other_words_may_not_be_quoted_unasked() -> None:
    poll = replace(polling.commented(POLL, "great"), quotable=True)
    assert polling.commented(poll, "great").quotable
    assert not polling.commented(poll, "well").quotable


@pytest.mark.parametrize("why", Ending)
def test_7_9_and_11_what_is_closed_stays_as_it_is(why: Ending) -> None:
    poll = polling.closed(replace(POLL, score=3, remind_at=MONDAY), why, MONDAY)
    assert (poll.closed_at, poll.closed_why, poll.remind_at, poll.score) == (MONDAY, why, None, 3)
    assert polling.closed(poll, Ending.OVER, MONDAY + MINUTE) == poll


DUE = polling.timed(POLL, HOURS)
AT = moment("2026-11-25 10:00")


@pytest.mark.parametrize(
    ("changes", "now", "away_until", "said", "again_at"),
    [
        ({}, "2026-11-25 10:00", None, True, None),
        ({}, "2026-11-25 12:00", None, True, None),
        ({}, "2026-11-25 18:00", None, False, "2026-11-26 09:00"),
        ({}, "2026-11-28 11:00", None, False, "2026-11-30 09:00"),
        ({}, "2026-11-25 10:00", "2026-11-27 09:00", False, "2026-11-27 09:00"),
        ({}, "2026-11-25 10:00", "2026-11-30 10:00", False, None),
        ({}, "2026-11-30 10:00", None, False, None),
        ({"score": 4}, "2026-11-25 10:00", None, False, None),
        ({"comment": "fine"}, "2026-11-25 10:00", None, False, None),
        ({"closed_at": MONDAY}, "2026-11-25 10:00", None, False, None),
        ({"reminded_at": MONDAY}, "2026-11-25 10:00", None, False, None),
    ],
)
def test_8_what_a_reminder_does_that_is_due(
    changes: dict[str, object], now: str, away_until: str | None, said: bool, again_at: str | None
) -> None:
    poll = replace(DUE, **changes)  # type: ignore[arg-type] # its own fields
    after = polling.reminded(poll, HOURS, moment(away_until) if away_until else None, moment(now))
    assert (after.reminded_at == moment(now)) is said
    assert after.remind_at == (moment(again_at) if again_at else None)


@pytest.mark.parametrize("privacy", Privacy)
@pytest.mark.parametrize("score", [None, 1, 2, 3, 4, 5])
def test_10_and_11_what_follows_a_vote(privacy: Privacy, score: int | None) -> None:
    poll = polling.timed(replace(POLL, privacy=privacy, score=score), HOURS)
    named = privacy is not Privacy.ANONYMOUS
    assert (poll.remind_at is not None) is named
    assert polling.is_bad(poll) is (score in (1, 2))
    assert polling.opens_recovery(poll) is (named and score in (1, 2))


def test_11_the_one_that_asks_once_more() -> None:
    first = replace(DUE, score=1, comment="no", privacy=Privacy.CONFIDENTIAL, closed_at=AT)
    again = polling.timed(polling.again(first, AT), HOURS)
    assert again.again
    assert (again.person, again.resolver, again.team, again.service) == (ANN, BOB, "flowers", "bouquets")
    assert (again.score, again.comment, again.closed_at) == (None, "", None)
    assert again.privacy is Privacy.CONFIDENTIAL
    assert again.remind_at is None, "who was asked twice is not reminded"
    assert not polling.opens_recovery(replace(again, score=1)), "nobody is asked a third time"
