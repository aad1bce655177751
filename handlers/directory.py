"""Who is who: what the platform says about colleagues and the members of triage channels."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.fallback import has_left, welcome
from handlers.house import House
from handlers.linking import link
from handlers.turn import real
from storage import conversations, people
from storage.records import Conversation, Person, PersonId, PlaceId


def describe(tx: Connection, house: House, person: Person, now: datetime) -> None:
    """Keep what the platform says of somebody; when they have left, what they own finds a new home.

    Where people are linked, it may tell that we know them from another platform.
    """
    before = people.get(tx, house.org, person.id)
    if before is not None and not person.zone:
        person = replace(person, zone=before.zone)  # not every platform tells
    people.describe(tx, house.org, person)
    if not person.active and (before is None or before.active):
        has_left(tx, house, person, now)
    elif house.link_people:
        link(tx, house, person.id, before is None or not before.known, now)


def introduce(tx: Connection, house: House, person: PersonId, name: str, zone: str) -> None:
    """Keep what somebody's own words tell of them, until the platform has been asked who they are."""
    known = people.get(tx, house.org, person)
    if known is None:
        people.meet(tx, house.org, Person(id=person, name=name or person, zone=zone))
    elif zone and zone != known.zone:
        people.describe(tx, house.org, replace(known, zone=zone))


def describe_all(tx: Connection, house: House, everybody: Collection[Person], now: datetime) -> None:
    """The same for many."""
    for person in everybody:
        describe(tx, house, person, now)


def unknown(tx: Connection, house: House, prefix: str = "", limit: int = 20) -> list[PersonId]:
    """People met whom their platform, whose ids begin so, has not been asked about."""
    return people.unknown(tx, house.org, limit, prefix)


def members_are(tx: Connection, house: House, place: PlaceId, present: Collection[PersonId]) -> None:
    """Exactly these belong to a channel."""
    people.set_members(tx, house.org, place, present)


def joined(tx: Connection, house: House, place: PlaceId, person: PersonId) -> None:
    """Somebody came to a channel. Only those of triage channels matter."""
    if place in house.channels:
        people.join(tx, house.org, place, person)


def left(tx: Connection, house: House, place: PlaceId, person: PersonId) -> None:
    """Somebody went."""
    if place in house.channels:
        people.leave(tx, house.org, place, person)


def colleagues(tx: Connection, house: House, limit: int = 500) -> list[Person]:
    """Whom one can ask for something, by name: who is here and known, no bots, nobody twice."""
    return people.colleagues(tx, house.org, limit, aliases=not house.link_people)


def met(tx: Connection, house: House, conversation: Conversation, now: datetime) -> None:
    """A place can be addressed like this. Whoever says hello first gets what could not be said to them."""
    before = conversations.get(tx, house.org, conversation.place)
    if before == conversation:
        return
    conversations.keep(tx, house.org, conversation)
    if before is None and people.get(tx, house.org, conversation.place) is not None:
        welcome(tx, house, real(tx, house, conversation.place), now)


def conversation(tx: Connection, house: House, place: PlaceId) -> Conversation | None:
    """How a place can be addressed, if anybody knows."""
    return conversations.get(tx, house.org, place)


def known_conversations(tx: Connection, house: House) -> list[Conversation]:
    """Every place that can be addressed, and how."""
    return conversations.everything(tx, house.org)


def forgotten(tx: Connection, house: House, place: PlaceId) -> None:
    """A place cannot be addressed any more: the bot was removed from it."""
    conversations.drop(tx, house.org, place)
