"""What a message is made of before a platform draws it, and how it is said as plain text.

Both come from the same parts, so what a screen reader says cannot drift from what is shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from bot.pieces import Code, Line, clip, legible, say
from handlers.notices import Button, Quote

TEXT = 3_000
"""The longest plain text of a message: notifications cut it much shorter."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a message or of a part of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines that belong together."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What somebody said, set off."""

    line: Line


@dataclass(frozen=True, slots=True)
class Small:
    """Said quietly, underneath."""

    text: str


@dataclass(frozen=True, slots=True)
class Actions:
    """Buttons in a row."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between two things."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, by what its platform calls it, and what it shows in words."""

    source: str
    alt: str


Part = Heading | Prose | Quoted | Small | Actions | Rule | Image


def aloud(parts: Iterable[Part]) -> str:
    """The parts as plain text, one sentence a line. Empty when they say nothing."""
    return clip("\n".join(line for part in parts for line in _spoken(part) if line), TEXT)


def _spoken(part: Part) -> Iterator[str]:
    match part:
        case Heading(text=text) | Small(text=text):
            yield _sentence(legible(text))
        case Prose(lines=lines):
            yield from map(_said, lines)
        case Quoted(line=line) if any(line):
            said = say(line).strip()
            yield _sentence(said if any(isinstance(piece, Quote) for piece in line) else f"“{said}”")
        case Image(alt=alt):
            yield _sentence(legible(alt))
        case Quoted() | Actions() | Rule():
            return
        case _:
            assert_never(part)


def _said(line: Line) -> str:
    """A sentence; but what is to be typed ends as it is typed."""
    return say(line).strip() if line and isinstance(line[-1], Code) else _sentence(say(line))


def _sentence(text: str) -> str:
    text = text.strip()
    ended = text.endswith((".”", "!”", "?”", "…”"))
    return f"{text}." if text and not ended and (text[-1].isalnum() or text[-1] in ")”’%") else text
