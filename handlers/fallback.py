"""Where a post goes when its place is gone: nothing that is owed is lost because somebody left.

1. A request's card in its owner's direct messages, and the owner has left: the request is open again, in the
   triage channel, else with the lead, else with its requester, who can ask somebody else. A private one
   goes to the lead first: a channel has more readers than it was meant for.
2. A request's card in a channel that is gone, archived or closed to the bot: the same, but the owner stays.
3. News and notes for somebody who left, or for a channel that is gone: said where the card is now. A nudge
   is not: the card in its new place says it all.
4. What the requester alone was to see, and they have left: nothing; nobody else should see it.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import lifecycle
from handlers.house import House
from handlers.intake import card_key
from handlers.intents import Caller
from handlers.turn import Turn, audience, keep, tell, tell_desk
from storage import history, people, posts, raised, requests
from storage.records import Person, PersonId, PlaceId, Post, PostKind, Request

LEFT = frozenset({"user_not_found", "user_disabled"})
"""Slack's words for a person who is no longer there."""
CLOSED = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive"})
"""Slack's words for a channel where nothing can be said any more."""


def elsewhere(tx: Connection, house: House, post: Post, why: str, now: datetime) -> None:
    """Owe a post that cannot be delivered somewhere else, by the numbered cases above."""
    reader = people.get(tx, house.org, post.place)
    if reader is not None and why in LEFT:
        has_left(tx, house, reader, now)
    if why in CLOSED or post.kind is PostKind.CARD:
        for request in _served_there(tx, house, post):
            _move_desk(tx, house, request, post.place, why, now)
    about = requests.get(tx, house.org, post.number) if post.number else None
    if about is None or post.place in (about.requester, about.place):
        return
    if post.kind in (PostKind.NEWS, PostKind.NOTE, PostKind.ESCALATION):
        posts.move(tx, house.org, post, about.place, f"{post.key}:elsewhere", now)


def has_left(tx: Connection, house: House, person: Person, now: datetime) -> None:
    """Somebody has left: everything unfinished that they own needs a new home."""
    people.describe(tx, house.org, replace(person, active=False))
    for request in requests.owned(tx, house.org, person.id):
        _move_desk(tx, house, request, person.id, "", now)


def _served_there(tx: Connection, house: House, post: Post) -> list[Request]:
    """The requests that a post speaks of and whose desk is where it could not be said."""
    bundle = raised.of_bundle(tx, house.org, post.key) if post.kind is PostKind.NUDGE else []
    numbers = dict.fromkeys([post.number, *(one.number for one in bundle)])
    spoken_of = [requests.get(tx, house.org, number) for number in numbers if number]
    return [request for request in spoken_of if request is not None and request.place == post.place]


def _move_desk(
    tx: Connection, house: House, request: Request, lost: PlaceId, why: str, now: datetime
) -> None:
    """A place is `lost`, or a person: find another home for what was there, and another owner."""
    if request.status not in lifecycle.UNFINISHED:
        return
    place = _refuge(tx, house, request) if request.place == lost else request.place
    clock = Turn(tx, house, Caller(person="", source="clock"), Person(id="", name="Deskbell"), now)
    if request.owner == lost or _is_gone(tx, house, request.owner):
        after = lifecycle.orphaned(request, place, now)
        after, line = keep(clock, request, after, "orphan", fact=request.owner or "")
        tell(clock, after, line, audience(after))
        if place == request.place:
            tell_desk(clock, after, line)
    elif place != request.place:
        keep(clock, request, lifecycle.moved_to(request, place), "elsewhere", text=why, fact=lost)
    key = card_key(request.number, place)
    posts.owe(tx, house.org, key, PostKind.CARD, place, now, number=request.number)


def _refuge(tx: Connection, house: House, request: Request) -> PlaceId:
    """The first of triage channel, lead and requester that was not lost before; else it stays."""
    lines = history.of(tx, house.org, request.number)
    lost = {request.place, *(line.fact for line in lines if line.verb in ("elsewhere", "orphan"))}
    homes = (house.lead, house.triage) if request.private else (house.triage, house.lead)
    here = (home for home in (*homes, request.requester) if home and home not in lost)
    return next((home for home in here if not _is_gone(tx, house, home)), request.place)


def _is_gone(tx: Connection, house: House, somebody: PersonId | None) -> bool:
    known = people.get(tx, house.org, somebody) if somebody else None
    return known is not None and not known.active
