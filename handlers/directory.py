"""Who is who and where: what the platforms say of colleagues, of channels, and of who is in them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import absence, subscribing
from handlers.fallback import has_left, place_lost, welcome
from handlers.house import House
from handlers.intents import Caller
from handlers.linking import link
from handlers.turn import Turn, real
from storage import catalogue, conversations, people
from storage.records import Channel, Conversation, Person, PersonId, PlaceId


@dataclass(frozen=True, slots=True)
class Located:
    """A channel of a team: many teams have one of the same name."""

    place: PlaceId
    team: str
    name: str

    @property
    def full_name(self) -> str:
        """With the team's name before it."""
        return f"{self.team} › {self.name}" if self.team else self.name


def describe(
    tx: Connection, house: House, person: Person, now: datetime, *, tells_absence: bool = True
) -> None:
    """Keep what the platform says of somebody; when they have left, what they own finds a new home.

    Where people are linked, it may tell that we know them from another platform. A platform that
    `tells_absence` says in which of their accounts they are away; another changes nothing of that.
    """
    before = people.get(tx, house.org, person.id)
    if before is not None and not person.zone:
        person = replace(person, zone=before.zone)  # not every platform tells
    if before is not None and not tells_absence:
        person = replace(person, absent_until=before.absent_until)
    away = tells_absence and _is_away(tx, house, person.id, now)
    people.describe(tx, house.org, person)
    if not person.active and (before is None or before.active):
        has_left(tx, house, person, now)
    elif house.link_people:
        link(tx, house, person.id, before is None or not before.known, now)
    if tells_absence:
        _status_told(tx, house, person, now, away=away)


def _status_told(tx: Connection, house: House, account: Person, now: datetime, *, away: bool) -> None:
    """Somebody is away as one of their accounts says: what was owed to them alone goes to who stands in."""
    person = people.get(tx, house.org, real(tx, house, account.id))
    assert person is not None
    if person.id != account.id and person.absent_until != account.absent_until:
        person = replace(person, absent_until=account.absent_until)
        people.describe(tx, house.org, person)
    if not away and person.is_away(now):
        absence.pass_nudges_on(Turn(tx, house, Caller(person="", source="clock"), person, now))


def _is_away(tx: Connection, house: House, account: PersonId, now: datetime) -> bool:
    person = people.get(tx, house.org, real(tx, house, account))
    return person is not None and person.is_away(now)


def introduce(tx: Connection, house: House, person: PersonId, name: str, zone: str) -> None:
    """Keep what somebody's own words tell of them, until the platform has been asked who they are."""
    known = people.get(tx, house.org, person)
    if known is None:
        people.meet(tx, house.org, Person(id=person, name=name or person, zone=zone))
    elif zone and zone != known.zone:
        people.describe(tx, house.org, replace(known, zone=zone))


def describe_all(
    tx: Connection,
    house: House,
    everybody: Collection[Person],
    now: datetime,
    *,
    silent: Collection[PersonId] = (),
) -> None:
    """The same for many; of some the platform is `silent` whether they are away, or says nothing new."""
    for person in everybody:
        describe(tx, house, person, now, tells_absence=person.id not in silent)


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


def channels_are(tx: Connection, house: House, prefix: str, present: Collection[Channel]) -> None:
    """The bot is in exactly these of the channels whose places begin so."""
    catalogue.set_channels(tx, house.org, prefix, present)


def places_are(
    tx: Connection, house: House, prefix: str, present: Collection[Located], *, whole: bool
) -> None:
    """The bot is in these channels; in no others whose places begin so, when that is the `whole` of them.

    A channel is called by its own name, with its team before it where another one is called so too.
    """
    others = {
        channel.name.casefold()
        for channel in catalogue.all_channels(tx, house.org)
        if not channel.place.startswith(prefix)
    }
    called = Counter(each.name.casefold() for each in present)
    named = [
        Channel(each.place, each.name if called[name] == 1 and name not in others else each.full_name)
        for each in present
        for name in (each.name.casefold(),)
    ]
    if whole:
        catalogue.set_channels(tx, house.org, prefix, named)
    else:
        for channel in named:
            catalogue.name_channel(tx, house.org, channel)


def came(tx: Connection, house: House, channel: Channel, now: datetime) -> None:
    """The bot is in this channel."""
    catalogue.name_channel(tx, house.org, channel)
    subscribing.found(tx, house, channel.place, now)


def renamed(tx: Connection, house: House, channel: Channel) -> None:
    """A channel is called otherwise. Only those that the bot is in matter."""
    catalogue.rename_channel(tx, house.org, channel)


def gone(tx: Connection, house: House, place: PlaceId, why: str, now: datetime) -> None:
    """Nothing can be said in a channel any more: what had its desk there finds another home."""
    catalogue.leave_channel(tx, house.org, place)
    conversations.drop(tx, house.org, place)
    place_lost(tx, house, place, why, now)


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
