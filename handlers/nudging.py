"""A bundle of nudges, as it stands at the moment of delivery; and what follows when it was delivered."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import cards, lifecycle, nudges, targets
from handlers.house import House
from handlers.notices import Button, Item, Mention, News, Notice, Nudge, Quote, When, Words
from handlers.nudges import Reason
from storage import history, people, posts, raised, requests
from storage.records import Entry, PersonId, PlaceId, Post, PostKind, Request

MOST_ITEMS = 8


def compose(tx: Connection, house: House, post: Post, now: datetime) -> Nudge | None:
    """Everything in the bundle that is still true, the most urgent first; None when nothing is.

    A bundle that was delivered keeps what was said in it: what is settled meanwhile says so, without buttons.
    """
    live = _still_true(tx, house, post, now)
    settled = [] if post.message is None else _settled(tx, house, post, now, {one.number for one, _ in live})
    if not live and not settled:
        return None
    items = tuple(_item(tx, house, request, reason, post, now) for request, reason in live[:MOST_ITEMS])
    opening = _opening(len(live), post) if live else ("Nothing here waits any more:",)
    return Nudge(opening, (*items, *settled)[:MOST_ITEMS], more=max(0, len(live) - MOST_ITEMS))


def was_sent(tx: Connection, house: House, post: Post, notice: Notice, now: datetime) -> None:
    """The bundle reached its place: remember it, and tell the lead of what was nudged often enough."""
    assert isinstance(notice, Nudge)
    said = {item.number for item in notice.items}
    bundle = [one for one in raised.of_bundle(tx, house.org, post.key) if one.sent_at is None]
    raised.sent(tx, house.org, [one.id for one in bundle], now)
    for number in dict.fromkeys(one.number for one in bundle if one.number in said):
        request = requests.get(tx, house.org, number)
        assert request is not None
        history.append(tx, house.org, _line(number, now, "nudge"))
        if request.status in lifecycle.UNFINISHED and _whom(post) != request.requester:
            _escalate_if_due(tx, house, request, _whom(post), now)


def compose_escalation(tx: Connection, house: House, request: Request, place: PlaceId) -> News | None:
    """What the lead is told, once: by name and reason. None when it has moved since."""
    if request.escalated_at is None or request.status not in lifecycle.UNFINISHED:
        return None
    if request.private and place not in cards.readers(request, house):
        return News(
            (f"#{request.number}, which is private, does not move and needs a hand.",), _show(request)
        )
    names = people.several(tx, house.org, {one for one in (request.owner, house.lead) if one})
    lead: Words = (cards.name(names, house.lead), ": ") if house.lead and house.lead != place else ()
    owner: Words = (cards.name(names, request.owner),) if request.owner else ("This channel",)
    words: Words = (
        *lead,
        f"#{request.number} ",
        Quote(request.title),
        " does not move. ",
        *owner,
        f" was nudged {nudges.CAP} times. Who can help?",
    )
    return News(words, (*_show(request), Button("Hand over …", f"give {request.number} …")))


def _still_true(tx: Connection, house: House, post: Post, now: datetime) -> list[tuple[Request, Reason]]:
    strongest: dict[int, Reason] = {}
    for one in raised.of_bundle(tx, house.org, post.key):
        if one.sent_at is None or post.message is not None:
            reason = Reason[one.reason]
            strongest[one.number] = max(reason, strongest.get(one.number, reason))
    live = []
    for number, reason in strongest.items():
        request = requests.get(tx, house.org, number)
        if request is not None and _deserves(request, house, reason, _whom(post), now):
            live.append((request, reason))
    return sorted(live, key=lambda one: (-lifecycle.urgency(one[0].priority), -one[1], one[0].number))


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


def _deserves(request: Request, house: House, reason: Reason, whom: PlaceId, now: datetime) -> bool:
    return nudges.receiver(request, reason) == whom and nudges.holds(request, house, reason, now)


def _whom(post: Post) -> PlaceId:
    """Whom a bundle nudges: its place, unless it could not be said to its person there."""
    return post.person or post.place


def _opening(count: int, post: Post) -> Words:
    if post.person is None:
        return (
            "This waits for somebody to take it:" if count == 1 else f"{count} requests wait for somebody:",
        )
    if post.person != post.place:
        return ("This waits for a colleague:" if count == 1 else f"{count} requests wait for a colleague:",)
    return ("One request waits for you:" if count == 1 else f"{count} requests wait for you:",)


def _item(tx: Connection, house: House, request: Request, reason: Reason, post: Post, now: datetime) -> Item:
    names = cards.names_of(tx, house, request)
    hidden = request.private and post.place not in cards.readers(request, house)
    zone = cards.zone_at(tx, house, request, post.place)
    why = _why(request, zone, reason, None if hidden else cards.name(names, request.requester), now)
    if post.person and post.person != post.place:
        why = ("For ", cards.name(names, post.person), ": ", *why)
    if reason is Reason.ANSWER:
        buttons: tuple[Button, ...] = (Button("Answer …", f"answer {request.number} …", "primary"),)
    else:
        buttons = cards.buttons_for_nudge(request)
    return Item(
        number=request.number,
        title="Private request" if hidden else request.title,
        why=why,
        expected=() if hidden else _expected(request, zone, reason, now),
        buttons=buttons,
    )


def _why(request: Request, zone: str, reason: Reason, asks: Mention | None, now: datetime) -> Words:
    """Why now; without `asks` it is not said who waits."""
    requester = asks or "A colleague"
    filed = When(request.filed_at, zone)
    match reason:
        case Reason.HALF | Reason.UNTAKEN:
            return (requester, " asked ", filed, ", and nobody has taken it yet.")
        case Reason.IDLE:
            return ("Nothing has happened since ", When(request.moved_at, zone, day_only=True), ".")
        case Reason.PARKED:
            return ("You parked it until now.",)
        case Reason.SOON:
            return (requester, " waits for it, and its time is nearly up.")
        case Reason.LATE:
            due = targets.due(request) or now
            return ("It was ", "promised" if request.promise else "due", " ", When(due, zone), ".")
        case _:
            return ("It waits for your answer: ", Quote(request.question))


def _expected(request: Request, zone: str, reason: Reason, now: datetime) -> Words:
    due = targets.due(request)
    match reason:
        case Reason.HALF | Reason.UNTAKEN if request.respond_by:
            if request.respond_by <= now:
                return ("It should have been taken by ", When(request.respond_by, zone), ".")
            return ("Take it, or hand it over, by ", When(request.respond_by, zone), ".")
        case Reason.LATE:
            return ("Finish it, or say when it will be done.",)
        case Reason.ANSWER:
            return ("Without an answer it will be closed in three working days.",)
        case _ if due:
            return ("It was due " if due <= now else "It is due ", When(due, zone), ".")
        case _:
            return ("Say how it goes, or park it.",)


def _escalate_if_due(tx: Connection, house: House, request: Request, place: PlaceId, now: datetime) -> None:
    """After the last nudge the triage channel is told, or the lead when it is private; then it is quiet."""
    often = raised.sent_since(tx, house.org, request.number, place, request.moved_at)
    if often < nudges.CAP or request.escalated_at is not None:
        return
    after = lifecycle.escalated(request, now)
    after = replace(after, nudge_at=nudges.after_look(after, house, now))
    requests.change(tx, house.org, request, after)
    line = history.append(tx, house.org, _line(request.number, now, "escalate"))
    to = _who_hears(house, request)
    key = f"escalation:{request.number}:{line}"
    posts.owe(tx, house.org, key, PostKind.ESCALATION, to, now, number=request.number)


def _who_hears(house: House, request: Request) -> PlaceId:
    private: PersonId | None = house.lead if request.private else None
    return private or house.triage or house.lead or request.place


def _line(number: int, now: datetime, verb: str) -> Entry:
    return Entry(number=number, at=now, who=None, verb=verb, source="clock")


def _show(request: Request) -> tuple[Button, ...]:
    return (Button("Show", f"show {request.number}"),)
