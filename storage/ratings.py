"""Polls, the emoji put on them, votes without a name, and what follows a bad one.

Functions receive a transaction. Who may know what is found here, `handlers.may` says.
"""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from storage import anonymous
from storage.polled import ANONYMOUS, ballots, polls
from storage.polled import recoveries as recovered
from storage.records import AnonymousVote, Outcome, PersonId, Poll, PostKind, Privacy, Recovery
from storage.statements import Hot
from storage.tables import posts
from storage.wiping import wiped

_FIELDS = tuple(field.name for field in fields(Poll))
_COLUMNS = tuple(polls.c[name] for name in _FIELDS)
_CHANGES = (
    "closed_at",
    "score",
    "voted_at",
    "comment",
    "reasons",
    "remind_at",
    "reminded_at",
    "closed_why",
    "quotable",
)
_RECOVERY = tuple(field.name for field in fields(Recovery))
ASKED = (
    select(posts.c.id)
    .where(
        posts.c.org == polls.c.org,
        posts.c.number == polls.c.number,
        posts.c.kind == PostKind.POLL,
        posts.c.ref == as_type(polls.c.id, Text),
        or_(posts.c.message.is_not(None), and_(posts.c.error == "", polls.c.closed_at.is_(None))),
    )
    .exists()
)
"""A message asks the question, or is about to; a poll without one, or whose message could not be delivered,
only waits for a rating that is typed; and what was over before it was asked was never asked."""
_get = select(*_COLUMNS).where(polls.c.org == bindparam("org"), polls.c.id == bindparam("poll"))
_known, _held = Hot(_get), Hot(_get.with_for_update())
_keep = Hot(
    update(polls)
    .where(polls.c.org == bindparam("the_org"), polls.c.id == bindparam("the_poll"))
    .values({name: bindparam(name) for name in _CHANGES})
)


def _cast() -> Hot:
    put = postgres_insert(ballots).values({column.name: bindparam(column.name) for column in ballots.c})
    same = and_(ballots.c.at == put.excluded.at, or_(ballots.c.present, ~put.excluded.present))
    return Hot(
        put.on_conflict_do_update(
            index_elements=["org", "poll", "mark"],
            set_={name: put.excluded[name] for name in ("score", "at", "present")},
            where=or_(ballots.c.at < put.excluded.at, same),
        )
    )


_put = _cast()
_standing = Hot(
    select(ballots.c.score, ballots.c.at)
    .where(ballots.c.org == bindparam("org"), ballots.c.poll == bindparam("poll"), ballots.c.present)
    .order_by(ballots.c.at.desc(), ballots.c.mark)
    .limit(1)
)
_recovery = Hot(
    select(*(recovered.c[name] for name in _RECOVERY)).where(
        recovered.c.org == bindparam("org"), recovered.c.poll == bindparam("poll")
    )
)
_LONGEST_WAIT = timedelta(days=60)
"""No message waits longer than this for working hours."""


def open_poll(tx: Connection, org: str, poll: Poll) -> Poll:
    """Keep a new poll about one resolution, and give it with its id."""
    values = {name: getattr(poll, name) for name in _FIELDS if name != "id"}
    found = tx.execute(insert(polls).values(org=org, **values).returning(polls.c.id)).scalar_one()
    return replace(poll, id=int(found))


def get(tx: Connection, org: str, poll: int) -> Poll | None:
    """One poll, by its id."""
    row = _known.first(tx, {"org": org, "poll": poll})
    return None if row is None else _record(row)


def latest(tx: Connection, org: str, number: int) -> Poll | None:
    """The poll about a request's last resolution, if there is one."""
    return _one(tx, polls.c.org == org, polls.c.number == number, polls.c.resolution > 0)


def second(tx: Connection, org: str, first: Poll) -> Poll | None:
    """The poll that asks once more, after a bad vote on the `first`."""
    return _one(
        tx, polls.c.org == org, polls.c.number == first.number, polls.c.resolution == -first.resolution
    )


def open_of(tx: Connection, org: str, number: int) -> list[Poll]:
    """The polls about a request that can still be answered."""
    return _several(tx, polls.c.org == org, polls.c.number == number, polls.c.closed_at.is_(None))


def unanswered(tx: Connection, org: str, person: PersonId, since: datetime) -> list[Poll]:
    """The open polls since then that somebody has not answered yet."""
    asked = polls.c.org == org, polls.c.person == person, polls.c.asked_at >= since
    return _several(tx, *asked, polls.c.closed_at.is_(None), polls.c.score.is_(None))


def hand_over(tx: Connection, org: str, account: PersonId, person: PersonId) -> None:
    """Every poll of an account is this person's."""
    tx.execute(update(polls).where(polls.c.org == org, polls.c.person == account).values(person=person))


def asked_since(tx: Connection, org: str, person: PersonId, since: datetime) -> int:
    """How many polls somebody was given since then, or is about to be: by when the message is due."""
    put_at = func.coalesce(polls.c.put_at, polls.c.asked_at)
    whose = polls.c.org == org, polls.c.person == person, polls.c.asked_at >= since - _LONGEST_WAIT
    found = select(func.count()).select_from(polls).where(*whose, put_at >= since, ASKED)
    return int(tx.execute(found).scalar_one())


def hold(tx: Connection, org: str, poll: int) -> Poll:
    """A poll as it is now. Until the transaction ends nobody else changes it."""
    row = _held.first(tx, {"org": org, "poll": poll})
    if row is None:
        raise LookupError(f"there is no poll {poll}")
    return _record(row)


def keep(tx: Connection, org: str, poll: Poll) -> None:
    """Keep a poll that was held, as it is now. What is frozen in it stays."""
    values = {name: getattr(poll, name) for name in _CHANGES}
    _keep.run(tx, {"the_org": org, "the_poll": poll.id, **values})


def seal(tx: Connection, org: str, poll: Poll, week: str, enough: int) -> None:
    """An anonymous poll is over: its vote is one of its week's, and what tied the two together is destroyed.

    The week before in which the service had fewer than `enough` votes is carried on to this one: see
    `storage.anonymous`. What was never asked and not answered is not counted.
    """
    if poll.score is not None or _was_asked(tx, org, poll):
        anonymous.carry_on(tx, org, poll.team, poll.service, week, enough)
        anonymous.count(tx, org, AnonymousVote(poll.team, poll.service, week, poll.score, poll.reasons))
    tx.execute(delete(ballots).where(ballots.c.org == org, ballots.c.poll == poll.id))
    keep(tx, org, _blank(poll))
    wiped(tx)


def _was_asked(tx: Connection, org: str, poll: Poll) -> bool:
    found = select(polls.c.id).where(polls.c.org == org, polls.c.id == poll.id, ASKED)
    return tx.execute(found).first() is not None


def cast(tx: Connection, org: str, poll: int, mark: str, score: int, at: datetime, present: bool) -> None:
    """An emoji put on a poll, or taken off it. What happened later wins, in whichever order it is told.

    At the same moment, what was taken off stays off. The poll must be held, so that `standing` leaves nothing
    out.
    """
    values = {"score": score, "at": at, "present": present}
    _put.run(tx, {"org": org, "poll": poll, "mark": mark, **values})


def take_off(tx: Connection, org: str, poll: int, at: datetime) -> None:
    """Every emoji that was put on a poll up to then counts as taken off at that moment."""
    put = ballots.c.org == org, ballots.c.poll == poll, ballots.c.present, ballots.c.at <= at
    tx.execute(update(ballots).where(*put).values(present=False, at=at))


def is_tapped(tx: Connection, org: str, poll: int, mark: str) -> bool:
    """Whether the vote as it stands is of this mark: one that no platform shows as a reaction."""
    latest = (
        select(ballots.c.mark)
        .where(ballots.c.org == org, ballots.c.poll == poll, ballots.c.present)
        .order_by(ballots.c.at.desc(), ballots.c.mark)
        .limit(1)
    )
    return tx.execute(latest).scalar() == mark


def standing(tx: Connection, org: str, poll: int) -> tuple[int, datetime] | None:
    """The vote as it stands: the latest emoji that is still there, and when it was put."""
    row = _standing.first(tx, {"org": org, "poll": poll})
    return None if row is None else (int(row[0]), row[1])


def to_remind_of(tx: Connection, org: str, now: datetime, limit: int) -> list[Poll]:
    """Polls whose reminder is due, the longest first."""
    due = polls.c.org == org, polls.c.remind_at.is_not(None), polls.c.remind_at <= now
    return _several(tx, *due, order=polls.c.remind_at, limit=limit)


def overdue(tx: Connection, org: str, before: datetime, now: datetime, limit: int = 100) -> list[Poll]:
    """Polls still open that were given before then, and whose time is over by now; the oldest first."""
    open_ = polls.c.org == org, polls.c.closed_at.is_(None), polls.c.asked_at < before
    over = func.coalesce(polls.c.close_at, polls.c.asked_at) < now
    return _several(tx, *open_, over, order=polls.c.asked_at, limit=limit)


def recovery(tx: Connection, org: str, poll: int) -> Recovery | None:
    """What follows the bad vote on a poll."""
    row = _recovery.first(tx, {"org": org, "poll": poll})
    return None if row is None else Recovery(*row)


def open_recovery(tx: Connection, org: str, poll: Poll, now: datetime, check_at: datetime) -> bool:
    """A bad vote was given: keep that somebody is told. Says whether it is news."""
    values = {"poll": poll.id, "number": poll.number, "opened_at": now, "check_at": check_at, "what": ""}
    opened = postgres_insert(recovered).values(org=org, **values)
    done = opened.on_conflict_do_nothing(index_elements=["org", "poll"]).returning(recovered.c.poll)
    return tx.execute(done).first() is not None


def change_recovery(tx: Connection, org: str, poll: int, **changes: Any) -> None:
    """Keep what has become of it: `changes` are fields of `Recovery`."""
    tx.execute(update(recovered).where(recovered.c.org == org, recovered.c.poll == poll).values(**changes))


def to_check(tx: Connection, org: str, now: datetime, limit: int) -> list[Recovery]:
    """Recoveries whose clock has run out, the longest first."""
    due = recovered.c.org == org, recovered.c.check_at.is_not(None), recovered.c.check_at <= now
    return _recoveries(tx, *due, order=recovered.c.check_at, limit=limit)


_again = polls.alias("again")
_after = polls.alias("after")


def recoveries(tx: Connection, org: str, start: datetime, end: datetime) -> list[Outcome]:
    """Every bad vote on the polls given from `start` up to, not including, `end`, and what became of it.

    The second vote is the answer when it was asked once more, else the vote on the next resolution, when the
    request was reopened. The recovery rate is the share of these that have `recovered`. Anonymous votes are
    not followed up, and not among them.
    """
    rows = tx.execute(
        select(*_COLUMNS, func.coalesce(_again.c.score, _after.c.score), recovered.c.made_good_at)
        .outerjoin(_again, and_(_of_same(_again), _again.c.resolution == -polls.c.resolution))
        .outerjoin(_after, and_(_of_same(_after), _after.c.resolution == polls.c.resolution + 1))
        .outerjoin(recovered, and_(recovered.c.org == polls.c.org, recovered.c.poll == polls.c.id))
        .where(polls.c.org == org, polls.c.asked_at >= start, polls.c.asked_at < end)
        .where(polls.c.resolution > 0, polls.c.score <= 2, ~ANONYMOUS)
        .order_by(polls.c.id)
    )
    return [Outcome(_record(row[:-2]), row[-2], row[-1] is not None) for row in rows]


def _of_same(other: Any) -> ColumnElement[bool]:
    """Another poll about the same request, whose vote may be told."""
    named = other.c.privacy != Privacy.ANONYMOUS
    return and_(other.c.org == polls.c.org, other.c.number == polls.c.number, named)


def _one(tx: Connection, *conditions: ColumnElement[bool]) -> Poll | None:
    found = _several(tx, *conditions, order=polls.c.resolution.desc(), limit=1)
    return found[0] if found else None


def _several(
    tx: Connection, *conditions: ColumnElement[bool], order: Any = None, limit: int | None = None
) -> list[Poll]:
    """In this order; without one as they were opened, sorted here, so that an index may find them."""
    rows = tx.execute(select(*_COLUMNS).where(*conditions).order_by(order).limit(limit))
    found = [_record(row) for row in rows]
    return found if order is not None else sorted(found, key=lambda poll: poll.id)


def _recoveries(
    tx: Connection, *conditions: ColumnElement[bool], order: Any = recovered.c.poll, limit: int | None = None
) -> list[Recovery]:
    columns = (recovered.c[name] for name in _RECOVERY)
    rows = tx.execute(select(*columns).where(*conditions).order_by(order).limit(limit))
    return [Recovery(**dict(zip(_RECOVERY, row, strict=True))) for row in rows]


def _blank(poll: Poll) -> Poll:
    return replace(poll, score=None, voted_at=None, comment="", reasons=())


def _record(row: Any) -> Poll:
    known = dict(zip(_FIELDS, row, strict=True))
    return Poll(**{**known, "privacy": Privacy(known["privacy"])})
