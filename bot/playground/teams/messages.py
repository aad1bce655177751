"""The messages of every conversation, and the cards that stand in their place for one person."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.playground.records import Json

from .records import CARD, Message


class MessageLog:
    """Messages by conversation, oldest first. Ids are times in milliseconds, unique, and never go back."""

    def __init__(self, now: Callable[[], datetime], zone_of: Callable[[str], str]) -> None:
        self._now = now
        self._zone_of = zone_of
        self._last = 0
        self._conversations: dict[str, dict[str, Message]] = {}
        self._own: dict[tuple[str, str], dict[str, Json]] = {}

    def stamp(self) -> tuple[str, datetime]:
        """A fresh id, and the instant it was made."""
        at = self._now()
        self._last = max(int(at.timestamp() * 1_000), self._last + 1)
        return str(self._last), at

    def add(self, message: Message) -> Message:
        """Keep a new message."""
        self._conversations.setdefault(message.conversation, {})[message.id] = message
        return message

    def find(self, conversation: str, id: str) -> Message | None:
        """The message as it stands, or None when there is none."""
        return self._conversations.get(conversation, {}).get(id)

    def change(self, message: Message, **changes: Any) -> Message:
        """Keep a changed message in the place of the old."""
        current = self._conversations[message.conversation][message.id]
        return self.add(dataclasses.replace(current, **changes))

    def all(self, conversation: str, viewer: str | None = None) -> list[Message]:
        """A conversation's messages, replies too; for a viewer, with their own cards on them."""
        kept = self._conversations.get(conversation, {}).values()
        return [self.seen_by(viewer, each) if viewer else each for each in kept]

    def everything(self) -> list[Message]:
        """Every message of every conversation."""
        return [message for kept in self._conversations.values() for message in kept.values()]

    def replies(self, conversation: str, root: str, viewer: str | None = None) -> list[Message]:
        """What stands in the thread under a message, the message itself not counted."""
        return [each for each in self.all(conversation, viewer) if each.is_reply and each.root == root]

    def show(self, message: Message, viewer: str, card: Json) -> Message:
        """From now on this person sees another card on the message, until everybody does."""
        self._own.setdefault((message.conversation, message.id), {})[viewer] = card
        return self.seen_by(viewer, message)

    def show_all(self, message: Message) -> None:
        """Everybody sees what the message really holds again."""
        self._own.pop((message.conversation, message.id), None)

    def seen_by(self, viewer: str, message: Message) -> Message:
        """The message in this person's time zone, with their own card on it if they have one."""
        card = self._own.get((message.conversation, message.id), {}).get(viewer)
        own = message.attachments if card is None else ({"contentType": CARD, "content": card},)
        return dataclasses.replace(message, attachments=own, zone=self._zone_of(viewer))
