"""Colleagues, and who belongs to which triage channel. Functions receive a transaction."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.records import Person, PersonId, PlaceId
from storage.statements import Hot, unindexed
from storage.tables import HAS_EMAIL, members, people

_FIELDS = tuple(field.name for field in fields(Person))
_COLUMNS = tuple(people.c[name] for name in _FIELDS)
_OUR_OWN = ("slots", "quiet_days", "same_as", "reach", "away_until", "cover")
"""What no platform says of somebody."""

_HERE = people.c.active & ~people.c.bot
_get = Hot(select(*_COLUMNS).where(people.c.org == bindparam("org"), people.c.id == bindparam("id")))

_of_email = Hot(
    select(*_COLUMNS)
    .where(
        people.c.org == bindparam("org"),
        HAS_EMAIL,
        people.c.email == bindparam("email"),
        _HERE,
        people.c.known,
    )
    .order_by(unindexed(people.c.id))
)
_belongs = Hot(
    select(members.c.person).where(
        members.c.org == bindparam("org"),
        members.c.place == bindparam("place"),
        members.c.person == bindparam("person"),
    )
)


def whose(linked: bool) -> Select[tuple[str]]:
    """The people of a place, by the parameters `org` and `place`: to be looked for with `in_`.

    When people are `linked`, an account counts as whose it is. So worded, a database goes from the few
    members to what is known of them, and never through everybody.
    """
    named = select(members.c.person).where(
        members.c.org == bindparam("org"), members.c.place == bindparam("place")
    )
    if not linked:
        return named
    account = people.alias("accounts")
    return select(func.coalesce(account.c.same_as, account.c.id)).where(
        account.c.org == bindparam("org"), account.c.id.in_(named)
    )


def _belonging(linked: bool) -> Hot:
    """Who belongs to a place, with everything that is known of them."""
    here = people.c.org == bindparam("org"), people.c.id.in_(whose(linked)), _HERE
    return Hot(select(*_COLUMNS).where(*here))


_crew = {linked: _belonging(linked) for linked in (False, True)}


def get(tx: Connection, org: str, person: PersonId) -> Person | None:
    """The colleague of that id, if they were ever met."""
    row = _get.first(tx, {"org": org, "id": person})
    return None if row is None else _record(row)


def several(tx: Connection, org: str, ids: Collection[PersonId]) -> dict[PersonId, Person]:
    """Those of the colleagues that are known, by id."""
    known = (get(tx, org, one) for one in ids)
    return {person.id: person for person in known if person is not None}


def by_handle(tx: Connection, org: str, handle: str, near: str = "") -> Person | None:
    """The active colleague of that handle; capitals do not matter.

    When there are several, one on the platform `near` is preferred, then the one of the smallest id.
    """
    row = tx.execute(
        select(*_COLUMNS)
        .where(people.c.org == org, people.c.handle == handle.lower(), _HERE)
        .order_by(people.c.id.startswith(f"{near}:", autoescape=True).desc(), people.c.id)
        .limit(1)
    ).first()
    return None if row is None else _record(row)


def colleagues(tx: Connection, org: str, limit: int, *, aliases: bool) -> list[Person]:
    """Who is here and known, no bots, by name; people's other accounts only when `aliases` are wanted."""
    wanted = select(*_COLUMNS).where(people.c.org == org, _HERE, people.c.known)
    if not aliases:
        wanted = wanted.where(people.c.same_as.is_(None))
    ordered = wanted.order_by(func.lower(people.c.name), people.c.id).limit(limit)
    return [_record(row) for row in tx.execute(ordered)]


def of_email(tx: Connection, org: str, email: str) -> list[Person]:
    """Who is here and known under an e-mail address; empty is nobody's."""
    return [_record(row) for row in _of_email.rows(tx, {"org": org, "email": email})]


def accounts(tx: Connection, org: str, person: PersonId) -> list[Person]:
    """The other accounts of somebody."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(people.c.org == org, people.c.same_as.is_not(None), people.c.same_as == person)
        .order_by(unindexed(people.c.id))
    )
    return [_record(row) for row in rows]


def link(tx: Connection, org: str, account: PersonId, person: PersonId | None) -> None:
    """An account is this person's from now on; or, with None, its own person's."""
    _tell(tx, org, account, same_as=person, reach="")


def reach(tx: Connection, org: str, person: PersonId, account: PlaceId) -> None:
    """Somebody's direct messages go to this account from now on; empty is their own."""
    _tell(tx, org, person, reach=account)


def set_away(
    tx: Connection, org: str, person: PersonId, until: datetime | None, cover: PersonId | None
) -> None:
    """Keep until when somebody is away, and who covers; None when they are here, whatever their status."""
    here = {"absent_until": None} if until is None else {}
    _tell(tx, org, person, away_until=until, cover=cover, **here)


def meet(tx: Connection, org: str, person: Person) -> None:
    """Keep somebody the platform has not described yet, unless they are known."""
    if get(tx, org, person.id) is None:
        met = insert(people).values(org=org, **_values(replace(person, known=False)))
        tx.execute(met.on_conflict_do_nothing(index_elements=["org", "id"]))


def describe(tx: Connection, org: str, person: Person) -> None:
    """Keep what the platform says of somebody; their own preferences stay."""
    values = _values(replace(person, handle=person.handle.lower(), email=person.email.lower()))
    told = {name: value for name, value in values.items() if name not in _OUR_OWN}
    described = insert(people).values(org=org, **values)
    tx.execute(described.on_conflict_do_update(index_elements=["org", "id"], set_=told))


def prefer(tx: Connection, org: str, person: PersonId, slots: str, quiet_days: tuple[str, ...]) -> None:
    """Keep how somebody likes to be nudged."""
    _tell(tx, org, person, slots=slots, quiet_days=quiet_days)


def unknown(tx: Connection, org: str, limit: int, prefix: str = "") -> list[PersonId]:
    """People met whom their platform, whose ids begin so, has not been asked about."""
    here = people.c.id.startswith(prefix, autoescape=True)
    rows = tx.execute(select(people.c.id).where(people.c.org == org, ~people.c.known, here).limit(limit))
    return [str(row.id) for row in rows]


def members_of(tx: Connection, org: str, place: PlaceId, *, linked: bool = False) -> frozenset[PersonId]:
    """Who belongs to a triage channel; empty when nobody has told us.

    When people are `linked`, an account counts as whose it is.
    """
    here = members.c.org == org, members.c.place == place
    wanted: Select[tuple[str]] = select(members.c.person).where(*here)
    if linked:
        whose = func.coalesce(people.c.same_as, members.c.person).label("person")
        known = (people.c.org == members.c.org) & (people.c.id == members.c.person)
        wanted = select(whose).select_from(members.outerjoin(people, known)).where(*here)
    return frozenset(str(row.person) for row in tx.execute(wanted))


def belongs(tx: Connection, org: str, place: PlaceId, person: PersonId, *, linked: bool = False) -> bool:
    """Whether somebody belongs to a triage channel; when people are `linked`, with any of their accounts."""
    if linked:
        return person in members_of(tx, org, place, linked=True)
    return _belongs.first(tx, {"org": org, "place": place, "person": person}) is not None


def crew(tx: Connection, org: str, place: PlaceId, *, linked: bool = False) -> list[Person]:
    """Who belongs to a place and is still here, no bots, nobody twice, in the order of names, then ids.

    When people are `linked`, an account counts as whose it is.
    """
    found = (_record(row) for row in _crew[linked].rows(tx, {"org": org, "place": place}))
    return sorted({one.id: one for one in found}.values(), key=in_order)


def in_order(person: Person) -> tuple[str, PersonId]:
    """Where somebody stands among colleagues: by name, then by id."""
    return person.name.casefold(), person.id


def set_members(tx: Connection, org: str, place: PlaceId, present: Collection[PersonId]) -> None:
    """Keep exactly these as a channel's members."""
    here = sorted(set(present))
    tx.execute(
        delete(members).where(members.c.org == org, members.c.place == place, members.c.person.not_in(here))
    )
    for person in here:
        join(tx, org, place, person)


def join(tx: Connection, org: str, place: PlaceId, person: PersonId) -> None:
    """Add one member."""
    joined = insert(members).values(org=org, place=place, person=person)
    tx.execute(joined.on_conflict_do_nothing(index_elements=["org", "place", "person"]))


def leave(tx: Connection, org: str, place: PlaceId, person: PersonId) -> None:
    """Take one member away."""
    tx.execute(
        delete(members).where(members.c.org == org, members.c.place == place, members.c.person == person)
    )


def count(tx: Connection, org: str) -> int:
    """How many people are known."""
    return int(tx.execute(select(func.count()).select_from(people).where(people.c.org == org)).scalar_one())


def _tell(tx: Connection, org: str, person: PersonId, **values: Any) -> None:
    tx.execute(update(people).where(people.c.org == org, people.c.id == person).values(**values))


def _record(row: Any) -> Person:
    return Person(*row)  # the columns stand in the order of the fields


def _values(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in _FIELDS}
