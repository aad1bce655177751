"""Filling in the fields of a card as a client does: what can be chosen, what is missing, what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from bot.playground.errors import NotThere
from bot.playground.records import Json

from .reading import without_markup

Fields = Mapping[str, Json]


def filled(fields: Fields, given: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields when some of them, by id or label, have been filled in.

    An empty field is not among it: clients send no value for those. Several choices are a list, or values
    with commas between. Raises NotThere for what cannot be filled in or chosen.
    """
    named = {_find(fields, name): value for name, value in given.items()}
    values = {
        id: _value(field, named[id]) if id in named else str(field.get("value") or _resting(field))
        for id, field in fields.items()
    }
    return {id: value for id, value in values.items() if value}


def objections(fields: Fields, values: Mapping[str, str]) -> dict[str, str]:
    """What the client says about fields that cannot be sent like this, by id."""
    said = {id: _objection(field, values.get(id, "")) for id, field in fields.items()}
    return {id: words for id, words in said.items() if words}


def label(field: Json) -> str:
    """What stands beside a field."""
    return without_markup(str(field.get("label") or field.get("title") or ""))


def _find(fields: Fields, name: str) -> str:
    if name in fields:
        return name
    found = [id for id, field in fields.items() if label(field) == name]
    if len(found) != 1:
        raise NotThere(f"There is no field {name!r} here, but: {', '.join(fields) or 'none'}.")
    return found[0]


def _resting(field: Json) -> str:
    return str(field.get("valueOff", "false")) if field["type"] == "Input.Toggle" else ""


def _value(field: Json, given: Any) -> str:
    kind = field["type"]
    if kind == "Input.Toggle":
        return _switched(field, given)
    if given is None:
        return ""
    if kind == "Input.ChoiceSet":
        return _chosen(field, given)
    if isinstance(given, time):
        return f"{given:%H:%M}"
    return given.isoformat() if isinstance(given, date) else str(given)


def _switched(field: Json, given: Any) -> str:
    on, off = str(field.get("valueOn", "true")), str(field.get("valueOff", "false"))
    return on if given is True or given == on else off


def _chosen(field: Json, given: Any) -> str:
    if not field.get("isMultiSelect"):
        return _choice(field, given) if given else ""
    several: Iterable[Any] = str(given).split(",") if isinstance(given, str) else given
    return ",".join(_choice(field, each) for each in several if each)


def _choice(field: Json, given: Any) -> str:
    choices = field.get("choices") or []
    for key in ("value", "title"):
        found = [str(each["value"]) for each in choices if each[key] == given]
        if found:
            return found[0]
    raise NotThere(f"{given!r} cannot be chosen, but: {', '.join(each['title'] for each in choices)}.")


def _objection(field: Json, value: str) -> str:
    sentence = str(field.get("errorMessage") or "")
    if not value or (field["type"] == "Input.Toggle" and value == str(field.get("valueOff", "false"))):
        return (sentence or "This is a required field.") if field.get("isRequired") else ""
    fits = _CHECKS.get(field["type"], lambda _, __: True)(field, value)
    return "" if fits else sentence or "Enter a valid value."


def _fits_text(field: Json, value: str) -> bool:
    short = len(value) <= int(field.get("maxLength", len(value)))
    return short and ("regex" not in field or re.search(field["regex"], value) is not None)


def _fits_number(field: Json, value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return float(field.get("min", number)) <= number <= float(field.get("max", number))


def _fits_moment(field: Json, value: str) -> bool:
    try:
        (date if field["type"] == "Input.Date" else time).fromisoformat(value)
    except ValueError:
        return False
    return str(field.get("min", value)) <= value <= str(field.get("max", value))


_CHECKS = {
    "Input.Text": _fits_text,
    "Input.Number": _fits_number,
    "Input.Date": _fits_moment,
    "Input.Time": _fits_moment,
}
