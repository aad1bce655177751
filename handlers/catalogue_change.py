"""What a catalogue file would change, and changing it.

1. A team or service that is new in the file is added; one that is written otherwise is changed.
2. One that is kept and not in the file is dropped, unless a request speaks of it: then it is retired.
   A team is retired as well while a retired service is its own.
3. One that is retired and in the file again is back. One that is retired and not in the file stays so.
4. All of it happens together, and only while the catalogue is what the difference was taken from.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TypeVar

from sqlalchemy import Connection

from handlers.catalogue_file import Catalogue, kept
from handlers.catalogue_values import Known
from handlers.catalogue_write import Value, Values, service_values, team_values, write
from handlers.house import House
from handlers.offering import in_use
from storage import catalogue
from storage.records import Service, Team

T = TypeVar("T", Service, Team)
Kind = Literal["team", "service"]


class Step(StrEnum):
    """What happens to a team or a service."""

    ADDED = "added"
    CHANGED = "changed"
    BACK = "back again"
    RETIRED = "retired"
    DROPPED = "deleted"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the file, and its value before and after; None where it is as usual."""

    key: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one team or service."""

    kind: Kind
    key: str
    step: Step
    fields: tuple[Field, ...] = ()
    used: int = 0
    """How many requests speak of it, when it is retired."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that applying a file would do."""

    wanted: Catalogue
    changes: tuple[Change, ...]
    unchanged: int
    read: int
    """The revision of the catalogue from which it was taken."""


def difference(tx: Connection, house: House, wanted: Catalogue, known: Known) -> Difference:
    """What would change if the kept catalogue became the wanted one."""
    read, now = catalogue.revision(tx, house.org), kept(tx, house)
    services = _compare(
        "service", now.services, wanted.services, service_values, lambda key: in_use(tx, house, service=key)
    )
    dropped = {change.key for change in services if change.step is Step.DROPPED}
    stay = {service.team for key, service in now.services.items() if key not in {*wanted.services, *dropped}}
    teams = _compare(
        "team",
        now.teams,
        wanted.teams,
        lambda team: team_values(team, known),
        lambda key: in_use(tx, house, team=key),
        stay,
    )
    changes = (*teams, *services)
    told = {(change.kind, change.key) for change in changes}
    same = sum(("team", key) not in told for key in wanted.teams)
    same += sum(("service", key) not in told for key in wanted.services)
    return Difference(wanted, changes, same, read)


def apply(tx: Connection, house: House, wanted: Difference) -> None:
    """Make it so. Raises `Stale` when somebody has changed the catalogue since the difference was taken."""
    if not wanted.changes:
        return
    catalogue.count_up(tx, house.org, wanted.read)
    now = kept(tx, house)
    for change in wanted.changes:
        if change.kind == "team":
            _apply_team(tx, house, change, wanted.wanted.teams.get(change.key) or now.teams[change.key])
        else:
            _apply_service(
                tx, house, change, wanted.wanted.services.get(change.key) or now.services[change.key]
            )


def export(tx: Connection, house: House, known: Known) -> str:
    """The file that means the kept catalogue; what is retired is not in it."""
    now = kept(tx, house)
    return write(
        {key: team_values(team, known) for key, team in now.teams.items() if not team.retired},
        {key: service_values(service) for key, service in now.services.items() if not service.retired},
    )


def _compare(
    kind: Kind,
    now: Mapping[str, T],
    wanted: Mapping[str, T],
    values: Callable[[T], Values],
    used: Callable[[str], int],
    stay: Collection[str] = (),
) -> list[Change]:
    changes: list[Change] = []
    for key, record in wanted.items():
        before = now.get(key)
        fields = tuple(_fields(values(before) if before else {}, values(record)))
        if before is None:
            changes.append(Change(kind, key, Step.ADDED, fields))
        elif before.retired:
            changes.append(Change(kind, key, Step.BACK, fields))
        elif fields:
            changes.append(Change(kind, key, Step.CHANGED, fields))
    for key in (key for key, record in now.items() if key not in wanted and not record.retired):
        requests = used(key)
        step = Step.RETIRED if requests or key in stay else Step.DROPPED
        changes.append(Change(kind, key, step, used=requests))
    return changes


def _fields(before: Values, after: Values) -> Iterator[Field]:
    for key in dict.fromkeys((*after, *before)):
        if before.get(key) != after.get(key):
            yield Field(key, before.get(key), after.get(key))


def _apply_team(tx: Connection, house: House, change: Change, team: Team) -> None:
    match change.step:
        case Step.DROPPED if not in_use(tx, house, team=team.key):
            catalogue.drop_team(tx, house.org, team.key)
        case Step.DROPPED | Step.RETIRED:
            catalogue.keep_team(tx, house.org, replace(team, retired=True))
        case _:
            catalogue.keep_team(tx, house.org, team)


def _apply_service(tx: Connection, house: House, change: Change, service: Service) -> None:
    match change.step:
        case Step.DROPPED if not in_use(tx, house, service=service.key):
            catalogue.drop_service(tx, house.org, service.key)
        case Step.DROPPED | Step.RETIRED:
            catalogue.keep_service(tx, house.org, replace(service, retired=True))
        case _:
            catalogue.keep_service(tx, house.org, service)
