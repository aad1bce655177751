"""The sums of weeks that are closed.

Private requests are in none of it. Functions receive a transaction and never commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Text, bindparam, delete, select, type_coerce
from sqlalchemy.dialects.postgresql import insert

from storage.records import PersonId, Privacy
from storage.statements import Hot
from storage.tables import counters, relations, weeks


class Part(StrEnum):
    """What a week is made of: requests stand when it is over, polls when they are."""

    REQUESTS = "requests"
    POLLS = "polls"


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted for one team, service and person: the requests and polls of a week, or of several.

    `responses` and `resolutions` are working time in whole seconds, from the shortest to the longest. The
    `person` is who resolved; empty for what was filed, and for votes that are nobody's. Votes that not
    everybody may know stand apart, by `privacy`, from what else was counted.
    """

    team: str = ""
    service: str = ""
    person: PersonId = ""
    privacy: str = Privacy.NAMED
    filed: int = 0
    resolved: int = 0
    reopened: int = 0
    """Of the resolved, those that had been resolved before."""
    targeted: int = 0
    """Of the resolved, those that had a target; and of these, those that made it."""
    on_target: int = 0
    promised: int = 0
    kept: int = 0
    asked: int = 0
    scores: tuple[int, ...] = (0, 0, 0, 0, 0)
    """How many voted 1, 2, 3, 4 and 5."""
    reasons: tuple[tuple[str, int], ...] = ()
    """What fell short, and how often."""
    recoveries: int = 0
    recovered: int = 0
    responses: tuple[int, ...] = ()
    resolutions: tuple[int, ...] = ()

    @property
    def votes(self) -> int:
        """How many voted."""
        return sum(self.scores)


MARKER = Sums()
"""The row of the organisation's own desk, of which nothing was counted."""
_FIELDS = tuple(field.name for field in fields(Sums))
_MARKER = (weeks.c.team == "", weeks.c.service == "", weeks.c.person == "", weeks.c.privacy == Privacy.NAMED)
"""Each closed part has the row of the organisation's own desk, counted or not: so it is known as closed."""
_closed = Hot(select(weeks.c.week, weeks.c.part).where(weeks.c.org == bindparam("org"), *_MARKER))
_LISTS = ("scores", "responses", "resolutions")
"""What is read as it is kept, and made numbers of here: there are many rows, and it is mostly empty."""
_REASONS, *_NUMBERS = map(_FIELDS.index, ("reasons", *_LISTS))
_IN_SHORT = tuple(name for name in _FIELDS if name not in ("responses", "resolutions"))


def _closed_weeks(names: Iterable[str]) -> Hot:
    """What is kept of the closed weeks from one to another."""
    since, until = weeks.c.week >= bindparam("first"), weeks.c.week <= bindparam("last")
    columns = (type_coerce(weeks.c[name], Text) if name in _LISTS else weeks.c[name] for name in names)
    kept = select(weeks.c.week, weeks.c.part, *columns)
    return Hot(kept.where(weeks.c.org == bindparam("org"), since, until))


_told = {names: _closed_weeks(names) for names in (_FIELDS, _IN_SHORT)}


def closed(tx: Connection, org: str) -> frozenset[tuple[str, Part]]:
    """The parts of weeks that are closed."""
    return frozenset((str(week), Part(part)) for week, part in _closed.rows(tx, {"org": org}))


def hold(tx: Connection, org: str) -> None:
    """Nobody else closes or opens a week until this transaction is over."""
    tx.execute(select(counters.c.org).where(counters.c.org == org).with_for_update())


def close(tx: Connection, org: str, week: str, part: Part, counted: Iterable[Sums]) -> None:
    """Keep the sums of a part of a week. When it was closed meanwhile, nothing is changed."""
    rows = [{name: getattr(one, name) for name in _FIELDS} for one in _with_marker(counted)]
    for row in rows:
        row["reasons"] = _reasons_kept(row["reasons"])
    values = [{"org": org, "week": week, "part": part, **row} for row in rows]
    tx.execute(insert(weeks).on_conflict_do_nothing(), values)


def reopen(tx: Connection, org: str, week: str) -> None:
    """A week is counted anew from its requests, until it is closed again."""
    for table in (weeks, relations):
        tx.execute(delete(table).where(table.c.org == org, table.c.week == week))


def forget(tx: Connection, org: str) -> None:
    """Every week is counted anew."""
    for table in (weeks, relations):
        tx.execute(delete(table).where(table.c.org == org))


def of_weeks(
    tx: Connection, org: str, first: str, last: str, *, spans: bool = True
) -> dict[tuple[str, Part], list[Sums]]:
    """The sums of the weeks from `first` to `last`, by the parts that are closed.

    Without `spans` they have no times: those are long.
    """
    names = _FIELDS if spans else _IN_SHORT
    found: dict[tuple[str, Part], list[Sums]] = {}
    for week, part, *counted in _told[names].rows(tx, {"org": org, "first": first, "last": last}):
        rows, one = found.setdefault((week, Part(part)), []), _sums(counted)
        rows += [one] if one != MARKER else []
    return found


def _with_marker(counted: Iterable[Sums]) -> list[Sums]:
    rows = list(counted)
    return rows if any(_key(one) == _key(MARKER) for one in rows) else [MARKER, *rows]


def _key(one: Sums) -> tuple[str, ...]:
    return one.team, one.service, one.person, one.privacy


def _reasons_kept(reasons: Iterable[tuple[str, int]]) -> str:
    return " ".join(f"{reason}:{count}" for reason, count in reasons)


def _sums(values: list[Any]) -> Sums:
    """A row as it is kept: the times, when they are there, stand last."""
    for at in _NUMBERS:
        if at < len(values):
            values[at] = tuple(map(int, values[at].split())) if values[at] else ()
    pairs = (each.partition(":") for each in values[_REASONS].split())
    values[_REASONS] = tuple((reason, int(count)) for reason, _, count in pairs)
    return Sums(*values)
