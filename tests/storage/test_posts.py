"""The couriers' table: who may say what where, and when."""

from concurrent.futures import Future
from dataclasses import fields, replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import posts
from storage.database import Database
from storage.records import Post, PostKind
from tests.storage.test_requests import ANN, NOW, ORG

SECOND = timedelta(seconds=1)
LEASE = 30 * SECOND
A, B, C = "slack:CA", "slack:CB", "slack:CC"


def run(database: Database, act: Any, *given: Any, **more: Any) -> Any:
    return database.submit(lambda tx: act(tx, ORG, *given, **more)).result()


def owe(
    database: Database,
    key: str,
    place: str = A,
    due: datetime = NOW,
    kind: PostKind = PostKind.NEWS,
    number: int | None = None,
) -> None:
    run(database, posts.owe, key, kind, place, due, number=number)


def claim(database: Database, lease: str = "one", now: datetime = NOW, limit: int = 10) -> list[str]:
    return [post.key for post in take(database, lease, now, limit)]


def take(database: Database, lease: str = "one", now: datetime = NOW, limit: int = 10) -> list[Post]:
    wanted = run(database, posts.owing, now, "", limit)
    found: list[Post] = run(database, posts.claim, wanted, now, now + LEASE, lease)
    return found


def post(database: Database, key: str) -> Post:
    found: Post = run(database, posts.by_key, key)
    return found


def settle(
    database: Database, one: Post, message: str | None = "slack:CA/1", due: datetime | None = None
) -> None:
    run(database, posts.settle, one, message=message, due_at=due)


def release(database: Database, lease: str = "one", free_at: datetime = NOW, place: str = A) -> None:
    run(database, posts.release, place, lease, free_at)


def test_what_goes_in_comes_out(kept: Database) -> None:
    run(kept, posts.owe, "k", PostKind.CARD, A, NOW, number=7, person=ANN, ref="r")
    found = post(kept, "k")
    assert found == Post(found.id, "k", PostKind.CARD, A, 7, ANN, "r", None, NOW)
    settle(kept, found, "slack:CA/9")
    assert post(kept, "k") == replace(found, message="slack:CA/9", due_at=None)
    assert run(kept, posts.by_message, "slack:CA/9") == post(kept, "k")
    assert run(kept, posts.by_message, "slack:CA/8") is None
    assert run(kept, posts.card_in, 7, A) == post(kept, "k")
    assert run(kept, posts.card_in, 7, B) is None
    assert run(kept, posts.of_request, 7) == [post(kept, "k")]
    assert len(fields(Post)) == 12


def test_a_key_is_owed_once(kept: Database) -> None:
    assert run(kept, posts.owe, "k", PostKind.DIGEST, A, NOW) is True
    assert run(kept, posts.owe, "k", PostKind.DIGEST, B, NOW + SECOND) is False
    assert post(kept, "k").place == A
    settle(kept, post(kept, "k"))
    assert run(kept, posts.owe, "k", PostKind.DIGEST, A, NOW) is False, "said is said"
    assert kept.submit(lambda tx: posts.owe(tx, "other", "k", PostKind.NEWS, A, NOW)).result() is True


def test_many_owe_the_same_at_once(kept: Database) -> None:
    together = [
        kept.submit(lambda tx: posts.owe(tx, ORG, "digest:C1:2026-W48", PostKind.DIGEST, A, NOW))
        for _ in range(20)
    ]
    assert sum(one.result(10) for one in together) == 1


def test_a_place_is_served_in_order(kept: Database) -> None:
    for key in ("first", "second", "third"):
        owe(kept, key)
    owe(kept, "elsewhere", B)
    said = []
    for _ in range(3):
        for one in take(kept):
            said.append(one.key)
            settle(kept, one)
            release(kept, place=one.place)
    assert said == ["first", "elsewhere", "second", "third"]
    assert claim(kept) == []


def test_what_is_meant_for_later_waits(kept: Database) -> None:
    owe(kept, "later", due=NOW + SECOND)
    owe(kept, "now")
    assert claim(kept) == ["now"]
    settle(kept, post(kept, "now"))
    release(kept)
    assert claim(kept) == []
    assert claim(kept, now=NOW + SECOND) == ["later"]


def test_what_backs_off_lets_others_pass(kept: Database) -> None:
    owe(kept, "first")
    owe(kept, "second")
    (first,) = take(kept)
    settle(kept, first, None, NOW + LEASE)
    release(kept)
    assert claim(kept) == ["second"]


def test_a_place_is_held_by_one_courier(kept: Database) -> None:
    owe(kept, "k")
    owe(kept, "more")
    assert claim(kept, "one") == ["k"]
    assert claim(kept, "two") == []
    assert claim(kept, "one") == [], "its own lease holds, too"


def test_a_lease_ends_by_itself(kept: Database) -> None:
    """Killed between saying and settling: somebody says it again."""
    owe(kept, "k")
    claim(kept, "one")
    assert claim(kept, "two", NOW + LEASE - SECOND) == []
    assert claim(kept, "two", NOW + LEASE) == ["k"]


def test_only_the_holder_gives_a_place_back(kept: Database) -> None:
    owe(kept, "k")
    claim(kept, "one")
    release(kept, "two")
    assert claim(kept, "two") == []
    claim(kept, "two", NOW + LEASE)
    release(kept, "one", NOW + LEASE)
    assert claim(kept, "three", NOW + LEASE) == [], "who was too slow does not free it for others"
    release(kept, "two", NOW + LEASE)
    assert claim(kept, "three", NOW + LEASE) == ["k"]


def test_a_place_rests(kept: Database) -> None:
    owe(kept, "first")
    owe(kept, "second")
    settle(kept, take(kept)[0])
    release(kept, free_at=NOW + SECOND)
    assert claim(kept) == []
    assert claim(kept, now=NOW + SECOND) == ["second"]


def test_touched_while_it_is_said_stays_owed(kept: Database) -> None:
    owe(kept, "k")
    (one,) = take(kept)
    assert run(kept, posts.touch, "k", NOW) is True
    settle(kept, one, "slack:CA/1")
    release(kept)
    (again,) = take(kept)
    assert (again.message, again.revision) == ("slack:CA/1", 2), "and it is an edit now"
    settle(kept, again, again.message)
    release(kept)
    assert claim(kept) == []


def test_touched_while_it_fails_stays_owed_at_once(kept: Database) -> None:
    owe(kept, "k")
    (one,) = take(kept)
    run(kept, posts.touch, "k", NOW)
    settle(kept, one, None, NOW + LEASE)
    assert post(kept, "k").due_at == NOW


@pytest.mark.parametrize(
    ("message", "due", "then"),
    [
        (None, NOW + LEASE, NOW + LEASE),  # a first delivery keeps its time: a poll for the morning
        (None, NOW, NOW),
        (None, NOW - LEASE, NOW),
        (None, None, NOW),
        ("slack:CA/1", None, NOW),
        ("slack:CA/1", NOW + LEASE, NOW),  # an edit that backed off has something new to say
    ],
)
def test_touching(kept: Database, message: str | None, due: datetime | None, then: datetime) -> None:
    owe(kept, "k", number=7, kind=PostKind.CARD)
    settle(kept, post(kept, "k"), message, due)
    run(kept, posts.touch_cards, 7, NOW)
    assert (post(kept, "k").due_at, post(kept, "k").attempts, post(kept, "k").revision) == (then, 0, 2)


def test_only_cards_are_touched_with_their_request(kept: Database) -> None:
    for key, kind, number in (
        ("card", PostKind.CARD, 7),
        ("news", PostKind.NEWS, 7),
        ("other", PostKind.CARD, 8),
    ):
        owe(kept, key, kind=kind, number=number)
        settle(kept, post(kept, key))
    run(kept, posts.touch_cards, 7, NOW)
    assert claim(kept) == ["card"]
    assert run(kept, posts.touch, "nothing", NOW) is False


def test_moved_elsewhere(kept: Database) -> None:
    owe(kept, "k")
    (one,) = take(kept)
    run(kept, posts.move, one, B, "k:elsewhere", NOW + SECOND)
    settle(kept, one)
    moved = post(kept, "k:elsewhere")
    assert (moved.place, moved.due_at, moved.id) == (B, NOW + SECOND, one.id), (
        "the old courier settles nothing"
    )
    assert run(kept, posts.by_key, "k") is None


def test_moved_for_somebody_and_with_the_reason(kept: Database) -> None:
    owe(kept, "k")
    (one,) = take(kept)
    run(kept, posts.move, one, B, "k:2", NOW, person=ANN, error="not met")
    moved = post(kept, "k:2")
    assert (moved.person, moved.error, moved.attempts) == (ANN, "not met", 0)
    run(kept, posts.move, moved, A, "k:3", NOW)
    assert (post(kept, "k:3").person, post(kept, "k:3").error) == (ANN, "")


@pytest.mark.parametrize(("person", "then"), [(A, B), (ANN, ANN), (None, None)])
def test_of_another_place_it_stays_where_it_was_said(
    kept: Database, person: str | None, then: str | None
) -> None:
    run(kept, posts.owe, "k", PostKind.NEWS, A, NOW, person=person)
    (one,) = take(kept)
    settle(kept, one)
    before = post(kept, "k")
    run(kept, posts.rehouse, before, B, "k:2")
    assert post(kept, "k:2") == replace(before, place=B, key="k:2", person=then)


def test_what_is_owed_in_a_place(kept: Database) -> None:
    for key, place, due in (("a", A, NOW), ("later", A, NOW + SECOND), ("b", B, NOW)):
        owe(kept, key, place, due)
    assert [one.key for one in run(kept, posts.owed_in, A)] == ["a", "later"]
    (first, *_) = take(kept)
    settle(kept, first)
    assert [one.key for one in run(kept, posts.owed_in, A)] == ["later"]


def test_places_are_stepped_through_from_behind_the_last(kept: Database) -> None:
    for key, place in enumerate((C, A, B, A)):
        owe(kept, str(key), place)
    owe(kept, "later", "slack:CAA", NOW + SECOND)
    owing = [run(kept, posts.owing, NOW, after, 10) for after in ("", A, B, C)]
    assert owing == [[A, B, C], [B, C], [C], []]
    assert run(kept, posts.owing, NOW, "", 2) == [A, B]
    claim(kept, limit=1)
    assert run(kept, posts.owing, NOW, "", 10) == [B, C]
    assert kept.read(lambda tx: posts.owing(tx, "other", NOW, "", 10)).result() == []


def test_a_place_with_nothing_to_say_is_not_held(kept: Database) -> None:
    """Somebody else was faster between looking and leasing."""
    owe(kept, "k")
    wanted = run(kept, posts.owing, NOW, "", 10)
    settle(kept, post(kept, "k"))
    assert run(kept, posts.claim, wanted, NOW, NOW + LEASE, "one") == []
    owe(kept, "next")
    assert claim(kept, "two") == ["next"]


def test_old_leases_are_forgotten_and_held_ones_are_not(kept: Database) -> None:
    owe(kept, "k")
    claim(kept)
    run(kept, posts.prune_places, NOW)
    assert claim(kept, "two") == []
    run(kept, posts.prune_places, NOW + LEASE + SECOND)
    assert claim(kept, "two") == ["k"]


def test_couriers_that_race_never_hold_the_same_place(kept: Database) -> None:
    """Four of them, in threads, in both orders, until everything is said: each post once, in order."""
    places = [f"slack:C{number:02}" for number in range(8)]
    for turn in range(4):
        for place in places:
            owe(kept, f"{place}/{turn}", place)
    said: list[str] = []
    held: set[str] = set()
    together, errors = Barrier(4), list[BaseException]()

    def courier(name: str, backwards: bool) -> None:
        try:
            together.wait(5)
            while wanted := run(kept, posts.owing, NOW, "", 100):
                order = wanted[::-1] if backwards else wanted
                for one in run(kept, posts.claim, order, NOW, NOW + LEASE, name):
                    assert one.place not in held
                    held.add(one.place)
                    said.append(one.key)
                    held.remove(one.place)
                    finish(one, name)
        except BaseException as error:
            errors.append(error)

    def finish(one: Post, name: str) -> None:
        def unit(tx: Connection) -> None:
            posts.settle(tx, ORG, one, message=f"{one.place}/1", due_at=None)
            posts.release(tx, ORG, one.place, name, NOW)

        kept.submit(unit).result(10)

    threads = [Thread(target=courier, args=(f"c{n}", bool(n % 2))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert sorted(said) == sorted(f"{place}/{turn}" for place in places for turn in range(4))
    for place in places:
        assert [key for key in said if key.startswith(place)] == [f"{place}/{turn}" for turn in range(4)]


def test_couriers_in_opposite_orders_do_not_wait_for_each_other(kept: Database) -> None:
    for place in (A, B):
        owe(kept, place, place)
    both = Barrier(2)

    def unit(name: str, order: list[str]) -> Future[list[Post]]:
        def claim_all(tx: Connection) -> list[Post]:
            if tx.dialect.name == "postgresql":
                both.wait(5)
            return posts.claim(tx, ORG, order, NOW, NOW + LEASE, name)

        return kept.submit(claim_all)

    claimed = [one.result(10) for one in [unit("one", [A, B]), unit("two", [B, A])]]
    assert sorted(map(len, claimed)) == [0, 2]
