"""Lines of a card. People's text is shown letter by letter, whatever it looks like.

1. A line is a RichTextBlock of TextRuns, which know no markup.
2. But Teams mentions people, and shows times on the reader's own clock, in a TextBlock alone; and that is
   Markdown. There everything is escaped that could mean something, and only that, since clients that read no
   Markdown beside a mention would show the escapes. What we say ourselves has no markup either.
3. `{{DATE(…)}}` and `{{TIME(…)}}` mean something in both, and `<at>` might: in people's text an invisible
   character parts them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import groupby
from typing import Any, assert_never
from urllib.parse import quote

from bot.pieces import NAME, Bold, Code, Emoji, Line, Piece, leads_to_the_web, legible, one_line
from bot.teams import words as teams
from handlers.notices import Link, Mention, Quote, When
from handlers.words import tell
from storage.records import PersonId

Element = dict[str, Any]

_TEMPLATE = re.compile(r"\{(?=\{|\Z)|<(?=/?at\b|/?\Z)", re.IGNORECASE)
_APART = "\\g<0>\u200b"
_ESCAPED = re.compile(
    r"(?P<markdown>[*_`\[\]]|~(?=~|\Z)|\\(?=[!-/:-@\[-`{-~]|\Z))|(?P<html>&(?=#?\w|\Z)|<)", re.ASCII
)
_ENTITIES = {"&": "&amp;", "<": "&lt;"}
_START = re.compile(r"(?P<before>\d{1,9}(?=[.)])|)(?P<mark>(?<=\d)[.)]|[-+#>=])", re.ASCII)
"""What makes a list, a title or a quotation at the start of a line."""


@dataclass(slots=True)
class Mentioned:
    """The people mentioned in one card."""

    entities: list[Element] = field(default_factory=list)
    _people: dict[str, PersonId] = field(default_factory=dict)

    def text(self, who: Mention) -> str:
        """How they stand in a TextBlock. Of two of one name the second is only named.

        Teams finds out by the text who is meant, so one text can mean one person alone.
        """
        name = _named(who)
        user = teams.user(who.person)
        text = f"<at>{escaped(name).replace('>', '&gt;')}</at>"
        if user is None or self._people.setdefault(text, who.person) != who.person:
            return escaped(name)
        entity = {"type": "mention", "text": text, "mentioned": {"id": user, "name": name}}
        if entity not in self.entities:
            self.entities.append(entity)
        return text


def literal(text: str) -> str:
    """People's text for where there is no markup."""
    return _TEMPLATE.sub(_APART, legible(text))


def escaped(text: str) -> str:
    """People's text for the middle of a line of Markdown."""
    return _ESCAPED.sub(_escape, literal(text))


def elements(line: Line, mentioned: Mentioned, **style: Any) -> list[Element]:
    """The line as elements of a card, one below the other; none when it says nothing."""
    if _wants_markdown(line):  # where italics cannot be had
        line = [f"“{legible(piece.text)}”" if isinstance(piece, Quote) else piece for piece in line]
    lines = _by_line_ends(line)
    while lines and not _says_something(lines[-1]):
        lines.pop()
    drawn: list[Element] = []
    for is_markdown, several in groupby(lines, key=_wants_markdown):
        if is_markdown:
            drawn += [_text_block(each, mentioned) for each in several]
        else:
            block = rich_text([piece for each in several for piece in ("\n", *each)][1:])
            drawn += [block] if block else []
    return [{**each, "spacing": "none"} if at else {**each, **style} for at, each in enumerate(drawn)]


def rich_text(line: Line, **style: Any) -> Element | None:
    """A line without markup, line ends and all; none when it says nothing."""
    runs: list[Element] = []
    for piece in line:
        for run in _runs(piece):
            run |= style
            if runs and {**runs[-1], "text": ""} == {**run, "text": ""}:
                runs[-1]["text"] += run["text"]
            else:
                runs.append(run)
    said = any(run["text"].strip() for run in runs)
    return {"type": "RichTextBlock", "inlines": runs} if said else None


def markdown(line: Line, mentioned: Mentioned) -> str:
    """A line of Markdown that shows just what the line says."""
    text = "".join(_spelt(piece, mentioned) for piece in line)
    text = " ".join(text.replace("\t", " ").split("\n")).strip(" ")
    return _START.sub(_from_start, text, count=1) if _START.match(text) else text


def _wants_markdown(line: Line) -> bool:
    return any(isinstance(piece, When) or _is_here(piece) for piece in line)


def _is_here(piece: Piece) -> bool:
    return isinstance(piece, Mention) and teams.user(piece.person) is not None


def _text_block(line: Line, mentioned: Mentioned) -> Element:
    return {"type": "TextBlock", "text": markdown(line, mentioned), "wrap": True}


def _says_something(line: Line) -> bool:
    return any(not isinstance(piece, str | Bold | Code | Quote) or _text(piece).strip() for piece in line)


def _text(piece: str | Bold | Code | Quote) -> str:
    return legible(piece if isinstance(piece, str) else piece.text)


def _by_line_ends(line: Line) -> list[list[Piece]]:
    """The line, cut where there are line ends in it."""
    lines: list[list[Piece]] = [[]]
    for piece in line:
        if isinstance(piece, str | Bold | Code | Quote):
            first, *rest = _text(piece).split("\n")
            lines[-1] += _with_text(piece, first)
            lines += [_with_text(piece, text) for text in rest]
        else:
            lines[-1].append(piece)
    return lines


def _with_text(piece: str | Bold | Code | Quote, text: str) -> list[Piece]:
    if not text:
        return []
    return [text if isinstance(piece, str) else replace(piece, text=text)]


def _runs(piece: Piece) -> Iterator[Element]:
    match piece:
        case str():
            yield from _run(piece)
        case Bold(text=text):
            yield from _run(text, weight="bolder")
        case Code(text=text):
            yield from _run(text, fontType="monospace")
        case Quote(text=text):
            yield from _run(text, italic=True)
        case Emoji(name=name):
            yield from _run(teams.emoji(name))
        case Link(url=url, label=label) if leads_to_the_web(url):
            yield from _run(label, selectAction={"type": "Action.OpenUrl", "url": url})
        case Link(label=label):
            yield from _run(label)
        case Mention():
            yield from _run(_named(piece))
        case When():
            yield from _run(tell(piece))
        case _:
            assert_never(piece)


def _run(text: str, **style: Any) -> Iterator[Element]:
    shown = literal(text)
    if shown:
        yield {"type": "TextRun", "text": shown, **style}


def _spelt(piece: Piece, mentioned: Mentioned) -> str:
    match piece:
        case str():
            return escaped(piece)
        case Bold(text=text) | Code(text=text):
            return escaped(text)
        case Quote(text=text):
            return f"“{escaped(text)}”"
        case Emoji(name=name):
            return escaped(teams.emoji(name))
        case Link(url=url, label=label):
            return f"[{escaped(label)}]({_target(url)})" if leads_to_the_web(url) else escaped(label)
        case Mention():
            return mentioned.text(piece)
        case When():
            return _moment(piece)
        case _:
            assert_never(piece)


def _target(url: str) -> str:
    """An address where brackets end it."""
    return quote(url, safe=":/?#@!$&'*+,;=%-._~")


def _named(mention: Mention) -> str:
    """Somebody by name, where nothing can be linked to them."""
    return one_line(mention.name, NAME) or "somebody"


def _moment(when: When) -> str:
    """Day and time on the reader's own clock."""
    at = when.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return f"{{{{DATE({at}, SHORT)}}}}" + ("" if when.day_only else f" {{{{TIME({at})}}}}")


def _escape(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or "\\" + found[0]


def _from_start(found: re.Match[str]) -> str:
    return f"{found['before']}\\{found['mark']}"
