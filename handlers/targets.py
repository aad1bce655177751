"""When a request is due: the team's targets, the owner's promise, and what waiting adds to them.

Targets count in the team's working time and stand still while the request waits.
"""

from dataclasses import replace
from datetime import datetime

from handlers import worktime
from handlers.house import House
from storage.records import Request, Status


def times(request: Request, house: House, since: datetime) -> tuple[datetime, datetime]:
    """When the team owes a first response and the resolution of what has been its own since a moment."""
    target, calendar = house.target(request), house.clock_of(request)
    return worktime.add(calendar, since, target.response), worktime.add(calendar, since, target.resolution)


def keep_pace(request: Request, house: House, now: datetime) -> Request:
    """After a step: when the request no longer waits, move its resolution time by how long it waited."""
    if request.paused_at is None or request.status is Status.WAITING:
        return request
    return replace(request, paused_at=None, resolve_by=later(request, house, request.paused_at, now))


def later(request: Request, house: House, since: datetime, now: datetime) -> datetime | None:
    """The resolution time, moved by the working time from `since` to `now`."""
    if request.resolve_by is None:
        return None
    calendar = house.clock_of(request)
    stood_still = worktime.between(calendar, since, max(since, now))
    if not stood_still:
        return request.resolve_by
    return worktime.add(calendar, request.resolve_by, stood_still)


def due(request: Request) -> datetime | None:
    """When it is due: what was promised, else what was asked for, else the team's target."""
    if request.promise:
        return request.promise.instant()
    if request.needed_by:
        return request.needed_by.instant()
    return request.resolve_by


def is_late(request: Request, now: datetime) -> bool:
    """Whether an unfinished request is past its due time. Nothing is late while it waits."""
    when = due(request)
    return request.status in (Status.OPEN, Status.TAKEN) and when is not None and when <= now


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
