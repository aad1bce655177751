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
from storage.records import Privacy, Service, Team
from storage.relations import Filed, Relation, Resolved, Voted
from tests.handlers.office import ANN, BOB, CAT, LEA, TRIAGE, ZONE, Office, moment

EVA = "slack:UEVA"
TEAMS = {ANN: "office", BOB: "flowers", CAT: "vans"}
TOLD = tuple[int, int, int, int, int]
"""Filed, resolved, with a target, on target, happy votes."""


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
            Filed(ANN, "flowers", 3),
            Filed(BOB, "vans", 1),
            Filed(EVA, "flowers", 2),
            Filed("slack:UX", "flowers", 2),
            Filed(BOB, "flowers", 9),
        ],
        [
            Resolved(ANN, "flowers", 2, 2, 1),
            Resolved(BOB, "vans", 1, 0, 0),
            Resolved(BOB, "flowers", 9, 9, 9),
        ],
        [
            Voted(ANN, "flowers", Privacy.NAMED, 5, 1),
            Voted(ANN, "flowers", Privacy.NAMED, None, 1),
            Voted(BOB, "vans", Privacy.NAMED, 2, 1),
        ],
    )
    assert told(found) == {
        ("office", "flowers"): (3, 2, 2, 1, 1),
        ("flowers", "vans"): (1, 1, 0, 0, 0),
        ("", "flowers"): (4, 0, 0, 0, 0),
    }
    (first,) = (one.counted for one in found if one.asker == "office")
    assert (first.votes, first.asked) == (1, 2)


@pytest.mark.parametrize("privacy", [Privacy.CONFIDENTIAL, Privacy.ANONYMOUS])
def test_3_votes_that_not_everybody_may_know_are_none(privacy: Privacy) -> None:
    assert relations.count(TEAMS, [], [], [Voted(ANN, "flowers", privacy, 1, 1)]) == []


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
    while office.keep(lambda tx: weeks.close_one(tx, office.house, office.now)):
        pass
    office.keep(lambda tx: people.set_members(tx, "main", TRIAGE, (BOB,)))
    assert now() == asked_of_flowers
    office.keep(lambda tx: weeks.rebuild(tx, office.house))
    assert now() == {("", "flowers"): (1, 1, 1, 1, 0)}, "counted anew, it is as it is now"
