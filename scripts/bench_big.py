"""A desk with two years behind it: a database file in which there is much to read.

`big` makes it in about a minute, `close_weeks` closes its weeks; `scripts.bench_big_rows` says what is in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from time import perf_counter

from rich.console import Console
from sqlalchemy import Connection, text

from handlers import catalogue, weeks
from handlers.house import House
from handlers.isoweeks import bounds, week_of, weeks_back
from scripts.bench_big_rows import ANONYMOUS, ASKING, CONFIDENTIAL, HELPERS, SERVICES, STEPS, TEAMS
from storage import catalogue as kept
from storage import people, requests
from storage.database import Database
from storage.migrate import upgrade
from storage.records import Person, Privacy, Request, Service, Status, Team
from storage.types import to_micros

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""A Monday at nine in Stockholm: the week that is over is told of."""
HOUSE = House(zone="Europe/Stockholm", triage="slack:C10", lead="slack:UH60")
WEEKS = 104
A_WEEK = 9_616
"""So many requests a week: a million in all of them."""


@dataclass(frozen=True, slots=True)
class Big:
    """The database, and the rules of the organisation with its catalogue."""

    path: Path
    database: Database
    house: House
    requests: int


@contextmanager
def big(path: Path, console: Console, how_many: int = WEEKS) -> Iterator[Big]:
    """A new database with so many weeks of history up to `NOW`, none of them closed yet."""
    url = f"sqlite:///{path}"
    upgrade(url)
    with Database.open(url) as database:
        database.submit(_furnish).result()
        database.submit(partial(_name_weeks, how_many=how_many)).result()
        house = database.read(lambda tx: catalogue.current(tx, HOUSE)).result()
        with console.status(f"Filing {how_many * A_WEEK:,} requests …") as status:
            for what, statements in STEPS.items():
                status.update(f"{how_many * A_WEEK:,} requests: {what} …")
                database.submit(partial(_run, statements=statements, how_many=how_many)).result()
        yield Big(path, database, house, how_many * A_WEEK)


def close_weeks(desk: Big, console: Console) -> list[float]:
    """Close every week that can be closed, as the clock would; the seconds that each of them took."""

    def timed() -> tuple[tuple[str, str] | None, float]:
        began = perf_counter()
        found = desk.database.submit(lambda tx: weeks.close_one(tx, desk.house, NOW)).result()
        return found, perf_counter() - began

    with console.status("Closing weeks …"):
        return [took for _, took in takewhile(lambda one: one[0] is not None, iter(timed, None))]


def _furnish(tx: Connection) -> None:
    """Who asks, who helps, and what is offered."""
    helpers = [f"slack:UH{number:02}" for number in range((TEAMS + 1) * HELPERS)]
    for number, person in enumerate([*helpers, *(f"slack:UR{number}" for number in range(ASKING))]):
        known = Person(person, f"Person {number}", handle=f"person{number}", zone=HOUSE.zone)
        people.describe(tx, HOUSE.org, known)
    for team in range(TEAMS):
        members = tuple(helpers[team * HELPERS : (team + 1) * HELPERS])
        place = f"slack:C{team:02}"
        found = Team(f"team-{team}", f"Team {team}", lead=members[0], place=place, members=members)
        kept.keep_team(tx, HOUSE.org, found)
    for number in range(SERVICES):
        served_by = f"team-{number // (SERVICES // TEAMS)}"
        service = Service(f"service-{number}", f"Service {number}", served_by, privacy=_privacy(number))
        kept.keep_service(tx, HOUSE.org, service)
    kept.count_up(tx, HOUSE.org)
    like = Request(0, Status.OPEN, "The printer on the second floor is out of toner", "", "", NOW, NOW)
    requests.add(tx, HOUSE.org, like)


def _privacy(service: int) -> Privacy:
    if service in ANONYMOUS:
        return Privacy.ANONYMOUS
    return Privacy.CONFIDENTIAL if service in CONFIDENTIAL else Privacy.NAMED


def _name_weeks(tx: Connection, how_many: int) -> None:
    """Where each week begins and ends, for statements to look up."""
    tx.execute(text("CREATE TEMP TABLE isoweeks (week TEXT, start INTEGER, until INTEGER)"))
    for week in weeks_back(week_of(NOW, HOUSE.zone), how_many + 1):
        start, until = map(to_micros, bounds(week, HOUSE.zone))
        named = {"week": week, "start": start, "until": until}
        tx.execute(text("INSERT INTO isoweeks VALUES (:week, :start, :until)"), named)


def _run(tx: Connection, statements: tuple[str, ...], how_many: int) -> None:
    first = weeks_back(week_of(NOW, HOUSE.zone), how_many + 1)[0]
    begun = to_micros(bounds(first, HOUSE.zone)[0])
    known = {"org": HOUSE.org, "first": begun, "now": to_micros(NOW), "weeks": how_many, "each": A_WEEK}
    for statement in map(text, statements):
        tx.execute(statement, {name: known[name] for name in statement.compile().params})
