"""What can be read, pressed and filled in on an Adaptive Card."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground.records import Json

_AT = re.compile(r"</?at(?: [^>]*)?>")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~>|<])")
_MOMENT = re.compile(r"\{\{(DATE|TIME)\(([^,()]+)(?:, *(?:COMPACT|SHORT|LONG))?\)\}\}")
_HELD = re.compile("[\ue000-\ue0ff]")


def without_markup(text: str, zone: str = "UTC") -> str:
    """A text as it is read: mentions as names, links as their labels, moments in a zone, no Markdown."""
    told = _MOMENT.sub(lambda found: _moment(found[1], found[2], zone), text)
    kept = _ESCAPE.sub(lambda found: chr(0xE000 + ord(found[1])), told)
    kept = _LINK.sub(r"\1", _AT.sub("", kept))
    kept = _ITALIC.sub(r"\2", _BOLD.sub(r"\2", kept))
    return html.unescape(_HELD.sub(lambda found: chr(ord(found[0]) - 0xE000), kept)).strip()


def _moment(kind: str, written: str, zone: str) -> str:
    at = datetime.fromisoformat(written).astimezone(ZoneInfo(zone))
    return f"{at:%a}, {at.day} {at:%b %Y}" if kind == "DATE" else f"{at:%H:%M}"


def plain(card: Json, zone: str = "UTC") -> str:
    """All that can be read on a card, a line for each text, fact and label of a field, in order."""
    return "\n".join(filter(None, _lines(card, zone)))


def buttons(card: Json) -> list[str]:
    """The labels of every button on a card, in order; those behind a button that unfolds come after it."""
    return [str(action.get("title") or "") for action in actions(card)]


def actions(card: Json) -> Iterator[Json]:
    """Every action on a card, in order; those of a ShowCard's card after it."""
    for action in own_actions(card):
        yield action
        if action.get("type") == "Action.ShowCard":
            yield from actions(action.get("card") or {})


def own_actions(card: Json) -> Iterator[Json]:
    """The actions that can be seen without unfolding anything."""
    for element in walk(card):
        if element.get("type") == "ActionSet":
            yield from element.get("actions") or ()
        if "selectAction" in element:
            yield element["selectAction"]
    yield from card.get("actions") or ()


def inputs(card: Json) -> dict[str, Json]:
    """The fields of a card by their ids, in order; those of a ShowCard's card are not among them."""
    return {str(each.get("id")): each for each in walk(card) if is_input(each)}


def is_input(element: Json) -> bool:
    """Whether something can be filled in here."""
    return str(element.get("type", "")).startswith("Input.")


def walk(element: Json) -> Iterator[Json]:
    """Every visible element inside a card, container or column set, in order."""
    for key in ("body", "items", "columns"):
        for inner in element.get(key) or ():
            if inner.get("isVisible", True):
                yield inner
                yield from walk(inner)


def _lines(card: Json, zone: str) -> Iterator[str]:
    for element in walk(card):
        match element.get("type"):
            case "TextBlock":
                yield without_markup(str(element.get("text") or ""), zone)
            case "RichTextBlock":
                yield "".join(_run(each) for each in element.get("inlines") or ())
            case "FactSet":
                for fact in element.get("facts") or ():
                    yield f"{without_markup(fact['title'], zone)}: {without_markup(fact['value'], zone)}"
            case "Image":
                yield str(element.get("altText") or "")
            case _ if is_input(element):
                yield without_markup(str(element.get("label") or element.get("title") or ""))


def _run(inline: Json | str) -> str:
    return inline if isinstance(inline, str) else str(inline.get("text") or "")
