from dataclasses import replace
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


@pytest.mark.parametrize(
    ("near", "found"), [("slack", "slack:UB"), ("teams", "teams:29:a"), ("irc", "slack:UB"), ("", "slack:UB")]
)
def test_of_two_of_one_handle_the_one_who_is_near(kept: Database, near: str, found: str) -> None:
    for one in ("teams:29:b", "slack:UC", "teams:29:a", "slack:UB", "slackers:A"):
        keep(kept, people.describe, Person(one, one, "bob"))
    somebody = keep(kept, people.by_handle, "Bob", near)
    assert somebody.id == found


MAIL = "ann@blomma.example"
TEAMS = Person("teams:29:ann", "Ann A", "ann", email=MAIL)


def test_an_address_has_no_capitals(kept: Database) -> None:
    keep(kept, people.describe, replace(TEAMS, email="Ann@Blomma.Example"))
    assert keep(kept, people.get, TEAMS.id) == TEAMS


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"email": "bob@blomma.example"}, False),
        ({"email": ""}, False),
        ({"active": False}, False),
        ({"bot": True}, False),
    ],
)
def test_who_is_here_under_an_address(kept: Database, change: dict[str, Any], found: bool) -> None:
    keep(kept, people.describe, replace(TEAMS, **change))
    assert (keep(kept, people.of_email, MAIL) != []) is found
    assert keep(kept, people.of_email, "") == []


def test_accounts_of_one_person(kept: Database) -> None:
    keep(kept, people.describe, KNOWN)
    keep(kept, people.describe, TEAMS)
    keep(kept, people.link, TEAMS.id, ANN)
    keep(kept, people.reach, ANN, TEAMS.id)
    keep(kept, people.set_members, PLACE, [TEAMS.id, BOB])
    for one in (KNOWN, TEAMS):
        keep(kept, people.describe, one)
    assert keep(kept, people.get, ANN) == replace(KNOWN, reach=TEAMS.id), "what we know stays"
    assert keep(kept, people.accounts, ANN) == [replace(TEAMS, same_as=ANN)]
    assert keep(kept, people.members_of, PLACE) == {TEAMS.id, BOB}
    assert kept.read(lambda tx: people.members_of(tx, ORG, PLACE, linked=True)).result() == {ANN, BOB}
    keep(kept, people.link, TEAMS.id, None)
    assert keep(kept, people.accounts, ANN) == []


def test_colleagues(kept: Database) -> None:
    for one in (KNOWN, TEAMS, Person(BOB, "bob", "bob"), Person("slack:UX", "Bot", bot=True)):
        keep(kept, people.describe, one)
    keep(kept, people.describe, Person("slack:UY", "Zoe", active=False))
    keep(kept, people.meet, Person("slack:UZ", "slack:UZ"))
    keep(kept, people.link, TEAMS.id, ANN)

    def names(limit: int, aliases: bool) -> list[str]:
        found = kept.read(lambda tx: people.colleagues(tx, ORG, limit, aliases=aliases)).result()
        return [person.name for person in found]

    assert names(9, False) == ["Ann Ärlig", "bob"]
    assert names(9, True) == ["Ann A", "Ann Ärlig", "bob"]
    assert names(1, True) == ["Ann A"]


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


def test_who_belongs_to_a_channel_is_known_by_any_account(kept: Database) -> None:
    def unit(tx: Connection) -> list[bool]:
        people.describe(tx, ORG, Person("slack:U1", "Ann"))
        people.describe(tx, ORG, Person("teams:1", "Ann"))
        people.link(tx, ORG, "teams:1", "slack:U1")
        people.set_members(tx, ORG, "teams:C1", ["teams:1"])
        return [people.belongs(tx, ORG, "teams:C1", "slack:U1", linked=linked) for linked in (False, True)]

    assert kept.submit(unit).result() == [False, True]
