"""What teams asked of each other, week by week. Private requests are in none of it.

Functions receive a transaction. Which weeks are closed, `storage.sums` knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from storage.numbers import TEAM
from storage.polled import ANONYMOUS, polls
from storage.ratings import ASKED
from storage.records import PersonId
from storage.statements import Hot
from storage.sums import Part, Sums
from storage.tables import relations, requests

_KEPT = ("filed", "resolved", "targeted", "on_target", "asked", "scores")

_whose = requests.c.requester, requests.c.team
_public = requests.c.org == bindparam("org"), ~requests.c.private
_filed = Hot(
    select(*_whose, func.count())
    .where(*_public, requests.c.filed_at >= bindparam("start"), requests.c.filed_at < bindparam("end"))
    .group_by(*_whose)
)
_resolved = Hot(
    select(
        *_whose,
        func.count(),
        func.count(requests.c.resolve_by),
        func.count(case((requests.c.resolved_at <= requests.c.resolve_by, 1))),
    )
    .where(
        *_public,
        requests.c.resolved_at.is_not(None),
        requests.c.resolved_at >= bindparam("start"),
        requests.c.resolved_at < bindparam("end"),
    )
    .group_by(*_whose)
)
_voted = Hot(
    select(polls.c.person, TEAM, polls.c.privacy, polls.c.score, func.count())
    .join_from(polls, requests, and_(requests.c.org == polls.c.org, requests.c.number == polls.c.number))
    .where(
        *_public,
        polls.c.org == bindparam("org"),
        polls.c.asked_at >= bindparam("start"),
        polls.c.asked_at < bindparam("end"),
        polls.c.resolution > 0,
        ~ANONYMOUS,
        or_(polls.c.score.is_not(None), ASKED),
    )
    .group_by(polls.c.person, TEAM, polls.c.privacy, polls.c.score)
)


class Filed(NamedTuple):
    """How many requests somebody filed to a team."""

    person: PersonId
    team: str
    filed: int


class Resolved(NamedTuple):
    """How many of somebody's requests a team resolved, had a target for, and made it."""

    person: PersonId
    team: str
    resolved: int
    targeted: int
    on_target: int


class Voted(NamedTuple):
    """How often somebody gave a team this score; null where they were asked and did not answer."""

    person: PersonId
    team: str
    privacy: str
    score: int | None
    votes: int


@dataclass(frozen=True, slots=True)
class Relation:
    """What the people of one team asked of another, by key. Neither times nor reasons are kept."""

    asker: str
    """Empty for who serves in no team."""
    team: str
    counted: Sums


def filed(tx: Connection, org: str, start: datetime, end: datetime) -> list[Filed]:
    """What was filed from `start` up to, not including, `end`."""
    return [Filed(*row) for row in _filed.rows(tx, {"org": org, "start": start, "end": end})]


def resolved(tx: Connection, org: str, start: datetime, end: datetime) -> list[Resolved]:
    """What was resolved for the last time from `start` up to, not including, `end`."""
    return [Resolved(*row) for row in _resolved.rows(tx, {"org": org, "start": start, "end": end})]


def voted(tx: Connection, org: str, start: datetime, end: datetime) -> list[Voted]:
    """What was voted, none of it anonymously, on polls from `start` up to, not including, `end`."""
    return [Voted(*row) for row in _voted.rows(tx, {"org": org, "start": start, "end": end})]


def keep(tx: Connection, org: str, week: str, part: Part, counted: Iterable[Relation]) -> None:
    """Keep those of a part of a week that is being closed."""
    rows = [
        {"org": org, "week": week, "part": part, "asker": one.asker, "team": one.team}
        | {name: getattr(one.counted, name) for name in _KEPT}
        for one in counted
    ]
    if rows:
        tx.execute(insert(relations).on_conflict_do_nothing(), rows)


def of_weeks(tx: Connection, org: str, weeks: Sequence[str]) -> list[Relation]:
    """Those of whatever is closed of these weeks."""
    wanted = relations.c.org == org, relations.c.week.in_(weeks)
    rows = tx.execute(select(relations).where(*wanted).order_by(relations.c.week))
    return [
        Relation(row.asker, row.team, Sums(team=row.team, **{name: getattr(row, name) for name in _KEPT}))
        for row in rows
    ]
