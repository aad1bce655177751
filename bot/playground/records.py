"""What a workspace keeps: people, channels, messages and views, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in the workspace; `name` is the handle, `tz` an IANA zone.

    Slack says whether they confirmed their e-mail address, by answering a message sent to it. A status has an
    emoji (":palm_tree:"), words, and an end in unix seconds, 0 for none.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    email: str = ""
    email_confirmed: bool = True
    deleted: bool = False
    is_bot: bool = False
    status_emoji: str = ""
    status_text: str = ""
    status_expiration: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation; `im` names the person when it is their direct messages with the bot."""

    id: str
    name: str
    created: datetime
    topic: str = ""
    private: bool = False
    archived: bool = False
    members: tuple[str, ...] = ()
    im: str | None = None

    @property
    def kind(self) -> str:
        """`im`, `private` or `channel`."""
        if self.im:
            return "im"
        return "private" if self.private else "channel"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now; `(channel, ts)` is its identity."""

    channel: str
    ts: str
    user: str
    text: str
    at: datetime
    blocks: list[Json] = field(default_factory=list)
    by_bot: bool = False
    thread_ts: str | None = None
    broadcast: bool = False
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False
    metadata: Json | None = None
    ephemeral_to: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def at_top(self) -> bool:
        """Whether the channel itself shows it, and not only a thread."""
        return not self.is_reply or self.broadcast

    def visible_to(self, user: str) -> bool:
        """Whether this person sees it, given that they see the channel."""
        return self.ephemeral_to in (None, user)


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home as one person has it in front of them."""

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    state: Mapping[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`modal` or `home`."""
        return str(self.body["type"])

    @property
    def blocks(self) -> list[Json]:
        """What it shows."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The words at the top of a modal; a Home has none."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def external_id(self) -> str:
        """The name the app gave it, or nothing."""
        return str(self.body.get("external_id") or "")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Web API, as it came in."""

    method: str
    args: Json
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery to the app, and what became of it; `attempt` counts from 0."""

    kind: str
    payload: Json
    attempt: int
    status: int | None
    error: str | None
