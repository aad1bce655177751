"""The daily list of requests that need a home, as it is owed, said, and sent on when it cannot be said.

1. Once a working day for each team, at the first slot on the clock of who reads it, and only when something
   needs a home then.
2. To the team's lead; while they are away to their cover; when there is none, or they have left, to the
   team's channel; else to the organisation's lead, or their cover.
3. When it cannot be said there, to the next of them.
4. What a retired team has left is found here, a little at a time.
5. What is private is a number and no more, where not everybody may read it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import cards, homes, nudges
from handlers.absence import here
from handlers.homes import Need
from handlers.house import House, local
from handlers.intents import Caller
from handlers.notices import Button, Listing, Row, When
from handlers.turn import Turn, write_need
from storage import history, people, posts, requests
from storage.records import Person, PlaceId, Post, PostKind, Request, Team

MOST_ROWS = 15
AT_ONCE = 25
"""So many requests of a retired team are looked at with one beat of the clock."""


def owe(tx: Connection, house: House, now: datetime) -> None:
    """Owe each team's next list, to who should read it as things stand now."""
    _find_unserved(tx, house, now)
    for key in requests.teams_in_need(tx, house.org):
        team = house.team(key)
        place = next(readers(tx, house, team, now), None)
        if place is None:
            continue
        at = _slot(tx, house, team, place, now)
        day = local(at, _clock(tx, house, team, place)).date().isoformat()
        _owe_to(tx, house, f"{PostKind.HOMES}:{key}:{day}", key, place, at)


def compose(tx: Connection, house: House, post: Post) -> Listing | None:
    """What needs a home at this moment; None when nothing does."""
    found = requests.homeless(tx, house.org, post.ref)
    if not found:
        return None
    rows = tuple(_row(tx, house, request, post.place) for request in found[:MOST_ROWS])
    return Listing("These need a home", rows, more=len(found) - len(rows))


def pass_on(tx: Connection, house: House, post: Post, now: datetime) -> None:
    """It could not be said where it was owed: case 3."""
    others = list(readers(tx, house, house.team(post.ref), now))
    tried = others.index(post.place) if post.place in others else -1
    for place in others[tried + 1 :][:1]:
        posts.move(tx, house.org, post, place, post.key, now, error=post.error)


def readers(tx: Connection, house: House, team: Team, now: datetime) -> Iterator[PlaceId]:
    """Who should read a team's list, the first of them first: case 2."""
    places = (
        here(tx, house, team.lead, now),
        team.place,
        here(tx, house, house.lead, now),
        house.triage,
    )
    yield from dict.fromkeys(place for place in places if place)


def _find_unserved(tx: Connection, house: House, now: datetime) -> None:
    """Case 4."""
    clock = Turn(tx, house, Caller(person="", source="clock"), Person(id="", name="Deskbell"), now)
    for team in house.teams.values():
        for request in requests.untaken_of(tx, house.org, team.key, AT_ONCE) if team.retired else ():
            after = replace(request, homeless=Need.TEAM)
            requests.change(tx, house.org, request, after)
            write_need(clock, after)


def _slot(tx: Connection, house: House, team: Team, place: PlaceId, now: datetime) -> datetime:
    """The next first slot of a working day, whatever the reader prefers for nudges."""
    person = Person(id=place, name="", zone=_clock(tx, house, team, place), slots="morning")
    return nudges.slot(house, team, person, False, now)


def _clock(tx: Connection, house: House, team: Team, place: PlaceId) -> str:
    reader = people.get(tx, house.org, place)
    return house.hours_of(team, reader.zone if reader else "").zone


def _owe_to(tx: Connection, house: House, key: str, team: str, place: PlaceId, at: datetime) -> None:
    known = posts.by_key(tx, house.org, key)
    if known is None:
        posts.owe(tx, house.org, key, PostKind.HOMES, place, at, ref=team)
    elif known.place != place and known.due_at and not known.message and not known.error:
        posts.move(tx, house.org, known, place, key, at)


def _row(tx: Connection, house: House, request: Request, place: PlaceId) -> Row:
    hidden = request.private and place not in cards.readers(request, house)
    since = When(_since(tx, house, request), cards.zone_at(tx, house, request, place))
    n = request.number
    return Row(
        number=n,
        title="Private request" if hidden else request.title,
        words=("Since ", since, f": {homes.sentence(request.homeless)}."),
        buttons=(
            Button("Take", f"take {n}", "primary"),
            Button("Hand over …", f"give {n} …"),
            Button("Move …", f"move {n} …"),
        ),
    )


def _since(tx: Connection, house: House, request: Request) -> datetime:
    lines = history.of(tx, house.org, request.number)
    told = (line.at for line in reversed(lines) if line.verb in ("homeless", *homes.TOLD_BY))
    return next(told, request.moved_at)
