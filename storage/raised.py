"""Nudges that were raised: one row for each request, reason and bundle. Functions receive a transaction."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.records import PlaceId, Raised
from storage.statements import Hot
from storage.tables import raised

_FIELDS = tuple(field.name for field in fields(Raised))
_COLUMNS = tuple(raised.c[name] for name in _FIELDS)

_add = Hot(insert(raised).values({c.name: bindparam(c.name) for c in raised.c if c.name != "id"}))


def add(tx: Connection, org: str, nudge: Raised) -> None:
    """Keep that a nudge was raised, in its bundle."""
    _add.run(tx, {"org": org, **_values(nudge)})


def add_all(tx: Connection, org: str, nudges: Collection[Raised]) -> None:
    """Keep several at once."""
    _add.run_all(tx, [{"org": org, **_values(nudge)} for nudge in nudges])


def of_bundle(tx: Connection, org: str, post_key: str) -> list[Raised]:
    """Everything in one bundle, in the order it was raised."""
    rows = tx.execute(
        select(*_COLUMNS).where(raised.c.org == org, raised.c.post_key == post_key).order_by(raised.c.id)
    )
    return [_record(row) for row in rows]


def sent(tx: Connection, org: str, ids: Collection[int], now: datetime) -> None:
    """These were delivered."""
    tx.execute(update(raised).where(raised.c.org == org, raised.c.id.in_(sorted(ids))).values(sent_at=now))


def pass_on(tx: Connection, org: str, nudge: int, post_key: str, place: PlaceId) -> None:
    """It goes into another bundle, for `place`."""
    tx.execute(
        update(raised).where(raised.c.org == org, raised.c.id == nudge).values(post_key=post_key, place=place)
    )


def said_about(tx: Connection, org: str, number: int, since: datetime) -> list[str]:
    """The keys of the bundles with this request that were delivered since then."""
    rows = tx.execute(
        select(raised.c.post_key)
        .where(
            raised.c.org == org,
            raised.c.number == number,
            raised.c.raised_at >= since,
            raised.c.sent_at.is_not(None),
        )
        .distinct()
    )
    return [str(row.post_key) for row in rows]


def sent_since(tx: Connection, org: str, number: int, since: datetime) -> list[Raised]:
    """What was said since then to those who should move a request; not to who was asked, nor to a lead."""
    rows = tx.execute(
        select(*_COLUMNS).where(
            raised.c.org == org,
            raised.c.number == number,
            raised.c.raised_at >= since,
            raised.c.reason.not_in(("ANSWER", "STUCK")),
            raised.c.sent_at.is_not(None),
        )
    )
    return [_record(row) for row in rows]


def _values(nudge: Raised) -> dict[str, Any]:
    return {name: getattr(nudge, name) for name in _FIELDS if name != "id"}


def _record(row: Any) -> Raised:
    return Raised(**dict(zip(_FIELDS, row, strict=True)))
