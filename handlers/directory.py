"""Who is who: what the platform says about colleagues and the members of triage channels."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from handlers.fallback import has_left
from handlers.house import House
from storage import people
from storage.records import Person, PersonId, PlaceId


def describe(tx: Connection, house: House, person: Person, now: datetime) -> None:
    """Keep what the platform says of somebody; when they have left, what they own finds a new home."""
    before = people.get(tx, house.org, person.id)
    people.describe(tx, house.org, person)
    if not person.active and (before is None or before.active):
        has_left(tx, house, person, now)


def describe_all(tx: Connection, house: House, everybody: Collection[Person], now: datetime) -> None:
    """The same for many."""
    for person in everybody:
        describe(tx, house, person, now)


def unknown(tx: Connection, house: House, limit: int = 20) -> list[PersonId]:
    """People met whom the platform has not been asked about."""
    return people.unknown(tx, house.org, limit)


def members_are(tx: Connection, house: House, place: PlaceId, present: Collection[PersonId]) -> None:
    """Exactly these belong to a channel."""
    people.set_members(tx, house.org, place, present)


def joined(tx: Connection, house: House, place: PlaceId, person: PersonId) -> None:
    """Somebody came to a channel. Only those of the triage channel matter."""
    if place == house.triage:
        people.join(tx, house.org, place, person)


def left(tx: Connection, house: House, place: PlaceId, person: PersonId) -> None:
    """Somebody went."""
    if place == house.triage:
        people.leave(tx, house.org, place, person)
