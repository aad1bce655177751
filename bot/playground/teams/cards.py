"""A strict look at an Adaptive Card 1.5: whatever Teams would refuse, drop or draw wrongly is a fault.

It is stricter than Teams where Teams keeps quiet: names and values have to be written as the schema writes
them, fields need labels, required ones say what is wrong, pictures say what they show.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from bot.playground.spot import Findings, Spot

from . import card_rules as rules

_AT = re.compile(r"<at>.*?</at>")
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)"
_MOMENT = re.compile(rf"\{{\{{(?:DATE\({_TIME}, (?:COMPACT|SHORT|LONG)\)|TIME\({_TIME}\))\}}\}}")
_PIXELS = re.compile(r"[1-9]\d*px")
_TEXT = 28_000


@dataclass(slots=True)
class Look:
    """What was seen of a card so far, and where it stands: in a dialog, behind a button that unfolds."""

    dialog: bool
    ids: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    unfolded: bool = False


def check(card: Any, *, people: Collection[str], dialog: bool = False) -> list[str]:
    """The faults of a whole card, each with a pointer to its place. `people` are who can be mentioned."""
    findings, look = Findings(), Look(dialog)
    spot = Spot(card, "", findings)
    if _card(spot, look):
        if spot.value.get("version") != "1.5":
            spot.fault("version must be 1.5")
        if not dialog and not spot.value.get("fallbackText"):
            spot.fault("missing required field: fallbackText")
        _mentioned(spot, look, people)
        if spot.has("refresh"):
            _refresh(spot.at("refresh"), look)
    return findings.faults


def _card(spot: Spot, look: Look) -> bool:
    if not _follows(spot, ("AdaptiveCard",), rules.CARD):
        return False
    if not spot.has("body") and not spot.has("actions"):
        spot.fault("there is nothing on this card")
    if spot.has("body") and spot.at("body").items(100):
        for inner in spot.at("body").each():
            _element(inner, look)
    _actions(spot, look)
    _select(spot, look)
    _pixels(spot)
    return True


# elements


def _kind(spot: Spot) -> str:
    return str(spot.value.get("type")) if isinstance(spot.value, dict) else type(spot.value).__name__


def _element(spot: Spot, look: Look) -> None:
    kind = _kind(spot)
    if kind in rules.INPUTS:
        _input(spot, look, kind)
        return
    if kind not in rules.ELEMENTS:
        spot.fault(f"unknown element: {kind}")
        return
    if not _follows(spot, (kind,), rules.ELEMENTS[kind], rules.EVERY_ELEMENT):
        return
    _identity(spot, look)
    _pixels(spot)
    _select(spot, look)
    _CHECKS.get(kind, lambda _, __: None)(spot, look)


def _identity(spot: Spot, look: Look) -> None:
    if not spot.has("id"):
        return
    if spot.value["id"] in look.ids:
        spot.fault(f"there is another element {spot.value['id']!r}")
    look.ids.add(spot.value["id"])


def _text_block(spot: Spot, look: Look) -> None:
    _text(spot.at("text"), look)


def _text(spot: Spot, look: Look) -> None:
    spot.string(_TEXT)
    text = str(spot.value)
    look.mentions |= set(_AT.findall(text))
    if "{{" in _MOMENT.sub("", text):
        spot.fault("is read as a function that does not exist: {{")


def _rich_text(spot: Spot, look: Look) -> None:
    if not spot.at("inlines").items(100):
        return
    for inline in spot.at("inlines").each():
        if isinstance(inline.value, str) or _follows(inline, ("TextRun",), rules.TEXT_RUN):
            text = inline.value if isinstance(inline.value, str) else inline.value["text"]
            if _AT.search(str(text)):
                inline.fault("nobody can be mentioned in a RichTextBlock")
            if isinstance(inline.value, dict):
                _select(inline, look)


def _items(spot: Spot, look: Look) -> None:
    if spot.at("items").items(100):
        for inner in spot.at("items").each():
            _element(inner, look)


def _columns(spot: Spot, look: Look) -> None:
    if not spot.at("columns").items(20):
        return
    for column in spot.at("columns").each():
        if _follows(column, ("Column",), rules.COLUMN, rules.EVERY_ELEMENT):
            _width(column)
            _pixels(column)
            _select(column, look)
            _items(column, look)


def _width(column: Spot) -> None:
    width = column.value.get("width", "auto")
    number = isinstance(width, int | float) and not isinstance(width, bool) and width > 0
    pixels = isinstance(width, str) and (_PIXELS.fullmatch(width) or width in ("auto", "stretch"))
    if not number and not pixels:
        column.at("width").fault("must be auto, stretch, a number, or pixels")


def _facts(spot: Spot, look: Look) -> None:
    if not spot.at("facts").items(50):
        return
    for fact in spot.at("facts").each():
        if fact.keys(["title", "value"], []):
            _text(fact.at("title"), look)
            _text(fact.at("value"), look)


def _image(spot: Spot, _: Look) -> None:
    if not str(spot.value["url"]).startswith(("https://", "data:image/")):
        spot.at("url").fault("must begin with https:// or data:image/")


def _action_set(spot: Spot, look: Look) -> None:
    _actions(spot, look)


# fields


def _input(spot: Spot, look: Look, kind: str) -> None:
    if not _follows(spot, (kind,), rules.INPUTS[kind], rules.EVERY_INPUT, rules.EVERY_ELEMENT):
        return
    _identity(spot, look)
    if kind != "Input.Toggle" and not spot.has("label"):
        spot.fault("missing required field: label")
    if spot.value.get("isRequired") and not spot.has("errorMessage"):
        spot.fault("a required field needs an errorMessage")
    if kind == "Input.ChoiceSet":
        _choices(spot)
    if kind in ("Input.Date", "Input.Time"):
        _moments(spot, date if kind == "Input.Date" else time)
    if kind == "Input.Text" and len(str(spot.value.get("value", ""))) > spot.value.get("maxLength", _TEXT):
        spot.at("value").fault("is longer than maxLength")


def _choices(spot: Spot) -> None:
    if not spot.at("choices").items(1_000):
        return
    values: list[str] = []
    for choice in spot.at("choices").each():
        if choice.keys(["title", "value"], []):
            choice.at("title").string(_TEXT)
            choice.at("value").string(_TEXT)
            values.append(str(choice.value["value"]))
    if len(set(values)) < len(values):
        spot.at("choices").fault("two choices have the same value")
    several = bool(spot.value.get("isMultiSelect"))
    if several and any("," in value for value in values):
        spot.at("choices").fault("a comma in a value cannot be told from the one between two")
    chosen = str(spot.value.get("value") or "")
    for each in chosen.split(",") if several and chosen else filter(None, [chosen]):
        if each not in values:
            spot.at("value").fault(f"{each!r} is none of the choices")


def _moments(spot: Spot, kind: type[date] | type[time]) -> None:
    for key in ("value", "min", "max"):
        if not spot.has(key):
            continue
        try:
            fine = str(kind.fromisoformat(spot.value[key])).startswith(spot.value[key])
        except (TypeError, ValueError):
            fine = False
        if not fine:
            spot.at(key).fault("must be written YYYY-MM-DD" if kind is date else "must be written HH:MM")


# actions


def _actions(spot: Spot, look: Look) -> None:
    if not spot.has("actions") or not spot.at("actions").items(50):
        return
    shown = 0
    for action in spot.at("actions").each():
        _action(action, look)
        if isinstance(action.value, dict):
            shown += action.value.get("mode") != "secondary"
            if not action.value.get("title"):
                action.fault("missing required field: title")
    if shown > rules.VISIBLE_ACTIONS:
        spot.at("actions").fault(f"no more than {rules.VISIBLE_ACTIONS} actions that are not secondary")


def _action(spot: Spot, look: Look) -> None:
    kind = _kind(spot)
    if kind not in rules.ACTIONS:
        spot.fault(f"unknown action: {kind}")
        return
    if not _follows(spot, (kind,), rules.ACTIONS[kind], rules.EVERY_ACTION):
        return
    if spot.has("data") and not isinstance(spot.value["data"], dict):
        spot.at("data").fault("must provide an object")
    elif kind == "Action.Submit":
        _submit(spot, look)
    if kind == "Action.Execute" and look.dialog:
        spot.fault("Action.Execute does not work in dialogs")
    if kind == "Action.OpenUrl" and not str(spot.value["url"]).startswith(("https://", "http://")):
        spot.at("url").fault("must begin with https:// or http://")
    if kind == "Action.ShowCard":
        _unfolds(spot, look)


def _submit(spot: Spot, look: Look) -> None:
    wanted = (spot.value.get("data") or {}).get("msteams")
    if wanted is None:
        return
    if look.dialog:
        spot.at("data").fault("msteams does not work in dialogs")
    if not isinstance(wanted, dict) or wanted.get("type") not in rules.SUBMITS:
        spot.at("data").fault(f"unknown msteams: {wanted}")


def _unfolds(spot: Spot, look: Look) -> None:
    if look.unfolded:
        spot.fault("Action.ShowCard is not allowed on the card of another")
        return
    look.unfolded = True
    _card(spot.at("card"), look)
    look.unfolded = False


def _select(spot: Spot, look: Look) -> None:
    if not spot.has("selectAction"):
        return
    if _kind(spot.at("selectAction")) == "Action.ShowCard":
        spot.at("selectAction").fault("Action.ShowCard is not allowed here")
    _action(spot.at("selectAction"), look)


# the whole


def _mentioned(spot: Spot, look: Look, people: Collection[str]) -> None:
    extra = spot.value.get("msteams") or {}
    if not isinstance(extra, dict) or extra.keys() - {"width", "entities", "allowExpand"}:
        spot.fault(f"unknown msteams: {extra}")
        return
    if extra.get("width", "Full") != "Full":
        spot.at("msteams").fault("width must be Full")
    entities = extra.get("entities") or []
    texts = [_entity(spot, each, people) for each in (entities if isinstance(entities, list) else [entities])]
    for text in sorted(look.mentions - set(texts)):
        spot.fault(f"nobody is behind {text}")
    for text in sorted(set(texts) - look.mentions):
        spot.at("msteams").fault(f"{text} is in no text")
    if len(set(texts)) < len(texts):
        spot.at("msteams").fault("two entities have the same text")


def _entity(spot: Spot, entity: Any, people: Collection[str]) -> str:
    given = entity if isinstance(entity, dict) else {}
    text, who = str(given.get("text")), given.get("mentioned")
    if given.keys() != {"type", "text", "mentioned"} or given["type"] != "mention" or not _AT.fullmatch(text):
        spot.at("msteams").fault(f"no mention: {entity}")
    elif not isinstance(who, dict) or who.keys() != {"id", "name"} or not who["name"]:
        spot.at("msteams").fault(f"{text} mentions nobody: {who}")
    elif who["id"] not in people:
        spot.at("msteams").fault(f"{text} mentions somebody unknown: {who['id']}")
    return text


def _refresh(spot: Spot, look: Look) -> None:
    if not spot.keys(["action"], ["userIds", "expires"]):
        return
    if _kind(spot.at("action")) != "Action.Execute":
        spot.fault("only an Action.Execute refreshes a card")
    _action(spot.at("action"), look)
    if spot.has("userIds"):
        spot.at("userIds").items(rules.REFRESHED_FOR)


def _follows(spot: Spot, kinds: tuple[str, ...], *all_rules: rules.Rule) -> bool:
    """Check an object against rules; false when there is no point in looking closer."""
    required = [key for rule in all_rules for key in rule.required]
    if not spot.keys(["type", *required], [key for rule in all_rules for key in rule.optional]):
        return False
    if spot.value["type"] not in kinds:
        spot.fault(f"type must be {kinds[0]}")
        return False
    before = len(spot.findings.faults)
    for rule in all_rules:
        for key, allowed in rule.enums.items():
            if spot.has(key):
                spot.at(key).one_of(allowed)
        for key in rule.texts:
            spot.optional_string(key, _TEXT, 0)
        for key in rule.numbers:
            _number(spot, key)
        spot.flags(*rule.flags)
    return len(spot.findings.faults) == before


def _number(spot: Spot, key: str) -> None:
    given = spot.value.get(key)
    if spot.has(key) and (not isinstance(given, int | float) or isinstance(given, bool)):
        spot.at(key).fault("must provide a number")


def _pixels(spot: Spot) -> None:
    if spot.has("minHeight") and not _PIXELS.fullmatch(str(spot.value["minHeight"])):
        spot.at("minHeight").fault("must provide pixels")


_CHECKS = {
    "TextBlock": _text_block,
    "RichTextBlock": _rich_text,
    "Container": _items,
    "ColumnSet": _columns,
    "FactSet": _facts,
    "ActionSet": _action_set,
    "Image": _image,
}
