"""In which teams somebody serves: what they look after, whose hours are theirs, how they may be nudged.

Somebody serves in a team when the catalogue names them, when it names nobody and they are in its channel, or
when they lead it. Who serves nowhere keeps the organisation's hours.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import nudges
from handlers.house import House
from storage import people
from storage.records import Person, PersonId, PlaceId, Team

CHOICES = ("both", "morning", "afternoon", "at once")
"""How somebody can be nudged. Where their choice is not allowed the first that is stands in for it."""


def teams_of(tx: Connection, house: House, person: PersonId) -> Iterator[Team]:
    """The teams somebody serves in, by key; the desk of the settings first."""
    for team in (house.desk, *(house.teams[key] for key in sorted(house.teams))):
        if not team.retired and _serves(tx, house, team, person):
            yield team


def team_of_each(tx: Connection, house: House) -> dict[PersonId, str]:
    """Where everybody belongs who serves in a team of the catalogue: the first by key whose member they are.

    Who only leads belongs to the first that they lead.
    """
    teams = [house.teams[key] for key in sorted(house.teams) if not house.teams[key].retired]
    found: dict[PersonId, str] = {}
    for team in teams:
        theirs = team.members or people.members_of(tx, house.org, team.place or "", linked=house.link_people)
        for person in theirs:
            found.setdefault(person, team.key)
    for team in teams:
        if team.lead:
            found.setdefault(team.lead, team.key)
    return found


def hours_of(tx: Connection, house: House, person: PersonId) -> Team:
    """The team whose working time somebody keeps: the first of theirs that has its own, else the desk."""
    return next(_ruled(tx, house, person, _keeps_its_own_time), house.desk)


def allowed(tx: Connection, house: House, person: PersonId) -> tuple[str, ...]:
    """How somebody may choose to be nudged: what every team of theirs allows; never nothing."""
    sets = [set(team.slots) for team in _ruled(tx, house, person, lambda team: bool(team.slots))]
    return tuple(one for one in CHOICES if all(one in each for each in sets)) or CHOICES[:1]


def as_allowed(tx: Connection, house: House, person: Person) -> Person:
    """Somebody as they are nudged: a choice of theirs that is not allowed any more is the nearest that is."""
    choices = allowed(tx, house, person.id)
    return person if person.slots in choices else replace(person, slots=choices[0])


def slot(tx: Connection, house: House, team: Team, place: PlaceId, urgent: bool, now: datetime) -> datetime:
    """When a nudge from a team is said in a place: to a person in their own hours, as they like it."""
    reader = people.get(tx, house.org, place)
    if reader is None or urgent:
        return nudges.slot(house, team, None, urgent, now)
    theirs = hours_of(tx, house, reader.id)
    return nudges.slot(house, theirs, as_allowed(tx, house, reader), urgent, now)


def _keeps_its_own_time(team: Team) -> bool:
    return bool(team.hours or team.holidays or team.days_off)


def _ruled(tx: Connection, house: House, person: PersonId, rules: Callable[[Team], bool]) -> Iterator[Team]:
    """Those of somebody's teams that have a rule of their own: others need not be asked for."""
    for key in sorted(house.teams):
        team = house.teams[key]
        if rules(team) and not team.retired and _serves(tx, house, team, person):
            yield team


def _serves(tx: Connection, house: House, team: Team, person: PersonId) -> bool:
    if person == team.lead or person in team.members:
        return True
    if team.members or not team.place:
        return False
    return people.belongs(tx, house.org, team.place, person, linked=house.link_people)
