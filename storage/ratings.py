"""Polls and the emoji put on them. Functions receive a transaction."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, func, insert, or_, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from storage.records import PersonId, Poll, PostKind
from storage.tables import ballots, polls, posts

_FIELDS = tuple(field.name for field in fields(Poll))
_COLUMNS = tuple(polls.c[name] for name in _FIELDS)
_ASKED = (
    select(posts.c.id)
    .where(
        posts.c.org == polls.c.org,
        posts.c.number == polls.c.number,
        posts.c.kind == PostKind.POLL,
        posts.c.ref == as_type(polls.c.id, Text),
        or_(posts.c.message.is_not(None), posts.c.error == ""),
    )
    .exists()
)
"""A message asks the question; a poll without one, or whose message could not be delivered, only waits for
a rating that is typed."""


def open_poll(
    tx: Connection,
    org: str,
    number: int,
    resolution: int,
    person: PersonId,
    resolver: PersonId | None,
    now: datetime,
) -> Poll:
    """Keep a new poll about one resolution."""
    values: dict[str, Any] = {
        "number": number,
        "resolution": resolution,
        "person": person,
        "resolver": resolver,
        "asked_at": now,
        "comment": "",
        "reasons": (),
    }
    found = tx.execute(insert(polls).values(org=org, **values).returning(polls.c.id)).scalar_one()
    return Poll(id=int(found), **values)


def get(tx: Connection, org: str, poll: int) -> Poll | None:
    """One poll, by its id."""
    return _one(tx, polls.c.org == org, polls.c.id == poll)


def latest(tx: Connection, org: str, number: int) -> Poll | None:
    """The poll about a request's last resolution, if there is one."""
    return _one(tx, polls.c.org == org, polls.c.number == number)


def unanswered(tx: Connection, org: str, person: PersonId, since: datetime) -> list[Poll]:
    """The open polls since then that somebody has not answered yet."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(polls.c.org == org, polls.c.person == person, polls.c.asked_at >= since)
        .where(polls.c.closed_at.is_(None), polls.c.score.is_(None))
    )
    return [_record(row) for row in rows]


def hand_over(tx: Connection, org: str, account: PersonId, person: PersonId) -> None:
    """Every poll of an account is this person's."""
    tx.execute(update(polls).where(polls.c.org == org, polls.c.person == account).values(person=person))


def asked_since(tx: Connection, org: str, person: PersonId, since: datetime) -> int:
    """How many polls somebody was asked to answer since then."""
    return int(
        tx.execute(
            select(func.count())
            .select_from(polls)
            .where(polls.c.org == org, polls.c.person == person, polls.c.asked_at >= since, _ASKED)
        ).scalar_one()
    )


def close(tx: Connection, org: str, poll: int, now: datetime) -> None:
    """No more votes."""
    tx.execute(
        update(polls)
        .where(polls.c.org == org, polls.c.id == poll, polls.c.closed_at.is_(None))
        .values(closed_at=now)
    )


def cast(tx: Connection, org: str, poll: int, mark: str, score: int, at: datetime, present: bool) -> None:
    """An emoji put on a poll, or taken off it. What happened later wins, in whichever order it is told.

    Until the transaction ends nobody else casts on this poll, so that `standing` leaves nothing out.
    """
    tx.execute(select(polls.c.id).where(polls.c.org == org, polls.c.id == poll).with_for_update())
    values = {"score": score, "at": at, "present": present}
    put = postgres_insert(ballots).values(org=org, poll=poll, mark=mark, **values)
    tx.execute(
        put.on_conflict_do_update(
            index_elements=["org", "poll", "mark"], set_=values, where=ballots.c.at <= put.excluded.at
        )
    )


def standing(tx: Connection, org: str, poll: int) -> tuple[int, datetime] | None:
    """The vote as it stands: the latest emoji that is still there, and when it was put."""
    row = tx.execute(
        select(ballots.c.score, ballots.c.at)
        .where(ballots.c.org == org, ballots.c.poll == poll, ballots.c.present)
        .order_by(ballots.c.at.desc())
        .limit(1)
    ).first()
    return None if row is None else (int(row.score), row.at)


def mark(
    tx: Connection,
    org: str,
    poll: int,
    *,
    score: int | None,
    voted_at: datetime | None,
    comment: str,
    reasons: tuple[str, ...],
) -> None:
    """Keep the answer as it stands now."""
    tx.execute(
        update(polls)
        .where(polls.c.org == org, polls.c.id == poll)
        .values(score=score, voted_at=voted_at, comment=comment, reasons=reasons)
    )


def overdue(tx: Connection, org: str, before: datetime) -> list[Poll]:
    """Polls still open that were given before then."""
    rows = tx.execute(
        select(*_COLUMNS).where(polls.c.org == org, polls.c.closed_at.is_(None), polls.c.asked_at < before)
    )
    return [_record(row) for row in rows]


def asked_between(tx: Connection, org: str, start: datetime, end: datetime) -> Sequence[Poll]:
    """Polls from `start` up to, not including, `end` that somebody was asked to answer, or answered."""
    rows = tx.execute(
        select(*_COLUMNS).where(
            polls.c.org == org,
            polls.c.asked_at >= start,
            polls.c.asked_at < end,
            or_(_ASKED, polls.c.score.is_not(None)),
        )
    )
    return [_record(row) for row in rows]


def _one(tx: Connection, *conditions: Any) -> Poll | None:
    row = tx.execute(
        select(*_COLUMNS).where(*conditions).order_by(polls.c.resolution.desc()).limit(1)
    ).first()
    return None if row is None else _record(row)


def _record(row: Any) -> Poll:
    return Poll(**dict(zip(_FIELDS, row, strict=True)))
