"""A request as people see it: where it stands in one sentence, the facts, and what can be done now."""

from datetime import datetime

from sqlalchemy import Connection

from handlers import targets
from handlers.house import House, is_zone
from handlers.lifecycle import ENDED
from handlers.may import Desk, may
from handlers.notices import Button, Card, Mention, Quote, Span, When, Words
from handlers.words import until
from storage import people
from storage.records import Person, PersonId, PlaceId, Priority, Request, Status, WaitingOn

Names = dict[PersonId, Person]

ANSWERS = 1_600
"""Characters for all that a service's form was filled with; many answers share them."""


def live(tx: Connection, house: House, request: Request, place: PlaceId, now: datetime) -> Card:
    """The live card of a place: the same for everybody who reads there.

    In a place that others can read, a private request is shown locked: its number and state, no text.
    """
    names = names_of(tx, house, request)
    if _went_on(request, house, place):
        return _left_behind(house, request)
    if request.private and place not in readers(request, house):
        return _locked(request, names)
    zone = zone_at(tx, house, request, place)
    buttons: tuple[Button, ...] = ()
    if place in (request.place, request.owner):
        buttons += _desk_buttons(request)
    if place == request.requester:
        buttons += tuple(button for button in _requester_buttons(request) if button not in buttons)
    return _card(house, request, names, zone, now, buttons, place)


def _went_on(request: Request, house: House, place: PlaceId) -> bool:
    """Whether a place is another team's channel, where the request was before it was moved."""
    return place != request.place and place in house.channels


def _left_behind(house: House, request: Request) -> Card:
    """What stays where a request was moved from: where it went, and nothing to press."""
    service = house.services.get(request.service)
    now_with = service.name if service else house.team_of(request).name
    return Card(
        number=request.number,
        title="Private request" if request.private else request.title,
        status=request.status,
        headline=(f"Moved to {now_with}.",),
        private=request.private,
    )


def viewed(tx: Connection, house: House, request: Request, person: Person, desk: Desk, now: datetime) -> Card:
    """The request for one person alone, with the buttons that this person may press."""
    both = dict.fromkeys((*_desk_buttons(request), *_requester_buttons(request), *_follow(request, person)))
    mine = tuple(button for button in both if not may(person, _verb(button), request, desk))
    zone = person.zone or house.zone
    return _card(house, request, names_of(tx, house, request), zone, now, mine, person.id)


def readers(request: Request, house: House) -> tuple[PersonId | None, ...]:
    """The people whose direct messages may carry the text of a private request."""
    leads = (house.team_of(request).lead, house.lead)
    return (request.requester, request.filed_by, request.owner, *leads, *request.followers)


def zone_at(tx: Connection, house: House, request: Request, place: PlaceId) -> str:
    """The time zone of who reads about a request somewhere: a person's own, or its team's in a channel."""
    reader = people.get(tx, house.org, place)
    return reader.zone if reader and is_zone(reader.zone) else house.zone_of(house.team_of(request))


def names_of(tx: Connection, house: House, request: Request) -> Names:
    """The people a card speaks of."""
    spoken_of = {request.requester, request.filed_by, request.owner, request.last_note_by, request.ended_by}
    return people.several(tx, house.org, {person for person in spoken_of if person})


def name(names: Names, person: PersonId | None) -> Mention:
    """Somebody by name."""
    known = names.get(person or "")
    return Mention(person or "", known.name if known else "somebody")


def headline(request: Request, names: Names, zone: str) -> Words:
    """Where it stands, in one sentence."""
    owner = name(names, request.owner)
    by = name(names, request.ended_by)
    match request.status:
        case Status.OPEN if request.owner:
            return ("Waiting for ", owner, " to take it.")
        case Status.OPEN:
            return ("Waiting for somebody to take it.",)
        case Status.TAKEN:
            return (owner, " has it.")
        case Status.WAITING:
            return _waiting(request, names, zone)
        case Status.RESOLVED | Status.CLOSED:
            done: Words = (": ", Quote(request.outcome)) if request.outcome else (".",)
            return (by, " resolved it", *done) if request.ended_by else ("Resolved", *done)
        case Status.CANCELLED:
            return ("Cancelled by ", by, ".")
        case Status.DECLINED:
            return (by, " declined it: ", Quote(request.outcome))


def in_a_row(
    request: Request, names: Names, zone: str, now: datetime, viewer: PersonId | None = None
) -> Words:
    """Where it stands, where there is one line for it: with when it was promised, and whether it is late."""
    late: Words = ("Late. ",) if targets.is_late(request, now) else ()
    if request.snoozed_until and request.snoozed_until > now and request.status not in ENDED:
        return (
            *late,
            "Parked until ",
            When(request.snoozed_until, zone),
            ": ",
            Quote(request.snooze_reason),
        )
    if request.status is not Status.TAKEN:
        return (*late, *headline(request, names, zone))
    owner: Words = ("You have it",) if request.owner == viewer else (name(names, request.owner), " has it")
    promise: Words = (", promised by ", When(request.promise.instant(), zone)) if request.promise else ()
    return (*late, *owner, *promise, ".")


def buttons_for_nudge(request: Request) -> tuple[Button, ...]:
    """What a nudged owner can do with one tap."""
    n = request.number
    if request.status is Status.OPEN:
        first = Button("Take it", f"take {n}", "primary")
    else:
        first = Button("Done", f"resolve {n}", "primary")
    return (
        first,
        Button("Waiting on them …", f"ask {n} …"),
        Button("Snooze …", f"snooze {n} …"),
        Button("Hand over …", f"give {n} …"),
    )


def _card(
    house: House,
    request: Request,
    names: Names,
    zone: str,
    now: datetime,
    buttons: tuple[Button, ...],
    reader: PlaceId,
) -> Card:
    note: Words = ()
    if request.last_note:
        note = (name(names, request.last_note_by), ": ", Quote(request.last_note))
    return Card(
        number=request.number,
        title=request.title,
        status=request.status,
        headline=headline(request, names, zone),
        details=request.details,
        facts=(*_facts(request, names, zone, now, reader), *_asked(request, house)),
        note=note,
        origin=request.origin,
        private=request.private,
        urgent=request.priority is Priority.URGENT and request.status not in ENDED,
        buttons=buttons,
    )


def _locked(request: Request, names: Names) -> Card:
    owner = name(names, request.owner)
    words: Words = (
        "A private request, ",
        request.status.value,
        *((", with ", owner) if request.owner else ()),
        ".",
    )
    take = (Button("Take it", f"take {request.number}", "primary"),)
    return Card(
        number=request.number,
        title="Private request",
        status=request.status,
        headline=words,
        private=True,
        locked=True,
        buttons=(
            Button("Show me", f"show {request.number}"),
            *(take if request.status is Status.OPEN else ()),
        ),
    )


def _facts(
    request: Request, names: Names, zone: str, now: datetime, reader: PlaceId
) -> list[tuple[str, Words]]:
    facts: list[tuple[str, Words]] = []
    if reader != request.requester:
        facts.append(("From", (name(names, request.requester),)))
    if request.filed_by and request.filed_by != request.requester:
        facts.append(("Filed by", (name(names, request.filed_by),)))
    if request.priority is not Priority.NORMAL:
        facts.append(("Priority", (request.priority.value,)))
    owner = names.get(request.owner or "")
    if request.status not in ENDED and owner is not None and owner.gone_until and owner.is_away(now):
        facts.append(("Away", (name(names, owner.id), *until(owner.gone_until, zone, now))))
    if request.status not in ENDED:
        facts.extend(_times(request, zone, now))
    return facts


def _asked(request: Request, house: House) -> list[tuple[str, Words]]:
    """What it was asked for, and what its form was filled with, in the words of that day."""
    team, service = house.teams.get(request.team), house.services.get(request.service)
    asked: list[tuple[str, Words]] = []
    if request.service:
        called = service.name if service else request.service
        asked.append(("Service", (f"{called}, {team.name}" if team else called,)))
    elif request.team:
        asked.append(("Team", (team.name if team else request.team,)))
    room = ANSWERS // max(len(request.answers), 1)
    return asked + [(label, (Quote(_cut(text, room)),)) for label, text in request.answers]


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def _times(request: Request, zone: str, now: datetime) -> list[tuple[str, Words]]:
    late: tuple[Span, ...] = (" (late)",) if targets.is_late(request, now) else ()
    times: list[tuple[str, Words]] = []
    if request.needed_by:
        overdue = late if request.promise is None else ()
        times.append(("Needed by", (When(request.needed_by.instant(), zone), *overdue)))
    asked_for_only = request.needed_by is not None and request.promise is None
    still = request.status is Status.WAITING or (targets.is_parked(request, now) and not request.promise)
    if (when := targets.due(request)) and not still and not asked_for_only:
        label = "Promised" if request.promise else "Due"
        times.append((label, (When(when, zone), *late)))
    if request.snoozed_until and request.snoozed_until > now:
        times.append(
            ("Parked until", (When(request.snoozed_until, zone), ": ", Quote(request.snooze_reason)))
        )
    return times


def _waiting(request: Request, names: Names, zone: str) -> Words:
    match request.waiting_on:
        case WaitingOn.REQUESTER:
            return ("Waiting for ", name(names, request.requester), " to answer: ", Quote(request.question))
        case WaitingOn.REQUEST:
            return (f"Waiting until #{request.waiting_request} is resolved.",)
        case _:
            assert request.waiting_until is not None
            return ("Paused until ", When(request.waiting_until, zone), ".")


def _desk_buttons(request: Request) -> tuple[Button, ...]:
    n = request.number
    done = Button("Done …", f"resolve {n} …", "primary" if request.owner else "")
    more = (Button("Ask …", f"ask {n} …"), Button("Hand over …", f"give {n} …"))
    match request.status:
        case Status.OPEN:
            return (
                Button("Take", f"take {n}", "primary"),
                Button("Done …", f"resolve {n} …"),
                *more,
                Button("Decline …", f"decline {n} …"),
            )
        case Status.TAKEN:
            return (done, Button("Promise …", f"take {n} …"), *more, Button("Pause …", f"wait {n} …"))
        case Status.WAITING:
            return (Button("Go on", f"take {n}", "primary"), Button("Done …", f"resolve {n} …"), *more)
        case _:
            return (Button("Reopen …", f"reopen {n} …"),)


def _requester_buttons(request: Request) -> tuple[Button, ...]:
    n = request.number
    if request.status in ENDED:
        return (Button("Reopen …", f"reopen {n} …"),)
    cancel = Button(
        "Cancel", f"cancel {n}", "danger", confirm=f"Cancel #{n}? Nobody will work on it any more."
    )
    if request.waiting_on is WaitingOn.REQUESTER:
        return (Button("Answer …", f"answer {n} …", "primary"), cancel)
    return (Button("Any news?", f"nudge {n}"), Button("Add a note …", f"note {n} …"), cancel)


def _follow(request: Request, person: Person) -> tuple[Button, ...]:
    if person.id in (request.requester, request.owner) or request.status in ENDED:
        return ()
    if person.id in request.followers:
        return (Button("Unfollow", f"unfollow {request.number}"),)
    return (Button("Follow", f"follow {request.number}"),)


def _verb(button: Button) -> str:
    """The step a button makes, as `may` names it."""
    verb = button.line.split()[0]
    return {"answer": "note", "unfollow": "follow", "show": "see"}.get(verb, verb)
