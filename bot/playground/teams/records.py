"""What a tenant keeps: people, teams, conversations, messages and dialogs, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.playground.records import Json

from . import reading

CARD = "application/vnd.microsoft.card.adaptive"
"""The content type of an Adaptive Card."""
HTML = "text/html"

PERSONAL, GROUP, CHANNEL = "personal", "groupChat", "channel"
"""The kinds of conversations, in Teams' words."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the tenant. `id` is what the bot knows them by ("29:…"), `tz` an IANA zone."""

    id: str
    name: str
    object_id: str
    email: str
    title: str = ""
    tz: str = "UTC"
    locale: str = "en-GB"
    is_bot: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """A team; its id is also that of its first channel, General. `bot` says whether the app is in it."""

    id: str
    name: str
    members: tuple[str, ...]
    bot: bool = False

    @property
    def group(self) -> str:
        """The id of its group in the directory."""
        return str(uuid5(NAMESPACE_URL, self.id))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat with the bot, a group chat, or a channel.

    A channel's members are its team's, and so is `bot`; ask the tenant for both. `gone` is a channel that was
    deleted.
    """

    id: str
    kind: str
    name: str = ""
    members: tuple[str, ...] = ()
    bot: bool = False
    team: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now; `(conversation, id)` is its identity, `root` the head of its thread.

    `text` is what Teams hands to the bot, with mentions in `<at>`; `plain` is what can be read, by somebody
    in `zone`.
    """

    conversation: str
    id: str
    author: str
    at: datetime
    text: str = ""
    html: str = ""
    attachments: tuple[Json, ...] = ()
    entities: tuple[Json, ...] = ()
    summary: str = ""
    by_bot: bool = False
    root: str | None = None
    quotes: str | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False
    zone: str = "UTC"

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a channel's thread under another message."""
        return self.root is not None and self.root != self.id

    @property
    def cards(self) -> list[Json]:
        """The Adaptive Cards on it."""
        return [each["content"] for each in self.attachments if each.get("contentType") == CARD]

    @property
    def card(self) -> Json | None:
        """The first card on it, or None."""
        return next(iter(self.cards), None)

    @property
    def plain(self) -> str:
        """All that can be read on it, a line for each text and fact, in order; buttons and fields are not."""
        said = [reading.without_markup(self.text, self.zone)] if self.text else []
        return "\n".join(said + [reading.plain(card, self.zone) for card in self.cards])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons on it, those behind a button that unfolds included."""
        return [label for card in self.cards for label in reading.buttons(card)]


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog in front of one person.

    `command` is the message extension's command that opened it, "" when a button on `message` did.
    """

    person: str
    conversation: str
    title: str
    card: Json
    message: str | None = None
    command: str = ""
    payload: Json | None = None
    height: str | int = "medium"
    width: str | int = "medium"
    zone: str = "UTC"

    @property
    def plain(self) -> str:
        """All that can be read on its card."""
        return reading.plain(self.card, self.zone)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return reading.buttons(self.card)


@dataclass(frozen=True, slots=True)
class Result:
    """Something that the search of the message extension found."""

    title: str
    text: str
    card: Json


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Bot Connector as it came in; `method` is one of `connector.METHODS`."""

    method: str
    conversation: str
    activity: str
    body: Json
    at: datetime
    status: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery to the app, and what became of it; `attempt` counts from 0."""

    activity: Json
    attempt: int
    status: int | None
    body: Any
    error: str | None
