"""What is counted: narrow rows of requests and polls.

Private requests are in none of it. Functions receive a transaction and never commit.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from storage import ratings
from storage import requests as kept
from storage.polled import ANONYMOUS, polls
from storage.polled import recoveries as followed
from storage.ratings import ASKED
from storage.records import PersonId, Status
from storage.statements import Hot, unindexed
from storage.tables import ENDED, UNFINISHED, requests
from storage.types import WallTime, to_micros

_MOMENTS = ("filed_at", "responded_at", "resolved_at", "resolve_by")
_WORKED_ON = (Status.OPEN, Status.TAKEN)
_FILED_AT = unindexed(requests.c.filed_at)
"""For what is unfinished, which is found by that; an index by the time of filing holds all that ever was."""


class Done(NamedTuple):
    """A request whose last resolution lies in a span.

    Moments are as they are kept, in microseconds since 1970: of ten thousand requests a digest compares and
    subtracts them, and shows none.
    """

    number: int
    team: str
    service: str
    resolver: PersonId | None
    filed_at: int
    responded_at: int | None
    resolved_at: int
    resolve_by: int | None
    promise: WallTime | None
    resolutions: int

    @property
    def kept_promise(self) -> bool:
        """Whether it was resolved by when that was promised, if it was."""
        return self.promise is not None and self.resolved_at <= to_micros(self.promise.instant())


class Due(NamedTuple):
    """As much of an unfinished request as tells whether it is late: see `handlers.targets`."""

    number: int
    status: Status
    paused_at: datetime | None
    snoozed_until: datetime | None
    promise: WallTime | None
    needed_by: WallTime | None
    resolve_by: datetime | None


class Asked(NamedTuple):
    """A poll, none that is anonymous, that somebody was asked to answer in a span, or answered."""

    team: str
    service: str
    resolver: PersonId | None
    score: int | None
    reasons: tuple[str, ...]
    comment: str
    quotable: bool
    privacy: str


class Recovered(NamedTuple):
    """What became of a bad vote: whether the same person was content in the end."""

    team: str
    service: str
    resolver: PersonId | None
    privacy: str
    recovered: bool


_frozen = or_(polls.c.team != "", polls.c.service != "")
"""Polls of old do not know whom they are about; their requests do."""
TEAM = case((_frozen, polls.c.team), else_=requests.c.team)
"""Who had the request that a poll is about, when it was resolved."""

_filed = Hot(
    select(requests.c.team, requests.c.service, func.count())
    .where(
        requests.c.org == bindparam("org"),
        requests.c.filed_at >= bindparam("start"),
        requests.c.filed_at < bindparam("end"),
        ~requests.c.private,
    )
    .group_by(requests.c.team, requests.c.service)
)
_done = Hot(
    select(
        requests.c.number,
        requests.c.team,
        requests.c.service,
        requests.c.ended_by,
        *(type_coerce(requests.c[name], BigInteger) for name in _MOMENTS),
        requests.c.promise,
        requests.c.resolutions,
    ).where(
        requests.c.org == bindparam("org"),
        requests.c.resolved_at.is_not(None),
        requests.c.resolved_at >= bindparam("start"),
        requests.c.resolved_at < bindparam("end"),
        ~requests.c.private,
    )
)
_asked = (
    select(
        TEAM,
        case((_frozen, polls.c.service), else_=requests.c.service),
        polls.c.resolver,
        polls.c.score,
        polls.c.reasons,
        polls.c.comment,
        polls.c.quotable,
        polls.c.privacy,
    )
    .join_from(polls, requests, and_(requests.c.org == polls.c.org, requests.c.number == polls.c.number))
    .where(
        polls.c.org == bindparam("org"),
        polls.c.asked_at >= bindparam("start"),
        polls.c.asked_at < bindparam("end"),
        polls.c.resolution > 0,
        ~requests.c.private,
    )
    .order_by(polls.c.asked_at, polls.c.id)
)
_polls = Hot(_asked.where(~ANONYMOUS, or_(polls.c.score.is_not(None), ASKED)))
_praised = Hot(_asked.where(~ANONYMOUS, polls.c.score >= bindparam("least")))
_given = (
    polls.c.org == bindparam("org"),
    polls.c.asked_at >= bindparam("start"),
    polls.c.asked_at < bindparam("end"),
)
_still_asked = Hot(select(polls.c.id).where(*_given, polls.c.closed_at.is_(None)).limit(1))
_again = polls.alias("again")
_in_recovery = Hot(
    select(polls.c.id)
    .join_from(
        followed,
        polls,
        and_(followed.c.org == polls.c.org, followed.c.poll == polls.c.id),
    )
    .outerjoin(
        _again,
        and_(_again.c.org == polls.c.org, _again.c.number == polls.c.number, _again.c.closed_at.is_(None)),
    )
    .where(*_given, or_(followed.c.check_at.is_not(None), _again.c.id.is_not(None)))
    .limit(1)
)


def filed(tx: Connection, org: str, start: datetime, end: datetime) -> dict[tuple[str, str], int]:
    """How many were filed from `start` up to, not including, `end`, by team and service."""
    found = _filed.rows(tx, {"org": org, "start": start, "end": end})
    return {(team, service): int(count) for team, service, count in found}


def done(tx: Connection, org: str, start: datetime, end: datetime) -> list[Done]:
    """Those whose last resolution lies from `start` up to, not including, `end`."""
    return [Done(*row) for row in _done.rows(tx, {"org": org, "start": start, "end": end})]


def asked(tx: Connection, org: str, start: datetime, end: datetime) -> list[Asked]:
    """The polls with a name given from `start` up to, not including, `end`, answered or not, in order."""
    return [Asked(*row) for row in _polls.rows(tx, {"org": org, "start": start, "end": end})]


def praised(tx: Connection, org: str, start: datetime, end: datetime, least: int) -> list[Asked]:
    """Those of the same that were answered with `least` or more."""
    return [
        Asked(*row) for row in _praised.rows(tx, {"org": org, "start": start, "end": end, "least": least})
    ]


def recoveries(tx: Connection, org: str, start: datetime, end: datetime) -> list[Recovered]:
    """What became of every bad vote with a name, by when its poll was given: before `end`."""
    found = ratings.recoveries(tx, org, start, end)
    hidden = kept.private_numbers(tx, org, (one.poll.number for one in found)) if found else frozenset()
    return [
        Recovered(one.poll.team, one.poll.service, one.poll.resolver, one.poll.privacy, one.recovered)
        for one in found
        if one.poll.number not in hidden
    ]


def open_at(tx: Connection, org: str, at: datetime, team: str = "", service: str = "") -> int:
    """How many had been filed and not ended at a moment, wherever that is asked of: two indexes tell."""
    known = (requests.c.org == org, ~requests.c.private, at > _FILED_AT, *_scope(team, service))
    still = select(func.count()).select_from(requests).where(*known, UNFINISHED)
    since = select(func.count()).select_from(requests).where(*known, ENDED, requests.c.ended_at >= at)
    return int(tx.execute(still).scalar_one()) + int(tx.execute(since).scalar_one())


def perhaps_late(tx: Connection, org: str, at: datetime, team: str = "", service: str = "") -> list[Due]:
    """Unfinished requests that somebody works on and that may be late by then, the most pressing first."""
    due = or_(requests.c.resolve_by <= at, requests.c.promise.is_not(None), requests.c.needed_by.is_not(None))
    worked_on = requests.c.status.in_(_WORKED_ON), requests.c.paused_at.is_(None), at > _FILED_AT
    open_ = requests.c.org == org, UNFINISHED, ~requests.c.private, due, *worked_on, *_scope(team, service)
    columns = (requests.c[name] for name in Due._fields)
    found = tx.execute(select(*columns).where(*open_).order_by(*kept.PRESSING))
    return [Due(*row)._replace(status=Status(row.status)) for row in found]


def oldest(
    tx: Connection,
    org: str,
    at: datetime,
    limit: int,
    team: str = "",
    service: str = "",
    *,
    without: Collection[int] = (),
) -> list[int]:
    """The numbers of what had been filed first, by then, of all that is unfinished, but for some."""
    numbers = _unfinished(tx, org, team, service, at > _FILED_AT)
    return [number for number in numbers if number not in without][:limit]


def open_now(tx: Connection, org: str, team: str = "", service: str = "") -> list[int]:
    """The numbers of all that is unfinished, the oldest first."""
    return _unfinished(tx, org, team, service)


def filed_numbers(
    tx: Connection, org: str, start: datetime, end: datetime, team: str = "", service: str = ""
) -> list[int]:
    """The numbers of all that was filed from `start` up to, not including, `end`, in their order."""
    within = requests.c.filed_at >= start, requests.c.filed_at < end
    found = select(requests.c.number).where(requests.c.org == org, *within, ~requests.c.private)
    rows = tx.execute(found.where(*_scope(team, service)).order_by(requests.c.number))
    return [int(row.number) for row in rows]


def first_filed(tx: Connection, org: str) -> datetime | None:
    """When the first request was filed."""
    found: datetime | None = tx.execute(
        select(func.min(requests.c.filed_at)).where(requests.c.org == org)
    ).scalar_one()
    return found


def is_unsettled(tx: Connection, org: str, start: datetime, end: datetime) -> bool:
    """Whether a poll that was given in a span can still be answered, or a bad vote on it be made good."""
    span = {"org": org, "start": start, "end": end}
    return any(query.first(tx, span) is not None for query in (_still_asked, _in_recovery))


def _unfinished(tx: Connection, org: str, team: str, service: str, *more: ColumnElement[bool]) -> list[int]:
    """The numbers of what is unfinished, the oldest first: put in order here, so that no index does it."""
    open_ = requests.c.org == org, UNFINISHED, ~requests.c.private, *_scope(team, service), *more
    filed_at = type_coerce(requests.c.filed_at, BigInteger)
    rows = tx.execute(select(filed_at, requests.c.number).where(*open_))
    return [number for _, number in sorted(rows)]


def _scope(team: str, service: str) -> Sequence[ColumnElement[bool]]:
    found = [requests.c.team == team] if team else []
    return [*found, *([requests.c.service == service] if service else [])]
