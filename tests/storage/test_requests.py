from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import numbers as counting
from storage import requests
from storage.database import Database, Stale
from storage.records import Priority, Request, Status, WaitingOn
from storage.types import WallTime

ORG = "main"
NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN, BOB = "slack:UANN", "slack:UBOB"
WALL = WallTime.parse("2026-11-27T17:00[Europe/Stockholm]")


def a_request(number: int = 1, **more: Any) -> Request:
    known = {"status": Status.OPEN, "title": "toner", "requester": ANN, "place": "slack:C1"}
    return Request(number=number, **{**known, "filed_at": NOW, "moved_at": NOW, **more})


FULL = Request(
    number=7,
    status=Status.WAITING,
    title="tøner 🖨",
    requester=ANN,
    place="slack:C1",
    filed_at=NOW,
    moved_at=NOW + HOUR,
    details="the second\nfloor",
    priority=Priority.URGENT,
    private=True,
    filed_by=BOB,
    owner=BOB,
    origin="https://example.slack.com/archives/C1/p1",
    needed_by=WALL,
    promise=WALL,
    respond_by=NOW + HOUR,
    resolve_by=NOW + 2 * HOUR,
    responded_at=NOW,
    resolved_at=NOW + 3 * HOUR,
    resolutions=2,
    ended_at=NOW + 3 * HOUR,
    ended_by=BOB,
    paused_at=NOW,
    waiting_on=WaitingOn.REQUEST,
    waiting_request=3,
    waiting_until=NOW + 4 * HOUR,
    question="which?",
    outcome="done",
    last_note="soon",
    last_note_by=BOB,
    snoozed_until=NOW + 5 * HOUR,
    snooze_reason="spring",
    nudge_at=NOW + 6 * HOUR,
    escalated_at=NOW + 7 * HOUR,
    followers=(ANN, BOB),
    team="it",
    service="laptops",
    answers=(("Which size?", "large"), ("When?", "soon")),
    homeless="nobody is here",
    revision=4,
)


def add(tx: Connection, *several: Request, org: str = ORG) -> None:
    for one in several:
        requests.add(tx, org, one)


def numbers(found: list[Request]) -> list[int]:
    return [request.number for request in found]


def test_the_full_record_fills_every_field() -> None:
    bare = a_request()
    for field in fields(Request):
        assert getattr(FULL, field.name) != getattr(bare, field.name) or field.name in (
            "requester",
            "place",
            "filed_at",
        )


@pytest.mark.parametrize("request_", [a_request(), FULL])
def test_what_goes_in_comes_out(kept: Database, request_: Request) -> None:
    kept.submit(lambda tx: add(tx, request_)).result()
    assert kept.read(lambda tx: requests.get(tx, ORG, request_.number)).result() == request_
    assert kept.read(lambda tx: requests.get(tx, "other", request_.number)).result() is None


CHANGING = [field.name for field in fields(Request) if field.name not in ("number", "revision")]


def test_each_field_can_change_alone(kept: Database) -> None:
    def unit(tx: Connection) -> None:
        for number, name in enumerate(CHANGING, 1):
            before = a_request(number)
            after = replace(before, **{name: getattr(FULL, name)})
            add(tx, before)
            requests.change(tx, ORG, before, after)
            assert requests.get(tx, ORG, number) == replace(after, revision=2), name

    kept.submit(unit).result()


def test_a_change_is_found_by_its_new_words(kept: Database) -> None:
    def unit(tx: Connection) -> list[list[int]]:
        add(tx, a_request())
        requests.change(tx, ORG, a_request(), a_request(last_note="MAGENTA is missing"))
        return [numbers(requests.find(tx, ORG, words, 9)) for words in (["magenta"], ["magenta", "toner"])]

    assert kept.submit(unit).result() == [[1], [1]]


@pytest.mark.parametrize("wrong", [{"revision": 2}, {"number": 2}])
def test_what_has_changed_meanwhile_is_stale(kept: Database, wrong: dict[str, int]) -> None:
    kept.submit(lambda tx: add(tx, a_request())).result()
    old = a_request(**wrong)
    with pytest.raises(Stale):
        kept.submit(lambda tx: requests.change(tx, ORG, old, replace(old, title="x"))).result()
    assert kept.read(lambda tx: requests.get(tx, ORG, 1)).result() == a_request()


def test_a_look_is_set_without_a_revision(kept: Database) -> None:
    def unit(tx: Connection) -> Request | None:
        add(tx, a_request())
        requests.look_again(tx, ORG, {1: NOW})
        return requests.get(tx, ORG, 1)

    assert kept.submit(unit).result() == a_request(nudge_at=NOW)


def test_numbers_run_for_each_organisation(kept: Database) -> None:
    def unit(tx: Connection) -> list[int]:
        return [requests.next_number(tx, org) for org in (ORG, ORG, "other", ORG, "other")]

    assert kept.submit(unit).result() == [1, 2, 1, 3, 2]


def test_a_number_that_was_not_kept_is_given_again(kept: Database) -> None:
    def broken(tx: Connection) -> None:
        requests.next_number(tx, ORG)
        raise ZeroDivisionError

    kept.submit(lambda tx: requests.next_number(tx, ORG)).result()
    with pytest.raises(ZeroDivisionError):
        kept.submit(broken).result()
    assert kept.submit(lambda tx: requests.next_number(tx, ORG)).result() == 2


def test_many_at_once_leave_no_gap(kept: Database) -> None:
    together = [kept.submit(lambda tx: requests.next_number(tx, ORG)) for _ in range(40)]
    assert sorted(one.result() for one in together) == list(range(1, 41))


def test_two_who_change_it_at_once(kept: Database) -> None:
    """One of them wins, the other hears that it is stale; on PostgreSQL after a second look."""
    kept.submit(lambda tx: add(tx, a_request())).result()
    both = Barrier(2)

    def unit(title: str) -> Any:
        def change(tx: Connection) -> None:
            before = requests.get(tx, ORG, 1)
            assert before is not None
            if before.revision == 1 and tx.dialect.name == "postgresql":
                both.wait(5)  # both have read it
            requests.change(tx, ORG, before, replace(before, title=title))

        return kept.submit(change)

    for future in [unit("one"), unit("two")]:
        future.result(10)
    found = kept.read(lambda tx: requests.get(tx, ORG, 1)).result()
    assert found is not None
    assert found.revision == 3, "neither change was lost"


FOUND = [
    (["toner"], [2, 1]),
    (["TONER"], [2, 1]),
    (["toner", "black"], [2]),
    (["#2"], [2]),
    (["%"], [4]),  # what the database takes for a pattern is a word like any other
    (["_"], [4]),
    (["straße"], [5]),
    (["strasse"], [5]),  # folded, as capitals are
    (["ÄRENDE"], [5]),
    (["nothing"], []),
]


def test_finding(kept: Database) -> None:
    def unit(tx: Connection) -> None:
        add(
            tx,
            a_request(1),
            a_request(2, details="black"),
            a_request(3, title="chairs"),
            a_request(4, title="100% of a_b"),
            a_request(5, title="Hauptstraße", question="ärende"),
        )
        add(tx, a_request(9), org="other")
        for words, found in FOUND:
            assert numbers(requests.find(tx, ORG, words, 10)) == found, words
        assert numbers(requests.find(tx, ORG, ["t"], 2)) == [5, 2]

    kept.submit(unit).result()


def test_the_pressing_stand_first(kept: Database) -> None:
    def unit(tx: Connection) -> dict[str, list[int]]:
        ended = {"status": Status.RESOLVED, "ended_at": NOW, "resolved_at": NOW}
        add(
            tx,
            a_request(1, owner=BOB),
            a_request(2, owner=BOB, filed_at=NOW - HOUR),
            a_request(3, owner=BOB, priority=Priority.URGENT),
            a_request(4, priority=Priority.LOW, requester=BOB),
            a_request(5, owner=BOB, **ended),
            a_request(6, status=Status.WAITING, priority=Priority.HIGH, waiting_request=3),
        )
        return {
            "owned": numbers(requests.owned(tx, ORG, BOB)),
            "asked": numbers(requests.asked_by(tx, ORG, BOB)),
            "untaken": numbers(requests.untaken(tx, ORG)),
            "unfinished": numbers(requests.unfinished(tx, ORG)),
            "waiting": numbers(requests.waiting(tx, ORG)),
            "waiting for": numbers(requests.waiting_for(tx, ORG, 3)),
            "recent": numbers(requests.recent_of(tx, ORG, ANN, 3)),
            "private": sorted(requests.private_numbers(tx, ORG, [1, 2])),
        }

    assert kept.submit(unit).result() == {
        "owned": [3, 2, 1],
        "asked": [4],
        "untaken": [6, 4],
        "unfinished": [3, 6, 2, 1, 4],
        "waiting": [6],
        "waiting for": [6],
        "recent": [6, 5, 3],
        "private": [],
    }


def test_due_is_the_longest_due_first(kept: Database) -> None:
    def unit(tx: Connection) -> list[list[int]]:
        add(
            tx,
            a_request(1, nudge_at=NOW),
            a_request(2, nudge_at=NOW - HOUR),
            a_request(3, nudge_at=NOW + timedelta(microseconds=1)),
            a_request(4),
        )
        add(tx, a_request(1, nudge_at=NOW), org="other")
        return [numbers(requests.due(tx, ORG, NOW, limit)) for limit in (10, 1)]

    assert kept.submit(unit).result() == [[2, 1], [2]]


def test_between_holds_its_start_and_not_its_end(kept: Database) -> None:
    def unit(tx: Connection) -> list[list[int]]:
        for number, at in ((1, NOW - HOUR), (2, NOW), (3, NOW + HOUR)):
            add(tx, a_request(number, filed_at=at, resolved_at=at, ended_at=at, status=Status.RESOLVED))
        return [
            counting.filed_numbers(tx, ORG, NOW - HOUR, NOW + HOUR),
            [one.number for one in counting.done(tx, ORG, NOW, NOW + HOUR)],
        ]

    assert kept.submit(unit).result() == [[1, 2], [2]]


@pytest.mark.parametrize(
    ("at", "many"), [(NOW, 0), (NOW + HOUR, 2), (NOW + 2 * HOUR, 2), (NOW + 3 * HOUR, 1)]
)
def test_open_at_a_moment(kept: Database, at: datetime, many: int) -> None:
    def unit(tx: Connection) -> int:
        add(
            tx,
            a_request(1),
            a_request(2, status=Status.CANCELLED, ended_at=NOW + 2 * HOUR),
            a_request(3, private=True),
            a_request(4, filed_at=NOW + 9 * HOUR),
        )
        return counting.open_at(tx, ORG, at)

    assert kept.submit(unit).result() == many


CAT = "teams:29:cåt_%"
CONCERNING: list[tuple[dict[str, Any], bool]] = [
    ({"requester": CAT}, True),
    ({"requester": CAT, "ended_at": NOW}, True),
    ({"owner": CAT}, True),
    ({"owner": CAT, "ended_at": NOW}, False),
    ({"filed_by": CAT}, True),
    ({"followers": (BOB, CAT)}, True),
    ({"followers": (BOB, f"{CAT}2")}, False),
    ({"followers": ("teams:29:cåtXX",)}, False),
    ({}, False),
]


@pytest.mark.parametrize(("more", "found"), CONCERNING)
def test_what_concerns_somebody(kept: Database, more: dict[str, Any], found: bool) -> None:
    def unit(tx: Connection) -> list[Request]:
        add(tx, a_request(**more))
        return requests.concerning(tx, ORG, CAT)

    assert numbers(kept.submit(unit).result()) == ([1] if found else [])
