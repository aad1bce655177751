"""The things in blocks that a person can touch: finding them, filling them in, and what they then hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from .composition import options_of
from .errors import NotThere
from .records import Json

STATEFUL = frozenset(
    [
        "static_select",
        "multi_static_select",
        "users_select",
        "multi_users_select",
        "datepicker",
        "timepicker",
        "datetimepicker",
        "checkboxes",
        "radio_buttons",
        "plain_text_input",
        "number_input",
    ]
)
"""Elements whose present value travels in `state.values`."""

_KEYS = {
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "overflow": ("selected_option", ""),
}
_LISTS = frozenset({"multi_static_select", "checkboxes", "multi_users_select"})
_CHOICES = frozenset({"static_select", "radio_buttons", "multi_static_select", "checkboxes", "overflow"})


@dataclass(frozen=True, slots=True)
class Placed:
    """An element where it stands: in which block, under which label."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The id of its block."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Its own id."""
        return str(self.element["action_id"])

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.element["type"])

    @property
    def label(self) -> str:
        """The words a person knows it by."""
        if self.block["type"] == "input":
            return str(self.block["label"]["text"])
        words = self.element.get("text") or self.element.get("placeholder") or {}
        return str(words.get("text", ""))

    @property
    def optional(self) -> bool:
        """Whether a modal can be submitted without it."""
        return self.block["type"] != "input" or bool(self.block.get("optional"))

    def goes_by(self, name: str) -> bool:
        """Whether a person, or a test, could mean this one."""
        return name in (self.action_id, self.block_id) or name.casefold() == self.label.casefold()


def touchable(blocks: Iterable[Json]) -> list[Placed]:
    """Every element somebody can touch, from top to bottom."""
    found: list[Placed] = []
    for block in blocks:
        inside = [block.get("accessory"), block.get("element")]
        if block["type"] == "actions":
            inside += block["elements"]
        found += [Placed(block, each) for each in inside if each and each["type"] != "image"]
    return found


def the_one(blocks: Iterable[Json], name: str, block_id: str | None = None) -> Placed:
    """The element called `name` (action id, block id or label); raises NotThere with what there is."""
    placed = touchable(blocks)
    for each in placed:
        if each.goes_by(name) and block_id in (None, each.block_id):
            return each
    offered = ", ".join(repr(each.label or each.action_id) for each in placed) or "nothing"
    raise NotThere(f"There is no {name!r} here, only {offered}.")


def chosen(placed: Placed, given: Any) -> Json:
    """What an element holds once a person gave it this: words, an option's text or value, a date, a list."""
    key = _KEYS[placed.kind][0]
    if given in (None, "", []):
        return {"type": placed.kind, key: [] if placed.kind in _LISTS else None}
    if placed.kind in _LISTS:
        many = [given] if isinstance(given, (str, dict)) else given
        return {"type": placed.kind, key: [_single(placed, each) for each in many]}
    return {"type": placed.kind, key: _single(placed, given)}


def _single(placed: Placed, given: Any) -> Any:
    if placed.kind in _CHOICES:
        return _option(placed, given)
    if isinstance(given, datetime):
        return int(given.timestamp())
    if isinstance(given, date):
        return given.isoformat()
    if isinstance(given, time):
        return given.strftime("%H:%M")
    return int(given) if placed.kind == "datetimepicker" else str(given)


def _option(placed: Placed, given: Any) -> Json:
    wanted = given.get("value") if isinstance(given, dict) else str(given)
    options = options_of(placed.element)
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return option
    offered = ", ".join(repr(option["text"]["text"]) for option in options)
    raise NotThere(f"{placed.label or placed.action_id!r} does not offer {wanted!r}, only {offered}.")


def at_first(placed: Placed) -> Json:
    """What an element holds before anybody touched it."""
    key, initial = _KEYS[placed.kind]
    return {"type": placed.kind, key: placed.element.get(initial, [] if placed.kind in _LISTS else None)}


def state_of(blocks: Iterable[Json], so_far: Mapping[str, Any]) -> dict[str, Json]:
    """The `state.values` of these blocks: what was chosen so far, otherwise what stood there at first."""
    state: dict[str, Json] = {}
    for placed in touchable(blocks):
        if placed.kind in STATEFUL:
            held = so_far.get(placed.block_id, {}).get(placed.action_id) or at_first(placed)
            state.setdefault(placed.block_id, {})[placed.action_id] = held
    return state


def holds(held: Json) -> Any:
    """What an element holds, in plain values: an option by its value."""
    value = held.get(_KEYS[str(held["type"])][0])
    if isinstance(value, list):
        return [each["value"] if isinstance(each, dict) else each for each in value]
    return value["value"] if isinstance(value, dict) else value


def press_of(placed: Placed, held: Json) -> Json:
    """The entry in `actions` for touching this element."""
    kept: Json = {
        key: placed.element[key] for key in ("text", "placeholder", "value", "style") if key in placed.element
    }
    return {"action_id": placed.action_id, "block_id": placed.block_id, **kept, "type": placed.kind, **held}


def complaints(blocks: Iterable[Json], state: Mapping[str, Json]) -> dict[str, str]:
    """What Slack itself objects to before it bothers the app, by block id."""
    found: dict[str, str] = {}
    for placed in touchable(blocks):
        if placed.block["type"] == "input":
            fault = _complaint(placed, state[placed.block_id][placed.action_id])
            if fault:
                found[placed.block_id] = fault
    return found


def _complaint(placed: Placed, held: Json) -> str | None:
    value = held.get(_KEYS[placed.kind][0])
    if value in (None, "", []):
        return None if placed.optional else "Please complete this required field."
    if placed.kind == "plain_text_input":
        return _length(placed.element, str(value))
    if placed.kind == "number_input":
        return _number(placed.element, str(value))
    most = placed.element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"You can only select up to {most} items."
    return None


def _length(element: Json, text: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if len(text) < least:
        return f"Must be at least {least} characters."
    return f"Must be less than {most + 1} characters." if len(text) > most else None


def _number(element: Json, text: str) -> str | None:
    try:
        number = float(text) if element["is_decimal_allowed"] else int(text)
    except ValueError:
        return "Must be a valid number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None
