"""Whether Slack would accept these blocks or this view, and its words when it would not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from . import limits
from .element_rules import DRAWABLE_ELEMENTS, check_element, check_picture
from .errors import SlackRefusal
from .records import Json
from .spot import Check, Findings, Spot

__all__ = ["DRAWABLE_BLOCKS", "DRAWABLE_ELEMENTS", "check_message_blocks", "check_view", "with_ids"]


def _section(spot: Spot) -> None:
    if not spot.keys(["type"], ["block_id", "text", "fields", "accessory", "expand"]):
        return
    if not spot.has("text") and not spot.has("fields"):
        spot.fault("must define either `text` or `fields`")
    if spot.has("text"):
        spot.at("text").text(limits.SECTION_TEXT)
    if spot.has("fields") and spot.at("fields").items(limits.SECTION_FIELDS):
        for each in spot.at("fields").each():
            each.text(limits.FIELD_TEXT)
    if spot.has("accessory"):
        check_element(spot.at("accessory"), "section")


def _header(spot: Spot) -> None:
    if spot.keys(["type", "text"], ["block_id"]):
        spot.at("text").text(limits.HEADER_TEXT, plain=True)


def _divider(spot: Spot) -> None:
    spot.keys(["type"], ["block_id"])


def _context(spot: Spot) -> None:
    if spot.keys(["type", "elements"], ["block_id"]) and spot.at("elements").items(limits.CONTEXT_ELEMENTS):
        for element in spot.at("elements").each():
            if isinstance(element.value, dict) and element.value.get("type") in ("plain_text", "mrkdwn"):
                element.text(limits.CONTEXT_TEXT)
            else:
                check_element(element, "context")


def _actions(spot: Spot) -> None:
    if not spot.keys(["type", "elements"], ["block_id"]) or not spot.at("elements").items(
        limits.ACTIONS_ELEMENTS
    ):
        return
    for element in spot.at("elements").each():
        check_element(element, "actions")
    _unique(spot.at("elements"), "action_id")


def _input(spot: Spot) -> None:
    if spot.keys(["type", "label", "element"], ["block_id", "hint", "optional", "dispatch_action"]):
        spot.at("label").text(limits.LABEL_TEXT, plain=True)
        spot.plain("hint", limits.HINT_TEXT)
        spot.flags("optional", "dispatch_action")
        check_element(spot.at("element"), "input")


def _image(spot: Spot) -> None:
    if spot.keys(["type", "alt_text"], ["block_id", "image_url", "slack_file", "title"]):
        check_picture(spot)
        spot.plain("title", limits.ALT_TEXT)


_RICH_PARTS = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})
_RICH_RUNS = frozenset(
    {"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date"}
)


def _rich_text(spot: Spot) -> None:
    if spot.keys(["type", "elements"], ["block_id"]) and spot.at("elements").items(limits.VIEW_BLOCKS):
        for part in spot.at("elements").each():
            _rich_part(part, _RICH_PARTS)


def _rich_part(spot: Spot, allowed: frozenset[str]) -> None:
    kind = spot.value.get("type") if isinstance(spot.value, dict) else None
    if kind not in allowed:
        spot.fault(f"unsupported type: {kind}")
    elif kind in _RICH_PARTS and spot.keys(
        ["type", "elements"], ["style", "indent", "border", "offset", "language"]
    ):
        inner = frozenset({"rich_text_section"}) if kind == "rich_text_list" else _RICH_RUNS
        for run in spot.at("elements").each():
            _rich_part(run, inner)


_BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "image": _image,
}

DRAWABLE_BLOCKS = frozenset(_BLOCKS)
"""Every block type accepted here, and so every one the page must draw."""


def _unique(spot: Spot, key: str) -> None:
    seen: set[str] = set()
    for item in spot.each():
        if not item.has(key):
            continue
        value = str(item.value[key])
        if value in seen:
            item.at(key).fault(f"`{key}` must be unique: {value}")
        seen.add(value)


def _block(spot: Spot) -> None:
    kind = spot.value.get("type") if isinstance(spot.value, dict) else None
    check = _BLOCKS.get(str(kind))
    if check is None:
        spot.fault(f"unsupported type: {kind}")
        return
    spot.optional_string("block_id", limits.IDENTIFIER)
    check(spot)


def _blocks(spot: Spot, most: int, least: int) -> None:
    if spot.items(most, least):
        for block in spot.each():
            _block(block)
        _unique(spot, "block_id")


def _texts(value: Any) -> Iterable[str]:
    """Every string shown as text, anywhere inside."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            yield from _texts(item)


def check_message_blocks(blocks: Any) -> list[Json]:
    """The blocks of a message, if Slack would post them; raises SlackRefusal with its words if not."""
    findings = Findings()
    _blocks(Spot(blocks, "/blocks", findings), limits.MESSAGE_BLOCKS, 0)
    if findings.faults:
        raise SlackRefusal("invalid_blocks", findings.faults)
    if sum(map(len, _texts(blocks))) > limits.MESSAGE_BLOCKS_TEXT:
        raise SlackRefusal("msg_blocks_too_long")
    checked: list[Json] = blocks
    return checked


_VIEW_COMMON = ("private_metadata", "callback_id", "external_id")
_MODAL_ONLY = ("close", "submit", "clear_on_close", "notify_on_close", "submit_disabled")


def _modal(spot: Spot) -> None:
    if not spot.keys(["type", "title", "blocks"], [*_VIEW_COMMON, *_MODAL_ONLY]):
        return
    for key in ("title", "close", "submit"):
        spot.plain(key, limits.MODAL_TITLE)
    spot.flags("clear_on_close", "notify_on_close", "submit_disabled")
    if not spot.has("submit") and any(
        isinstance(block, dict) and block.get("type") == "input" for block in spot.value["blocks"]
    ):
        spot.fault("missing required field: submit")


def _view(spot: Spot) -> None:
    kind = spot.value.get("type") if isinstance(spot.value, dict) else None
    if kind == "modal":
        _modal(spot)
    elif kind == "home":
        spot.keys(["type", "blocks"], _VIEW_COMMON)
    else:
        spot.fault("missing required field: type" if kind is None else f"unsupported type: {kind}")
        return
    spot.optional_string("private_metadata", limits.PRIVATE_METADATA, 0)
    spot.optional_string("callback_id", limits.IDENTIFIER, 0)
    spot.optional_string("external_id", limits.IDENTIFIER, 0)
    if spot.has("blocks"):
        _blocks(spot.at("blocks"), limits.VIEW_BLOCKS, 0)


def check_view(view: Any, kind: str) -> Json:
    """The view, if Slack would show it as a `modal` or a `home`; raises SlackRefusal if not."""
    if len(json.dumps(view)) > limits.VIEW_BYTES:
        raise SlackRefusal("view_too_large")
    findings = Findings()
    spot = Spot(view, "/view", findings)
    _view(spot)
    if not findings.faults and view["type"] != kind:
        spot.at("type").fault(f"must be one of: {kind}")
    if findings.faults:
        raise SlackRefusal(
            "invalid_arguments",
            ["failed to match all allowed schemas [json-pointer:/view]", *findings.faults],
        )
    checked: Json = view
    return checked


def with_ids(blocks: list[Json], mint: Callable[[], str]) -> list[Json]:
    """The same blocks, every block and every interactive element with an id, as Slack gives them out."""
    return [_named(block, mint) for block in blocks]


def _named(block: Json, mint: Callable[[], str]) -> Json:
    named = {**block, "block_id": block.get("block_id") or mint()}
    for key in ("accessory", "element"):
        if key in named:
            named[key] = _named_element(named[key], mint)
    if block["type"] == "actions":
        named["elements"] = [_named_element(element, mint) for element in block["elements"]]
    return named


def _named_element(element: Json, mint: Callable[[], str]) -> Json:
    if element["type"] == "image":
        return element
    return {**element, "action_id": element.get("action_id") or mint()}
