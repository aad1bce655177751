"""A bundle of nudges, as it stands at the moment of delivery; and what follows when it was delivered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers import bundles, cards, escalation, lifecycle, nudges, routing, urging
from handlers.house import House
from handlers.notices import Button, Item, Notice, Nudge, Words
from handlers.nudges import Reason
from handlers.turn import real
from storage import history, people, raised, requests
from storage.records import Entry, PlaceId, Post, Raised, Request

MOST_ITEMS = 8
A_MOMENT = timedelta(minutes=1)
"""What goes into the next message, where there are no slots, comes so much later."""


@dataclass(frozen=True, slots=True)
class Due:
    """A request that wants a hand: why, and whose."""

    request: Request
    reason: Reason
    whom: PlaceId


def compose(tx: Connection, house: House, post: Post, now: datetime) -> Nudge | None:
    """Everything in the bundle that is still true, the most urgent first; None when nothing is.

    A bundle that was delivered keeps what was said in it: what is settled meanwhile says so, without buttons.
    """
    live = _still_true(tx, house, post, now)
    numbers = {due.request.number for due in live}
    settled = [] if post.message is None else _settled(tx, house, post, now, numbers)
    if not live and not settled:
        return None
    items = tuple(_item(tx, house, due, post, now) for due in live[:MOST_ITEMS])
    return Nudge(
        _opening(tx, house, live, post.place),
        (*items, *settled)[:MOST_ITEMS],
        more=max(0, len(live) - MOST_ITEMS),
    )


def was_sent(tx: Connection, house: House, post: Post, notice: Notice, now: datetime) -> None:
    """The bundle reached its place: remember it, and tell the lead of what was nudged often enough.

    What there was no room for goes into the next one.
    """
    assert isinstance(notice, Nudge)
    bundle = [one for one in raised.of_bundle(tx, house.org, post.key) if one.sent_at is None]
    said = {item.number for item in notice.items}
    raised.sent(tx, house.org, [one.id for one in bundle if one.number in said], now)
    for number in dict.fromkeys(one.number for one in bundle):
        request = requests.get(tx, house.org, number)
        about = [one for one in bundle if one.number == number]
        if request is None:
            continue
        if number not in said:
            _say_next_time(tx, house, request, about, post.place, now)
            continue
        stuck = any(one.reason == Reason.STUCK.name for one in about)
        verb = "escalate" if stuck else "nudge"
        history.append(tx, house.org, Entry(number=number, at=now, who=None, verb=verb, source="clock"))
        escalation.if_due(tx, house, request, now)


def _say_next_time(
    tx: Connection, house: House, request: Request, about: list[Raised], place: PlaceId, now: datetime
) -> None:
    for one in about:
        if _deserves(tx, house, request, one, now):
            bundles.pass_on(tx, house, one, request, place, now + A_MOMENT)


def _still_true(tx: Connection, house: House, post: Post, now: datetime) -> list[Due]:
    strongest: dict[int, Raised] = {}
    for one in raised.of_bundle(tx, house.org, post.key):
        if one.sent_at is None or post.message is not None:
            known = strongest.get(one.number)
            if known is None or Reason[one.reason] > Reason[known.reason]:
                strongest[one.number] = one
    live = []
    for number, one in strongest.items():
        request = requests.get(tx, house.org, number)
        if request is not None and _deserves(tx, house, request, one, now):
            live.append(Due(request, Reason[one.reason], real(tx, house, one.place)))
    return sorted(
        live, key=lambda due: (-lifecycle.urgency(due.request.priority), -due.reason, due.request.number)
    )


def _settled(tx: Connection, house: House, post: Post, now: datetime, live: set[int]) -> list[Item]:
    """What was said in the bundle and is no longer true: where it stands now."""
    items = []
    said = (one.number for one in raised.of_bundle(tx, house.org, post.key) if one.sent_at is not None)
    for number in dict.fromkeys(said):
        request = requests.get(tx, house.org, number)
        if request is None or number in live:
            continue
        hidden = request.private and post.place not in cards.readers(request, house)
        zone = cards.zone_at(tx, house, request, post.place)
        stands = cards.in_a_row(request, cards.names_of(tx, house, request), zone, now, post.place)
        items.append(
            Item(
                number=number,
                title="Private request" if hidden else request.title,
                why=() if hidden else stands,
                expected=(),
            )
        )
    return items


def _deserves(tx: Connection, house: House, request: Request, one: Raised, now: datetime) -> bool:
    """Whether it is still for whom it was meant, and still true."""
    reason, whom = Reason[one.reason], real(tx, house, one.place)
    theirs = reason is Reason.STUCK or whom == nudges.receiver(request, reason)
    if request.owner is None and reason is not Reason.ANSWER:
        theirs = theirs or _is_on_duty(tx, house, request, whom, now)
    return theirs and nudges.holds(request, house, reason, now)


def _is_on_duty(tx: Connection, house: House, request: Request, whom: PlaceId, now: datetime) -> bool:
    """Whether somebody is on duty now, or was when it was raised, or will be."""
    team = house.team_of(request)
    if whom in team.rota:
        return True
    person = routing.on_duty(tx, house, team, now) if team.rota else None
    return person is not None and person.id == whom


def _opening(tx: Connection, house: House, live: list[Due], place: PlaceId) -> Words:
    if not live:
        return ("Nothing here waits any more:",)
    is_channel = people.get(tx, house.org, place) is None
    return urging.opening([(due.whom, due.reason) for due in live], place, is_channel)


def _item(tx: Connection, house: House, due: Due, post: Post, now: datetime) -> Item:
    request, reason = due.request, due.reason
    names = cards.names_of(tx, house, request) | people.several(tx, house.org, {due.whom})
    hidden = request.private and post.place not in cards.readers(request, house)
    zone = cards.zone_at(tx, house, request, post.place)
    asks = None if hidden else cards.name(names, request.requester)
    in_person = due.whom == post.place and due.whom in names
    why = urging.why(request, zone, reason, asks, in_person)
    buttons = urging.buttons(request, reason)
    if reason is Reason.STUCK:
        why = escalation.why(tx, house, request, zone, now)
        buttons = escalation.buttons(house, request)
    elif hidden:
        buttons = (Button("Show me", f"show {request.number}"), *buttons[:4])
    if due.whom != post.place:
        why = ("For ", cards.name(names, due.whom), ": ", *why)
    return Item(
        number=request.number,
        title="Private request" if hidden else request.title,
        why=why,
        expected=urging.expected(request, house, zone, reason, now),
        buttons=buttons,
    )
