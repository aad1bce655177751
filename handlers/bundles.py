"""One message per person and slot: whatever is to be said to somebody then goes into it, whomever it is for.

A bundle is a post whose key names its place and its moment, so that two nudges for one slot are one message;
the rows of `storage.raised` say what is in it, and for whom each was meant.
"""

from datetime import datetime

from sqlalchemy import Connection

from handlers import nudges, serving
from handlers.house import House
from handlers.nudges import Reason
from storage import posts, raised
from storage.records import PlaceId, PostKind, Raised, Request


def add(
    tx: Connection,
    house: House,
    request: Request,
    reason: Reason,
    whom: PlaceId,
    place: PlaceId,
    now: datetime,
    since: datetime,
) -> None:
    """Raise a nudge at `now` for `whom`: it is said in a place, in the next slot there after `since`."""
    key = owed(tx, house, request, place, nudges.is_urgent(request) and since == now, since)
    row = Raised(number=request.number, place=whom, reason=reason.name, post_key=key, raised_at=now)
    raised.add(tx, house.org, row)


def pass_on(
    tx: Connection, house: House, nudge: Raised, request: Request, place: PlaceId, now: datetime
) -> None:
    """Say a nudge that is owed somewhere else, in the next bundle there."""
    key = owed(tx, house, request, place, nudges.is_urgent(request), now)
    raised.pass_on(tx, house.org, nudge.id, key, nudge.place)


def owed(
    tx: Connection, house: House, request: Request, place: PlaceId, urgent: bool, since: datetime
) -> str:
    """The key of the bundle into which a nudge of this request's team goes: owed from now on."""
    at = serving.slot(tx, house, house.team_of(request), place, urgent, since)
    key = f"nudge:{place}:{at.isoformat(timespec='seconds')}"
    posts.owe(tx, house.org, key, PostKind.NUDGE, place, at)
    return key
