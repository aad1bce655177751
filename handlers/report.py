"""The report: the numbers of a span of calendar weeks, as facts for a page and for a sheet.

What each number is stands in `handlers.numbers`; who may look, in `handlers.may`. Everybody sees the same
numbers of teams and services; of people, their own, and those of who serves in a team that they lead.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from handlers import behind, numbers, relations, targets, trends, weeks
from handlers.figures import MEASURES, NONE, worth_comparing
from handlers.house import House
from handlers.intents import Caller
from handlers.isoweeks import bounds, monday_of, week_of, week_with, weeks_back
from handlers.may import Desk, may_see_figures
from handlers.notices import Trend
from handlers.numbers import EVERYBODY, Scope
from handlers.subscribing import scope_name, scopes
from handlers.turn import Turn, desk_of_team
from storage import numbers as kept
from storage import people
from storage.records import Person, Request
from storage.sums import Sums

WEEKS = 12
MOST_WEEKS = 106
"""Two years, and a little."""
MOST_ROWS = 200
WITHOUT_TEAM, WITHOUT_SERVICE = "Without a team", "Without a service"
_WEEK = timedelta(days=7)
_BEHIND = {
    "Filed": ("filed", "all"),
    "Resolved": ("resolved", "all"),
    "On target": ("missed", "past target"),
    "Promises kept": ("broken", "broken"),
    "Reopened": ("reopened", "all"),
}
"""Which requests stand behind a number, and what those that are shown are called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: the weeks from `first` to `last`, and of whom."""

    first: str
    last: str
    scope: Scope = EVERYBODY

    @property
    def weeks(self) -> int:
        """How many weeks that are."""
        return (monday_of(self.last) - monday_of(self.first)).days // 7 + 1

    @property
    def days(self) -> tuple[date, date]:
        """The first day and the last."""
        return monday_of(self.first), monday_of(self.last) + timedelta(days=6)

    @property
    def about(self) -> str:
        """Of whom, as one word: "team:flowers", "service:bouquets", "everything"."""
        team, service = self.scope.team, self.scope.service
        return f"service:{service}" if service else f"team:{team}" if team else "everything"

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """From its first moment up to, not including, its end."""
        return bounds(self.first, zone)[0], bounds(self.last, zone)[1]


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the span, beside that of as many weeks before; and what stands behind it."""

    label: str
    value: str
    detail: str = ""
    """What it is made of: so many of so many, its interval."""
    before: str = ""
    which: str = ""
    """One of `handlers.behind.BEHIND`; empty where there is nothing to open."""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One team, service, person or week, and what was counted of it."""

    name: str
    counted: Sums
    about: str = ""
    """How to ask for it alone: "team:flowers"."""


@dataclass(frozen=True, slots=True)
class Between:
    """What the people of one team asked of another."""

    asker: str
    team: str
    counted: Sums


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page and the sheet say."""

    about: str
    asked: Asked
    earliest: date
    total: Sums
    numbers: tuple[Number, ...]
    trend: Trend | None
    weeks: tuple[Line, ...]
    teams: tuple[Line, ...]
    services: tuple[Line, ...]
    people: tuple[Line, ...]
    relations: tuple[Between, ...]
    choices: tuple[tuple[str, str], ...]
    """What else it can be about: "team:flowers" and its name."""


def asked_for(tx: Connection, house: House, since: str, until: str, about: str, now: datetime) -> Asked:
    """What is meant by two days and a word, as they come from a form; what cannot be read is as by itself.

    By itself it is the last twelve calendar weeks that are over, of everybody.
    """
    this = week_of(now, house.zone)
    begun = min(weeks.begun(tx, house) or this, this)
    over = max(begun, week_of(now - _WEEK, house.zone))
    last = _within(begun, _week(until) or over, this)
    first = _within(begun, _week(since) or weeks_back(last, WEEKS)[0], this)
    first, last = min(first, last), max(first, last)
    return Asked(max(first, weeks_back(last, MOST_WEEKS)[0]), last, _scope(house, about))


def compose(tx: Connection, house: House, reader: Person, asked: Asked, now: datetime) -> Report:
    """The report, for one person."""
    turn = Turn(tx, house, Caller(reader.id), reader, now)
    counted = weeks.of_weeks(tx, house, asked.last, asked.weeks, spans=True)
    told = {
        week: [one for one in numbers.told(rows) if asked.scope.has(one)] for week, rows in counted.items()
    }
    by_week = {week: numbers.together(rows) for week, rows in told.items()}
    within = [one for rows in told.values() for one in rows]
    total = numbers.together(list(by_week.values()))
    return Report(
        about=scope_name(house, asked.scope.team, asked.scope.service),
        asked=asked,
        earliest=monday_of(weeks.begun(tx, house) or asked.first),
        total=total,
        numbers=tuple(_numbers(turn, asked, total)),
        trend=trends.of({week: [one] for week, one in by_week.items()}, EVERYBODY),
        weeks=tuple(Line(f"{monday_of(week)}", one) for week, one in by_week.items()),
        teams=() if asked.scope != EVERYBODY else _teams(house, within),
        services=() if asked.scope.service else _services(house, within),
        people=tuple(_people(turn, within)),
        relations=() if asked.scope.service else tuple(_relations(turn, asked, list(counted))),
        choices=scopes(house),
    )


def requests_behind(
    tx: Connection, house: House, reader: Person, asked: Asked, which: str, now: datetime
) -> tuple[list[Request], int]:
    """The requests behind a number that this person may see, and how many more there are."""
    turn = Turn(tx, house, Caller(reader.id), reader, now)
    return behind.found(turn, which, *asked.span(house.zone), asked.scope, MOST_ROWS)


def _numbers(turn: Turn, asked: Asked, total: Sums) -> Iterator[Number]:
    tx, house, keys = turn.tx, turn.house, (asked.scope.team, asked.scope.service)
    before = _before(turn, asked)
    start, end = asked.span(house.zone)
    for label, measure in MEASURES.items():
        value, old = measure(total), worth_comparing(measure(before)) if before else ""
        if value != NONE or old:
            shown, _, detail = value.partition(" (")
            yield Number(label, shown, detail.removesuffix(")"), old, *_BEHIND.get(label, ()))
        if label == "Resolved":
            open_then = f"{kept.open_at(tx, house.org, start, *keys):,}" if before else ""
            yield Number("Open at the end", f"{kept.open_at(tx, house.org, end, *keys):,}", "", open_then)
    late = [
        one for one in kept.perhaps_late(tx, house.org, turn.now, *keys) if targets.is_late(one, turn.now)
    ]
    yield Number("Open now", f"{kept.open_at(tx, house.org, turn.now, *keys):,}", "", "", "open", "all")
    yield Number("Late now", f"{len(late):,}", "", "", *(("late", "all") if late else ()))


def _before(turn: Turn, asked: Asked) -> Sums | None:
    """What was counted in as many weeks before; None when the first request is younger than that."""
    last = weeks_back(asked.first, 2)[0]
    if weeks_back(last, asked.weeks)[0] < (weeks.begun(turn.tx, turn.house) or asked.first):
        return None
    counted = weeks.of_weeks(turn.tx, turn.house, last, asked.weeks, spans=True)
    return numbers.of_weeks(counted.values(), asked.scope)


def _teams(house: House, counted: Iterable[Sums]) -> tuple[Line, ...]:
    found = numbers.by_team(counted)
    named = {key: scope_name(house, key, "") or WITHOUT_TEAM for key in found}
    return _sorted(found, named, "team") if any(found) else ()


def _services(house: House, counted: Iterable[Sums]) -> tuple[Line, ...]:
    found = numbers.by_service(counted)
    named = {key: scope_name(house, "", key) or WITHOUT_SERVICE for key in found}
    return _sorted(found, named, "service") if any(found) else ()


def _sorted(found: Mapping[str, Sums], named: Mapping[str, str], kind: str) -> tuple[Line, ...]:
    """By name; what is of none of them stands last."""
    keys = sorted(found, key=lambda key: (not key, named[key].casefold()))
    return tuple(Line(named[key], found[key], f"{kind}:{key}" if key else "") for key in keys)


def _people(turn: Turn, counted: Iterable[Sums]) -> Iterator[Line]:
    """Those of whom this person may see it, and of whom there is enough; by name."""
    desks: dict[str, Desk] = {}

    def may_see(one: Sums) -> bool:
        if one.team not in desks:
            desks[one.team] = desk_of_team(turn, turn.house.teams.get(one.team))
        return may_see_figures(turn.person, one.person, desks[one.team])

    found = numbers.by_person(one for one in counted if one.person and may_see(one))
    names = people.several(turn.tx, turn.org, set(found)) if found else {}
    lines = (Line(names[person].name, sums) for person, sums in found.items() if person in names)
    yield from sorted(lines, key=lambda line: line.name.casefold())


def _relations(turn: Turn, asked: Asked, counted: Collection[str]) -> Iterator[Between]:
    team = asked.scope.team
    for one in relations.of_weeks(turn.tx, turn.house, list(counted)):
        if team in ("", one.asker, one.team):
            asker, team_ = (scope_name(turn.house, key, "") or WITHOUT_TEAM for key in (one.asker, one.team))
            yield Between(asker, team_, one.counted)


def _week(day: str) -> str:
    """The week of a day as forms write it; empty when it is none."""
    try:
        return week_with(date.fromisoformat(day))
    except ValueError:
        return ""


def _within(first: str, week: str, last: str) -> str:
    return max(first, min(week, last))


def _scope(house: House, about: str) -> Scope:
    kind, _, key = about.partition(":")
    if kind == "team" and key in house.teams:
        return Scope(team=key)
    if kind == "service" and key in house.services:
        return Scope(service=key)
    return EVERYBODY
