"""Notices as Slack messages: laid out by `bot.layout`, drawn by `bot.slack.blocks`."""

from dataclasses import dataclass

from bot.layout import Layout
from bot.parts import Actions, Part, Prose
from bot.pieces import Emoji, Piece, one_line
from bot.slack.blocks import Block, draw, fits, speak
from handlers.notices import Button, Notice, Poll

SILENCE = "There is nothing to say."


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack is told. `text` is what notifications and screen readers say: escaped, never empty."""

    text: str
    blocks: list[Block]


def render(notice: Notice) -> Message:
    """The notice as a message Slack takes: with as many rows as fit, and how many more there are."""
    said, blocks = LAYOUT.fitting(notice, draw, fits)
    return Message(speak(said) or SILENCE, blocks or draw([Prose(((SILENCE,),))]))


def _vote(poll: Poll) -> list[Part]:
    """The faces hang below the message as reactions; here stands what each means. Or they are buttons."""
    if poll.tapped:
        faces = (Button(face.label.capitalize(), f"rate {poll.number} {face.score}") for face in poll.scale)
        change = [] if poll.score is None else [Prose((("You can change it:",),))]
        return [*change, Actions(tuple(faces))]
    if poll.score is not None:
        return [Prose((("You can change it: click another face below.",),))]
    shown: list[Piece] = []
    for face in poll.scale[:10]:
        shown += [Emoji(face.mark), f" {one_line(face.label, 40)}   "]
    return [Prose((shown, ("Click one below.",)))]


LAYOUT = Layout(face=Emoji, vote=_vote, prefix="/request ")
