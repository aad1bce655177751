"""A week worked by hand, Monday the 23rd to Sunday the 29th of November; working time is nine to five.

Its digest is due on Monday the 30th at nine.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from handlers import digest, figures, numbers
from handlers.digest import whole_days
from handlers.house import Subscription
from handlers.notices import Answer, Digest, Listing, Notice, TrendWeek
from handlers.numbers import wilson
from handlers.subscribing import latest_due, owe
from handlers.words import plain
from storage import catalogue, posts, ratings, requests
from storage.records import Poll, PostKind, Privacy, Status, Team
from storage.sums import Sums
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
    votes = tuple(scores.count(score) for score in range(1, 6))
    assert figures.satisfaction(Sums(asked=len(scores), scores=votes)) == said


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
    8   Mon 30th 0  none      open                           the next week's: filed at its first moment
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
        self.open(8, "2026-11-30 00:00", resolve_by=moment("2026-12-20 10:00"))
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

    def vote(self, number: int, score: int, resolver: str, **more: Any) -> None:
        request = requests.get(self.tx, self.org, number)
        assert request is not None
        assert request.resolved_at is not None
        at = request.resolved_at
        asked = ratings.open_poll(self.tx, self.org, Poll(0, number, 1, ANN, resolver, at, **more))
        low = ("timeliness",) if score <= 2 else ()
        ratings.keep(self.tx, self.org, replace(asked, score=score, voted_at=at, reasons=low, **more))


@pytest.fixture
def busy(office: Office) -> Office:
    office.keep(lambda tx: Week48(tx, office.house.org))
    return office


def composed(office: Office, **scope: str) -> Digest:
    span = whole_days(office.house, END, numbers.Scope(**scope))
    found = office.keep(lambda tx: digest.compose(tx, office.house, span))
    assert found is not None
    return found


def test_the_numbers_of_the_week(busy: Office) -> None:
    figures = {figure.label: (figure.value, figure.before) for figure in composed(busy).figures}
    assert figures == {
        "Filed": ("3", "3"),  # 1, 2, 4; the week before: 3, 5, 9
        "Resolved": ("3", "1"),  # 1, 2, 3; 9
        "Open at the end": ("2", "2"),  # 4, 5; on the 23rd at midnight: 3, 5
        "First response": (
            "2 h 00 min (median)",  # 1, 3 and 2 working hours
            "1 h 00 min",  # 1
        ),
        "Resolution": ("3 h 00 min (median)", "2 h 00 min"),  # 2, 8 and 3; 2
        "On target": ("2 of 3", "1 of 1"),
        "Promises kept": ("1 of 2", ""),
        "Reopened": ("0 of 3", "0 of 1"),
        "Satisfaction": ("too few votes to say (3 of 3 answered)", "too few votes to say"),
        "Made good after a low vote": ("0 of 1", ""),
    }


def test_the_words_of_the_week(busy: Office) -> None:
    week = composed(busy)
    assert week.title == "The week to Sunday 29 November 2026"
    assert plain(week.summary) == "3 requests came in and 3 were resolved. 1 request is late."
    assert [row.number for row in week.late] == [4]
    assert [row.number for row in week.oldest] == [5]
    assert plain(week.thanks) == "Thanks to Bob."
    assert plain(week.shortfalls) == "Fell short most: timeliness (1)."


def test_the_weeks_of_the_picture(busy: Office) -> None:
    trend = composed(busy).trend
    assert trend is not None
    assert [(week.filed, week.resolved, week.votes) for week in trend.weeks] == [(3, 1, 1), (3, 3, 3)]
    assert trend.weeks[1] == TrendWeek(moment("2026-11-23 12:00").date(), 3, 3, 2 / 3, None, 3)
    assert trend.sentence == (
        "Week by week, over the last 2 calendar weeks: 3 filed, 1 to 3 resolved, 67% to 100% on target."
    )
    assert trend.words == (
        "2 calendar weeks to 29 November 2026. From 16 Nov: 3 filed, 1 resolved, 100% on target. "
        "From 23 Nov: 3 filed, 3 resolved, 67% on target."
    )


def test_behind_the_numbers_are_their_requests(busy: Office) -> None:
    lines = [button.line for button in composed(busy).buttons]
    assert lines == [
        "digest filed 2026-11-29",
        "digest resolved 2026-11-29",
        "digest missed 2026-11-29",
        "digest broken 2026-11-29",
        "digest late",
        "digest open",
    ]
    assert [numbers_in(busy.say(CAT, line)) for line in lines] == [
        [1, 2, 4],
        [1, 2, 3],
        [3],
        [2],
        [4],
        [5, 4, 8],
    ]
    assert numbers_in(busy.say(CAT, "digest reopened")) == []
    assert numbers_in(busy.say(CAT, "digest filed 1971-01-01")) == []
    assert numbers_in(busy.say(CAT, "digest filed 9998-12-31")) == []


def numbers_in(shown: Notice) -> list[int]:
    assert isinstance(shown, Listing), shown
    return [row.number for row in shown.rows]


def test_nothing_of_a_private_request(busy: Office) -> None:
    everything = repr(composed(busy))
    assert "t6" not in everything
    assert "t7" not in everything
    assert "Lea" not in everything, "nor who was rated for one"


def quoted(office: Office, **more: Any) -> Digest:
    """The week with one more vote in it, as it was given."""

    def unit(tx: Connection) -> None:
        put = Week48(tx, office.house.org)
        put.done(20, "2026-11-24 09:00", "10:00", "2026-11-24 12:00")
        put.vote(20, more.pop("score", 5), CAT, comment="So  quick!\nThanks", **more)

    office.keep(unit)
    return composed(office)


def test_words_that_may_be_shared_stand_beside_whom_they_thank(office: Office) -> None:
    week = quoted(office, quotable=True)
    assert plain(week.thanks) == "Thanks to Bob and Cat."
    assert [plain(words) for words in week.quotes] == ["About Cat: “So quick! Thanks”"]
    assert "Ann" not in repr((week.thanks, week.quotes)), "never who wrote them"


@pytest.mark.parametrize(
    ("more", "thanked"),
    [
        ({"quotable": False}, "Thanks to Bob and Cat."),
        ({"quotable": True, "score": 3}, "Thanks to Bob."),
        ({"quotable": True, "privacy": Privacy.CONFIDENTIAL}, "Thanks to Bob."),
        ({"quotable": True, "privacy": Privacy.ANONYMOUS}, "Thanks to Bob."),
    ],
)
def test_other_words_are_not(office: Office, more: dict[str, Any], thanked: str) -> None:
    week = quoted(office, **more)
    assert plain(week.thanks) == thanked
    assert week.quotes == ()
    assert "quick" not in repr(week)


def test_of_a_team_alone(busy: Office) -> None:
    def unit(tx: Connection) -> None:
        catalogue.keep_team(tx, "main", Team("flowers", "Flowers", members=(CAT,)))
        catalogue.count_up(tx, "main")
        put = Week48(tx, "other")
        put.org = "main"
        put.done(30, "2026-11-24 09:00", "10:00", "2026-11-24 12:00", team="flowers")

    busy.keep(unit)
    week = composed(busy, team="flowers")
    assert week.title == "Flowers: the week to Sunday 29 November 2026"
    assert [figure.value for figure in week.figures[:3]] == ["1", "1", "0"]
    assert (week.late, week.oldest) == ((), ())
    assert [button.line for button in week.buttons] == [
        "digest filed 2026-11-29 team flowers",
        "digest resolved 2026-11-29 team flowers",
    ]
    assert numbers_in(busy.say(CAT, week.buttons[1].line)) == [30]


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
    office.keep(lambda tx: owe(tx, office.house, replace(WEEKLY, weekday=4), office.now))
    assert office.post(f"digest:{CHANNEL}:2026-W53").kind is PostKind.DIGEST


def test_an_empty_week_posts_nothing(office: Office) -> None:
    office.sweep()
    assert office.deliver() == []
    assert office.post(f"digest:{CHANNEL}:2026-W49").due_at is None


def test_the_preview_is_of_the_last_seven_days(busy: Office) -> None:
    shown = busy.say(LEA, "digest")
    assert isinstance(shown, Digest)
    assert shown.figures[0].value == "4", "and what came in today"
    busy.now += timedelta(days=30)
    assert isinstance(busy.say(LEA, "digest"), Answer)
