"""How each place is addressed on a platform that wants to know. Functions receive a transaction."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.records import Conversation, PlaceId
from storage.statements import Hot
from storage.tables import conversations

_FIELDS = tuple(field.name for field in fields(Conversation))
_COLUMNS = tuple(conversations.c[name] for name in _FIELDS)
_TOLD = tuple(name for name in _FIELDS if name != "place")

_get = Hot(
    select(*_COLUMNS).where(
        conversations.c.org == bindparam("org"), conversations.c.place == bindparam("place")
    )
)
_kept = insert(conversations).values({column.name: bindparam(column.name) for column in conversations.c})
_keep = Hot(
    _kept.on_conflict_do_update(
        index_elements=["org", "place"], set_={name: _kept.excluded[name] for name in _TOLD}
    )
)


def keep(tx: Connection, org: str, conversation: Conversation) -> None:
    """Keep the latest way to address a place."""
    _keep.run(tx, {"org": org, **{name: getattr(conversation, name) for name in _FIELDS}})


def get(tx: Connection, org: str, place: PlaceId) -> Conversation | None:
    """How a place is addressed, when anything was ever heard from it."""
    row = _get.first(tx, {"org": org, "place": place})
    return None if row is None else _record(row)


def drop(tx: Connection, org: str, place: PlaceId) -> None:
    """Forget a place: nothing can be said there any more."""
    tx.execute(delete(conversations).where(conversations.c.org == org, conversations.c.place == place))


def everything(tx: Connection, org: str) -> list[Conversation]:
    """Every place that can be addressed."""
    rows = tx.execute(select(*_COLUMNS).where(conversations.c.org == org).order_by(conversations.c.place))
    return [_record(row) for row in rows]


def _record(row: Any) -> Conversation:
    return Conversation(**dict(zip(_FIELDS, row, strict=True)))
