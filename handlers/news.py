"""What a line of history says to those it concerns, and whether it is still worth telling."""

from datetime import datetime

from sqlalchemy import Connection

from handlers import cards, targets
from handlers.cards import Names, name
from handlers.house import House
from handlers.notices import Button, News, Quote, Said, When, Words
from handlers.routing import to_them
from handlers.words import in_zone
from storage import history, people
from storage.records import Entry, PersonId, PlaceId, Request, Status, WaitingOn
from storage.types import WallTime


def compose(
    tx: Connection,
    house: House,
    request: Request,
    line: Entry,
    place: PlaceId,
    person: PersonId | None,
    now: datetime,
    *,
    passed_on: bool = False,
) -> News | None:
    """The news for a place; None when it has become untrue meanwhile.

    In a place that others can read a private request is named by its number alone. `passed_on` says that
    it could not be said to the person themselves.
    """
    if not _still_true(request, line, now):
        return None
    if request.private and place not in cards.readers(request, house):
        return News((f"There is news of #{request.number}, which is private.",), _show(request))
    named = line.fact if line.verb in ("give", "assign", "orphan", "elsewhere") else None
    spoken_of = {line.who, named, request.requester, request.owner, person}
    names = people.several(tx, house.org, {one for one in spoken_of if one})
    words = (*_words(request, line, names, place, person), *_before(tx, house, line))
    if person and person not in (place, line.who):
        words = (*(("For ",) if passed_on else ()), name(names, person), ": ", *words)
    return News(in_zone(words, cards.zone_at(tx, house, request, place)), _buttons(request, line, place))


def compose_note(
    tx: Connection, house: House, request: Request, line: Entry, place: PlaceId, person: PersonId | None
) -> Said | News:
    """What one side wrote, for the other; hidden where not everybody may read it.

    When it could not be said to a `person` themselves, it says that it is for them.
    """
    if request.private and place not in cards.readers(request, house):
        return News((f"There is a new note on #{request.number}, which is private.",), _show(request))
    names = people.several(tx, house.org, {one for one in (line.who, person) if one})
    if person:
        wrote: Words = (name(names, line.who), f" wrote about #{request.number}: ", Quote(line.text))
        return News(("For ", name(names, person), ": ", *wrote))
    return Said(request.number, name(names, line.who), line.text)


def _still_true(request: Request, line: Entry, now: datetime) -> bool:
    match line.verb:
        case "late":
            return targets.is_late(request, now)
        case "nudge":
            return request.status in (Status.OPEN, Status.TAKEN, Status.WAITING)
        case "ask":
            return request.waiting_on is WaitingOn.REQUESTER and request.question == line.text
        case "orphan":
            return request.owner is None
        case "promise":
            return request.promise is not None and str(request.promise) == line.fact
        case "wait until" | "wait on":
            return request.status is Status.WAITING
        case "elsewhere" | "assign":
            return request.owner == line.fact and request.ended_at is None
        case _:
            return True


def _words(request: Request, line: Entry, names: Names, place: PlaceId, person: PersonId | None) -> Words:
    who, about = name(names, line.who), _about(request)
    said: Words = (": ", Quote(line.text)) if line.text else (".",)
    match line.verb:
        case "take" if line.fact:
            return (who, " has taken ", *about, " and promises it by ", _date(line), ".")
        case "take":
            return (who, " has taken ", *about, ".")
        case "promise":
            return (who, " now promises ", *about, " by ", _date(line), ".")
        case "give":
            to: Words = ("you",) if place == line.fact else (name(names, line.fact),)
            return (who, " handed ", *about, " to ", *to, *said)
        case "assign" if place == line.fact or person == line.fact:
            return (*about, f" is yours: {to_them(line.text)}.")
        case "assign":
            return (*about, " is with ", name(names, line.fact), " now.")
        case "move":
            return (who, " moved ", *about, f" to {line.fact}.")
        case "ask":
            return (who, " needs to know something about ", *about, *said)
        case "wait until":
            return (who, " paused ", *about, " until ", _date(line), ".")
        case "wait on":
            return (*about, f" waits until #{line.fact} is resolved.")
        case "resume" if line.fact:
            return (*about, f" can go on: #{line.fact} has ended.")
        case "resume":
            return (*about, " was paused until now. It can go on.")
        case "resolve":
            return (who, " resolved ", *about, *said)
        case "give up":
            return (
                *about,
                " had a question that nobody answered for five working days, so it is resolved. ",
                "If it is still needed, reopen it.",
            )
        case "decline":
            return (who, " declined ", *about, *said)
        case "cancel":
            return (who, " no longer needs ", *about, ".")
        case "reopen":
            return (who, " reopened ", *about, *said)
        case "nudge":
            return (who, " asks: any news of ", *about, "?")
        case "orphan":
            return (*about, " is open again: ", name(names, line.fact), " has left.")
        case "elsewhere" if person == line.fact:
            return (name(names, request.requester), " asks you for ", *about, ".")
        case "elsewhere":
            return _unreached(request, line, about, names)
        case "late":
            return _late(request, about, names)
        case _:
            return (*about, " has changed.")


def _about(request: Request) -> Words:
    return (f"#{request.number} ", Quote(request.title))


def _late(request: Request, about: Words, names: Names) -> Words:
    due = targets.due(request)
    assert due is not None
    owner: Words = (name(names, request.owner),) if request.owner else ("The team",)
    who: Words = ("The lead knows.",) if request.escalated_at else (*owner, " is asked for a new date.")
    return (*about, f" is late: it was {targets.set_by(request)} ", When(due, ""), ". ", *who)


def _before(tx: Connection, house: House, line: Entry) -> Words:
    """What had been promised before, when a promise is moved."""
    if line.verb not in ("take", "promise") or not line.fact:
        return ()
    for earlier in reversed(history.of(tx, house.org, line.number)):
        if earlier.id < line.id and earlier.verb in ("reopen", "move"):
            return ()
        if earlier.id < line.id and earlier.verb in ("take", "promise") and earlier.fact:
            moved = earlier.fact != line.fact
            return (" Before, it was ", _date(earlier), ".") if moved else ()
    return ()


def _unreached(request: Request, line: Entry, about: Words, names: Names) -> Words:
    where = "with you" if request.place == request.requester else "with the team"
    unmet: Words = ("I cannot write to ", name(names, line.fact), " until they say hello to me. ")
    return (*unmet, *about, f" waits {where}.")


def _date(line: Entry) -> When:
    wall = WallTime.parse(line.fact)
    return When(wall.instant(), wall.zone)


def _buttons(request: Request, line: Entry, place: PlaceId) -> tuple[Button, ...]:
    n = request.number
    mine = place == request.requester
    match line.verb:
        case "ask" if mine:
            return (Button("Answer …", f"answer {n} …", "primary"),)
        case "give up" | "resolve" | "decline" if mine:
            return (Button("Reopen …", f"reopen {n} …"),)
        case "late" if mine:
            return (Button("Any news?", f"nudge {n}"),)
        case "assign" if place == line.fact:
            more = (Button("Show", f"show {n}"), Button("Hand over …", f"give {n} …"))
            return (Button("Take", f"take {n}", "primary"), *more)
        case "give" if place == line.fact:
            return (Button("Take it", f"take {n}", "primary"), Button("Show", f"show {n}"))
        case "nudge":
            return (Button("Answer with a note …", f"note {n} …"), Button("Done …", f"resolve {n} …"))
        case _:
            return ()


def _show(request: Request) -> tuple[Button, ...]:
    return (Button("Show me", f"show {request.number}"),)
