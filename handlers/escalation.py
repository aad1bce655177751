"""When nudging has not helped: the lead is told, once, by name and reason; then it is quiet until it moves.

1. The team's lead, else the organisation's, in their bundle like everything else; while they are away, their
   cover.
2. Without one, when nobody stands in for them, or when it is the lead's own: the team's channel.
3. Without a channel: the requester, who can ask somebody else.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import absence, bundles, cards, lifecycle, nudges, targets
from handlers.house import House
from handlers.notices import Button, News, Quote, When, Words
from handlers.nudges import Reason
from handlers.turn import real
from storage import people, raised, requests
from storage.records import PlaceId, Raised, Request


def if_due(tx: Connection, house: House, request: Request, now: datetime) -> None:
    """After the last nudge in vain, tell who should know; once."""
    if request.escalated_at is not None or request.status not in lifecycle.UNFINISHED:
        return
    if _often(_in_vain(tx, house, request)) < nudges.CAP:
        return
    after = lifecycle.escalated(request, now)
    after = replace(after, nudge_at=nudges.after_look(after, house, now))
    requests.change(tx, house.org, request, after)
    whom, place = _who_hears(tx, house, request, now)
    bundles.add(tx, house, request, Reason.STUCK, whom, place, now, now)


def why(tx: Connection, house: House, request: Request, zone: str, now: datetime) -> Words:
    """Who was nudged, and why it does not move, as far as we can know."""
    nudged = _in_vain(tx, house, request)
    whom = _named(tx, house, {one.place for one in nudged})
    return (*whom, f" nudged {_often(nudged)} times; ", *_reason(request, zone, now))


def buttons(house: House, request: Request) -> tuple[Button, ...]:
    """What a lead can do about it."""
    n = request.number
    move = (Button("Move …", f"move {n} …"),) if house.services or house.teams else ()
    return (Button("Show", f"show {n}", "primary"), Button("Hand over …", f"give {n} …"), *move)


def compose(tx: Connection, house: House, request: Request, place: PlaceId, now: datetime) -> News | None:
    """The same as a message of its own, as it was owed before it came in bundles."""
    if request.escalated_at is None or request.status not in lifecycle.UNFINISHED:
        return None
    if request.private and place not in cards.readers(request, house):
        hidden = f"#{request.number}, which is private, does not move and needs a hand."
        return News((hidden,), buttons(house, request)[:1])
    told = why(tx, house, request, cards.zone_at(tx, house, request, place), now)
    about: Words = (f"#{request.number} ", Quote(request.title), " does not move. ")
    return News((*about, *told), buttons(house, request))


def _in_vain(tx: Connection, house: House, request: Request) -> list[Raised]:
    return raised.sent_since(tx, house.org, request.number, request.moved_at)


def _often(nudged: Collection[Raised]) -> int:
    """In how many messages it was said."""
    return len({one.post_key for one in nudged})


def _who_hears(tx: Connection, house: House, request: Request, now: datetime) -> tuple[PlaceId, PlaceId]:
    """For whom it is, and where they read it."""
    lead = house.lead_of(request)
    owner = real(tx, house, request.owner) if request.owner else None
    if lead and real(tx, house, lead) != owner and (reader := absence.here(tx, house, lead, now)):
        return real(tx, house, lead), reader
    place = house.team_of(request).place or house.triage or request.requester
    return place, place


def _named(tx: Connection, house: House, nudged: Collection[PlaceId]) -> Words:
    names = people.several(tx, house.org, nudged)
    if not names:
        return ("The channel was",)
    first, *others = (cards.name(names, one) for one in sorted(names))
    listed = [span for one in others for span in (" and ", one)]
    return (first, *listed, " were" if others else " was")


def _reason(request: Request, zone: str, now: datetime) -> Words:
    due = targets.due(request)
    if due is not None and targets.is_late(request, now):
        return (f"it was {targets.set_by(request)} ", When(due, zone), ".")
    if request.responded_at is None:
        return ("nobody has taken it since ", When(request.filed_at, zone), ".")
    return ("nothing has happened since ", When(request.moved_at, zone, day_only=True), ".")
