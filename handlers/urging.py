"""The sentences of a nudge: why now, what is expected, and by when; and what can be done with one tap.

They are read by somebody who gets several a day and means well: nothing is said twice, and nobody is scolded.
"""

from collections.abc import Collection
from datetime import datetime

from handlers import cards, nudges, targets
from handlers.house import House
from handlers.notices import Button, Mention, Quote, When, Words
from handlers.nudges import Reason
from storage.records import PlaceId, Request, Status


def opening(whom: Collection[tuple[PlaceId, Reason]], place: PlaceId, is_channel: bool) -> Words:
    """How many there are, and for whom: each by who should move it, and why it is said."""
    count = len(whom)
    if all(reason is Reason.STUCK for _, reason in whom):
        return ("This is stuck and needs your help:" if count == 1 else f"{count} requests are stuck:",)
    what = "This waits" if count == 1 else f"{count} requests wait"
    if is_channel and all(one == place for one, _ in whom):
        return (f"{what} for somebody to take it:" if count == 1 else f"{what} for somebody:",)
    if all(one != place for one, _ in whom):
        return (f"{what} for a colleague:",)
    return ("One request waits for you:" if count == 1 else f"{what} for you:",)


def why(request: Request, zone: str, reason: Reason, asks: Mention | None, in_person: bool) -> Words:
    """Why now, `in_person` or to a channel; without `asks` it is not said who waits.

    What a lead is told stands in `escalation`.
    """
    requester = asks or "A colleague"
    match reason:
        case Reason.HALF | Reason.UNTAKEN if request.owner or in_person:
            duty = "." if request.owner else ", and you are on duty."
            return (requester, " has waited since ", When(request.filed_at, zone), duty)
        case Reason.HALF | Reason.UNTAKEN:
            filed = When(request.filed_at, zone)
            return (requester, " asked ", filed, ", and nobody has taken it yet.")
        case Reason.IDLE:
            return ("Nothing has happened since ", When(request.moved_at, zone, day_only=True), ".")
        case Reason.PARKED if asks and request.snooze_reason:
            return ("It was parked until now: ", Quote(request.snooze_reason))
        case Reason.PARKED:
            return ("It was parked until now.",)
        case Reason.SOON | Reason.LATE:
            return _time_is_up(request, zone, reason is Reason.LATE)
        case _:
            return ("It waits for your answer: ", Quote(request.question))


def _time_is_up(request: Request, zone: str, over: bool) -> Words:
    due = targets.due(request)
    assert due is not None
    return (f"It {'was' if over else 'is'} {targets.set_by(request)} ", When(due, zone), ".")


def expected(request: Request, house: House, zone: str, reason: Reason, now: datetime) -> Words:
    """What is hoped for, and by when."""
    due = targets.due(request)
    mine = "Take it, or hand it over"
    match reason:
        case Reason.HALF | Reason.UNTAKEN if request.respond_by:
            if request.respond_by <= now:
                return (f"{mine}: a first answer was due ", When(request.respond_by, zone), ".")
            return (f"{mine}, by ", When(request.respond_by, zone), ".")
        case Reason.SOON | Reason.LATE if request.status is Status.OPEN:
            return (f"{mine}.",)
        case Reason.SOON:
            return ("Finish it, or name a new date.",)
        case Reason.LATE:
            return ("When will it be done?",)
        case Reason.STUCK:
            return ("Can you help?",)
        case Reason.ANSWER:
            return ("Without an answer it is closed ", When(nudges.gives_up(request, house), zone), ".")
    asked = f"{mine}." if request.status is Status.OPEN else "How does it go?"
    if due is None:
        return (asked,)
    return (f"{asked} It ", "was" if due <= now else "is", " due ", When(due, zone), ".")


def buttons(request: Request, reason: Reason) -> tuple[Button, ...]:
    """What can be done with one tap."""
    n = request.number
    if reason is Reason.ANSWER:
        return (Button("Answer …", f"answer {n} …", "primary"),)
    usual = cards.buttons_for_nudge(request)
    if reason in (Reason.SOON, Reason.LATE) and request.status is Status.TAKEN:
        return (usual[0], Button("New date …", f"take {n} …"), *usual[1:])
    return usual
