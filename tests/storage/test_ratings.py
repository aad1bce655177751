from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from threading import Barrier

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage import posts, ratings
from storage.database import Database
from storage.records import Poll, PostKind
from tests.storage.test_requests import ANN, BOB, NOW, ORG

HOUR = timedelta(hours=1)


def at(hours: int) -> datetime:
    return NOW + hours * HOUR


def a_poll(database: Database, number: int = 1, resolution: int = 1, when: int = 0, put: bool = True) -> Poll:
    """A poll; with the message that asks, when it is `put`."""

    def unit(tx: Connection) -> Poll:
        poll = ratings.open_poll(tx, ORG, number, resolution, ANN, BOB, at(when))
        if put:
            key = f"poll:{number}:{resolution}"
            posts.owe(tx, ORG, key, PostKind.POLL, ANN, at(when), number=number, ref=str(poll.id))
        return poll

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
            ratings.cast(tx, ORG, poll.id, mark, hour, at(hour), True)
            score, voted_at = ratings.standing(tx, ORG, poll.id) or (None, None)
            ratings.mark(tx, ORG, poll.id, score=score, voted_at=voted_at, comment="", reasons=())

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
    poll = a_poll(kept)

    def unit(tx: Connection) -> Poll | None:
        ratings.mark(tx, ORG, poll.id, score=1, voted_at=at(1), comment="slow", reasons=("timeliness",))
        ratings.close(tx, ORG, poll.id, at(2))
        ratings.close(tx, ORG, poll.id, at(3))
        return ratings.get(tx, ORG, poll.id)

    assert kept.submit(unit).result() == replace(
        poll, score=1, voted_at=at(1), comment="slow", reasons=("timeliness",), closed_at=at(2)
    )


def test_overdue(kept: Database) -> None:
    early, late = a_poll(kept, 1), a_poll(kept, 2, when=2)
    closed = a_poll(kept, 3)
    kept.submit(lambda tx: ratings.close(tx, ORG, closed.id, at(1))).result()
    assert kept.read(lambda tx: ratings.overdue(tx, ORG, at(0))).result() == []
    assert kept.read(lambda tx: ratings.overdue(tx, ORG, at(2))).result() == [early]
    assert kept.read(lambda tx: ratings.overdue(tx, ORG, at(3))).result() == [early, late]


def test_only_what_was_asked_or_answered_counts(kept: Database) -> None:
    asked, silent, typed = a_poll(kept, 1), a_poll(kept, 2, put=False), a_poll(kept, 3, put=False)
    kept.submit(
        lambda tx: ratings.mark(tx, ORG, typed.id, score=4, voted_at=at(1), comment="", reasons=())
    ).result()
    assert kept.read(lambda tx: ratings.asked_since(tx, ORG, ANN, at(0))).result() == 1
    assert kept.read(lambda tx: ratings.asked_since(tx, ORG, ANN, at(1))).result() == 0
    assert kept.read(lambda tx: ratings.asked_since(tx, ORG, BOB, at(0))).result() == 0
    given = kept.read(lambda tx: ratings.asked_between(tx, ORG, at(0), at(1))).result()
    assert [poll.id for poll in given] == [asked.id, typed.id]
    assert silent.id not in [poll.id for poll in given]


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

    def unit(tx: Connection) -> list[Poll]:
        ratings.close(tx, ORG, polls[1].id, at(5))
        ratings.mark(tx, ORG, polls[2].id, score=4, voted_at=at(5), comment="", reasons=())
        return ratings.unanswered(tx, ORG, ANN, at(0))

    assert [poll.number for poll in kept.submit(unit).result()] == [0, 3]
    assert kept.read(lambda tx: ratings.unanswered(tx, ORG, ANN, at(4))).result() == []
    assert kept.read(lambda tx: ratings.unanswered(tx, ORG, BOB, at(0))).result() == []


def test_handed_over(kept: Database) -> None:
    poll = a_poll(kept)
    kept.submit(lambda tx: ratings.hand_over(tx, ORG, ANN, BOB)).result()
    assert kept.read(lambda tx: ratings.get(tx, ORG, poll.id)).result() == replace(poll, person=BOB)
