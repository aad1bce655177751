"""Whether Slack would accept an element, and in which blocks it may stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import limits
from .composition import check_confirm, check_initial, check_option_group, check_options, check_style
from .spot import Check, Spot

_COMMON = ("action_id",)
_FOCUS = ("placeholder", "focus_on_load", "confirm")


def _interactive(spot: Spot, required: Iterable[str], optional: Iterable[str]) -> bool:
    if not spot.keys(["type", *required], [*_COMMON, *optional]):
        return False
    spot.optional_string("action_id", limits.IDENTIFIER)
    spot.plain("placeholder", limits.PLACEHOLDER)
    spot.flags("focus_on_load")
    if spot.has("confirm"):
        check_confirm(spot.at("confirm"))
    return True


def _button(spot: Spot) -> None:
    if _interactive(spot, ["text"], ["url", "value", "style", "confirm", "accessibility_label"]):
        spot.at("text").text(limits.BUTTON_TEXT, plain=True)
        spot.optional_string("value", limits.BUTTON_VALUE, 0)
        spot.optional_string("url", limits.URL)
        spot.optional_string("accessibility_label", limits.BUTTON_TEXT)
        check_style(spot)


def _select_options(spot: Spot, initial: str) -> None:
    if spot.has("options") == spot.has("option_groups"):
        spot.fault("must define either `options` or `option_groups`")
    elif spot.has("options"):
        check_options(spot.at("options"), limits.OPTIONS)
    elif spot.at("option_groups").items(limits.OPTION_GROUPS):
        for group in spot.at("option_groups").each():
            check_option_group(group)
    if not spot.findings.faults:
        check_initial(spot, initial)


def _static_select(spot: Spot) -> None:
    if _interactive(spot, [], [*_FOCUS, "options", "option_groups", "initial_option"]):
        _select_options(spot, "initial_option")


def _max_selected(spot: Spot) -> None:
    if spot.has("max_selected_items") and not _is_count(spot.value["max_selected_items"]):
        spot.at("max_selected_items").fault("must be greater than 0")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _multi_static_select(spot: Spot) -> None:
    optional = [*_FOCUS, "options", "option_groups", "initial_options", "max_selected_items"]
    if _interactive(spot, [], optional):
        _max_selected(spot)
        _select_options(spot, "initial_options")


def _users_select(spot: Spot) -> None:
    _interactive(spot, [], [*_FOCUS, "initial_user"])


def _multi_users_select(spot: Spot) -> None:
    if _interactive(spot, [], [*_FOCUS, "initial_users", "max_selected_items"]):
        _max_selected(spot)


def _pattern(spot: Spot, key: str, pattern: str, words: str) -> None:
    if spot.has(key) and not re.fullmatch(pattern, str(spot.value[key])):
        spot.at(key).fault(words)


def _datepicker(spot: Spot) -> None:
    if _interactive(spot, [], [*_FOCUS, "initial_date"]):
        _pattern(spot, "initial_date", r"\d{4}-\d\d-\d\d", "must be a date as YYYY-MM-DD")


def _timepicker(spot: Spot) -> None:
    if _interactive(spot, [], [*_FOCUS, "initial_time", "timezone"]):
        _pattern(spot, "initial_time", r"([01]\d|2[0-3]):[0-5]\d", "must be a time as HH:mm")


def _datetimepicker(spot: Spot) -> None:
    if _interactive(spot, [], ["focus_on_load", "confirm", "initial_date_time"]):
        _pattern(spot, "initial_date_time", r"\d{10}", "must be a Unix timestamp of 10 digits")


def _checkboxes(spot: Spot) -> None:
    if _interactive(spot, ["options"], ["initial_options", "focus_on_load", "confirm"]):
        check_options(spot.at("options"), limits.CHOICES, plain=False)
        check_initial(spot, "initial_options")


def _radio_buttons(spot: Spot) -> None:
    if _interactive(spot, ["options"], ["initial_option", "focus_on_load", "confirm"]):
        check_options(spot.at("options"), limits.CHOICES, plain=False)
        check_initial(spot, "initial_option")


def _dispatch_config(spot: Spot) -> None:
    if spot.has("dispatch_action_config"):
        spot.at("dispatch_action_config").keys(["trigger_actions_on"], [])


def _plain_text_input(spot: Spot) -> None:
    optional = ["initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"]
    if not _interactive(spot, [], ["placeholder", "focus_on_load", *optional]):
        return
    spot.flags("multiline")
    spot.optional_string("initial_value", limits.TYPED_TEXT, 0)
    _dispatch_config(spot)
    for key, least in (("min_length", 0), ("max_length", 1)):
        if spot.has(key) and not least <= spot.value[key] <= limits.TYPED_TEXT:
            spot.at(key).fault(f"must be between {least} and {limits.TYPED_TEXT}")


def _number_input(spot: Spot) -> None:
    optional = ["initial_value", "min_value", "max_value", "dispatch_action_config"]
    if not _interactive(spot, ["is_decimal_allowed"], ["placeholder", "focus_on_load", *optional]):
        return
    spot.flags("is_decimal_allowed")
    _dispatch_config(spot)
    for key in ("initial_value", "min_value", "max_value"):
        if spot.has(key) and not isinstance(spot.value[key], str):
            spot.at(key).fault("must provide a string")


def _overflow(spot: Spot) -> None:
    if _interactive(spot, ["options"], ["confirm"]):
        check_options(spot.at("options"), limits.OVERFLOW_OPTIONS)


def _image_element(spot: Spot) -> None:
    if spot.keys(["type", "alt_text"], ["image_url", "slack_file"]):
        check_picture(spot)


def check_picture(spot: Spot) -> None:
    """Where a picture comes from, and the words for those who do not see it."""
    if spot.has("image_url") == spot.has("slack_file"):
        spot.fault("must define either `image_url` or `slack_file`")
    spot.optional_string("image_url", limits.URL)
    if spot.has("slack_file"):
        spot.at("slack_file").keys([], ["id", "url"])
    spot.at("alt_text").string(limits.ALT_TEXT)


@dataclass(frozen=True, slots=True)
class Rule:
    """How an element is checked, and the block types it may stand in."""

    check: Check
    places: frozenset[str]


def _in(*places: str) -> frozenset[str]:
    return frozenset(places)


_ELEMENTS: dict[str, Rule] = {
    "button": Rule(_button, _in("section", "actions")),
    "static_select": Rule(_static_select, _in("section", "actions", "input")),
    "multi_static_select": Rule(_multi_static_select, _in("section", "input")),
    "users_select": Rule(_users_select, _in("section", "actions", "input")),
    "multi_users_select": Rule(_multi_users_select, _in("section", "input")),
    "datepicker": Rule(_datepicker, _in("section", "actions", "input")),
    "timepicker": Rule(_timepicker, _in("section", "actions", "input")),
    "datetimepicker": Rule(_datetimepicker, _in("actions", "input")),
    "checkboxes": Rule(_checkboxes, _in("section", "actions", "input")),
    "radio_buttons": Rule(_radio_buttons, _in("section", "actions", "input")),
    "plain_text_input": Rule(_plain_text_input, _in("input")),
    "number_input": Rule(_number_input, _in("input")),
    "overflow": Rule(_overflow, _in("section", "actions")),
    "image": Rule(_image_element, _in("section", "context")),
}


def check_element(spot: Spot, place: str) -> None:
    """An element inside a block of the type `place`."""
    kind = spot.value.get("type") if isinstance(spot.value, dict) else None
    rule = _ELEMENTS.get(str(kind))
    if rule is None or place not in rule.places:
        spot.fault(f"unsupported type: {kind}")
    else:
        rule.check(spot)


DRAWABLE_ELEMENTS = frozenset(_ELEMENTS)
"""Every element type accepted here, and so every one the page must draw."""
