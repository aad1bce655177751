"""Weeks as they are kept: sums of those that are over, and requests read for those that are not.

A week is an ISO week on the organisation's clock.

1. A week is closed by the clock, once: a week after its end, when its last polls are over. When a poll of it
   can still be answered then, or a bad vote be made good, it waits for that, but three weeks at most.
2. Two processes close it once, and both would have kept the same.
3. What changes in a closed week opens it again: a request that was resolved in it is reopened. Until the
   clock closes it anew it is counted from its requests. So a request is counted where its last resolution is.
4. What is read is the same whether a week is closed or not.
5. `rebuild` opens all of them; the clock closes them again one by one, from the requests.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers import numbers, relations
from handlers.house import House
from handlers.isoweeks import bounds, monday_of, week_of, weeks_back
from storage import anonymous, sums
from storage import numbers as kept
from storage import relations as between
from storage.records import Request
from storage.sums import Sums

_A_DAY = timedelta(days=1)
SETTLED_AFTER = timedelta(days=7)
AT_THE_LATEST = timedelta(days=21)
"""After the end of a week: when its polls are mostly over, and when nobody waits for them any more."""


def of_span(tx: Connection, house: House, start: datetime, end: datetime) -> list[Sums]:
    """What happened from `start` up to, not including, `end`, counted from the requests.

    Of anonymous polls nobody may know more than the week in which they closed: those of the weeks that
    ended in the span are counted in it, which are as many days.
    """
    unnamed = [
        vote for week in _ended(start, end, house.zone) for vote in anonymous.of_week(tx, house.org, week)
    ]
    return numbers.count(
        house,
        kept.filed(tx, house.org, start, end),
        kept.done(tx, house.org, start, end),
        kept.asked(tx, house.org, start, end),
        unnamed,
        kept.recoveries(tx, house.org, start, end),
    )


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
    found = sums.of_weeks(tx, house.org, wanted[0], last, spans=spans) | dict(known or {})
    return {
        week: found[week] if week in found else of_span(tx, house, *bounds(week, house.zone))
        for week in wanted
    }


def close_one(tx: Connection, house: House, now: datetime) -> str | None:
    """Close the oldest week that can be closed and is not: cases 1 and 2. Gives which, when there was one."""
    week = _to_close(tx, house, now)
    if week is None:
        return None
    sums.hold(tx, house.org)
    sums.close(tx, house.org, week, of_span(tx, house, *bounds(week, house.zone)))
    between.keep(tx, house.org, week, relations.of_week(tx, house, week))
    return week


def changed(tx: Connection, house: House, before: Request, after: Request) -> None:
    """A request is kept otherwise than it was: the week of a resolution that is no longer its last one is
    counted anew. Case 3.
    """
    was = before.resolved_at
    if was is not None and was != after.resolved_at and not before.private:
        sums.hold(tx, house.org)
        sums.reopen(tx, house.org, week_of(was, house.zone))


def rebuild(tx: Connection, house: House) -> None:
    """Forget all sums: case 5."""
    sums.hold(tx, house.org)
    sums.forget(tx, house.org)


def _ended(start: datetime, end: datetime, zone: str) -> list[str]:
    """The weeks that ended after `start`, and by `end`."""
    last = week_of(end - _A_DAY, zone)
    near = weeks_back(last, (end - start).days // 7 + 3)
    return [week for week in near if start < bounds(week, zone)[1] <= end]


def _to_close(tx: Connection, house: House, now: datetime) -> str | None:
    first = begun(tx, house)
    latest = week_of(now - SETTLED_AFTER - timedelta(days=7), house.zone)
    if not first or first > latest:
        return None
    so_many = (monday_of(latest) - monday_of(first)).days // 7 + 1
    known = sums.closed(tx, house.org)
    open_ = (week for week in weeks_back(latest, so_many) if week not in known)
    return next((week for week in open_ if _is_settled(tx, house, week, now)), None)


def _is_settled(tx: Connection, house: House, week: str, now: datetime) -> bool:
    start, end = bounds(week, house.zone)
    return now >= end + AT_THE_LATEST or not kept.is_unsettled(tx, house.org, start, end)
