"""A catalogue file as TOML: what stands in it, on which line, and each place where it is no TOML.

A parser stops at the first thing it cannot read. So that all mistakes are told at once, a file that cannot be
read whole is read table by table, and each table again without the key that could not be read.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from handlers.catalogue_lines import Path, lines_of

MOST = 1_000_000
"""How many bytes a file may have: a catalogue of a thousand services has a third of that."""
LONGEST_LINE = 4_000
"""In characters; long enough for any question, and too short for a number that nobody can count with."""
MOST_TRIES = 10
"""So many keys of one table that cannot be read are told of."""

_HEADER = re.compile(r"^[ \t]*\[[\w.\"' -]+\][ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*([\w-]+)[ \t]*=", re.MULTILINE)
_BEGINS = re.compile(r"[ \t]*(?:[\w-]+[ \t]*=|\[[ \t]*\w)")
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_CURLY = re.compile(r"[=\[,][ \t]*[“”„‘’«]")
_TEAM = re.compile(r"^[ \t]*\[[ \t]*teams[ \t]*\.[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_TWICE = "this stands there twice"
_KINDER = {
    "Invalid value": "after “=” should stand text in quotes, a number, true, false, or a list in [ ]",
    "Illegal character '\\n'": "a text begins here and does not end: a quote is missing",
    "Unterminated string": "a text begins here and does not end: the quotes are missing",
    "Unclosed array": "a list begins here and does not end: a comma or “]” is missing",
    "Unclosed inline table": "a table begins here and does not end: a comma or “}” is missing",
    "Expected newline or end of document": "something stands after the value that does not belong there",
    "Expected '='": "a line should be a key, “=”, and a value",
    "Invalid statement": "a line should be a key, “=”, and a value",
    "Expected ']'": "a heading should look like [teams.flowers]",
    "Cannot overwrite a value": _TWICE,
    "Cannot declare": _TWICE,
    "Duplicate inline table key": _TWICE,
}
"""What `tomllib` says, as it begins, and what we say."""
_LATE = {"Unclosed": re.compile(r"=[ \t]*[\[{]"), "Unterminated": re.compile(r"=[ \t]*(\"{3}|'{3})")}
"""What is noticed long after the line on which it went wrong, and how that line looks."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """Something wrong in a file: on which line (0 is the whole of it), with which key, in one sentence."""

    line: int
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.where else self.sentence


@dataclass(slots=True)
class Parsed:
    """What could be read of a file."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    """What is there and could not be read: nobody should be told that it is missing."""


def parse(data: bytes) -> Parsed:
    """What stands in a file, with every mistake against TOML."""
    if len(data) > MOST:
        return _refused(0, f"a catalogue has at most {MOST // 1_000_000} MB, and this file is larger")
    if b"\0" in data:
        return _refused(0, "this is no text file")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return _refused(data.count(b"\n", 0, error.start) + 1, "this is not written in UTF-8")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            return _refused(number, f"a line has at most {LONGEST_LINE:,} characters")
    return _read(text)


def _read(text: str) -> Parsed:
    whole = _piece(text, 0)
    if not whole.mistakes:
        return whole
    parts = Parsed(unread={("teams", key) for key in _TEAM.findall(text)})
    seen: set[Path] = set()
    for piece, before in _pieces(text):
        table = _table(piece)
        if table in seen:
            parts.mistakes.append(Mistake(before + 1, ".".join(table), _TWICE))
            continue
        seen.add(table)
        for part in _attempts(piece, before, table):
            _take_in(parts, part)
    return parts if parts.mistakes else whole


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Each table by itself, and how many lines stand before it."""
    starts = [0, *(found.start() for found in _HEADER.finditer(text)), len(text)]
    lines = 0
    for start, end in pairwise(starts):
        yield text[start:end], lines
        lines += text.count("\n", start, end)


def _table(piece: str) -> tuple[str, ...]:
    """Whose keys stand in a piece, by its heading."""
    heading = _HEADER.match(piece)
    return tuple(re.findall(r"[\w-]+", heading[0].partition("#")[0])) if heading else ()


def _attempts(text: str, before: int, table: tuple[str, ...]) -> Iterator[Parsed]:
    """A table as far as it can be read: each time again, without what could not be."""
    for _ in range(MOST_TRIES):
        part = _piece(text, before)
        yield part
        if not part.mistakes:
            return
        text, key = _without(text, part.mistakes[0].line - before)
        yield Parsed(unread={(*table, key)})


def _without(text: str, line: int) -> tuple[str, str]:
    """The text with what begins on a line blanked, up to the next key; and the key that stood there."""
    lines = text.split("\n")
    here = _KEY.match(lines[line - 1])
    after = next((at for at in range(line, len(lines)) if _BEGINS.match(lines[at])), len(lines))
    if lines[line - 1].lstrip().startswith("["):
        after = len(lines)  # nobody knows whose the keys below are
    blank = [""] * (after - line + 1)
    return "\n".join([*lines[: line - 1], *blank, *lines[after:]]), here[1] if here else ""


def _piece(text: str, before: int) -> Parsed:
    try:
        data = tomllib.loads(text)
        lines = {path: line + before for path, line in lines_of(text).items()}
    except RecursionError:
        deepest = max(enumerate(text.split("\n"), 1), key=lambda each: each[1].count("["))
        return _refused(before + deepest[0], "lists stand in lists too many times over")
    except tomllib.TOMLDecodeError as error:
        line, sentence = _explained(str(error), text)
        return _refused(before + line, sentence)
    return Parsed(data, lines)


def _explained(why: str, text: str) -> tuple[int, str]:
    """On which line a piece cannot be read, and why in our words."""
    place = _PLACE.search(why)
    named = int(place["line"]) if place and place["line"] else text.rstrip("\n").count("\n") + 1
    said = why[: place.start()] if place else why
    if opening := next((sign for theirs, sign in _LATE.items() if said.startswith(theirs)), None):
        lines = text.split("\n")[:named]
        named = next((at for at in range(len(lines), 0, -1) if opening.search(lines[at - 1])), named)
    if _CURLY.search(text.split("\n")[named - 1]):
        return named, 'the quotes should be straight, "like these"'
    ours = next((ours for theirs, ours in _KINDER.items() if said.startswith(theirs)), None)
    return named, ours or f"this is no TOML: {said[:1].lower()}{said[1:]}"


def _take_in(parts: Parsed, piece: Parsed) -> None:
    """Put what was read of a table to the rest; of what stands there twice the first counts."""
    parts.mistakes += piece.mistakes
    parts.unread |= piece.unread
    _merge(parts, parts.data, piece.data, (), piece.lines)
    for path, line in piece.lines.items():
        parts.lines.setdefault(path, line)


def _merge(
    parts: Parsed, known: dict[str, Any], new: dict[str, Any], path: Path, lines: dict[Path, int]
) -> None:
    for key, value in new.items():
        here = (*path, key)
        if key not in known:
            known[key] = value
        elif isinstance(value, dict) and isinstance(known[key], dict):
            _merge(parts, known[key], value, here, lines)
        else:
            parts.mistakes.append(Mistake(lines[here], ".".join(map(str, here)), _TWICE))


def _refused(line: int, sentence: str) -> Parsed:
    return Parsed(mistakes=[Mistake(line, "", sentence)])
