"""Teams, services, rotas and channels, as they are written. Functions receive a transaction.

The catalogue has a revision: whoever keeps a change has read it and counts it up, so that of two who edit
at once the second is told; and everybody else sees at a glance whether what they hold is still the latest.
"""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from storage import people
from storage.database import Stale
from storage.records import Channel, PersonId, PlaceId, Privacy, Rule, Service, Team
from storage.statements import Hot
from storage.tables import channels, counters, members, services, swaps, teams

GROUP = "team:"
"""What the places of `members` begin with that are teams."""

_TEAM = tuple(field.name for field in fields(Team) if field.name != "members")
_SERVICE = tuple(field.name for field in fields(Service))
_revision = Hot(select(counters.c.catalogue).where(counters.c.org == bindparam("org")))
_last = Hot(
    select(teams.c.served_last)
    .where(teams.c.org == bindparam("org"), teams.c.key == bindparam("key"))
    .with_for_update()
)
_served = Hot(
    update(teams)
    .where(teams.c.org == bindparam("the_org"), teams.c.key == bindparam("the_key"))
    .values(served_last=bindparam("person"))
)
_swap = Hot(
    select(swaps.c.person).where(
        swaps.c.org == bindparam("org"),
        swaps.c.team == bindparam("team"),
        swaps.c.monday == bindparam("monday"),
    )
)


def revision(tx: Connection, org: str) -> int:
    """How often the catalogue was changed."""
    row = _revision.first(tx, {"org": org})
    return int(row[0]) if row else 0


def count_up(tx: Connection, org: str, read: int | None = None) -> None:
    """The catalogue has changed. Raises `Stale` when somebody changed it since it was `read`."""
    known = insert(counters).values(org=org, requests=0, catalogue=0)
    tx.execute(known.on_conflict_do_nothing(index_elements=["org"]))
    changed = update(counters).where(counters.c.org == org)
    if read is not None:
        changed = changed.where(counters.c.catalogue == read)
    if tx.execute(changed.values(catalogue=counters.c.catalogue + 1)).rowcount != 1:
        raise Stale("the catalogue has changed")


def all_teams(tx: Connection, org: str) -> dict[str, Team]:
    """Every team by its key, retired ones too."""
    belong: dict[str, list[PersonId]] = {}
    named = select(members.c.place, members.c.person).where(
        members.c.org == org, members.c.place.startswith(GROUP, autoescape=True)
    )
    for row in tx.execute(named.order_by(members.c.person)):
        belong.setdefault(row.place.removeprefix(GROUP), []).append(row.person)
    rows = tx.execute(
        select(*(teams.c[name] for name in _TEAM)).where(teams.c.org == org).order_by(teams.c.key)
    )
    return {row.key: _team(row, tuple(belong.get(row.key, ()))) for row in rows}


def all_services(tx: Connection, org: str) -> dict[str, Service]:
    """Every service by its key, retired ones too."""
    rows = tx.execute(
        select(*(services.c[name] for name in _SERVICE)).where(services.c.org == org).order_by(services.c.key)
    )
    return {row.key: _service(row) for row in rows}


def keep_team(tx: Connection, org: str, team: Team) -> None:
    """Keep a team, new or changed, with its members."""
    values = {name: getattr(team, name) for name in _TEAM}
    kept = insert(teams).values(org=org, **values)
    tx.execute(kept.on_conflict_do_update(index_elements=["org", "key"], set_=values))
    people.set_members(tx, org, GROUP + team.key, team.members)


def keep_service(tx: Connection, org: str, service: Service) -> None:
    """Keep a service, new or changed."""
    values = {name: getattr(service, name) for name in _SERVICE}
    kept = insert(services).values(org=org, **values)
    tx.execute(kept.on_conflict_do_update(index_elements=["org", "key"], set_=values))


def drop_team(tx: Connection, org: str, key: str) -> None:
    """Forget a team that nothing speaks of."""
    people.set_members(tx, org, GROUP + key, ())
    tx.execute(delete(teams).where(teams.c.org == org, teams.c.key == key))
    tx.execute(delete(swaps).where(swaps.c.org == org, swaps.c.team == key))


def drop_service(tx: Connection, org: str, key: str) -> None:
    """Forget a service that nothing speaks of."""
    tx.execute(delete(services).where(services.c.org == org, services.c.key == key))


def served_last(tx: Connection, org: str, team: str) -> PersonId | None:
    """Whom a team's rule chose last; nobody else chooses for it until this transaction is over."""
    row = _last.first(tx, {"org": org, "key": team})
    return row[0] if row else None


def serves(tx: Connection, org: str, team: str, person: PersonId) -> None:
    """Keep whom a team's rule has chosen."""
    _served.run(tx, {"the_org": org, "the_key": team, "person": person})


def swapped(tx: Connection, org: str, team: str, monday: str) -> PersonId | None:
    """Who stands in on a team's rota in the week of that Monday, when somebody does."""
    row = _swap.first(tx, {"org": org, "team": team, "monday": monday})
    return row[0] if row else None


def swap(tx: Connection, org: str, team: str, monday: str, person: PersonId | None) -> None:
    """Somebody stands in for a week; with None, nobody does any more."""
    tx.execute(delete(swaps).where(swaps.c.org == org, swaps.c.team == team, swaps.c.monday == monday))
    if person:
        tx.execute(insert(swaps).values(org=org, team=team, monday=monday, person=person))


def all_channels(tx: Connection, org: str) -> list[Channel]:
    """Every channel that the bot is in, by name."""
    rows = tx.execute(
        select(channels.c.place, channels.c.name).where(channels.c.org == org).order_by(channels.c.name)
    )
    return [Channel(row.place, row.name) for row in rows]


def set_channels(tx: Connection, org: str, prefix: str, present: Collection[Channel]) -> None:
    """Keep exactly these of the channels whose places begin so."""
    known = {channel.place: channel for channel in all_channels(tx, org) if channel.place.startswith(prefix)}
    for place in known.keys() - {channel.place for channel in present}:
        leave_channel(tx, org, place)
    for channel in present:
        if known.get(channel.place) != channel:
            name_channel(tx, org, channel)


def name_channel(tx: Connection, org: str, channel: Channel) -> None:
    """The bot is in this channel."""
    known = insert(channels).values(org=org, place=channel.place, name=channel.name)
    tx.execute(known.on_conflict_do_update(index_elements=["org", "place"], set_={"name": channel.name}))


def rename_channel(tx: Connection, org: str, channel: Channel) -> None:
    """A channel has this name now; nothing to keep where the bot is not in it."""
    here = channels.c.org == org, channels.c.place == channel.place
    tx.execute(update(channels).where(*here).values(name=channel.name))


def leave_channel(tx: Connection, org: str, place: PlaceId) -> None:
    """The bot is there no more."""
    tx.execute(delete(channels).where(channels.c.org == org, channels.c.place == place))


def _team(row: Any, belong: tuple[PersonId, ...]) -> Team:
    known = {name: getattr(row, name) for name in _TEAM}
    return Team(**{**known, "rule": Rule(known["rule"]), "members": belong})


def _service(row: Any) -> Service:
    known = {name: getattr(row, name) for name in _SERVICE}
    rule = Rule(known["rule"]) if known["rule"] else None
    return Service(**{**known, "rule": rule, "privacy": Privacy(known["privacy"])})
