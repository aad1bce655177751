"""Pieces of a line: how each is said as plain text, and cut to fit. Each platform draws them itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import urlsplit

from handlers.mentions import show_mentions
from handlers.notices import Link, Mention, Quote, Span, When
from handlers.words import plain, tell

URL = 3_000
NAME = 75


@dataclass(frozen=True, slots=True)
class Bold:
    """Set off from the rest: a title, a figure."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """To be typed exactly like this."""

    text: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """By name."""

    name: str


Piece = Span | Bold | Code | Emoji
Line = Sequence[Piece]


def say(line: Line) -> str:
    """The line as plain text."""
    return "".join(map(_say, line))


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and "…", so that it fits even where it is counted escaped."""
    if _LONGEST * len(text) <= limit or _length(text[: limit + 1]) <= limit:
        return text
    used = 1
    for end, char in enumerate(text):
        used += _LENGTHS.get(char, 1)
        if used > limit:
            return text[:end].rstrip() + "…"
    return text


def clip_line(line: Line, limit: int) -> tuple[Piece, ...]:
    """The same for a line: whole pieces as long as they fit, the beginning of the next, and "…"."""
    kept: list[Piece] = []
    for piece in line:
        cost = _cost(piece)
        if cost > limit:
            return (*kept, *_beginning(piece, limit), "…")
        kept.append(piece)
        limit -= cost
    return tuple(kept)


def one_line(text: str, limit: int) -> str:
    """People's text where only one line has room: a title, a label."""
    return clip(" ".join(legible(text[: 10 * limit]).split()), limit)


def legible(text: str) -> str:
    """Text without what nobody can see or platforms refuse; spaces and line ends stay.

    Mentions come as `Mention`, or already spelt out; a token that was left over names nobody.
    """
    if text.isprintable():
        return text
    return _UNSEEN.sub("", show_mentions(text, lambda _: "somebody"))


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\u202d\u202e]")
_LENGTHS = {"&": 5, "<": 4, ">": 4}
"""Of what is longer when it is escaped."""
_LONGEST = max(_LENGTHS.values())
_PIECE = 50
"""What a piece costs beyond its letters: its container."""


def _say(piece: Piece) -> str:
    match piece:
        case Bold(text=text) | Code(text=text) | Link(label=text):
            return legible(text)
        case Emoji(name=name):
            return f":{name}:"
        case Mention(name=name):
            return one_line(name, NAME) or "somebody"
        case Quote(text=text):
            return plain((Quote(legible(text)),))
        case str():
            return legible(piece)
        case When():
            return tell(piece)
        case _:
            assert_never(piece)


def leads_to_the_web(url: str) -> bool:
    """Whether a click on it opens a page, and does nothing else."""
    if len(url) > URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _length(text: str) -> int:
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def _cost(piece: Piece) -> int:
    match piece:
        case str():
            return _length(piece) + _PIECE // 5
        case Bold(text=text) | Code(text=text) | Quote(text=text):
            return _length(text) + _PIECE
        case Link(url=url, label=label):
            return len(url) + len(label) + _PIECE
        case Mention() | Emoji():
            return NAME
        case When():
            return NAME
        case _:
            assert_never(piece)


def _beginning(piece: Piece, limit: int) -> tuple[Piece, ...]:
    match piece:
        case str():
            room = limit - 1
            return (clip(piece, room).removesuffix("…"),) if room > 0 else ()
        case Bold(text=text) | Code(text=text) | Quote(text=text):
            room = limit - _PIECE - 1
            return (replace(piece, text=clip(text, room).removesuffix("…")),) if room > 0 else ()
        case _:
            return ()
