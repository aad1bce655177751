"""Who looks at a report: the secret that links are signed with, and the browser that each was opened in.

Functions receive a transaction.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.records import PersonId
from storage.tables import report_keys, report_visits


@dataclass(frozen=True, slots=True)
class Visit:
    """A link that was opened: by whom it may be, in which browser, and until when."""

    link: str
    person: PersonId
    browser: str
    until: datetime


_FIELDS = tuple(field.name for field in fields(Visit))


def secret(tx: Connection, org: str) -> str | None:
    """What an organisation's links are signed with; None while there has been none."""
    found: str | None = tx.execute(select(report_keys.c.secret).where(report_keys.c.org == org)).scalar()
    return found


def agree(tx: Connection, org: str, fresh: str) -> str:
    """The organisation's secret: this one, unless there is one already."""
    tx.execute(insert(report_keys).values(org=org, secret=fresh).on_conflict_do_nothing())
    return secret(tx, org) or fresh


def claim(tx: Connection, org: str, visit: Visit) -> Visit:
    """Open a link: in this browser, unless it was opened before. Gives the visit as it stands."""
    values = {name: getattr(visit, name) for name in _FIELDS}
    tx.execute(insert(report_visits).values(org=org, **values).on_conflict_do_nothing())
    return of_link(tx, org, visit.link) or visit


def of_link(tx: Connection, org: str, link: str) -> Visit | None:
    """The visit that a link was opened for, if it was."""
    columns = (report_visits.c[name] for name in _FIELDS)
    row = tx.execute(select(*columns).where(report_visits.c.org == org, report_visits.c.link == link)).first()
    return Visit(**row._mapping) if row else None


def forget(tx: Connection, org: str, before: datetime) -> None:
    """Forget the visits that were over by then."""
    tx.execute(delete(report_visits).where(report_visits.c.org == org, report_visits.c.until < before))
