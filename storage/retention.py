"""Removing the words of what has ended long ago; what is counted stays. Functions receive a transaction.

What was removed is known by having nothing left to search in: every other request has its number there.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.sql.dml import Update

from storage.tables import history, polls, recoveries, requests

_WORDS = ("details", "question", "outcome", "last_note", "snooze_reason", "searchable")


def ended_before(tx: Connection, org: str, service: str, before: datetime, limit: int) -> list[int]:
    """A service's requests that ended before a moment and still have their words, the oldest first."""
    rows = tx.execute(
        select(requests.c.number)
        .where(
            requests.c.org == org,
            requests.c.service == service,
            requests.c.ended_at.is_not(None),
            requests.c.ended_at < before,
            requests.c.searchable != "",
        )
        .order_by(requests.c.number)
        .limit(limit)
    )
    return [int(row.number) for row in rows]


def remove_words(tx: Connection, org: str, numbers: Collection[int], title: str) -> None:
    """Put a `title` in the place of all that was written about these requests."""
    if not numbers:
        return
    empty: dict[str, Any] = dict.fromkeys(_WORDS, "")
    told = update(requests).values(title=title, answers=(), revision=requests.c.revision + 1, **empty)
    tx.execute(_of(told, requests, org, numbers))
    tx.execute(_of(update(history).values(text=""), history, org, numbers))
    tx.execute(_of(update(polls).values(comment=""), polls, org, numbers))
    tx.execute(_of(update(recoveries).values(what=""), recoveries, org, numbers))


def _of(change: Update, table: Any, org: str, numbers: Collection[int]) -> Update:
    return change.where(table.c.org == org, table.c.number.in_(sorted(numbers)))
