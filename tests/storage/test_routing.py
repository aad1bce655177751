"""What routing asks: a team's people, what they own, and what needs a home."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, text

from handlers.homes import Need
from storage import catalogue, people, requests
from storage.database import Database
from storage.records import Person, Request, Status, Team
from tests.storage.test_requests import ANN, BOB, NOW, ORG, a_request, add, numbers

PLACE = "slack:C1"
CAT, DAN, BOT, TWIN = "slack:UCAT", "slack:UDAN", "slack:UBOT", "teams:29:cat"


def keep(database: Database, act: Any, *given: Any, **more: Any) -> Any:
    return database.submit(lambda tx: act(tx, ORG, *given, **more)).result()


@pytest.fixture
def crewed(kept: Database) -> Database:
    """Cat with two accounts, Bob, and Dan, who has left; a bot; and somebody who was never met."""

    def unit(tx: Connection) -> None:
        for person in (
            Person(CAT, "cat"),
            Person(TWIN, "Cat Olsson"),
            Person(BOB, "Bob"),
            Person(DAN, "Dan", active=False),
            Person(BOT, "Bot", bot=True),
        ):
            people.describe(tx, ORG, person)
        people.link(tx, ORG, TWIN, CAT)
        people.set_members(tx, ORG, PLACE, (CAT, TWIN, BOB, DAN, BOT, "slack:UNEW"))
        people.describe(tx, "other", Person(ANN, "Ann"))
        people.set_members(tx, "other", PLACE, (ANN,))

    kept.submit(unit).result()
    return kept


def test_a_crew_is_who_is_here_by_name(crewed: Database) -> None:
    assert [one.id for one in keep(crewed, people.crew, PLACE)] == [BOB, CAT, TWIN]
    assert [one.id for one in keep(crewed, people.crew, PLACE, linked=True)] == [BOB, CAT]
    assert keep(crewed, people.crew, "slack:C9") == []
    assert crewed.read(lambda tx: [one.id for one in people.crew(tx, "other", PLACE)]).result() == [ANN]


def owned(number: int, owner: str | None, **more: Any) -> Request:
    return a_request(number, owner=owner, **more)


def test_loads_count_what_is_unfinished(crewed: Database) -> None:
    def unit(tx: Connection) -> None:
        add(
            tx,
            owned(1, CAT),
            owned(2, CAT),
            owned(3, TWIN),
            owned(4, BOB, status=Status.RESOLVED, ended_at=NOW),
            owned(5, DAN),
            owned(6, None),
            owned(7, ANN),
        )
        add(tx, owned(8, BOB), org="other")

    crewed.submit(unit).result()
    assert keep(crewed, requests.loads, PLACE) == {CAT: 2, TWIN: 1, DAN: 1}
    assert keep(crewed, requests.loads, PLACE, linked=True) == {CAT: 2, DAN: 1}


def test_what_needs_a_home(kept: Database) -> None:
    def unit(tx: Connection) -> None:
        add(
            tx,
            a_request(1, team="flowers", homeless=Need.ROTA),
            a_request(2, team="flowers"),
            a_request(3, team="vans", homeless="left"),
            a_request(4, team="vans", homeless="left", owner=BOB),
            a_request(5, team="vans"),
            a_request(6, team="vans", owner=BOB),
            a_request(7, team="vans", status=Status.RESOLVED, ended_at=NOW),
        )
        add(tx, a_request(8, team="other", homeless="left"), org="other")

    kept.submit(unit).result()
    assert keep(kept, requests.teams_in_need) == ["flowers", "vans"]
    assert numbers(keep(kept, requests.homeless, "flowers")) == [1]
    assert numbers(keep(kept, requests.homeless, "vans")) == [3, 4]
    assert numbers(keep(kept, requests.untaken_of, "vans", 9)) == [5]
    assert keep(kept, requests.untaken_of, "vans", 0) == []


def test_what_is_kept_in_a_place(kept: Database) -> None:
    def unit(tx: Connection) -> None:
        add(tx, a_request(1, place=PLACE), a_request(2, place=BOB), a_request(3, place=PLACE, ended_at=NOW))

    kept.submit(unit).result()
    assert numbers(keep(kept, requests.kept_in, PLACE)) == [1]


def test_who_is_back_is_back_whatever_their_status_says(kept: Database) -> None:
    keep(kept, people.describe, Person(ANN, "Ann", absent_until=NOW + timedelta(days=1)))
    keep(kept, people.set_away, ANN, NOW + timedelta(days=2), BOB)
    known = keep(kept, people.get, ANN)
    assert (known.away_until, known.absent_until, known.cover) == (
        NOW + timedelta(days=2),
        NOW + timedelta(days=1),
        BOB,
    )
    keep(kept, people.set_away, ANN, None, None)
    known = keep(kept, people.get, ANN)
    assert (known.away_until, known.absent_until, known.cover) == (None, None, None)


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT DISTINCT team FROM requests WHERE org = 'main' AND homeless != ''", "ix_requests_homeless"),
        (
            "SELECT * FROM requests WHERE org = 'main' AND ended_at IS NULL AND owner IS NULL AND team = 'x' "
            "AND NOT homeless != ''",
            "ix_requests_unfinished",
        ),
    ],
)
def test_every_beat_s_questions_are_answered_by_an_index(kept: Database, question: str, index: str) -> None:
    """Asked of SQLite, which says what it would do whatever the table holds."""

    def unit(tx: Connection) -> str:
        if tx.dialect.name != "sqlite":
            return index
        return "\n".join(str(row) for row in tx.execute(text(f"EXPLAIN QUERY PLAN {question}")))

    assert index in kept.submit(unit).result()


def test_two_who_choose_at_once_do_not_choose_the_same(upgraded_postgres: str) -> None:
    """Two processes on PostgreSQL: the later waits until the first has kept whom it chose."""
    crew = [BOB, CAT]

    def choose(database: Database, chosen: list[str]) -> None:
        def unit(tx: Connection) -> str:
            last = catalogue.served_last(tx, ORG, "flowers")
            following = crew[(crew.index(last) + 1) % 2] if last else crew[0]
            tx.execute(text("SELECT pg_sleep(0.2)"))
            catalogue.serves(tx, ORG, "flowers", following)
            return following

        chosen.append(database.submit(unit).result())

    with Database.open(upgraded_postgres) as one, Database.open(upgraded_postgres) as other:
        one.submit(lambda tx: catalogue.keep_team(tx, ORG, Team("flowers", "Flowers"))).result()
        chosen: list[str] = []
        several = [Thread(target=choose, args=(database, chosen)) for database in (one, other)]
        for thread in several:
            thread.start()
        for thread in several:
            thread.join()
    assert sorted(chosen) == crew


def test_a_request_that_moved_is_as_it_was_kept(kept: Database) -> None:
    before = a_request(1, team="flowers", service="bouquets", homeless="rota")
    after = replace(before, team="vans", service="", homeless="")

    def unit(tx: Connection) -> Request | None:
        add(tx, before)
        requests.change(tx, ORG, before, after)
        return requests.get(tx, ORG, 1)

    assert kept.submit(unit).result() == replace(after, revision=before.revision + 1)
