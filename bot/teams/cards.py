"""The parts of a message drawn as an Adaptive Card, in the version 1.5 that every Teams client draws."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, assert_never

from bot.parts import TEXT, Actions, Heading, Image, Part, Prose, Quoted, Rule, Small
from bot.pieces import clip, legible, one_line
from bot.teams.lines import Element, Mentioned, elements, literal, markdown, rich_text
from handlers.language import reads
from handlers.notices import Button

AdaptiveCard = dict[str, Any]

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
SIZE = 24_000
"""Bytes of a card. Its documentation let a message have 28 KB at first, and 100 KB (of UTF-16) now."""
PICTURE = 26_000
"""Characters of a picture within a card: with the largest card, less than those 100 KB."""
ALT = 2_000
ELEMENTS = 100
TITLE = 150
LABEL = 40
LINE = 1_000
QUESTION = 300
FALLBACK = 300
IN_A_ROW = 6
"""So many buttons Teams shows beside each other; more it would hide."""
BUTTONS = 24


@dataclass(frozen=True, slots=True)
class Drawing:
    """What stands on a card, and the people mentioned in it."""

    body: list[Element]
    entities: list[Element]


def draw(parts: Iterable[Part], *, above: Sequence[Part] = (), in_dialog: bool = False) -> Drawing:
    """The parts as elements of a card; what is empty is left out. What is said `above` is set off.

    In a dialog a button is answered in the dialog, so all are pressed in the same way there.
    """
    mentioned = Mentioned()
    said = [each for part in above for each in _drawn(part, mentioned, in_dialog)]
    body = [{"type": "Container", "style": "emphasis", "items": said}] if said else []
    rule = False
    for part in parts:
        drawn = _drawn(part, mentioned, in_dialog)
        if rule and drawn:
            drawn[0] = {**drawn[0], "separator": True, "spacing": "medium"}
        rule = isinstance(part, Rule) or (rule and not drawn)
        body += drawn
    return Drawing(body, mentioned.entities)


def card(drawing: Drawing, said: str, actions: Sequence[Element] = ()) -> AdaptiveCard:
    """A whole card. `said` is shown, in plain words, where the card cannot be."""
    people = {"entities": drawing.entities} if drawing.entities else {}
    return {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": literal(clip(said, FALLBACK)),
        "msteams": {"width": "Full", **people},
        "body": drawing.body,
        **({"actions": list(actions)} if actions else {}),
    }


def size(content: AdaptiveCard) -> int:
    """How many bytes Teams counts, but for pictures that are within the card."""
    whole = len(json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass"))
    return whole - sum(len(str(one.get("url", ""))) for one in content["body"] if one["type"] == "Image")


def fits(drawing: Drawing) -> bool:
    """Whether Teams takes it as one message."""
    return len(drawing.body) <= ELEMENTS and size(card(drawing, "…" * FALLBACK)) <= SIZE


def attachment(content: AdaptiveCard) -> dict[str, Any]:
    """A card as messages and dialogs carry it."""
    return {"contentType": CONTENT_TYPE, "content": content}


def opens(line: str) -> bool:
    """Whether a button with this line only looks, or asks for more: then a dialog opens."""
    return line.endswith("…") or reads(line)


def _drawn(part: Part, mentioned: Mentioned, in_dialog: bool) -> list[Element]:
    match part:
        case Heading(text=text):
            title = one_line(text, TITLE)
            return [_heading(title, mentioned)] if title else []
        case Prose(lines=lines):
            return _prose(part, mentioned) if lines else []
        case Quoted(line=line):
            items = elements(line, mentioned)
            return [{"type": "Container", "style": "emphasis", "items": items}] if items else []
        case Small(text=text):
            small = rich_text([clip(legible(text).strip(), TEXT)], size="small", isSubtle=True)
            return [small] if small else []
        case Actions(buttons=buttons):
            return _action_sets(buttons, in_dialog)
        case Rule():
            return []
        case Image(source=url, alt=alt):
            said = clip(legible(alt).strip(), ALT) or "A picture"
            return [{"type": "Image", "url": url, "altText": said, "size": "stretch"}]
        case _:
            assert_never(part)


def _heading(title: str, mentioned: Mentioned) -> Element:
    return {
        "type": "TextBlock",
        "text": markdown([title], mentioned),
        "wrap": True,
        "style": "heading",
        "size": "medium",
        "weight": "bolder",
        "spacing": "medium",
    }


def _prose(prose: Prose, mentioned: Mentioned) -> list[Element]:
    drawn: list[Element] = []
    for line in prose.lines:
        drawn += elements(line, mentioned, **({"spacing": "small"} if drawn else {}))
    return drawn


def _action_sets(buttons: Iterable[Button], in_dialog: bool) -> list[Element]:
    """Buttons in rows of about the same length. One whose line is too long to carry is left out."""
    fitting = [_button(each, in_dialog) for each in buttons if 0 < len(each.line) <= LINE][:BUTTONS]
    rows = -(-len(fitting) // IN_A_ROW)
    ends = [len(fitting) * row // rows for row in range(rows + 1)] if rows else [0]
    return [{"type": "ActionSet", "actions": fitting[start:end]} for start, end in pairwise(ends)]


def _button(button: Button, in_dialog: bool) -> Element:
    label = one_line(button.label, LABEL) or one_line(button.line, LABEL) or "…"
    pressed = {**_press(button.line, in_dialog), "title": literal(label), **_style(button.style)}
    question = rich_text([clip(legible(button.confirm).strip(), QUESTION)])
    if question is None:
        return pressed
    asked = {"type": "AdaptiveCard", "body": [question], "actions": [pressed]}
    return {"type": "Action.ShowCard", "title": literal(label), **_style(button.style), "card": asked}


def _press(line: str, in_dialog: bool) -> Element:
    if in_dialog:
        return {"type": "Action.Submit", "data": {"line": line}}
    if opens(line):
        return {"type": "Action.Submit", "data": {"msteams": {"type": "task/fetch"}, "line": line}}
    return {"type": "Action.Execute", "verb": "say", "data": {"line": line}}


def _style(style: str) -> dict[str, str]:
    known = {"primary": "positive", "danger": "destructive"}
    return {"style": known[style]} if style in known else {}
