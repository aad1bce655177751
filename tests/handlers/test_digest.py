"""A week worked by hand. It ends on Monday the 30th of November at nine; working time is nine to five."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from handlers import digest
from handlers.digest import Week, latest_due, satisfaction, wilson
from handlers.house import Subscription
from handlers.notices import Answer, Digest
from handlers.words import plain
from storage import posts, ratings, requests
from storage.records import Poll, PostKind, Status
from storage.types import WallTime
from tests.handlers.office import ANN, BOB, CAT, HOUSE, LEA, MONDAY, ZONE, Office, a_request, moment

END = moment("2026-11-30 09:00")
CHANNEL = "slack:C7"
WEEKLY = Subscription(CHANNEL, 0, time(9), ZONE)

# E. B. Wilson's interval, 95 %: the first four from R. G. Newcombe, Statistics in Medicine 17 (1998),
# 857-872, table I, method 3; the last three by hand, where it is short: z²/(n + z²) and 1/2 ± z/(2√(n + z²)).
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
    (0, 10, 0.0000, 0.2775),
    (10, 10, 0.7225, 1.0000),
    (5, 10, 0.2366, 0.7634),
]


@pytest.mark.parametrize(("happy", "votes", "low", "high"), PUBLISHED)
def test_the_interval_is_wilson_s(happy: int, votes: int, low: float, high: float) -> None:
    assert wilson(happy, votes) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 10_000).flatmap(lambda votes: st.tuples(st.integers(0, votes), st.just(votes))))
def test_the_interval_contains_the_share_and_mirrors(votes: tuple[int, int]) -> None:
    happy, of = votes
    low, high = wilson(happy, of)
    assert 0 <= low <= happy / of + 1e-12
    assert happy / of - 1e-12 <= high <= 1
    assert wilson(of - happy, of) == pytest.approx((1 - high, 1 - low))


def poll(score: int | None, number: int = 1, **more: Any) -> Poll:
    return Poll(number, number, 1, ANN, BOB, END - timedelta(days=1), score=score, **more)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], "nobody was asked"),
        ([None, None], "too few votes to say (0 of 2 answered)"),
        ([5, 5, 5, 5, None], "too few votes to say (4 of 5 answered)"),
        ([5, 5, 4, 2, 1], "60% (5 of 5 answered; 95% interval 23% to 88%)"),  # 3 of 5: 0.231 to 0.882
        ([5, 4, 4, 4, 4, None], "100% (5 of 6 answered; 95% interval 57% to 100%)"),
        ([3] * 10, "0% (10 of 10 answered; 95% interval 0% to 28%)"),
    ],
)
def test_satisfaction_is_never_without_its_votes(scores: list[int | None], said: str) -> None:
    polls = tuple(poll(score, number) for number, score in enumerate(scores, 1))
    assert satisfaction(Week(END, END, (), (), polls, 0)) == said


@pytest.mark.parametrize(
    ("weekday", "at", "zone", "now", "due"),
    [
        # On the stroke, a second before, and after a week of rest.
        (0, "09:00", ZONE, "2026-11-23 09:00", "2026-11-23 09:00"),
        (0, "09:00", ZONE, "2026-11-23 08:59", "2026-11-16 09:00"),
        (0, "09:00", ZONE, "2026-11-29 23:00", "2026-11-23 09:00"),
        (4, "16:30", ZONE, "2026-11-26 12:00", "2026-11-20 16:30"),
        (6, "00:00", ZONE, "2026-11-29 00:00", "2026-11-29 00:00"),
        # In spring and in autumn the wall shows nine all the same.
        (0, "09:00", ZONE, "2026-03-30 09:00", "2026-03-30 09:00"),
        (0, "09:00", ZONE, "2026-03-30 08:59", "2026-03-23 09:00"),
        (0, "09:00", ZONE, "2026-10-26 09:00", "2026-10-26 09:00"),
        (0, "09:00", ZONE, "2026-10-26 08:59", "2026-10-19 09:00"),
        # Half past two is skipped in spring: it is half past three; in autumn it is shown twice.
        (6, "02:30", ZONE, "2026-03-29 03:29", "2026-03-22 02:30"),
        (6, "02:30", ZONE, "2026-03-29 03:30", "2026-03-29 03:30"),
        (6, "02:30", ZONE, "2026-10-25 02:30", "2026-10-25 02:30"),
        # Elsewhere it is another day already, or still.
        (0, "09:00", "Pacific/Auckland", "2026-11-22 20:59", "2026-11-15 21:00"),
        (0, "09:00", "Pacific/Auckland", "2026-11-22 21:00", "2026-11-22 21:00"),
        (0, "09:00", "America/New_York", "2026-11-23 14:59", "2026-11-16 15:00"),
        (0, "09:00", "America/New_York", "2026-11-23 15:00", "2026-11-23 15:00"),
        # Between Europe's change and America's, New York is five hours behind, not six.
        (0, "09:00", "America/New_York", "2026-10-26 14:00", "2026-10-26 14:00"),
        (0, "09:00", "America/New_York", "2026-10-26 13:59", "2026-10-19 15:00"),
    ],
)
def test_when_it_was_last_due(weekday: int, at: str, zone: str, now: str, due: str) -> None:
    subscription = Subscription(CHANNEL, weekday, time.fromisoformat(at), zone)
    assert latest_due(subscription, moment(now)) == moment(due)


subscriptions = st.builds(
    Subscription,
    st.just(CHANNEL),
    st.integers(0, 6),
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
    st.sampled_from(
        [ZONE, "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
    ),
)
instants = st.integers(0, 60 * 24 * 400).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(subscriptions, instants)
def test_it_is_due_once_a_week_by_the_wall_clock(subscription: Subscription, now: datetime) -> None:
    due = latest_due(subscription, now)
    assert due <= now < due + timedelta(days=7, hours=2)
    assert latest_due(subscription, due) == due
    local = WallTime.at(due, subscription.zone).local
    assert local.weekday() == subscription.weekday
    before = latest_due(subscription, due - timedelta(microseconds=1))
    assert abs(due - before - timedelta(days=7)) <= timedelta(hours=1)


@pytest.fixture
def office() -> Iterator[Office]:
    with Office(house=replace(HOUSE, digests=(WEEKLY,)), at=END) as office:
        yield office


class Week48:
    """Puts a week into an office.

    #   filed       response  resolved     target  promise   in the week
    1   Mon 10:00   +1 h      Mon 12:00    made    kept      filed, resolved in 2 h
    2   Mon 10:00   +3 h      Tue 10:00    made    broken    filed, resolved in 8 h
    3   Fri 16:00   +2 h      Mon 11:00    missed  none      filed before, resolved in 3 h
    4   Wed 10:00   none      open                           filed, late on Friday
    5   Fri 20th    none      open                           filed before
    6   Mon 10:00   +1 h      Mon 12:00    private           not counted
    7   Mon 10:00   none      open         private           not counted
    8   Mon 30th 9  none      open                           the next week's: filed at its first moment
    9   Mon 16th    +1 h      Mon 16 12:00                   the week before
    """

    def __init__(self, tx: Connection, org: str) -> None:
        self.tx, self.org, self.ids = tx, org, count(1)
        self.done(1, "2026-11-23 10:00", "11:00", "2026-11-23 12:00", promise="2026-11-23 12:00")
        self.done(2, "2026-11-23 10:00", "13:00", "2026-11-24 10:00", promise="2026-11-24 09:59")
        self.done(3, "2026-11-20 16:00", "2026-11-23 10:00", "2026-11-23 11:00", by="2026-11-23 10:59")
        self.open(4, "2026-11-25 10:00", resolve_by=moment("2026-11-27 12:00"))
        self.open(5, "2026-11-20 10:00", resolve_by=moment("2026-12-20 10:00"))
        self.done(6, "2026-11-23 10:00", "11:00", "2026-11-23 12:00", private=True)
        self.open(7, "2026-11-23 10:00", private=True, resolve_by=moment("2026-11-24 10:00"))
        self.open(8, "2026-11-30 09:00", resolve_by=moment("2026-12-20 10:00"))
        self.done(9, "2026-11-16 10:00", "11:00", "2026-11-16 12:00")
        for number, score, resolver in ((1, 5, BOB), (2, 2, CAT), (3, 4, BOB), (6, 1, LEA), (9, 5, BOB)):
            self.vote(number, score, resolver)

    def open(self, number: int, filed: str, **more: Any) -> None:
        at = moment(filed)
        requests.add(
            self.tx, self.org, a_request(number=number, title=f"t{number}", filed_at=at, moved_at=at, **more)
        )

    def done(
        self,
        number: int,
        filed: str,
        responded: str,
        resolved: str,
        by: str = "2026-12-20 10:00",
        **more: Any,
    ) -> None:
        at = moment(resolved)
        responded = responded if "-" in responded else f"{filed[:10]} {responded}"
        promise = more.pop("promise", None)
        self.open(
            number,
            filed,
            status=Status.RESOLVED,
            owner=BOB,
            responded_at=moment(responded),
            resolved_at=at,
            ended_at=at,
            ended_by=BOB,
            resolutions=1,
            resolve_by=moment(by),
            promise=WallTime.at(moment(promise), ZONE) if promise else None,
            **more,
        )

    def vote(self, number: int, score: int, resolver: str) -> None:
        request = requests.get(self.tx, self.org, number)
        assert request is not None
        assert request.resolved_at is not None
        asked = ratings.open_poll(self.tx, self.org, number, 1, ANN, resolver, request.resolved_at)
        low = ("timeliness",) if score <= 2 else ()
        ratings.mark(
            self.tx, self.org, asked.id, score=score, voted_at=request.resolved_at, comment="", reasons=low
        )


@pytest.fixture
def busy(office: Office) -> Office:
    office.keep(lambda tx: Week48(tx, office.house.org))
    return office


def composed(office: Office) -> Digest:
    return office.keep(lambda tx: digest.compose(tx, office.house, END))


def test_the_numbers_of_the_week(busy: Office) -> None:
    figures = {figure.label: (figure.value, figure.before) for figure in composed(busy).figures}
    assert figures == {
        "Filed": ("3", "3"),  # 1, 2, 4; the week before: 3, 5, 9
        "Resolved": ("3", "1"),  # 1, 2, 3; 9
        "Open at the end": ("2", "2"),  # 4, 5; on the 23rd at nine: 3, 5
        "First response, median": ("2 h 00 min", "1 h 00 min"),  # 1, 3 and 2 working hours; 1
        "Resolution, median": ("3 h 00 min", "2 h 00 min"),  # 2, 8 and 3; 2
        "On target": ("2 of 3", "1 of 1"),
        "Promises kept": ("1 of 2", ""),
        "Satisfaction": ("too few votes to say (3 of 3 answered)", "too few votes to say"),
    }


def test_the_words_of_the_week(busy: Office) -> None:
    week = composed(busy)
    assert week.title == "The week to Monday 30 November 2026"
    assert plain(week.summary) == "3 requests came in and 3 were resolved. 1 request is late."
    assert [row.number for row in week.late] == [4]
    assert 5 in [row.number for row in week.oldest]
    assert 7 not in [row.number for row in (*week.late, *week.oldest)]
    assert plain(week.thanks) == "Thanks to Bob."
    assert plain(week.shortfalls) == "Fell short most: timeliness (1)."


def test_nothing_of_a_private_request(busy: Office) -> None:
    everything = repr(composed(busy))
    assert "t6" not in everything
    assert "t7" not in everything
    assert "Lea" not in everything, "nor who was rated for one"


def test_owed_once_and_posted_in_its_channel(busy: Office) -> None:
    for _ in range(3):
        busy.sweep()
        busy.now += timedelta(hours=1)
    said = [place for place, notice in busy.deliver() if isinstance(notice, Digest)]
    assert said == [CHANNEL]
    assert busy.post(f"digest:{CHANNEL}:2026-W49").due_at is None


def test_after_weeks_of_rest_only_the_latest(busy: Office) -> None:
    busy.sweep()
    busy.now += timedelta(days=21)
    busy.sweep()
    keys = busy.keep(
        lambda tx: [
            key
            for week in range(48, 54)
            if posts.by_key(tx, busy.house.org, key := f"digest:{CHANNEL}:2026-W{week}")
        ]
    )
    assert keys == [f"digest:{CHANNEL}:2026-W49", f"digest:{CHANNEL}:2026-W52"]


def test_the_year_s_last_week_has_its_own_year(office: Office) -> None:
    office.now = moment("2027-01-01 12:00")  # the Friday of 2026's week 53
    office.keep(lambda tx: digest.owe(tx, office.house, replace(WEEKLY, weekday=4), office.now))
    assert office.post(f"digest:{CHANNEL}:2026-W53").kind is PostKind.DIGEST


def test_an_empty_week_posts_nothing(office: Office) -> None:
    office.sweep()
    assert office.deliver() == []
    assert office.post(f"digest:{CHANNEL}:2026-W49").due_at is None


def test_the_preview_is_of_the_last_seven_days(busy: Office) -> None:
    shown = busy.say(LEA, "digest")
    assert isinstance(shown, Digest)
    assert shown.figures[0].value == "3"
    busy.now += timedelta(days=30)
    assert isinstance(busy.say(LEA, "digest"), Answer)
