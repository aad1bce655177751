"""The parts of a message drawn as Slack's blocks.

People's text only ever stands where Slack reads it literally, in `plain_text` and `rich_text`; there is no
`mrkdwn` object in this house.
"""

import json
from collections.abc import Iterable
from typing import Any, assert_never

from bot.parts import TEXT, Actions, Heading, Image, Part, Prose, Quoted, Rule, Small, aloud
from bot.pieces import Line, Piece, clip, clip_line, legible, one_line
from bot.slack import words as slack
from bot.slack.rich import elements
from handlers.notices import Button

Block = dict[str, Any]

BLOCKS = 50
SIZE = 12_000
"""Slack's staff speak of 12,000 characters in all blocks together, "with a buffer for block containers"."""
HEADER = 150
LABEL = 75
VALUE = 2_000
ALT = 2_000
BUTTONS = 25


def draw(parts: Iterable[Part]) -> list[Block]:
    """The parts as blocks; what is empty is left out."""
    return [block for part in parts if (block := _block(part))]


def speak(parts: Iterable[Part]) -> str:
    """The parts as plain text, escaped. Empty when they say nothing."""
    return slack.escape(aloud(parts))


def fits(blocks: list[Block]) -> bool:
    """Whether Slack takes them as one message. Containers count, the lines that buttons carry do not."""
    if len(blocks) > BLOCKS:
        return False
    # repr is quick, and JSON is at most twice as long
    return 2 * len(repr(blocks)) <= SIZE or _size(blocks) <= SIZE or _size(_without_values(blocks)) <= SIZE


def plain_text(text: str) -> Block:
    """Text that Slack shows as it is: no markup, and no emoji made of colons."""
    return {"type": "plain_text", "text": text, "emoji": False}


def rich_text(line: Line) -> Block | None:
    """One line, or several with line ends in it, as a block of its own; none when it says nothing."""
    return _rich("rich_text_section", line)


def actions(buttons: Iterable[Button]) -> Block | None:
    """Buttons in a row; each is the line it carries. One whose line is too long to carry is left out."""
    fitting = [button for button in buttons if 0 < len(button.line) <= VALUE][:BUTTONS]
    if not fitting:
        return None
    return {"type": "actions", "elements": [_button(index, each) for index, each in enumerate(fitting)]}


def _block(part: Part) -> Block | None:
    match part:
        case Heading(text=text):
            title = one_line(text, HEADER)
            return {"type": "header", "text": plain_text(title)} if title else None
        case Prose(lines=lines):
            return rich_text(_joined(lines))
        case Quoted(line=line):
            return _rich("rich_text_quote", line)
        case Small(text=text):
            said = clip(legible(text).strip(), TEXT)
            return {"type": "context", "elements": [plain_text(said)]} if said else None
        case Actions(buttons=buttons):
            return actions(buttons)
        case Rule():
            return {"type": "divider"}
        case Image(source=file, alt=alt):
            said = clip(legible(alt).strip(), ALT) or "A picture"
            return {"type": "image", "slack_file": {"id": file}, "alt_text": said}
        case _:
            assert_never(part)


def _joined(lines: Iterable[Line]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for line in lines:
        if any(line):
            pieces += ["\n", *line] if pieces else line
    return clip_line(pieces, TEXT - 1)


def _rich(kind: str, line: Line) -> Block | None:
    pieces = elements(line)
    return {"type": "rich_text", "elements": [{"type": kind, "elements": pieces}]} if pieces else None


def _button(index: int, button: Button) -> Block:
    label = one_line(button.label, LABEL) or one_line(button.line, LABEL) or "…"
    drawn: Block = {
        "type": "button",
        "action_id": f"say:{index}",
        "text": plain_text(label),
        "value": button.line,
    }
    if button.style in ("primary", "danger"):
        drawn["style"] = button.style
    if question := clip(legible(button.confirm).strip(), 300):
        drawn["confirm"] = _confirm(question, label, button.style)
    return drawn


def _confirm(question: str, label: str, style: str) -> Block:
    asked: Block = {
        "title": plain_text("Are you sure?"),
        "text": plain_text(question),
        "confirm": plain_text(one_line(label, 30)),
        "deny": plain_text("Not now"),
    }
    return {**asked, "style": "danger"} if style == "danger" else asked


def _size(blocks: list[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _without_values(drawn: Any) -> Any:
    match drawn:
        case dict():
            return {key: _without_values(value) for key, value in drawn.items() if key != "value"}
        case list():
            return [_without_values(item) for item in drawn]
        case _:
            return drawn
