"""When a request deserves a word, to whom, and in which bundle. Pure: values to values.

Reasons, from the weakest to the strongest; of several that come due together only the strongest is said:

1. `HALF`     not taken, and half of the response target has passed
2. `UNTAKEN`  not taken, and the response target has passed
3. `IDLE`     nobody moved it for three working days, and again every three
4. `PARKED`   it was parked until now
5. `SOON`     four fifths of the way to when it is due
6. `LATE`     past due
7. `ANSWER`   the requester was asked something two working days ago: they are nudged, not the owner

And three things that the clock does by itself:

8. `RESUME`   it waited for a date, which has come
9. `GIVE_UP`  no answer for five working days: resolved, with a way back
10. `CLOSE`   resolved five working days ago, and nobody objected

And one that no clock brings about:

11. `STUCK`   it was nudged three times in vain: the lead hears of it (`handlers.escalation`)
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum

from handlers import targets, worktime
from handlers.hours import DAYS
from handlers.house import House, local
from handlers.worktime import Calendar
from storage.records import Person, PersonId, PlaceId, Priority, Request, Status, Team, WaitingOn
from storage.types import WallTime

IDLE_DAYS = 3
ANSWER_DAYS = 2
GIVE_UP_DAYS = 5
CLOSE_DAYS = 5
CAP = 3
"""After so many nudges without movement the lead is told once, and the owner is left in peace."""
SOON_PART = 0.8
HALF_PART = 0.5
MOMENT = timedelta(microseconds=1)
MOST_DAYS = 400
"""So many days are searched for a slot: longer than any summer."""


class Reason(IntEnum):
    """Why now; a greater one is said instead of a smaller one."""

    HALF = 1
    UNTAKEN = 2
    IDLE = 3
    PARKED = 4
    SOON = 5
    LATE = 6
    ANSWER = 7
    RESUME = 8
    GIVE_UP = 9
    CLOSE = 10
    STUCK = 11


def first_look(request: Request, house: House) -> datetime:
    """When to look at a new request first: at half of its response target; at once when a day is asked for.

    Nothing else can become due earlier; and what a day changes, the clock works out when it looks.
    """
    if request.needed_by is not None:
        return request.filed_at
    half = house.target(request).response * HALF_PART
    return worktime.add(house.clock_of(request), request.filed_at, half)


def next_look(request: Request, house: House, now: datetime) -> datetime | None:
    """When the clock should look at a request after a step; None when nothing can become due.

    A look that is owed already stays owed: whatever is still true then will be said.
    """
    owed = request.nudge_at is not None and request.nudge_at <= now
    since = request.nudge_at - MOMENT if owed and request.nudge_at else now
    return min((at for _, at in _moments(request, house, since) if at > since), default=None)


def after_look(request: Request, house: House, now: datetime) -> datetime | None:
    """When to look again, once everything due by `now` has been dealt with."""
    return min((at for _, at in _moments(request, house, now) if at > now), default=None)


def look(request: Request, house: House, now: datetime) -> tuple[Reason | None, datetime | None]:
    """What has come due, and when to look again: what the two functions below say, worked out at once."""
    since, when = (request.nudge_at or now) - MOMENT, targets.due(request)
    moments = tuple(_moments(request, house, since))
    counts_anew = any(reason is Reason.IDLE and at <= now for reason, at in moments)
    if request.nudge_at is None or counts_anew or (when is not None and when <= now):
        return come_due(request, house, now), after_look(request, house, now)
    reason = max((reason for reason, at in moments if since < at <= now), default=None)
    return reason, min((at for _, at in moments if at > now), default=None)


def come_due(request: Request, house: House, now: datetime) -> Reason | None:
    """The strongest reason that came true since the look was set, if it still holds."""
    if request.nudge_at is None:
        return None
    since = request.nudge_at - MOMENT
    return max((reason for reason, at in _moments(request, house, since) if since < at <= now), default=None)


def holds(request: Request, house: House, reason: Reason, now: datetime) -> bool:
    """Whether a reason that was raised is still true: asked again just before it is said.

    While a request is parked its owner is left in peace, even when it was late before.
    """
    if targets.is_parked(request, now):
        return False
    if reason is Reason.STUCK:
        return request.escalated_at is not None and request.status in (Status.OPEN, Status.TAKEN)
    start = datetime.min.replace(tzinfo=UTC)
    return any(why is reason and at <= now for why, at in _moments(request, house, start))


def gives_up(request: Request, house: House) -> datetime:
    """When a question that nobody answers is closed."""
    return worktime.working_day_later(house.clock_of(request), request.moved_at, GIVE_UP_DAYS)


def receiver(request: Request, reason: Reason, on_duty: PersonId | None = None) -> PlaceId:
    """Who hears: the requester about an answer; else the owner, who is on duty, or where its card lives."""
    if reason is Reason.ANSWER:
        return request.requester
    return request.owner or on_duty or request.place


def slot(house: House, team: Team, person: Person | None, urgent: bool, now: datetime) -> datetime:
    """When the bundle goes out: the next of the person's slots; now for what is urgent.

    Without a person it is for a channel, on its team's clock. Slots stand on wall clocks of the team's
    working days that are not the person's quiet days. Who wants no bundles hears at once, or when those
    hours begin.
    """
    if urgent:
        return now
    calendar = house.hours_of(team, person.zone if person else "")
    if person is not None and person.slots == "at once":
        return next(_at_work(person, calendar, now))
    return next(at for at in _slots(house, person, calendar, now) if at > now)


def _at_work(person: Person, calendar: Calendar, now: datetime) -> Iterator[datetime]:
    """The first moment from `now` on of each day of work."""
    for day in _days(person, calendar, now):
        opens = worktime.next_working(calendar, max(now, _midnight(day, calendar)))
        if local(opens, calendar.zone).date() == day:
            yield opens


def _slots(house: House, person: Person | None, calendar: Calendar, now: datetime) -> Iterator[datetime]:
    """The slots of a day that lie in its hours; where none does, the day's beginning."""
    for day in _days(person, calendar, now):
        slots = [WallTime(datetime.combine(day, at), calendar.zone).instant() for at in _times(house, person)]
        inside = [at for at in slots if worktime.is_working(calendar, at)]
        yield from inside or [worktime.next_working(calendar, _midnight(day, calendar))]


def _days(person: Person | None, calendar: Calendar, now: datetime) -> Iterator[date]:
    """The days of work from today on, but not the person's quiet ones."""
    today = local(now, calendar.zone).date()
    quiet = person.quiet_days if person and len(person.quiet_days) < 5 else ()
    worked = {DAYS[day] for day, hours in enumerate(calendar.week) if hours}
    if worked <= set(quiet):
        quiet = ()  # all the days that are worked: somebody has changed the hours since
    for ahead in range(MOST_DAYS):
        day = today + timedelta(days=ahead)
        if worktime.end_of_day(calendar, day) is not None and DAYS[day.weekday()] not in quiet:
            yield day


def _midnight(day: date, calendar: Calendar) -> datetime:
    return WallTime(datetime.combine(day, time()), calendar.zone).instant()


def _times(house: House, person: Person | None) -> tuple[time, ...]:
    match person.slots if person else "both":
        case "morning":
            return house.slots[:1]
        case "afternoon":
            return house.slots[1:] or house.slots
        case _:
            return house.slots


def is_urgent(request: Request) -> bool:
    """Whether its nudges go at once instead of in a bundle."""
    return request.priority is Priority.URGENT


def _moments(request: Request, house: House, since: datetime) -> Iterator[tuple[Reason, datetime]]:
    """Every reason the state allows, and when it comes true (for IDLE: the next time after `since`)."""
    match request.status:
        case Status.OPEN | Status.TAKEN:
            yield from _working(request, house, since)
        case Status.WAITING:
            yield from _waiting(request, house)
        case Status.RESOLVED if request.resolved_at:
            clock = house.clock_of(request)
            yield Reason.CLOSE, worktime.working_day_later(clock, request.resolved_at, CLOSE_DAYS)
        case _:
            return


def _working(request: Request, house: House, since: datetime) -> Iterator[tuple[Reason, datetime]]:
    when, parked = targets.due(request), request.snoozed_until
    if when is not None:
        was_late = when <= request.moved_at  # before it was parked
        yield Reason.LATE, when if parked is None or was_late else max(when, parked)
    if request.escalated_at is not None:
        return
    for reason, at in _spoken(request, house, since, when):
        yield reason, max(at, parked or at)
    if parked is not None:
        yield Reason.PARKED, parked


def _spoken(
    request: Request, house: House, since: datetime, when: datetime | None
) -> Iterator[tuple[Reason, datetime]]:
    if request.responded_at is None and request.respond_by is not None:
        yield Reason.HALF, _part(request, house, request.respond_by, HALF_PART)
        yield Reason.UNTAKEN, request.respond_by
    if when is not None and when > (request.snoozed_until or request.filed_at):
        yield Reason.SOON, _part(request, house, when, SOON_PART)
    yield Reason.IDLE, _idle(request, house, since, when)


def _part(request: Request, house: House, end: datetime, part: float) -> datetime:
    """The moment when that part of the working time from filing to `end` has passed."""
    calendar = house.clock_of(request)
    way = worktime.between(calendar, request.filed_at, max(end, request.filed_at))
    return worktime.add(calendar, request.filed_at, way * part)


def _idle(request: Request, house: House, since: datetime, when: datetime | None) -> datetime:
    """The next of every three working days since it moved, or was parked; once it is late, since then."""
    moved = max(request.moved_at, request.snoozed_until or request.moved_at)
    start = when if when is not None and moved < when <= since else moved
    calendar, days = house.clock_of(request), IDLE_DAYS
    while (at := worktime.working_day_later(calendar, start, days)) <= since:
        days += IDLE_DAYS
    return at


def _waiting(request: Request, house: House) -> Iterator[tuple[Reason, datetime]]:
    if request.waiting_on is WaitingOn.REQUESTER:
        clock = house.clock_of(request)
        yield Reason.ANSWER, worktime.working_day_later(clock, request.moved_at, ANSWER_DAYS)
        yield Reason.GIVE_UP, gives_up(request, house)
    elif request.waiting_on is WaitingOn.DATE and request.waiting_until is not None:
        yield Reason.RESUME, request.waiting_until
