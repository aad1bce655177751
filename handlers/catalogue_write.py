"""The catalogue as the values of its file, and as the text of it: what is as usual is left out.

Two records that are written alike are the same to everybody: so a file is compared with what is kept.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from handlers.catalogue_values import Known, write_retention
from handlers.forms import SLOTS
from storage.records import PersonId, Priority, Privacy, Rule, Service, Team

Value: TypeAlias = str | int | bool | list[str] | dict[str, str | int]
Values: TypeAlias = dict[str, Value]

WIDE = 100
"""A list is written on one line while it is no longer."""
HEAD = "# The catalogue: teams, and the services they offer. Every key is explained in docs/catalogue.md.\n"

_SLOTS = [name for name, _ in SLOTS]
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def team_values(team: Team, known: Known) -> Values:
    """What stands under [teams.…], in the order of the documentation."""

    def names(people: Iterable[PersonId]) -> list[str]:
        return [known.name_of(person) for person in people]

    return _said(
        {
            "name": team.name,
            "lead": known.name_of(team.lead) if team.lead else "",
            "members": sorted(set(names(team.members))),
            "channel": known.channel_of(team.place) if team.place else "",
            "zone": team.zone,
            "hours": team.hours,
            "holidays": team.holidays,
            "days_off": list(team.days_off),
            "assign": "" if team.rule is Rule.NONE else team.rule.value,
            "rota": names(team.rota),
            "rota_from": team.rota_from,
            "slots": sorted(set(team.slots), key=_rank(_SLOTS)),
        }
    )


def service_values(service: Service) -> Values:
    """What stands under [services.…], in the order of the documentation."""
    poll: dict[str, str | int] = {} if service.sampling == 100 else {"sampling": service.sampling}
    if service.privacy is not Privacy.NAMED:
        poll["privacy"] = service.privacy.value
    return _said(
        {
            "name": service.name,
            "team": service.team,
            "description": service.description,
            "form": list(service.form),
            "targets": _targets(service.targets),
            "private": service.private,
            "assign": service.rule.value if service.rule else "",
            "poll": poll,
            "retention": write_retention(service.retention) if service.retention else "",
        }
    )


def write(teams: Mapping[str, Values], services: Mapping[str, Values]) -> str:
    """The text of a file: reading it gives these values."""
    tables = [_table(f"teams.{key}", values) for key, values in teams.items()]
    tables += [_table(f"services.{key}", values) for key, values in services.items()]
    return "\n".join([HEAD, *(tables or ["[teams]\n", "[services]\n"])])


def one_line(value: Value) -> str:
    """A value as it stands in a file, on one line."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {one_line(each)}" for key, each in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_text, value)) + "]"
        case bool() | int():
            return str(value).lower()
        case _:
            return _text(value)


def _said(values: Values) -> Values:
    """Without what is as usual. A name stands there in any case."""
    return {key: value for key, value in values.items() if value or key == "name"}


def _targets(lines: Iterable[str]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for line in filter(str.strip, lines):
        priority, _, owed = line.partition(":")
        found[priority.strip().lower()] = " / ".join(part.strip() for part in owed.split("/"))
    ranked = sorted(found, key=_rank([priority.value for priority in reversed(Priority)]))
    return {priority: found[priority] for priority in ranked}


def _rank(order: list[str]) -> Callable[[str], int]:
    return lambda name: order.index(name) if name in order else len(order)


def _table(heading: str, values: Values) -> str:
    lines = [f"{key} = {_value(key, value)}\n" for key, value in values.items()]
    return f"[{heading}]\n{''.join(lines)}"


def _value(key: str, value: Value) -> str:
    line = one_line(value)
    if not isinstance(value, list) or (len(line) <= WIDE and key != "form"):
        return line
    return "[\n" + "".join(f"    {_text(each)},\n" for each in value) + "]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for a sign that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
