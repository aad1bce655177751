"""Which channels want the digest, when and of whom. Functions receive a transaction."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from storage.records import PersonId, PlaceId
from storage.tables import subscriptions


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel's subscription as it is kept. What the texts mean, `handlers.subscribing` knows."""

    place: PlaceId
    weekday: int
    at: str
    zone: str
    team: str
    service: str
    since: datetime
    by: PersonId
    stopped: str = ""
    """Why it gets none at present: in our words, or the platform's; empty when it gets them."""


_FIELDS = tuple(field.name for field in fields(Kept))


def everything(tx: Connection, org: str) -> dict[PlaceId, Kept]:
    """Every subscription, stopped ones too, by channel."""
    rows = tx.execute(select(*(subscriptions.c[name] for name in _FIELDS)).where(subscriptions.c.org == org))
    return {row.place: Kept(**row._mapping) for row in rows}


def keep(tx: Connection, org: str, kept: Kept) -> None:
    """Keep a channel's subscription, new or changed."""
    values = {name: getattr(kept, name) for name in _FIELDS}
    put = insert(subscriptions).values(org=org, **values)
    tx.execute(put.on_conflict_do_update(index_elements=["org", "place"], set_=values))
