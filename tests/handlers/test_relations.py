"""Who serves whom: the numbered cases of `handlers.relations`."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers import relations, weeks
from handlers.isoweeks import week_of
from handlers.numbers import happy
from handlers.serving import team_of_each
from storage import catalogue, people
from storage.numbers import Asked, Done
from storage.records import Privacy, Service, Team
from storage.relations import Relation
from storage.types import to_micros
from tests.handlers.office import ANN, BOB, CAT, LEA, TRIAGE, ZONE, Office, moment

EVA = "slack:UEVA"
TEAMS = {ANN: "office", BOB: "flowers", CAT: "vans"}
TOLD = tuple[int, int, int, int, int]
"""Filed, resolved, with a target, on target, happy votes."""


def done(who: str, team: str, late: bool | None = False) -> Done:
    filed, at, before, after = (
        to_micros(moment(f"2026-11-23 {clock}")) for clock in ("10:00", "12:00", "09:00", "23:00")
    )
    by = None if late is None else before if late else after
    return Done(1, who, team, "", BOB, filed, at, at, by, None, 1)


def asked(who: str, team: str, score: int | None, privacy: str = Privacy.NAMED) -> Asked:
    return Asked(who, team, "", BOB, score, (), "", False, privacy)


def told(found: list[Relation]) -> dict[tuple[str, str], TOLD]:
    return {
        (one.asker, one.team): (
            one.counted.filed,
            one.counted.resolved,
            one.counted.targeted,
            one.counted.on_target,
            happy(one.counted),
        )
        for one in found
    }


def test_what_each_team_asked_of_each() -> None:
    found = relations.count(
        TEAMS,
        [
            (ANN, "flowers", 3),
            (BOB, "vans", 1),
            (EVA, "flowers", 2),
            (EVA, "flowers", 1),
            (BOB, "flowers", 9),
        ],
        [done(ANN, "flowers"), done(ANN, "flowers", late=True), done(BOB, "vans", late=None)],
        [asked(ANN, "flowers", 5), asked(ANN, "flowers", None), asked(BOB, "vans", 2)],
    )
    assert told(found) == {
        ("office", "flowers"): (3, 2, 2, 1, 1),
        ("flowers", "vans"): (1, 1, 0, 0, 0),
        ("", "flowers"): (3, 0, 0, 0, 0),
    }
    (first,) = (one.counted for one in found if one.asker == "office")
    assert (first.votes, first.asked) == (1, 2)


@pytest.mark.parametrize("privacy", [Privacy.CONFIDENTIAL, Privacy.ANONYMOUS])
def test_3_votes_that_not_everybody_may_know_are_none(privacy: Privacy) -> None:
    assert relations.count(TEAMS, [], [], [asked(ANN, "flowers", 1, privacy)]) == []


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as office:
        office.described(EVA, "Eva")

        def unit(tx: Connection) -> None:
            for team in (
                Team("flowers", "Flowers", lead=LEA, members=(BOB,)),
                Team("gone", "Gone", members=(EVA,), retired=True),
                Team("office", "Office", lead=BOB, place=TRIAGE),
                Team("vans", "Vans", lead=EVA, members=(BOB,)),
            ):
                catalogue.keep_team(tx, "main", team)
            catalogue.keep_service(tx, "main", Service("roses", "Roses", "flowers"))
            catalogue.count_up(tx, "main")

        office.keep(unit)
        yield office


def test_1_where_everybody_belongs(office: Office) -> None:
    where: dict[str, Any] = office.keep(lambda tx: team_of_each(tx, office.house))
    assert where == {BOB: "flowers", CAT: "office", LEA: "office", EVA: "vans"}


def test_2_a_closed_week_keeps_the_teams_as_they_were(office: Office) -> None:
    """Cat, of the office, asks the flowers; later she serves there herself."""
    number = office.file(CAT, "roses #roses")
    office.say(BOB, f"resolve {number}")
    week = week_of(office.now, ZONE)

    def now() -> dict[tuple[str, str], TOLD]:
        return told(office.keep(lambda tx: relations.of_weeks(tx, office.house, [week])))

    asked_of_flowers = {("office", "flowers"): (1, 1, 1, 1, 0)}
    assert now() == asked_of_flowers
    office.now = moment("2026-12-30 10:00")
    assert office.keep(lambda tx: weeks.close_one(tx, office.house, office.now)) == week
    office.keep(lambda tx: people.set_members(tx, "main", TRIAGE, (BOB,)))
    assert now() == asked_of_flowers
    office.keep(lambda tx: weeks.rebuild(tx, office.house))
    assert now() == {("", "flowers"): (1, 1, 1, 1, 0)}, "counted anew, it is as it is now"
