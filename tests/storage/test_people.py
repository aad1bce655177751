from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import people
from storage.database import Database
from storage.records import Person
from tests.storage.test_requests import ANN, BOB, ORG

KNOWN = Person(ANN, "Ann Ärlig", "ann", "Europe/Stockholm")
PLACE = "slack:C1"


def keep(database: Database, act: Any, *given: Any) -> Any:
    return database.submit(lambda tx: act(tx, ORG, *given)).result()


def test_what_the_platform_says_comes_out(kept: Database) -> None:
    bot = Person(BOB, "Bob", "bob", "UTC", active=False, bot=True, slots="morning", quiet_days=("fri",))
    keep(kept, people.describe, KNOWN)
    keep(kept, people.describe, bot)
    assert keep(kept, people.several, [ANN, BOB, "slack:U9"]) == {ANN: KNOWN, BOB: bot}
    assert keep(kept, people.get, "slack:U9") is None
    assert keep(kept, people.count) == 2
    assert kept.read(lambda tx: people.get(tx, "other", ANN)).result() is None


def test_preferences_are_the_person_s_own(kept: Database) -> None:
    keep(kept, people.describe, KNOWN)
    keep(kept, people.prefer, ANN, "afternoon", ("mon",))
    keep(kept, people.describe, Person(ANN, "Ann Olsson", "AnnO", "UTC"))
    assert keep(kept, people.get, ANN) == Person(
        ANN, "Ann Olsson", "anno", "UTC", slots="afternoon", quiet_days=("mon",)
    )


def test_who_is_met_is_unknown_until_described(kept: Database) -> None:
    keep(kept, people.meet, Person(ANN, ANN))
    keep(kept, people.meet, Person(BOB, BOB))
    assert sorted(keep(kept, people.unknown, 9)) == [ANN, BOB]
    assert len(keep(kept, people.unknown, 1)) == 1
    keep(kept, people.describe, KNOWN)
    keep(kept, people.meet, Person(ANN, ANN))
    assert keep(kept, people.unknown, 9) == [BOB]
    assert keep(kept, people.get, ANN) == KNOWN


@pytest.mark.parametrize(
    ("handle", "somebody", "found"),
    [
        ("ann", KNOWN, True),
        ("ANN", KNOWN, True),
        ("an", KNOWN, False),
        ("ann", Person(ANN, "Ann", "ann", active=False), False),
        ("ann", Person(ANN, "Ann", "ann", bot=True), False),
        ("Ann", Person(ANN, "Ann", "ANN"), True),
    ],
)
def test_by_handle(kept: Database, handle: str, somebody: Person, found: bool) -> None:
    keep(kept, people.describe, somebody)
    assert (keep(kept, people.by_handle, handle) is not None) is found


def test_members(kept: Database) -> None:
    assert keep(kept, people.members_of, PLACE) == frozenset()
    keep(kept, people.set_members, PLACE, [ANN, BOB, ANN])
    keep(kept, people.set_members, "slack:C2", [BOB])
    assert keep(kept, people.members_of, PLACE) == {ANN, BOB}
    keep(kept, people.set_members, PLACE, [BOB, "slack:U3"])
    keep(kept, people.join, PLACE, BOB)
    keep(kept, people.join, PLACE, "slack:U4")
    keep(kept, people.leave, PLACE, "slack:U3")
    keep(kept, people.leave, PLACE, "slack:U9")
    assert keep(kept, people.members_of, PLACE) == {BOB, "slack:U4"}
    keep(kept, people.set_members, PLACE, [])
    assert keep(kept, people.members_of, PLACE) == frozenset()
    assert keep(kept, people.members_of, "slack:C2") == {BOB}


AT_ONCE = [
    (people.meet, (Person(ANN, ANN),)),
    (people.describe, (KNOWN,)),
    (people.join, (PLACE, ANN)),
    (people.set_members, (PLACE, [ANN, BOB])),
]


@pytest.mark.parametrize(("act", "given"), AT_ONCE, ids=[act.__name__ for act, _ in AT_ONCE])
def test_twice_at_once_is_the_same_as_once(kept: Database, act: Any, given: tuple[Any, ...]) -> None:
    """A double click of somebody new, or two processes that ask the platform at the same moment."""
    both = Barrier(2)

    def unit(tx: Connection) -> None:
        if tx.dialect.name == "postgresql":
            people.get(tx, ORG, ANN)
            both.wait(5)
        act(tx, ORG, *given)
        tx.exec_driver_sql("SELECT pg_sleep(0.05)" if tx.dialect.name == "postgresql" else "SELECT 1")

    for future in [kept.submit(unit) for _ in range(2)]:
        future.result(10)
