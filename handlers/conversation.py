"""Threads: what is written under a card is the conversation about its request."""

import re

from handlers import csat, steps
from handlers.intents import Comment, Note, Rate, Reply
from handlers.notices import Nothing, Notice
from handlers.turn import Turn, refuse
from storage import posts
from storage.records import MessageId, PostKind

SCORE = re.compile(r"([1-5])(?:/5)?[.!]{0,3}")
"""A reply under a poll that is a number and no more is a vote."""
LOCKS = ("🔒", ":lock:")
"""A reply that begins with one of these stays with the team."""


def about(turn: Turn, thread: MessageId) -> int | None:
    """The number of the request whose thread this is."""
    post = posts.by_message(turn.tx, turn.org, thread)
    return post.number if post else None


def reply(turn: Turn, intent: Reply) -> Notice:
    """A reply under a card goes to the other side; one under a poll is a vote or a comment.

    What is told of a bad vote is for its reader alone, so a reply under it is carried nowhere.
    Nothing is answered in the chat: whoever wrote sees their own words already. A refusal is.
    """
    post = posts.by_message(turn.tx, turn.org, intent.thread)
    said = intent.text.strip()
    lock = next((lock for lock in LOCKS if said.startswith(lock)), "")
    text = said.removeprefix(lock).strip("\ufe0f \t\n")
    if post is None or post.number is None or not text:
        return Nothing()
    if post.kind in (PostKind.POLL, PostKind.REMINDER):
        score = SCORE.fullmatch(text)
        if score:
            csat.rate(turn, Rate(post.number, int(score[1])))
        else:
            csat.comment(turn, Comment(post.number, text))
        return Nothing()
    if post.kind is PostKind.RECOVERY:
        raise refuse("Nobody reads it here. A note reaches them.", usage=(f"note {post.number} <text>",))
    steps.note(turn, Note(post.number, text, team_only=bool(lock)), said_in=post.place)
    return Nothing()
