"""The life of a request: which step is allowed from which status, and what it changes.

1. open → taken → resolved → closed
2. open, taken → waiting (on the requester, on another request, until a date) → back to taken,
   or to open when nobody owns it
3. open, taken, waiting → cancelled (by the requester), declined (by the team)
4. resolved, closed, cancelled, declined → reopened: taken, or open when the owner is gone
5. resolved → closed after five working days without objection

Every function takes a request and gives the changed one; nothing here knows who asks, or of any database.
"""

from dataclasses import replace
from datetime import datetime

from storage.records import PersonId, PlaceId, Priority, Request, Status, WaitingOn
from storage.types import WallTime

UNFINISHED = frozenset({Status.OPEN, Status.TAKEN, Status.WAITING})
ENDED = frozenset(Status) - UNFINISHED

ALLOWED: dict[str, frozenset[Status]] = {
    "take": UNFINISHED,
    "give": UNFINISHED,
    "move": UNFINISHED,
    "ask": UNFINISHED,
    "wait": UNFINISHED,
    "snooze": UNFINISHED,
    "nudge": UNFINISHED,
    "resolve": UNFINISHED,
    "cancel": UNFINISHED,
    "decline": UNFINISHED,
    "reopen": ENDED,
    "rate": frozenset({Status.RESOLVED, Status.CLOSED}),
}
"""From which statuses each step may be made. What is not named here may always be done."""


def allows(request: Request, verb: str) -> bool:
    """Whether the request's status allows the step."""
    return request.status in ALLOWED.get(verb, frozenset(Status))


def moved(request: Request, now: datetime) -> Request:
    """Somebody did something about it: what "no movement" counts from starts again."""
    return replace(request, moved_at=now, escalated_at=None, snoozed_until=None, snooze_reason="")


def responded(request: Request, now: datetime) -> Request:
    """The team has shown a sign of life; only the first counts."""
    return request if request.responded_at else replace(request, responded_at=now)


def take(request: Request, owner: PersonId, promise: WallTime | None, now: datetime) -> Request:
    """Own it and work on it, even when it waited; and promise a date when one is given."""
    taken = replace(_awake(request), status=Status.TAKEN, owner=owner, promise=promise or request.promise)
    return responded(moved(taken, now), now)


def give(request: Request, owner: PersonId, now: datetime) -> Request:
    """Another owner; where it stands and what was promised stay."""
    return moved(replace(request, owner=owner), now)


def move(request: Request, team: str, service: str, place: PlaceId, private: bool, now: datetime) -> Request:
    """Another desk's from now on: nobody there has it yet, and what the last one promised is void.

    When it waits it goes on waiting, and its clock stands still from now on, not from before.
    """
    waits = request.status is Status.WAITING
    elsewhere = replace(
        request,
        status=Status.WAITING if waits else Status.OPEN,
        team=team,
        service=service,
        place=place,
        private=request.private or private,
        owner=None,
        promise=None,
        responded_at=None,
        paused_at=now if waits else None,
        homeless="",
    )
    return moved(elsewhere, now)


def orphaned(request: Request, place: PlaceId, now: datetime) -> Request:
    """Its owner is gone: it is open again, in the hands of a place."""
    status = Status.OPEN if request.status is Status.TAKEN else request.status
    return moved(replace(request, owner=None, status=status, place=place), now)


def ask(request: Request, question: str, now: datetime) -> Request:
    """Wait for the requester's answer."""
    return replace(_wait(request, WaitingOn.REQUESTER, now), question=question)


def wait_until(request: Request, until: datetime, now: datetime) -> Request:
    """Wait for a moment."""
    return replace(_wait(request, WaitingOn.DATE, now), waiting_until=until)


def wait_on(request: Request, other: int, now: datetime) -> Request:
    """Wait until another request is resolved."""
    return replace(_wait(request, WaitingOn.REQUEST, now), waiting_request=other)


def resume(request: Request, now: datetime) -> Request:
    """Stop waiting."""
    return moved(replace(_awake(request), status=_active(request)), now)


def note(request: Request, text: str, author: PersonId, now: datetime) -> Request:
    """Keep the last thing said where both sides see it."""
    return moved(replace(request, last_note=text, last_note_by=author), now)


def resolve(request: Request, done: str, resolver: PersonId | None, now: datetime) -> Request:
    """Done. Who resolves a request that nobody owns, owns it; but not when it is their own."""
    over = _end(request, Status.RESOLVED, done, resolver, now)
    return responded(
        replace(
            over,
            owner=request.owner or (None if resolver == request.requester else resolver),
            resolved_at=now,
            resolutions=request.resolutions + 1,
        ),
        now,
    )


def close(request: Request, now: datetime) -> Request:
    """Resolved long enough ago, and nobody objected."""
    return replace(request, status=Status.CLOSED, nudge_at=None, moved_at=now)


def cancel(request: Request, by: PersonId, now: datetime) -> Request:
    """The requester no longer needs it."""
    return _end(request, Status.CANCELLED, "", by, now)


def decline(request: Request, why: str, by: PersonId, now: datetime) -> Request:
    """The team will not do it."""
    return responded(_end(request, Status.DECLINED, why, by, now), now)


def reopen(request: Request, owner_is_here: bool, resolve_by: datetime | None, now: datetime) -> Request:
    """Not done after all. The resolution clock goes on from where it stopped: `resolve_by`."""
    owner = request.owner if owner_is_here else None
    return moved(
        replace(
            _awake(request),
            status=_active(replace(request, owner=owner)),
            owner=owner,
            outcome="",
            promise=None,
            resolved_at=None,
            ended_at=None,
            ended_by=None,
            resolve_by=resolve_by,
        ),
        now,
    )


def snooze(request: Request, until: datetime, why: str, now: datetime) -> Request:
    """Park it: no nudges until then, and its clock stands still."""
    parked = replace(request, paused_at=request.paused_at or now)
    return replace(moved(parked, now), snoozed_until=until, snooze_reason=why)


def followed_by(request: Request, followers: tuple[PersonId, ...]) -> Request:
    """Who is kept informed. Nobody moved it."""
    return replace(request, followers=followers)


def moved_to(request: Request, place: PlaceId) -> Request:
    """Its desk is elsewhere now."""
    return replace(request, place=place)


def escalated(request: Request, now: datetime) -> Request:
    """The lead was told; once is enough until it moves."""
    return replace(request, escalated_at=now)


def _active(request: Request) -> Status:
    return Status.TAKEN if request.owner and request.responded_at else Status.OPEN


def _wait(request: Request, on: WaitingOn, now: datetime) -> Request:
    waiting = replace(_awake(request), status=Status.WAITING, waiting_on=on)
    paused = waiting if waiting.paused_at else replace(waiting, paused_at=now)
    return responded(moved(paused, now), now)


def _awake(request: Request) -> Request:
    """Nothing to wait for. `paused_at` stays: the targets are moved by it (`targets.keep_pace`)."""
    return replace(request, waiting_on=None, waiting_request=None, waiting_until=None, question="")


def _end(request: Request, status: Status, outcome: str, by: PersonId | None, now: datetime) -> Request:
    over = replace(_awake(request), status=status, outcome=outcome, ended_at=now, ended_by=by)
    return moved(over, now)


def urgency(priority: Priority) -> int:
    """How urgent, as a number: more is more urgent."""
    return list(Priority).index(priority)
