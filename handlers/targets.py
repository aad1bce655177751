"""When a request is due: the team's targets, the owner's promise, and what standing still adds to them.

Targets count in the team's working time. The clock stands still while the request waits on the requester, on
another request or on a date, and while it is parked until a date; outside working hours it does not run.
"""

from dataclasses import replace
from datetime import datetime

from handlers import worktime
from handlers.house import House
from storage.numbers import Due
from storage.records import Request, Status

_WORKED_ON = (Status.OPEN, Status.TAKEN)


def times(request: Request, house: House, since: datetime) -> tuple[datetime, datetime]:
    """When the team owes a first response and the resolution of what has been its own since a moment."""
    target, calendar = house.target(request), house.clock_of(request)
    return worktime.add(calendar, since, target.response), worktime.add(calendar, since, target.resolution)


def is_parked(request: Request | Due, now: datetime) -> bool:
    """Whether its owner has put it aside until a date that is still to come."""
    return request.snoozed_until is not None and now < request.snoozed_until and request.status in _WORKED_ON


def keep_pace(before: Request, after: Request, house: House, now: datetime) -> Request:
    """After a step: when the clock runs again, move what is due by how long it stood still.

    A pause that had an end of its own ended then, even when the step came later.
    """
    over = _paused_until(before)
    if over is not None and over <= now:
        after = _moved_on(after, house, over)
        still = after.status is Status.WAITING or is_parked(after, now)
        return replace(after, paused_at=now if still else None)
    if after.status is Status.WAITING or is_parked(after, now):
        return after
    return _moved_on(after, house, now)


def _paused_until(request: Request) -> datetime | None:
    """When a clock that stands still runs again by itself; None when it runs, or somebody must see to it."""
    if request.paused_at is None:
        return None
    return request.waiting_until if request.status is Status.WAITING else request.snoozed_until


def _moved_on(request: Request, house: House, until: datetime) -> Request:
    """The clock stood still from when it was paused until then. What was answered before owes no response."""
    paused, respond_by = request.paused_at, request.respond_by
    if paused is None:
        return request
    if request.responded_at is None or request.responded_at > paused:
        respond_by = _later(respond_by, request, house, paused, until)
    resolve_by = later(request, house, paused, until)
    return replace(request, paused_at=None, respond_by=respond_by, resolve_by=resolve_by)


def later(request: Request, house: House, since: datetime, now: datetime) -> datetime | None:
    """The resolution time, moved by the working time from `since` to `now`."""
    return _later(request.resolve_by, request, house, since, now)


def _later(
    due: datetime | None, request: Request, house: House, since: datetime, now: datetime
) -> datetime | None:
    if due is None:
        return None
    calendar = house.clock_of(request)
    stood_still = worktime.between(calendar, since, max(since, now))
    return worktime.add(calendar, due, stood_still) if stood_still else due


def due(request: Request | Due) -> datetime | None:
    """When it is due: what was promised, else what was asked for, else the team's target."""
    if request.promise:
        return request.promise.instant()
    if request.needed_by:
        return request.needed_by.instant()
    return request.resolve_by


def set_by(request: Request) -> str:
    """Whose word the due time is, as the beginning of "… friday"."""
    return "promised for" if request.promise else "needed by" if request.needed_by else "due"


def is_late(request: Request | Due, now: datetime) -> bool:
    """Whether an unfinished request is past its due time. Nothing is late while its clock stands still."""
    if request.status not in _WORKED_ON or request.paused_at is not None or is_parked(request, now):
        return False
    when = due(request)
    return when is not None and when <= now


def on_target(request: Request) -> bool | None:
    """Whether a resolved request made its resolution target; None when it has none."""
    if request.resolved_at is None or request.resolve_by is None:
        return None
    return request.resolved_at <= request.resolve_by


def kept_promise(request: Request) -> bool | None:
    """Whether a resolved request kept its promise; None when nothing was promised."""
    if request.resolved_at is None or request.promise is None:
        return None
    return request.resolved_at <= request.promise.instant()
