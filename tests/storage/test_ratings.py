from collections import Counter
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage import anonymous, numbers, posts, ratings, requests
from storage.database import Database
from storage.records import AnonymousVote, Poll, PostKind, Privacy, Recovery
from tests.storage.test_requests import ANN, BOB, NOW, ORG, a_request

HOUR = timedelta(hours=1)


def at(hours: int) -> datetime:
    return NOW + hours * HOUR


def a_poll(
    database: Database, number: int = 1, resolution: int = 1, when: int = 0, put: bool = True, **more: Any
) -> Poll:
    """A poll; with the message that asks, when it is `put`."""

    def unit(tx: Connection) -> Poll:
        poll = ratings.open_poll(tx, ORG, Poll(0, number, resolution, ANN, BOB, at(when), **more))
        if put:
            key = f"poll:{number}:{resolution}"
            posts.owe(tx, ORG, key, PostKind.POLL, ANN, at(when), number=number, ref=str(poll.id))
        return poll

    return database.submit(unit).result()


def change(database: Database, poll: Poll, **changes: Any) -> Poll:
    """Keep a poll with changes in it, as whoever holds it does."""

    def unit(tx: Connection) -> Poll:
        after = replace(ratings.hold(tx, ORG, poll.id), **changes)
        ratings.keep(tx, ORG, after)
        return after

    return database.submit(unit).result()


# put or taken off: face, hour
STORIES = [
    ("", None),
    ("+3@1", 3),
    ("+3@1 +5@2", 5),
    ("+3@1 +5@2 -5@3", 3),
    ("+3@1 -3@2", None),
    ("+3@1 +5@2 -3@3", 5),
    ("+3@1 -3@2 +3@3", 3),
    ("-3@1 +3@2", 3),
    ("+3@1 +3@2 -3@3 +4@4", 4),
]


@pytest.mark.parametrize(("story", "score"), STORIES)
def test_the_vote_in_whichever_order_it_is_told(kept: Database, story: str, score: int | None) -> None:
    orders = list(permutations(story.split()))
    for number, order in enumerate(orders, 1):
        poll = a_poll(kept, number)

        def cast(tx: Connection, poll: Poll = poll, order: tuple[str, ...] = order) -> int | None:
            for event in order:
                face, hour = event[1:].split("@")
                ratings.cast(tx, ORG, poll.id, face, int(face), at(int(hour)), event[0] == "+")
            standing = ratings.standing(tx, ORG, poll.id)
            return standing[0] if standing else None

        assert kept.submit(cast).result() == score, order


def test_told_twice_is_told_once(kept: Database) -> None:
    poll = a_poll(kept)

    def cast(tx: Connection) -> tuple[int, datetime] | None:
        ratings.cast(tx, ORG, poll.id, "star", 5, at(1), True)
        ratings.cast(tx, ORG, poll.id, "star", 5, at(1), True)
        return ratings.standing(tx, ORG, poll.id)

    assert kept.submit(cast).result() == (5, at(1))


@pytest.mark.parametrize("marks", [("star", "star"), ("star", "rage")])
def test_two_reactions_at_once(kept: Database, marks: tuple[str, str]) -> None:
    """Whoever counts last has seen both: the later one stands."""
    poll = a_poll(kept)
    both = Barrier(2)

    def cast(mark: str, hour: int) -> Future[None]:
        def unit(tx: Connection) -> None:
            if tx.dialect.name == "postgresql":
                both.wait(5)
            held = ratings.hold(tx, ORG, poll.id)
            ratings.cast(tx, ORG, poll.id, mark, hour, at(hour), True)
            score, voted_at = ratings.standing(tx, ORG, poll.id) or (None, None)
            ratings.keep(tx, ORG, replace(held, score=score, voted_at=voted_at))

        return kept.submit(unit)

    for told in [cast(marks[0], 1), cast(marks[1], 2)]:
        told.result(10)
    found = kept.read(lambda tx: ratings.get(tx, ORG, poll.id)).result()
    assert found is not None
    assert (found.score, found.voted_at) == (2, at(2))


def test_one_poll_for_each_resolution(kept: Database) -> None:
    first, second = a_poll(kept), a_poll(kept, resolution=2)
    assert kept.read(lambda tx: ratings.latest(tx, ORG, 1)).result() == second
    assert kept.read(lambda tx: ratings.get(tx, ORG, first.id)).result() == first
    assert kept.read(lambda tx: ratings.latest(tx, ORG, 9)).result() is None
    with pytest.raises(IntegrityError):
        a_poll(kept)


def test_the_answer_is_kept_as_it_stands(kept: Database) -> None:
    poll = a_poll(kept, team="flowers", service="bouquets", privacy=Privacy.CONFIDENTIAL, remind_at=at(3))
    answer: dict[str, Any] = {
        "score": 1,
        "voted_at": at(1),
        "comment": "slow",
        "reasons": ("timeliness",),
        "remind_at": None,
        "reminded_at": at(3),
        "closed_at": at(4),
        "closed_why": "over",
        "quotable": True,
    }
    change(kept, poll, **answer)
    assert kept.read(lambda tx: ratings.get(tx, ORG, poll.id)).result() == replace(poll, **answer)


def test_what_is_frozen_stays(kept: Database) -> None:
    poll = a_poll(kept, team="flowers")
    change(kept, poll, team="drivers", resolver=ANN, person=BOB, privacy=Privacy.ANONYMOUS)
    assert kept.read(lambda tx: ratings.get(tx, ORG, poll.id)).result() == poll


def test_the_one_that_asks_once_more(kept: Database) -> None:
    first, again = a_poll(kept), a_poll(kept, resolution=-1, when=3)
    assert kept.read(lambda tx: ratings.latest(tx, ORG, 1)).result() == first
    assert kept.read(lambda tx: ratings.second(tx, ORG, first)).result() == again
    assert kept.read(lambda tx: ratings.open_of(tx, ORG, 1)).result() == [first, again]
    assert again.again
    assert not first.again


def test_overdue(kept: Database) -> None:
    """What the release before asked has no time of its own: it is over when it is old."""
    early, late = a_poll(kept, 1), a_poll(kept, 2, when=2)
    waits = a_poll(kept, 4, close_at=at(4))
    change(kept, a_poll(kept, 3), closed_at=at(1))

    def overdue(before: int, now: int) -> list[Poll]:
        return kept.read(lambda tx: ratings.overdue(tx, ORG, at(before), at(now))).result()

    assert overdue(0, 9) == []
    assert overdue(1, 4) == [early]
    assert overdue(1, 5) == [early, waits]
    assert overdue(3, 5) == [early, waits, late]


def test_reminders_that_are_due(kept: Database) -> None:
    late, early = a_poll(kept, 1, remind_at=at(3)), a_poll(kept, 2, remind_at=at(1))
    a_poll(kept, 3)
    assert kept.read(lambda tx: ratings.to_remind_of(tx, ORG, at(0), 9)).result() == []
    assert kept.read(lambda tx: ratings.to_remind_of(tx, ORG, at(3), 9)).result() == [early, late]
    assert kept.read(lambda tx: ratings.to_remind_of(tx, ORG, at(3), 1)).result() == [early]


ANON: dict[str, Any] = {"team": "flowers", "service": "bouquets", "privacy": Privacy.ANONYMOUS}


def sealed(kept: Database, number: int, score: int | None, week: str, **more: Any) -> Poll | None:
    """An anonymous poll that was put, answered, and closed."""
    reasons = more.pop("reasons", ())
    poll = a_poll(kept, number, put=more.pop("put", True), **{**ANON, **more})
    poll = change(kept, poll, score=score, voted_at=score and at(1), reasons=reasons)

    def seal(tx: Connection) -> Poll | None:
        if post := posts.by_key(tx, ORG, f"poll:{number}:1"):
            posts.settle(tx, ORG, post, message="m", due_at=None)
        ratings.cast(tx, ORG, poll.id, "star", poll.score or 3, at(1), True)
        ratings.keep(tx, ORG, replace(poll, closed_at=at(2)))
        ratings.seal(tx, ORG, replace(poll, closed_at=at(2)), week, 5)
        assert ratings.standing(tx, ORG, poll.id) is None
        return ratings.get(tx, ORG, poll.id)

    return kept.submit(seal).result()


def counted(kept: Database, week: str) -> list[tuple[str, int | None]]:
    """The services and scores of a week."""
    found = kept.read(lambda tx: anonymous.of_week(tx, ORG, week)).result()
    return [(vote.service, vote.score) for vote in found]


def test_anonymous_votes_are_a_week_s_when_their_polls_close(kept: Database) -> None:
    """With equal ones they are a number; of who answered what nothing is left."""
    for number, score in enumerate((5, 1, 5, None), 1):
        left = sealed(kept, number, score, "2026-W48", reasons=("attitude",) if score == 1 else ())
        assert left is not None
        assert (left.score, left.voted_at, left.reasons, left.closed_at) == (None, None, (), at(2))
    found = kept.read(lambda tx: anonymous.of_week(tx, ORG, "2026-W48")).result()
    silent, bad, great = (
        AnonymousVote("flowers", "bouquets", "2026-W48", score, reasons)
        for score, reasons in ((None, ()), (1, ("attitude",)), (5, ()))
    )
    assert found == [silent, bad, great, great]
    assert counted(kept, "2026-W47") == []


@pytest.mark.parametrize(
    ("first", "second", "stay"),
    [
        ((5,), (4,), False),  # the only vote of its week waits for company
        ((5, 4, 3, 2), (1,), False),
        ((5, 4, 3, 2, 1), (1,), True),
        ((5, 4, 3, 2, None), (1,), False),  # who did not answer is no company
        ((None, None), (5,), False),
        ((5, 4, 3, 2, 1, None), (None,), True),
    ],
)
def test_too_few_anonymous_votes_are_carried_on(
    kept: Database, first: tuple[int | None, ...], second: tuple[int | None, ...], stay: bool
) -> None:
    for number, score in enumerate(first, 1):
        sealed(kept, number, score, "2026-W48")
    sealed(kept, 70, 3, "2026-W48", service="pay")
    for number, score in enumerate(second, 50):
        sealed(kept, number, score, "2026-W50")
    theirs = [score for service, score in counted(kept, "2026-W48") if service == "bouquets"]
    later = [score for service, score in counted(kept, "2026-W50")]
    assert Counter(theirs) == Counter(first if stay else ())
    assert Counter(later) == Counter(second if stay else first + second)
    assert ("pay", 3) in counted(kept, "2026-W48"), "another service is none of its business"


def test_what_was_never_asked_is_not_counted(kept: Database) -> None:
    sealed(kept, 1, None, "2026-W48", put=False)
    sealed(kept, 2, 4, "2026-W48", put=False)
    assert counted(kept, "2026-W48") == [("bouquets", 4)], "but for who answered all the same"


def test_an_anonymous_vote_is_told_to_nobody_while_its_poll_is_open(kept: Database) -> None:
    change(kept, a_poll(kept, **ANON), score=2, voted_at=at(1), reasons=("attitude",))
    assert kept.read(lambda tx: numbers.asked(tx, ORG, at(0), at(9))).result() == []
    assert kept.read(lambda tx: ratings.recoveries(tx, ORG, at(0), at(9))).result() == []


@pytest.mark.parametrize(
    ("first", "second", "next_one", "recovered"),
    [
        (1, None, None, False),
        (1, 3, None, False),
        (2, 4, None, True),
        (2, None, 5, True),
        (2, 3, 5, False),
        (1, None, 2, False),
    ],
)
def test_the_second_vote_says_whether_it_recovered(
    kept: Database, first: int, second: int | None, next_one: int | None, recovered: bool
) -> None:
    bad = change(kept, a_poll(kept), score=first)
    if second:
        change(kept, a_poll(kept, resolution=-1), score=second)
    if next_one:
        change(kept, a_poll(kept, resolution=2, when=5), score=next_one)
    change(kept, a_poll(kept, 2), score=5)
    (found,) = kept.read(lambda tx: ratings.recoveries(tx, ORG, at(0), at(1))).result()
    assert (found.poll, found.second, found.recovered) == (bad, second or next_one, recovered)
    assert not found.made_good


def test_a_recovery_is_opened_once(kept: Database) -> None:
    poll = a_poll(kept)
    assert kept.submit(lambda tx: ratings.open_recovery(tx, ORG, poll, at(1), at(8))).result()
    assert not kept.submit(lambda tx: ratings.open_recovery(tx, ORG, poll, at(2), at(9))).result()
    opened = Recovery(poll.id, 1, at(1), at(8))
    assert kept.read(lambda tx: ratings.recovery(tx, ORG, poll.id)).result() == opened
    assert kept.read(lambda tx: ratings.to_check(tx, ORG, at(7), 9)).result() == []
    assert kept.read(lambda tx: ratings.to_check(tx, ORG, at(8), 9)).result() == [opened]
    kept.submit(lambda tx: ratings.change_recovery(tx, ORG, poll.id, check_at=None, what="new one")).result()
    assert kept.read(lambda tx: ratings.to_check(tx, ORG, at(9), 9)).result() == []
    assert kept.read(lambda tx: ratings.recovery(tx, ORG, 99)).result() is None


@pytest.mark.parametrize(
    ("events", "score"),
    [
        ([("3", True), ("3", False)], None),
        ([("3", False), ("3", True)], None),
        ([("3", True), ("3", True)], 3),
    ],
)
def test_at_the_same_moment_what_was_taken_off_stays_off(
    kept: Database, events: list[tuple[str, bool]], score: int | None
) -> None:
    poll = a_poll(kept)

    def unit(tx: Connection) -> int | None:
        for face, present in events:
            ratings.cast(tx, ORG, poll.id, face, int(face), at(1), present)
        standing = ratings.standing(tx, ORG, poll.id)
        return standing[0] if standing else None

    assert kept.submit(unit).result() == score


def test_everything_is_taken_off_at_once(kept: Database) -> None:
    poll = a_poll(kept)

    def unit(tx: Connection) -> list[int | None]:
        found: list[int | None] = []
        for face, hour in (("3", 1), ("4", 2), ("5", 9)):
            ratings.cast(tx, ORG, poll.id, face, int(face), at(hour), True)
            ratings.take_off(tx, ORG, poll.id, at(4))
            standing = ratings.standing(tx, ORG, poll.id)
            found.append(standing[0] if standing else None)
        return found

    assert kept.submit(unit).result() == [None, None, 5], "what is put later counts again"


def test_only_what_was_asked_or_answered_counts(kept: Database) -> None:
    def filed(tx: Connection) -> None:
        for number in (1, 2, 3):
            requests.add(tx, ORG, a_request(number))

    kept.submit(filed).result()
    _, _, typed = a_poll(kept, 1), a_poll(kept, 2, put=False), a_poll(kept, 3, put=False)
    typed = change(kept, typed, score=4, voted_at=at(1))
    assert kept.read(lambda tx: ratings.asked_since(tx, ORG, ANN, at(0))).result() == 1
    assert kept.read(lambda tx: ratings.asked_since(tx, ORG, ANN, at(1))).result() == 0
    assert kept.read(lambda tx: ratings.asked_since(tx, ORG, BOB, at(0))).result() == 0
    given = kept.read(lambda tx: numbers.asked(tx, ORG, at(0), at(1))).result()
    assert [poll.score for poll in given] == [None, 4]


@pytest.mark.parametrize(
    ("message", "error", "asked"),
    [(None, "", 1), ("slack:UANN/1", "", 1), (None, "not met", 0), ("slack:UANN/1", "not met", 1)],
)
def test_who_could_not_be_asked_was_not_asked(
    kept: Database, message: str | None, error: str, asked: int
) -> None:
    a_poll(kept)

    def unit(tx: Connection) -> int:
        post = posts.by_key(tx, ORG, "poll:1:1")
        assert post is not None
        posts.settle(tx, ORG, post, message=message, due_at=None, error=error)
        return ratings.asked_since(tx, ORG, ANN, at(0))

    assert kept.submit(unit).result() == asked


def test_unanswered(kept: Database) -> None:
    polls = [a_poll(kept, number, when=number) for number in range(4)]
    change(kept, polls[1], closed_at=at(5))
    change(kept, polls[2], score=4)
    assert [
        poll.number for poll in kept.read(lambda tx: ratings.unanswered(tx, ORG, ANN, at(0))).result()
    ] == [0, 3]
    assert kept.read(lambda tx: ratings.unanswered(tx, ORG, ANN, at(4))).result() == []
    assert kept.read(lambda tx: ratings.unanswered(tx, ORG, BOB, at(0))).result() == []


def test_handed_over(kept: Database) -> None:
    poll = a_poll(kept)
    kept.submit(lambda tx: ratings.hand_over(tx, ORG, ANN, BOB)).result()
    assert kept.read(lambda tx: ratings.get(tx, ORG, poll.id)).result() == replace(poll, person=BOB)
