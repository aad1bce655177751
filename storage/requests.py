"""Requests: kept, changed, looked up. Every function receives a transaction and never commits."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from storage.database import Stale
from storage.people import whose
from storage.records import PersonId, PlaceId, Priority, Request, Status, WaitingOn
from storage.statements import Hot, unindexed
from storage.tables import HOMELESS, UNFINISHED, counters, requests

_FIELDS = tuple(field.name for field in fields(Request))
_COLUMNS = tuple(requests.c[name] for name in _FIELDS)

_next = Hot(
    update(counters)
    .where(counters.c.org == bindparam("the_org"))
    .values(requests=counters.c.requests + 1)
    .returning(counters.c.requests)
)
_insert = Hot(insert(requests).values({column.name: bindparam(column.name) for column in requests.c}))
_change = Hot(
    update(requests)
    .where(
        requests.c.org == bindparam("the_org"),
        requests.c.number == bindparam("the_number"),
        requests.c.revision == bindparam("read"),
    )
    .values({c.name: bindparam(c.name) for c in requests.c if c.name not in ("org", "number")})
)
_look_at = Hot(
    update(requests)
    .where(requests.c.org == bindparam("the_org"), requests.c.number == bindparam("the_number"))
    .values(nudge_at=bindparam("at"))
)
_get = Hot(
    select(*_COLUMNS).where(requests.c.org == bindparam("org"), requests.c.number == bindparam("number"))
)


def _owners(linked: bool) -> Hot:
    """Who belongs to a place and owns anything unfinished, and how much."""
    theirs = requests.c.org == bindparam("org"), UNFINISHED, requests.c.owner.in_(whose(linked))
    return Hot(select(requests.c.owner, func.count()).where(*theirs).group_by(requests.c.owner))


_loads = {linked: _owners(linked) for linked in (False, True)}
_unmarked = Hot(
    select(*_COLUMNS)
    .where(
        requests.c.org == bindparam("org"),
        UNFINISHED,
        requests.c.owner.is_(None),
        requests.c.team == bindparam("team"),
        ~HOMELESS,
    )
    .order_by(requests.c.filed_at)
    .limit(bindparam("most", type_=Integer))
)
_teams_in_need = Hot(select(requests.c.team).where(requests.c.org == bindparam("org"), HOMELESS).distinct())


def next_number(tx: Connection, org: str) -> int:
    """The organisation's next request number, from 1 without a gap."""
    row = _next.first(tx, {"the_org": org})
    if row is None:
        # SQLite understands PostgreSQL's words here
        first = postgres_insert(counters).values(org=org, requests=1)
        started = first.on_conflict_do_update(
            index_elements=["org"], set_={"requests": counters.c.requests + 1}
        ).returning(counters.c.requests)
        return int(tx.execute(started).scalar_one())
    return int(row[0])


def add(tx: Connection, org: str, request: Request) -> None:
    """Keep a new request."""
    _insert.run(tx, {"org": org, **_values(request), "searchable": searchable(request)})


def get(tx: Connection, org: str, number: int) -> Request | None:
    """The request of that number, if there is one."""
    row = _get.first(tx, {"org": org, "number": number})
    return None if row is None else _record(row)


def change(tx: Connection, org: str, before: Request, after: Request) -> None:
    """Keep `after` in the place of `before`. Raises `Stale` when somebody changed the request meanwhile."""
    values = _values(after) | {
        "revision": before.revision + 1,
        "searchable": searchable(after),
        "the_org": org,
        "the_number": before.number,
        "read": before.revision,
    }
    del values["number"]
    if _change.run(tx, values) != 1:
        raise Stale(f"request {before.number} has changed")


def look_again(tx: Connection, org: str, looks: Mapping[int, datetime | None]) -> None:
    """When the clock looks at each again, by number; nobody moved them, so their revisions stay."""
    _look_at.run_all(tx, [{"the_org": org, "the_number": number, "at": at} for number, at in looks.items()])


def due(tx: Connection, org: str, now: datetime, limit: int) -> list[Request]:
    """Requests the clock should look at now, the longest due first; none that another process looks at."""
    wanted = (
        select(*_COLUMNS)
        .where(requests.c.nudge_at.is_not(None), requests.c.nudge_at <= now, unindexed(requests.c.org) == org)
        .order_by(requests.c.nudge_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return _records(tx, wanted)


def waiting_for(tx: Connection, org: str, number: int) -> list[Request]:
    """Requests that wait until the request of that number is resolved."""
    return _records(
        tx,
        select(*_COLUMNS).where(
            requests.c.org == org,
            requests.c.waiting_request.is_not(None),
            requests.c.waiting_request == number,
        ),
    )


def owned(tx: Connection, org: str, person: PersonId) -> list[Request]:
    """What waits for this person: the unfinished requests they own."""
    return _pressing(tx, org, requests.c.owner == person)


def asked_by(tx: Connection, org: str, person: PersonId) -> list[Request]:
    """What this person waits for: their own unfinished requests."""
    return _pressing(tx, org, requests.c.requester == person)


def untaken(tx: Connection, org: str) -> list[Request]:
    """Unfinished requests that nobody owns."""
    return _pressing(tx, org, requests.c.owner.is_(None))


def loads(tx: Connection, org: str, place: PlaceId, *, linked: bool = False) -> dict[PersonId, int]:
    """How many unfinished requests each member of a place owns; who owns none is left out.

    When people are `linked`, an account counts as whose it is.
    """
    return {owner: int(count) for owner, count in _loads[linked].rows(tx, {"org": org, "place": place})}


def teams_in_need(tx: Connection, org: str) -> list[str]:
    """The keys of the teams that have requests without a home."""
    return sorted(team for (team,) in _teams_in_need.rows(tx, {"org": org}))


def homeless(tx: Connection, org: str, team: str) -> list[Request]:
    """A team's requests that need a home."""
    return _pressing(tx, org, HOMELESS, requests.c.team == team)


def kept_in(tx: Connection, org: str, place: PlaceId) -> list[Request]:
    """Unfinished requests whose desk is in a place."""
    return _pressing(tx, org, requests.c.place == place)


def untaken_of(tx: Connection, org: str, team: str, limit: int) -> list[Request]:
    """A team's unfinished requests that nobody owns and that count as having a home."""
    known = _unmarked.rows(tx, {"org": org, "team": team, "most": limit})
    return [_record(row) for row in known]


def unfinished(tx: Connection, org: str, *more: ColumnElement[bool]) -> list[Request]:
    """Everything open, taken or waiting."""
    return _pressing(tx, org, *more)


def waiting(tx: Connection, org: str) -> list[Request]:
    """Everything that waits on somebody or something."""
    return _pressing(tx, org, requests.c.status == Status.WAITING)


def concerning(tx: Connection, org: str, person: PersonId) -> list[Request]:
    """What somebody asked for, ever, and the unfinished requests they own, filed or follow."""
    named = json.dumps(person, ensure_ascii=False)
    follows = type_coerce(requests.c.followers, Text).contains(named, autoescape=True)
    part = or_(requests.c.owner == person, requests.c.filed_by == person, follows)
    asked = select(*_COLUMNS).where(requests.c.org == org, requests.c.requester == person)
    found = {request.number: request for request in (*_records(tx, asked), *_pressing(tx, org, part))}
    return [found[number] for number in sorted(found)]


def recent_of(tx: Connection, org: str, person: PersonId, limit: int) -> list[Request]:
    """The person's latest requests, finished ones too."""
    return _records(
        tx,
        select(*_COLUMNS)
        .where(requests.c.org == org, requests.c.requester == person)
        .order_by(requests.c.filed_at.desc(), requests.c.number.desc())
        .limit(limit),
    )


def find(tx: Connection, org: str, words: Iterable[str], limit: int) -> list[Request]:
    """Requests whose title, details, question, outcome or last note contain every word, newest first."""
    wanted = select(*_COLUMNS).where(requests.c.org == org)
    for word in words:
        wanted = wanted.where(requests.c.searchable.contains(word.casefold(), autoescape=True))
    return _records(tx, wanted.order_by(requests.c.number.desc()).limit(limit))


def speak_of(tx: Connection, org: str, *, team: str = "", service: str = "") -> int:
    """How many requests, unfinished or ended, are a team's, a service's, or both."""
    named = [requests.c.team == team] if team else []
    named += [requests.c.service == service] if service else []
    counted = select(func.count()).select_from(requests).where(requests.c.org == org, *named)
    return int(tx.execute(counted).scalar_one())


def unfinished_of(tx: Connection, org: str, team: str) -> int:
    """How many requests of a team are open, taken or waiting."""
    counted = select(func.count()).select_from(requests)
    return int(
        tx.execute(counted.where(requests.c.org == org, requests.c.team == team, UNFINISHED)).scalar_one()
    )


def private_numbers(tx: Connection, org: str, numbers: Iterable[int]) -> frozenset[int]:
    """Those of the numbers that are private."""
    rows = tx.execute(
        select(requests.c.number).where(
            requests.c.org == org, requests.c.number.in_(sorted(set(numbers))), requests.c.private
        )
    )
    return frozenset(int(row.number) for row in rows)


def searchable(request: Request) -> str:
    """Everything `find` looks through, folded so that capitals do not matter."""
    parts = (
        f"#{request.number}",
        request.title,
        request.details,
        request.question,
        request.outcome,
        request.last_note,
        *(answer for _, answer in request.answers),
    )
    return "\n".join(part for part in parts if part).casefold()


_URGENCY = case({priority.value: rank for rank, priority in enumerate(Priority)}, value=requests.c.priority)
PRESSING = (_URGENCY.desc(), requests.c.filed_at, requests.c.number)
"""The order of what is unfinished: the most urgent first, then the oldest."""


def _pressing(tx: Connection, org: str, *conditions: ColumnElement[bool]) -> list[Request]:
    wanted = select(*_COLUMNS).where(requests.c.org == org, UNFINISHED, *conditions).order_by(*PRESSING)
    return _records(tx, wanted)


def _records(tx: Connection, wanted: Select[Any]) -> list[Request]:
    return [_record(row) for row in tx.execute(wanted)]


def _record(row: Sequence[Any]) -> Request:
    known = dict(zip(_FIELDS, row, strict=True))
    known["status"] = Status(known["status"])
    known["priority"] = Priority(known["priority"])
    known["waiting_on"] = WaitingOn(known["waiting_on"]) if known["waiting_on"] else None
    return Request(**known)


def _values(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in _FIELDS}
