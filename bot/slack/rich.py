"""Pieces of a line as Slack's rich text. People's text becomes `text` elements, shown as they are."""

import re
from typing import Any, assert_never

from bot.pieces import NAME, Bold, Code, Emoji, Line, Piece, leads_to_the_web, legible, one_line
from bot.slack import words as slack
from handlers.notices import Link, Mention, Quote, When
from handlers.words import tell

_EMOJI = re.compile(r"[a-z0-9_+'\-]{1,100}")
_CHOSEN = re.compile(r"(?<!\w):((?:[a-z+]|-(?=1)|100)[a-z0-9_+'-]{0,60}):(?!\w)")
_MOST_CHOSEN = 20
"""So many emoji are drawn in one text; the rest stand by their names."""


def elements(line: Line) -> list[dict[str, Any]]:
    """The line as elements of rich text; none when it says nothing."""
    return [element for piece in line for element in _elements(piece)]


def _elements(piece: Piece) -> list[dict[str, Any]]:
    match piece:
        case str():
            return _text(piece)
        case Bold(text=text):
            return _text(text, bold=True)
        case Code(text=text):
            return _text(text, code=True)
        case Quote(text=text):
            return _text(text, italic=True)
        case Emoji(name=name) if _EMOJI.fullmatch(name):
            return [{"type": "emoji", "name": name}]
        case Emoji(name=name):
            return _text(name)
        case Link(url=url, label=label) if leads_to_the_web(url):
            return [{"type": "link", "url": url, "text": label}]
        case Link(label=label):
            return _text(label)
        case Mention():
            return _person(piece)
        case When():
            return [_date(piece)]
        case _:
            assert_never(piece)


def _text(text: str, **style: bool) -> list[dict[str, Any]]:
    """Text as it is; but an emoji that somebody chose, which Slack hands over as `:name:`, is one again."""
    shown = legible(text)
    words = [shown] if style.get("code") else _CHOSEN.split(shown, maxsplit=_MOST_CHOSEN)
    return [
        {"type": "emoji", "name": word}
        if turn % 2
        else {"type": "text", "text": word, **({"style": style} if style else {})}
        for turn, word in enumerate(words)
        if word
    ]


def _person(mention: Mention) -> list[dict[str, Any]]:
    user = slack.user(mention.person)
    if user:
        return [{"type": "user", "user_id": user}]
    name = one_line(mention.name, NAME) or "somebody"
    return _text(f"@{name}" if mention.person else name)


def _date(when: When) -> dict[str, Any]:
    shape = "{date_short_pretty}" if when.day_only else "{date_short_pretty} at {time}"
    return {"type": "date", "timestamp": int(when.at.timestamp()), "format": shape, "fallback": tell(when)}
