"""What we owe, and what we have said where. Functions receive a transaction.

`due_at` is the whole machine: null is in step, past is owed, future is backing off. A courier works on a
place at a time, under a lease of its own (`places`), and clears a debt only if nothing touched it meanwhile.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from storage.records import MessageId, PersonId, PlaceId, Post, PostKind
from storage.statements import Hot
from storage.tables import places, posts
from storage.types import Instant

_FIELDS = tuple(field.name for field in fields(Post))
_COLUMNS = tuple(posts.c[name] for name in _FIELDS)

_owe = Hot(
    postgres_insert(posts)
    .values({column.name: bindparam(column.name) for column in posts.c if column.name != "id"})
    .on_conflict_do_nothing(index_elements=["org", "key"])
    .returning(posts.c.id)
)
_first = Hot(
    select(*_COLUMNS)
    .where(
        posts.c.org == bindparam("org"),
        posts.c.place == bindparam("place"),
        posts.c.due_at.is_not(None),
        posts.c.due_at <= bindparam("now"),
    )
    .order_by(posts.c.id)
    .limit(1)
)


_by_message = Hot(
    select(*_COLUMNS)
    .where(
        posts.c.org == bindparam("org"), posts.c.message.is_not(None), posts.c.message == bindparam("message")
    )
    .limit(1)
)


def _next_place(after: ColumnElement[str]) -> ScalarSelect[str]:
    """The first place behind another that anything is owed in, now or later."""
    return (
        select(func.min(posts.c.place))
        .where(posts.c.org == bindparam("org"), posts.c.due_at.is_not(None), posts.c.place > after)
        .scalar_subquery()
    )


def _steps() -> Select[tuple[str]]:
    """Every place that is free and has something due, found by stepping through the index of owed posts."""
    walk = select(_next_place(bindparam("after", type_=Text)).label("place")).cte("walk", recursive=True)
    walk = walk.union_all(select(_next_place(walk.c.place)).where(walk.c.place.is_not(None)))
    due = select(posts.c.id).where(
        posts.c.org == bindparam("org"),
        posts.c.place == walk.c.place,
        posts.c.due_at.is_not(None),
        posts.c.due_at <= bindparam("now", type_=Instant),
    )
    busy = select(places.c.place).where(
        places.c.org == bindparam("org"),
        places.c.place == walk.c.place,
        places.c.free_at > bindparam("now", type_=Instant),
    )
    owing = select(walk.c.place).where(walk.c.place.is_not(None), due.exists(), ~busy.exists())
    return owing.order_by(walk.c.place).limit(bindparam("most", type_=Integer))


_owing = Hot(_steps())
_FOR_LATER = posts.c.message.is_(None) & (posts.c.due_at > bindparam("now", type_=Instant))
_TOUCHED = (
    update(posts)
    .where(posts.c.org == bindparam("the_org"))
    .values(
        due_at=case((_FOR_LATER, posts.c.due_at), else_=bindparam("now", type_=Instant)),
        attempts=0,
        revision=posts.c.revision + 1,
    )
)
"""Owed now; but what was never said and is meant for later keeps its time."""
_touch = Hot(_TOUCHED.where(posts.c.key == bindparam("the_key")))
_touch_cards = Hot(
    _TOUCHED.where(posts.c.number == bindparam("the_number"), posts.c.kind == PostKind.CARD.value)
)
_settle = Hot(
    update(posts)
    .where(posts.c.org == bindparam("the_org"), posts.c.id == bindparam("the_id"))
    .values(
        message=bindparam("message"),
        error=bindparam("error"),
        attempts=bindparam("attempts"),
        due_at=case(
            (posts.c.revision == bindparam("delivered"), bindparam("then", type_=Instant)),
            else_=posts.c.due_at,
        ),
    )
)
_release = Hot(
    update(places)
    .where(
        places.c.org == bindparam("the_org"),
        places.c.place == bindparam("the_place"),
        places.c.lease == bindparam("held"),
    )
    .values(free_at=bindparam("free_at"), lease="")
)
_take = Hot(
    postgres_insert(places)
    .values(
        org=bindparam("org"),
        place=bindparam("place"),
        free_at=bindparam("until", type_=Instant),
        lease=bindparam("held"),
    )
    .on_conflict_do_update(
        index_elements=["org", "place"],
        set_={"free_at": bindparam("until", type_=Instant), "lease": bindparam("held")},
        where=places.c.free_at <= bindparam("now", type_=Instant),
    )
)


def owe(
    tx: Connection,
    org: str,
    key: str,
    kind: PostKind,
    place: PlaceId,
    due_at: datetime,
    *,
    number: int | None = None,
    person: PersonId | None = None,
    ref: str = "",
) -> bool:
    """Owe a post unless its key is known, owed or said. Says whether it was new."""
    values = _fresh(key, kind, place, due_at, number, person, ref)
    return _owe.first(tx, {"org": org, **values}) is not None


def touch(tx: Connection, org: str, key: str, now: datetime) -> bool:
    """What this post says may have changed: it is owed again. Says whether there is such a post."""
    return bool(_touch.run(tx, {"the_org": org, "the_key": key, "now": now}))


def touch_cards(tx: Connection, org: str, number: int, now: datetime) -> None:
    """A request has changed: every card of it is owed again."""
    _touch_cards.run(tx, {"the_org": org, "the_number": number, "now": now})


def by_key(tx: Connection, org: str, key: str) -> Post | None:
    """The post of that key."""
    return _one(tx, posts.c.org == org, posts.c.key == key)


def by_message(tx: Connection, org: str, message: MessageId) -> Post | None:
    """The post that became this message."""
    row = _by_message.first(tx, {"org": org, "message": message})
    return None if row is None else _record(row)


def card_in(tx: Connection, org: str, number: int, place: PlaceId) -> Post | None:
    """A request's live card in a place."""
    return _one(
        tx,
        posts.c.org == org,
        posts.c.number == number,
        posts.c.kind == PostKind.CARD,
        posts.c.place == place,
    )


def of_request(tx: Connection, org: str, number: int) -> list[Post]:
    """Every post about a request, in the order they were first owed."""
    rows = tx.execute(
        select(*_COLUMNS).where(posts.c.org == org, posts.c.number == number).order_by(posts.c.id)
    )
    return [_record(row) for row in rows]


# The courier's side: claim a place, deliver, settle.


def owing(tx: Connection, org: str, now: datetime, after: PlaceId, limit: int) -> list[PlaceId]:
    """Up to `limit` places that are owed something and free, in order, from behind `after` on.

    Steps from place to place through an index, so that a long backlog in one place costs nothing.
    """
    steps = _owing.rows(tx, {"org": org, "now": now, "after": after, "most": limit})
    return [place for (place,) in steps]


def claim(
    tx: Connection, org: str, wanted: Sequence[PlaceId], now: datetime, until: datetime, lease: str
) -> list[Post]:
    """Lease those of the places that are still free; give the first post owed in each.

    Two couriers never hold one place: the later finds the row leased and passes by.
    """
    claimed = []
    for place in sorted(wanted):  # in one order, so that two couriers never wait for each other
        if not _lease(tx, org, place, now, until, lease):
            continue
        first = _first.first(tx, {"org": org, "place": place, "now": now})
        if first is None:
            release(tx, org, place, lease, now)
        else:
            claimed.append(_record(first))
    return claimed


def settle(
    tx: Connection,
    org: str,
    post: Post,
    *,
    message: MessageId | None,
    due_at: datetime | None,
    error: str = "",
    attempts: int = 0,
) -> None:
    """Say how it went: null `due_at` when it is in step, a later one to try again.

    When something touched the post while it was being delivered, it stays owed as it is.
    """
    _settle.run(
        tx,
        {
            "the_org": org,
            "the_id": post.id,
            "delivered": post.revision,
            "message": message,
            "error": error,
            "attempts": attempts,
            "then": due_at,
        },
    )


def release(tx: Connection, org: str, place: PlaceId, lease: str, free_at: datetime) -> None:
    """Give a place back: free from `free_at` on. Nothing happens when the lease is no longer ours."""
    _release.run(tx, {"the_org": org, "the_place": place, "held": lease, "free_at": free_at})


def move(
    tx: Connection,
    org: str,
    post: Post,
    place: PlaceId,
    key: str,
    now: datetime,
    *,
    person: PersonId | None = None,
    error: str = "",
) -> None:
    """Owe a post in another place instead: a fallback. The old message, if any, is left behind.

    `person` says whom it is for, when it goes to somebody else; `error` why it had to move.
    """
    tx.execute(
        update(posts)
        .where(posts.c.org == org, posts.c.id == post.id)
        .values(
            place=place,
            key=key,
            person=person or post.person,
            message=None,
            due_at=now,
            attempts=0,
            error=error,
            revision=posts.c.revision + 1,
        )
    )


def owed_in(tx: Connection, org: str, place: PlaceId) -> list[Post]:
    """Everything owed in a place, now or later."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(posts.c.org == org, posts.c.place == place, posts.c.due_at.is_not(None))
        .order_by(posts.c.id)
    )
    return [_record(row) for row in rows]


def rehouse(tx: Connection, org: str, post: Post, place: PlaceId, key: str) -> None:
    """A post is of another place; what was said stays where it is, and is edited there."""
    person = place if post.person == post.place else post.person
    tx.execute(
        update(posts)
        .where(posts.c.org == org, posts.c.id == post.id)
        .values(place=place, key=key, person=person)
    )


def prune_places(tx: Connection, org: str, before: datetime) -> None:
    """Forget leases that ended long ago."""
    tx.execute(delete(places).where(places.c.org == org, places.c.free_at < before))


def _lease(tx: Connection, org: str, place: PlaceId, now: datetime, until: datetime, lease: str) -> bool:
    leased = {"org": org, "place": place, "until": until, "held": lease, "now": now}
    return bool(_take.run(tx, leased))


def _fresh(
    key: str,
    kind: PostKind,
    place: PlaceId,
    due_at: datetime,
    number: int | None,
    person: PersonId | None,
    ref: str,
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "place": place,
        "number": number,
        "person": person,
        "ref": ref,
        "message": None,
        "due_at": due_at,
        "attempts": 0,
        "error": "",
        "revision": 1,
    }


def _one(tx: Connection, *conditions: ColumnElement[bool]) -> Post | None:
    row: Sequence[Any] | None = tx.execute(select(*_COLUMNS).where(*conditions).limit(1)).first()
    return None if row is None else _record(row)


def _record(row: Sequence[Any]) -> Post:
    known = dict(zip(_FIELDS, row, strict=True))
    known["kind"] = PostKind(known["kind"])
    return Post(**known)
