"""What happened to a request: written once, never changed. Functions receive a transaction."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from storage.records import Entry
from storage.statements import Hot
from storage.tables import history

_FIELDS = tuple(field.name for field in fields(Entry))
_COLUMNS = tuple(history.c[name] for name in _FIELDS)

_insert = Hot(
    insert(history)
    .values({column.name: bindparam(column.name) for column in history.c if column.name != "id"})
    .returning(history.c.id)
)


class Repeated(Exception):
    """A delivery with this key was kept before: the unit must be undone. `number_of` says where."""

    def __init__(self, key: str) -> None:
        super().__init__("this delivery was kept before")
        self.key = key


def append(tx: Connection, org: str, entry: Entry) -> int:
    """Write one line, and give its id. Raises `Repeated` when its key is known: the unit must be undone."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in _FIELDS if name != "id"}
    try:
        row = _insert.first(tx, {"org": org, **values})
    except IntegrityError as error:
        if entry.key is None:
            raise
        raise Repeated(entry.key) from error
    assert row is not None
    return int(row[0])


def number_of(tx: Connection, org: str, key: str) -> int | None:
    """The request that a delivery was kept with, if it was."""
    found = tx.execute(
        select(history.c.number).where(history.c.org == org, history.c.key == key)
    ).scalar_one_or_none()
    return None if found is None else int(found)


def of(tx: Connection, org: str, number: int) -> list[Entry]:
    """All that happened to a request, oldest first."""
    rows = tx.execute(
        select(*_COLUMNS).where(history.c.org == org, history.c.number == number).order_by(history.c.id)
    )
    return [_record(row) for row in rows]


def entry(tx: Connection, org: str, entry_id: int) -> Entry | None:
    """One line, by its id."""
    row = tx.execute(select(*_COLUMNS).where(history.c.org == org, history.c.id == entry_id)).first()
    return None if row is None else _record(row)


def last(tx: Connection, org: str, number: int, verb: str) -> Entry | None:
    """The latest line of one kind that somebody caused; what Deskbell did by itself is passed over."""
    row = tx.execute(
        select(*_COLUMNS)
        .where(
            history.c.org == org,
            history.c.number == number,
            history.c.verb == verb,
            history.c.who.is_not(None),
        )
        .order_by(history.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _record(row)


def count_between(tx: Connection, org: str, verb: str, start: datetime, end: datetime) -> int:
    """How many requests something happened to, from `start` up to, not including, `end`."""
    rows = tx.execute(
        select(history.c.number)
        .where(history.c.org == org, history.c.verb == verb, history.c.at >= start, history.c.at < end)
        .distinct()
    )
    return len(rows.all())


def _record(row: Any) -> Entry:
    return Entry(**dict(zip(_FIELDS, row, strict=True)))
