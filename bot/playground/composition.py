"""The small objects that blocks and elements are made of: options, confirmations."""

from __future__ import annotations

from . import limits
from .records import Json
from .spot import Spot


def check_confirm(spot: Spot) -> None:
    """The dialog that asks once more."""
    if not spot.keys(["title", "text", "confirm", "deny"], ["style"]):
        return
    spot.at("title").text(limits.CONFIRM_TITLE, plain=True)
    spot.at("text").text(limits.CONFIRM_TEXT)
    spot.at("confirm").text(limits.CONFIRM_BUTTON, plain=True)
    spot.at("deny").text(limits.CONFIRM_BUTTON, plain=True)
    check_style(spot)


def check_style(spot: Spot) -> None:
    """The colour of a button."""
    if spot.has("style"):
        spot.at("style").one_of(("primary", "danger"))


def _option(spot: Spot, *, plain: bool) -> None:
    if not spot.keys(["text", "value"], ["description", "url"]):
        return
    spot.at("text").text(limits.OPTION_TEXT, plain=plain)
    spot.at("value").string(limits.OPTION_VALUE)
    if spot.has("description"):
        spot.at("description").text(limits.OPTION_TEXT, plain=plain)
    spot.optional_string("url", limits.URL)


def check_options(spot: Spot, most: int, *, plain: bool = True) -> None:
    """A list of options and its length."""
    if spot.items(most):
        for option in spot.each():
            _option(option, plain=plain)


def check_option_group(spot: Spot) -> None:
    """Options under a label."""
    if spot.keys(["label", "options"], []):
        spot.at("label").text(limits.OPTION_TEXT, plain=True)
        check_options(spot.at("options"), limits.OPTIONS)


def options_of(element: Json) -> list[Json]:
    """Every option an element offers, through its groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for group in groups for o in group.get("options", []))]


def check_initial(spot: Spot, key: str) -> None:
    """What is chosen at first must be on offer."""
    if not spot.has(key):
        return
    chosen = spot.value[key] if isinstance(spot.value[key], list) else [spot.value[key]]
    offered = options_of(spot.value)
    if any(option not in offered for option in chosen):
        spot.at(key).fault("must match one of the options")
