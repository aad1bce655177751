"""The messages of every conversation, and the clock their timestamps come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .records import Message


class MessageLog:
    """Messages by channel, oldest first. A timestamp is unique in the workspace and never goes back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = 0
        self._channels: dict[str, dict[str, Message]] = {}

    def stamp(self) -> tuple[str, datetime]:
        """A fresh timestamp, and the instant it was made."""
        at = self._now()
        self._last = max(int(at.timestamp() * 1_000_000), self._last + 1)
        seconds, micros = divmod(self._last, 1_000_000)
        return f"{seconds}.{micros:06d}", at

    def add(self, message: Message) -> None:
        """Keep a new message."""
        self._channels.setdefault(message.channel, {})[message.ts] = message

    def find(self, channel: str, ts: str) -> Message | None:
        """The message as it stands, or None when there is none."""
        return self._channels.get(channel, {}).get(ts)

    def change(self, message: Message, **changes: Any) -> Message:
        """Keep a changed message in the place of the old."""
        current = self._channels[message.channel][message.ts]
        changed = dataclasses.replace(current, **changes)
        self._channels[message.channel][message.ts] = changed
        return changed

    def forget(self, message: Message) -> None:
        """Drop a message for good."""
        del self._channels[message.channel][message.ts]

    def all(self, channel: str, viewer: str | None = None) -> list[Message]:
        """A channel's messages, replies too; for a viewer, with the ephemeral ones that are theirs."""
        kept = self._channels.get(channel, {}).values()
        return [m for m in kept if (m.visible_to(viewer) if viewer else m.ephemeral_to is None)]

    def everything(self) -> list[Message]:
        """Every message of every channel."""
        return [message for kept in self._channels.values() for message in kept.values()]

    def replies(self, channel: str, ts: str, viewer: str | None = None) -> list[Message]:
        """What stands in the thread under a message, the message itself not counted."""
        return [m for m in self.all(channel, viewer) if m.is_reply and m.thread_ts == ts]
