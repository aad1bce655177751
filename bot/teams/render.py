"""Notices as Adaptive Cards: laid out by `bot.layout`, drawn by `bot.teams.cards`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.layout import ROWS, Layout
from bot.parts import Actions, Part, Prose, Rule, Small, aloud
from bot.pieces import clip, one_line
from bot.teams import cards, forms
from bot.teams.cards import AdaptiveCard, Drawing, card, draw
from bot.teams.faces import emoji, reactions
from handlers.notices import Button, Form, Notice, Poll
from storage.records import PersonId

People = Sequence[tuple[PersonId, str]]

SILENCE = "There is nothing to say."
SUMMARY = 3_000
"""Bytes of what notifications and screen readers say."""
FACES = 10


@dataclass(frozen=True, slots=True)
class Message:
    """What Teams is told. `text` is the summary that notifications and screen readers say; never empty."""

    text: str
    card: AdaptiveCard


def render(notice: Notice, people: People = ()) -> Message:
    """The notice as a message Teams takes: with as many rows as fit, and how many more there are.

    A form becomes a card to fill in, with `people` to choose from.
    """
    if isinstance(notice, Form):
        return Message(forms.spoken(notice), forms.input_card(notice, people))
    return _message(notice)


def banner(notice: Notice, below: Notice) -> Message:
    """What a press led to, set off above the notice that was pressed, as that stands now."""
    return _message(below, _sentences(notice))


def dialog_of(notice: Notice) -> dict[str, Any]:
    """The answer to an invoke that shows a notice in a dialog: its buttons are answered there."""
    return forms.window("Deskbell", _message(notice, in_dialog=True).card)


def _message(notice: Notice, above: Sequence[Part] = (), *, in_dialog: bool = False) -> Message:
    def drawn(parts: Sequence[Part]) -> Drawing:
        return draw(parts, above=above, in_dialog=in_dialog)

    said, drawing = LAYOUT.fitting(notice, drawn, cards.fits)
    text = _short(aloud([*above, *said])) or SILENCE
    return Message(text, card(drawing if drawing.body else draw([Prose(((SILENCE,),))]), text))


def _sentences(notice: Notice) -> list[Part]:
    """What is said in words alone: no buttons, and no card under it."""
    parts = LAYOUT.parts(notice, ROWS)
    ends = next((at for at, part in enumerate(parts) if isinstance(part, Rule)), len(parts))
    return [part for part in parts[:ends] if isinstance(part, Prose | Small)]


def _vote(poll: Poll) -> list[Part]:
    """The faces are buttons; where they were not pressed yet, a reaction does as well."""
    faces = Actions(
        tuple(
            Button(f"{emoji(face.mark)} {one_line(face.label, 30)}", f"rate {poll.number} {face.score}")
            for face in poll.scale[:FACES]
        )
    )
    if poll.score is not None:
        return [Prose((("You can change it:",),)), faces] if poll.scale else []
    counted = ", ".join(f"{shown} {one_line(face.label, 30)}" for shown, face in reactions(poll.scale))
    if poll.tapped:
        return [faces]
    return [faces, *([Small(f"Or put a reaction on this message: {counted}.")] if counted else [])]


def _short(text: str) -> str:
    """The text, or its beginning, in so many bytes."""
    most = SUMMARY
    while len(text.encode(errors="replace")) > SUMMARY:
        most = most * 3 // 4
        text = clip(text, most)
    return text


LAYOUT = Layout(face=emoji, vote=_vote)
