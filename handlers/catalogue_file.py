"""The catalogue as a TOML file: read with all its mistakes at once, and written so that it reads the same.

    [teams.flowers]
    name = "Flowers"
    members = ["@flora", "@carl"]

    [services.bouquets]
    name = "Bouquets"
    team = "flowers"

Every key, its meaning and its default stand in `docs/catalogue.md`. What is left out is as usual; people are
named `@handle`, by e-mail address or by id, channels `#name`, by their link or by id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers import catalogue_values as values
from handlers.catalogue_syntax import Mistake, Parsed, parse
from handlers.catalogue_values import Known, Reader, Wrong
from handlers.house import House
from handlers.offering import faults_of_service, faults_of_team, nearest, person_named, place_named
from storage import catalogue, people
from storage.records import PersonId, PlaceId, Service, Team

Path = tuple[str | int, ...]
Keys = Mapping[str, tuple[str, Reader]]
"""What may stand in a table: the field of the record that it fills, and how it is read."""

TEAM: Keys = {
    "name": ("name", values.text),
    "lead": ("lead", values.person),
    "members": ("members", values.people),
    "channel": ("place", values.place),
    "zone": ("zone", values.text),
    "hours": ("hours", values.text),
    "holidays": ("holidays", values.text),
    "days_off": ("days_off", values.days_off),
    "assign": ("rule", values.rule),
    "rota": ("rota", values.people),
    "rota_from": ("rota_from", values.day),
    "slots": ("slots", values.texts),
}
SERVICE: Keys = {
    "name": ("name", values.text),
    "team": ("team", values.text),
    "description": ("description", values.text),
    "form": ("form", values.form),
    "targets": ("targets", values.targets),
    "private": ("private", values.yes_or_no),
    "assign": ("rule", values.rule),
    "poll.sampling": ("sampling", values.number),
    "poll.privacy": ("privacy", values.privacy),
    "retention": ("retention", values.retention),
}
KINDS = {"teams": TEAM, "services": SERVICE}
_NEEDED = {"name"}
_FOLLOWS = {"members": "place", "days_off": "hours"}
"""A field that cannot be judged while another one could not be read."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Teams and services by their keys."""

    teams: Mapping[str, Team]
    services: Mapping[str, Service]


def known(tx: Connection, house: House) -> Known:
    """People and channels by the names they have in a file, and the names by which they are written."""

    def name_of(person: PersonId) -> str:
        found = people.get(tx, house.org, person)
        names = (f"@{found.handle}", found.email) if found else ()
        right = (name for name in names if len(name) > 1 and person_named(tx, house, name) == person)
        return next(right, person)

    channels = {channel.place: f"#{channel.name}" for channel in catalogue.all_channels(tx, house.org)}

    def channel_of(place: PlaceId) -> str:
        name = channels.get(place, place)
        return name if place_named(tx, house, name) == place else place

    return Known(
        person=lambda name: person_named(tx, house, name),
        place=lambda name: place_named(tx, house, name),
        name_of=name_of,
        channel_of=channel_of,
        years=house.years,
        met=people.count(tx, house.org) > 0,
    )


def kept(tx: Connection, house: House) -> Catalogue:
    """The catalogue as it is kept, retired teams and services too."""
    return Catalogue(catalogue.all_teams(tx, house.org), catalogue.all_services(tx, house.org))


def read(data: bytes, known: Known) -> Catalogue | tuple[Mistake, ...]:
    """The catalogue that a file means; or every mistake in it, in the order of its lines."""
    parsed = parse(data)
    reading = _Reading(parsed, known)
    found = reading.catalogue()
    if not reading.mistakes and not parsed.data:
        return (Mistake(0, "", "there is no team and no service in this file"),)
    return tuple(sorted(set(reading.mistakes))) if reading.mistakes else found


class _Reading:
    """One file being read: gathers what is wrong while it goes."""

    def __init__(self, parsed: Parsed, known: Known) -> None:
        self._parsed, self._known = parsed, known
        self.mistakes = list(parsed.mistakes)

    def catalogue(self) -> Catalogue:
        for kind in self._parsed.data:
            if kind not in KINDS:
                self._wrong((kind,), f"here stand [teams.…] and [services.…]{nearest(kind, KINDS)}")
        teams = {key: self._team(key, table) for key, table in self._tables("teams").items()}
        keys = {*teams, *(str(path[1]) for path in self._parsed.unread if path[0] == "teams" and path[1:])}
        services = {key: self._service(key, table, keys) for key, table in self._tables("services").items()}
        return Catalogue(teams, services)

    def _tables(self, kind: str) -> dict[str, dict[str, Any]]:
        tables = self._parsed.data.get(kind, {})
        if not isinstance(tables, dict):
            self._wrong((kind,), f"each of the {kind} has a heading of its own, such as [{kind}.flowers]")
            return {}
        for key, table in tables.items():
            if not isinstance(table, dict):
                self._wrong((kind, key), f"should stand under a heading of its own, such as [{kind}.flowers]")
        return {key: table for key, table in tables.items() if isinstance(table, dict)}

    def _team(self, key: str, table: dict[str, Any]) -> Team:
        path = ("teams", key)
        found, unread = self._fields(path, table, TEAM)
        team = Team(**{"key": key, "name": "", **found})
        self._judge(path, TEAM, faults_of_team(team, self._known.years), unread)
        return team

    def _service(self, key: str, table: dict[str, Any], teams: set[str]) -> Service:
        path = ("services", key)
        found, unread = self._fields(path, table, SERVICE)
        service = Service(**{"key": key, "name": "", "team": "", **found})
        self._judge(path, SERVICE, faults_of_service(service, teams), unread)
        return service

    def _fields(self, path: Path, table: dict[str, Any], keys: Keys) -> tuple[dict[str, Any], set[str]]:
        """What could be read, by field; and the fields that are there and could not be."""
        found: dict[str, Any] = {}
        unread = {
            field for key, (field, _) in keys.items() if (*path, *key.split(".")) in self._parsed.unread
        }
        for key, value in self._flat(path, table, keys).items():
            here = (*path, *key.split("."))
            if key not in keys:
                self._wrong(here, f"there is no such key{nearest(key, keys)}")
                continue
            field, reader = keys[key]
            try:
                found[field] = reader(value, self._known)
            except Wrong as error:
                unread.add(field)
                for part, why in error.parts:
                    self._wrong((*here, part), why)
            except ValueError as error:
                unread.add(field)
                self._wrong(here, str(error))
        return found, unread

    def _flat(self, path: Path, table: dict[str, Any], keys: Keys) -> dict[str, Any]:
        """The table with what stands in a table of its own as "poll.sampling"."""
        flat: dict[str, Any] = {}
        parents = {key.partition(".")[0] for key in keys if "." in key}
        for key, value in table.items():
            if key not in parents:
                flat[key] = value
            elif isinstance(value, dict):
                flat |= {f"{key}.{inner}": each for inner, each in value.items()}
            else:
                self._wrong((*path, key), f"should be a table, such as {key} = {{ sampling = 50 }}")
        return flat

    def _judge(self, path: Path, keys: Keys, faults: tuple[tuple[str, str], ...], unread: set[str]) -> None:
        named = {field: key for key, (field, _) in keys.items()}
        for field, why in faults:
            if field in unread or _FOLLOWS.get(field) in unread:
                continue
            here = (*path, *named[field].split(".")) if field in named else path
            missing = field in _NEEDED and here not in self._parsed.lines
            self._wrong(here, "is missing" if missing else why)

    def _wrong(self, path: Path, why: str) -> None:
        """Keep a mistake on the line of what it is about, or of the closest thing around it."""
        lines = self._parsed.lines
        line = next((lines[path[:depth]] for depth in range(len(path), 0, -1) if path[:depth] in lines), 0)
        self.mistakes.append(Mistake(line, ".".join(part for part in path if isinstance(part, str)), why))
