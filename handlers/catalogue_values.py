"""What stands behind a key of a catalogue file: each reader gives the record’s value, or says why not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from handlers.hours import read_days_off
from handlers.house import YEARS
from handlers.offering import fault_of_question
from handlers.terms import read_targets
from storage.records import PersonId, PlaceId, Privacy, Rule

E = TypeVar("E", bound=StrEnum)

UNITS = {"day": 1, "week": 7, "year": 365}
"""How many days a retention means by its units."""
_LENGTH = re.compile(r"(\d{1,6}) *(day|week|year)s?")


@dataclass(frozen=True, slots=True)
class Known:
    """Who and what can be named in a file, and how they are named when one is written."""

    person: Callable[[str], PersonId | None]
    place: Callable[[str], PlaceId | None]
    name_of: Callable[[PersonId], str] = str
    channel_of: Callable[[PlaceId], str] = str
    years: range = YEARS
    met: bool = True
    """Whether anybody is known at all."""


class Wrong(ValueError):
    """Several things wrong in one value: each by the way to it, and as a sentence."""

    def __init__(self, parts: list[tuple[str | int, str]]) -> None:
        super().__init__(parts)
        self.parts = parts


Reader = Callable[[Any, Known], object]


def text(value: Any, _: Known) -> str:
    """Text in quotes, without the space around it."""
    if not isinstance(value, str):
        raise ValueError(f"should be text in quotes, not {_kind(value)}")
    return value.strip()


def yes_or_no(value: Any, _: Known) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"should be true or false, without quotes, not {_kind(value)}")
    return value


def number(value: Any, _: Known) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"should be a whole number, without quotes, not {_kind(value)}")
    return value


def day(value: Any, known: Known) -> str:
    """A date, in quotes or not."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return text(value, known)


def person(value: Any, known: Known) -> PersonId:
    """A colleague."""
    name = text(value, known)
    found = known.person(name)
    if found is None and "@" not in name and known.person(f"@{name}"):
        raise ValueError(f"people are written with an @: “@{name}”")
    if found is None:
        raise ValueError(f"nobody is known as “{name}”")
    return found


def place(value: Any, known: Known) -> PlaceId:
    """A channel."""
    name = text(value, known)
    found = known.place(name)
    if found is None:
        raise ValueError(f"there is no channel “{name}” that Deskbell is in")
    return found


def texts(value: Any, known: Known) -> tuple[str, ...]:
    """A list of texts."""
    return _each(value, known, text)


def people(value: Any, known: Known) -> tuple[PersonId, ...]:
    """A list of colleagues."""
    return _each(value, known, person)


def days_off(value: Any, known: Known) -> tuple[str, ...]:
    """A list of dates and spans."""

    def one(item: Any, known: Known) -> str:
        written = day(item, known)
        read_days_off((written,))
        return written

    return _each(value, known, one)


def form(value: Any, known: Known) -> tuple[str, ...]:
    """A list of questions."""

    def one(item: Any, known: Known) -> str:
        line = text(item, known)
        if fault := fault_of_question(line):
            raise ValueError(fault)
        return line

    return _each(value, known, one)


def targets(value: Any, known: Known) -> tuple[str, ...]:
    """A table of priorities, as the lines that `handlers.terms` reads."""
    if not isinstance(value, dict):
        raise ValueError(f'should be a table like {{ urgent = "1h / 8h" }}, not {_kind(value)}')
    lines: list[str] = []
    wrong: list[tuple[str | int, str]] = []
    for priority, owed in value.items():
        try:
            lines.append(f"{priority}: {text(owed, known)}")
            read_targets(lines[-1:])
        except ValueError as error:
            wrong.append((priority, str(error)))
    if wrong:
        raise Wrong(wrong)
    return tuple(lines)


def rule(value: Any, known: Known) -> Rule:
    """How requests find an owner."""
    return _one_of(Rule, value, known)


def privacy(value: Any, known: Known) -> Privacy:
    """Who may know what somebody voted."""
    return _one_of(Privacy, value, known)


def retention(value: Any, known: Known) -> int:
    """A length in days, weeks or years, as days."""
    said = text(value, known)
    found = _LENGTH.fullmatch(said.lower())
    if found is None:
        raise ValueError(f"“{said}” should look like “90 days”, “8 weeks” or “2 years”")
    return int(found[1]) * UNITS[found[2]]


def write_retention(days: int) -> str:
    """The shortest way to write a length of days."""
    size, unit = (days // 365, "year") if days % 365 == 0 else (days, "day")
    return f"{size} {unit}" if size == 1 else f"{size} {unit}s"


def _one_of(kind: type[E], value: Any, known: Known) -> E:
    said = text(value, known)
    try:
        return kind(said)
    except ValueError:
        names = ", ".join(f"“{one}”" for one in kind)
        raise ValueError(f"“{said}” is none of {names}") from None


def _each(value: Any, known: Known, reader: Callable[[Any, Known], str]) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f'should be a list like ["…", "…"], not {_kind(value)}')
    found: list[str] = []
    wrong: list[tuple[str | int, str]] = []
    for index, item in enumerate(value):
        try:
            found.append(reader(item, known))
        except ValueError as error:
            wrong.append((index, str(error)))
    if wrong:
        raise Wrong(wrong)
    return tuple(found)


def _kind(value: Any) -> str:
    """What somebody wrote instead."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or a time"
