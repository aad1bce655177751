"""What teams asked of each other, week by week. Private requests are in none of it.

Functions receive a transaction. Which weeks are closed, `storage.numbers` knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.records import PersonId
from storage.statements import Hot
from storage.sums import Sums
from storage.tables import relations, requests

_KEPT = ("filed", "resolved", "targeted", "on_target", "asked", "scores")

_filed = Hot(
    select(requests.c.requester, requests.c.team, func.count())
    .where(
        requests.c.org == bindparam("org"),
        requests.c.filed_at >= bindparam("start"),
        requests.c.filed_at < bindparam("end"),
        ~requests.c.private,
    )
    .group_by(requests.c.requester, requests.c.team)
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What the people of one team asked of another, by key. Neither times nor reasons are kept."""

    asker: str
    """Empty for who serves in no team."""
    team: str
    counted: Sums


def filed(tx: Connection, org: str, start: datetime, end: datetime) -> list[tuple[PersonId, str, int]]:
    """Who filed to which team how often, from `start` up to, not including, `end`."""
    found = _filed.rows(tx, {"org": org, "start": start, "end": end})
    return [(person, team, int(count)) for person, team, count in found]


def keep(tx: Connection, org: str, week: str, counted: Iterable[Relation]) -> None:
    """Keep those of a week that is being closed."""
    rows = [
        {"org": org, "week": week, "asker": one.asker, "team": one.team}
        | {name: getattr(one.counted, name) for name in _KEPT}
        for one in counted
    ]
    if rows:
        tx.execute(insert(relations).on_conflict_do_nothing(), rows)


def of_weeks(tx: Connection, org: str, weeks: Sequence[str]) -> list[Relation]:
    """Those of closed weeks, week by week."""
    wanted = relations.c.org == org, relations.c.week.in_(weeks)
    rows = tx.execute(select(relations).where(*wanted).order_by(relations.c.week))
    return [
        Relation(row.asker, row.team, Sums(team=row.team, **{name: getattr(row, name) for name in _KEPT}))
        for row in rows
    ]
