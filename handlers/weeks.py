"""Weeks as they are kept: sums of those that are over, and requests read for those that are not.

A week is an ISO week on the organisation's clock. It has two parts: its requests, and the polls about them.

1. The clock closes the requests when the week is over; the polls a week later, when the last of them are
   over. When a poll can still be answered then, or a bad vote be made good, it waits for that, but three
   weeks at most.
2. Two processes close a part once, and both would have kept the same.
3. What changes in a closed week opens it again: a request that was resolved in it is reopened, or one that
   was filed in it is moved. Until the clock closes it anew it is counted from its requests. So a request is
   counted where its last resolution is, and for who has it.
4. What is read is the same whether a week is closed or not.
5. `rebuild` opens all of them; the clock closes them again one by one, from the requests.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import product

from sqlalchemy import Connection

from handlers import numbers, relations
from handlers.house import House
from handlers.isoweeks import bounds, monday_of, week_of, weeks_back
from storage import anonymous, sums
from storage import numbers as kept
from storage import relations as between
from storage.records import Request
from storage.sums import Part, Sums

_A_DAY = timedelta(days=1)
SETTLED_AFTER = timedelta(days=7)
AT_THE_LATEST = timedelta(days=21)
"""After the end of a week: when its polls are mostly over, and when nobody waits for them any more."""


def of_span(tx: Connection, house: House, start: datetime, end: datetime) -> list[Sums]:
    """What happened from `start` up to, not including, `end`, counted from the requests."""
    return [one for part in Part for one in _counted(tx, house, part, start, end)]


def _counted(tx: Connection, house: House, part: Part, start: datetime, end: datetime) -> list[Sums]:
    """One part of it.

    Of anonymous polls nobody may know more than the week in which they closed: those of the weeks that
    ended in the span are counted in it, which are as many days.
    """
    span = house.org, start, end
    if part is Part.REQUESTS:
        return numbers.of_requests(house, kept.filed(tx, *span), kept.done(tx, *span))
    ended = _ended(start, end, house.zone)
    unnamed = [vote for week in ended for vote in anonymous.of_week(tx, house.org, week)]
    return numbers.of_polls(kept.asked(tx, *span), unnamed, kept.recoveries(tx, *span))


def of_week(tx: Connection, house: House, week: str) -> list[Sums]:
    """What happened in a week, from its sums when it is closed: case 4."""
    return of_weeks(tx, house, week, 1, spans=True)[week]


def begun(tx: Connection, house: House) -> str:
    """The week in which the first request was filed; empty when there is none."""
    first = kept.first_filed(tx, house.org)
    return week_of(first, house.zone) if first else ""


def of_weeks(
    tx: Connection,
    house: House,
    last: str,
    how_many: int,
    *,
    spans: bool = False,
    known: Mapping[str, list[Sums]] | None = None,
) -> dict[str, list[Sums]]:
    """So many weeks up to the `last`, the oldest first, but none before the first request was filed.

    Without `spans` those from sums have no times: they are long, and a trend needs none. What is `known` of
    a week is not read again.
    """
    first = begun(tx, house)
    wanted = [week for week in weeks_back(last, how_many) if (first and first <= week) or week == last]
    found = sums.of_weeks(tx, house.org, wanted[0], last, spans=spans)

    def told(week: str) -> list[Sums]:
        span = bounds(week, house.zone)
        open_ = (part for part in Part if (week, part) not in found)
        read = [one for part in open_ for one in _counted(tx, house, part, *span)]
        return [one for part in Part for one in found.get((week, part), [])] + read

    return {week: known[week] if known and week in known else told(week) for week in wanted}


def close_one(tx: Connection, house: House, now: datetime) -> tuple[str, Part] | None:
    """Close the oldest that can be closed and is not: cases 1 and 2. Gives which, when there was one."""
    found = _to_close(tx, house, now)
    if found is not None:
        week, part = found
        sums.hold(tx, house.org)
        sums.close(tx, house.org, week, part, _counted(tx, house, part, *bounds(week, house.zone)))
        between.keep(tx, house.org, week, part, relations.of_part(tx, house, week, part))
    return found


def changed(tx: Connection, house: House, before: Request, after: Request) -> None:
    """A request is kept otherwise than it was: the weeks that it was counted in are counted anew. Case 3."""
    if before.private:
        return
    moved = (before.team, before.service) != (after.team, after.service)
    was = [before.resolved_at] if before.resolved_at != after.resolved_at else []
    for at in (*was, *([before.filed_at] if moved else [])):
        if at is not None:
            sums.hold(tx, house.org)
            sums.reopen(tx, house.org, week_of(at, house.zone))


def rebuild(tx: Connection, house: House) -> None:
    """Forget all sums: case 5."""
    sums.hold(tx, house.org)
    sums.forget(tx, house.org)


def _ended(start: datetime, end: datetime, zone: str) -> list[str]:
    """The weeks that ended after `start`, and by `end`."""
    last = week_of(end - _A_DAY, zone)
    near = weeks_back(last, (end - start).days // 7 + 3)
    return [week for week in near if start < bounds(week, zone)[1] <= end]


def _to_close(tx: Connection, house: House, now: datetime) -> tuple[str, Part] | None:
    first, last = begun(tx, house), weeks_back(week_of(now, house.zone), 2)[0]
    if not first or first > last:
        return None
    so_many = (monday_of(last) - monday_of(first)).days // 7 + 1
    known = sums.closed(tx, house.org)
    open_ = (one for one in product(weeks_back(last, so_many), Part) if one not in known)
    return next((one for one in open_ if _is_settled(tx, house, *one, now)), None)


def _is_settled(tx: Connection, house: House, week: str, part: Part, now: datetime) -> bool:
    start, end = bounds(week, house.zone)
    if part is Part.REQUESTS or now >= end + AT_THE_LATEST:
        return True
    return now >= end + SETTLED_AFTER and not kept.is_unsettled(tx, house.org, start, end)
