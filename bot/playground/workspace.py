"""The workspace: who is there, what was said, what stands in front of whom."""

from __future__ import annotations

import asyncio
import dataclasses
import math
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from . import events, limits
from .blocks import with_ids
from .bus import Bus, PageEvent
from .deliver import Delivery
from .errors import SlackRefusal
from .faults import Fault, Faults
from .files import Files
from .messages import MessageLog
from .page_shapes import page_message, page_view
from .people import Colleague
from .records import Call, Channel, Json, Message, Sent, User, View
from .response_urls import ResponseUrls
from .sockets import Sockets
from .triggers import Triggers
from .views import Views

Move = tuple[str, Callable[[], Awaitable[None]]]

EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_left",
        "channel_rename",
        "channel_unarchive",
        "group_archive",
        "group_left",
        "group_rename",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "message",
        "reaction_added",
        "reaction_removed",
        "user_change",
    }
)
"""Every event type the workspace can deliver."""


class Workspace:
    """One Slack workspace with one app in it.

    `now` dates everything people see. `monotonic` measures what Slack measures (triggers, response urls, the
    pace of messages) and `wall` signs deliveries: both are the real ones unless a test brings its own.

    The wiring sets `app_url` (where deliveries go unless the app opens a socket) and `base_url` (where we
    are). Tests may set `rate_limit`, `ack_timeout`, `subscribed` and `delivery.retry_delays`.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        name: str = "Petals & Post",
        domain: str = "petals-and-post",
        signing_secret: str = "petals-signing-secret",  # noqa: S107 - a secret of no real workspace
        bot_token: str = "xoxb-playground",  # noqa: S107 - likewise
        app_token: str = "xapp-playground",  # noqa: S107 - likewise
        bot_user: str = "UDESKBELL",
        bot_name: str = "deskbell",
        app_id: str = "A0DESKBELL",
        team_id: str = "T0PETALS",
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.now, self.monotonic, self.wall = now, monotonic, wall
        self.name, self.domain = name, domain
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token
        self.verification_token = "playground"  # noqa: S105 - Slack still sends one, nobody reads it
        self.bot_user, self.app_id, self.team_id = bot_user, app_id, team_id
        self.bot_id = "B" + bot_user[1:]

        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.log = MessageLog(now)
        self.views = Views()
        self.triggers = Triggers(monotonic)
        self.response_urls = ResponseUrls(self)
        self.sockets = Sockets(app_id)
        self.delivery = Delivery(self)
        self.faults = Faults()
        self.files = Files()
        self.bus = Bus()

        self.calls: deque[Call] = deque(maxlen=1_000)
        self.deliveries: deque[Sent] = deque(maxlen=1_000)
        self.app_url: str | None = None
        self.base_url = "http://127.0.0.1"
        self.rate_limit = False
        self.ack_timeout = limits.ACK_SECONDS
        self.subscribed = EVENTS
        self.installed = True

        self.commands: list[Json] = []
        self.hints: list[Json] = []
        self.shortcuts: list[Json] = []
        self.moves: dict[str, Move] = {}

        self._colleagues: dict[str, Colleague] = {}
        self._posted_at: dict[str, float] = {}
        self.read_marks: dict[tuple[str, str], str] = {}
        self.add_user(bot_user, bot_name, bot_name.capitalize(), is_bot=True)

    # who and where

    def add_user(
        self,
        id: str,
        name: str,
        real_name: str,
        *,
        title: str = "",
        tz: str = "UTC",
        email: str = "",
        is_bot: bool = False,
    ) -> User:
        """Let somebody in."""
        user = User(id, name, real_name, title, tz, email or f"{name}@{self.domain}.example", is_bot=is_bot)
        self.users[id] = user
        return user

    def add_channel(
        self, id: str, name: str, *, topic: str = "", private: bool = False, members: Iterable[str] = ()
    ) -> Channel:
        """Make a channel; the bot is in it only when it is named among the members."""
        channel = Channel(id, name, self.now(), topic, private, members=tuple(members))
        self.channels[id] = channel
        return channel

    def person(self, id: str) -> Colleague:
        """The hands and eyes of one person; always the same object for the same person."""
        if id not in self.users:
            raise KeyError(id)
        return self._colleagues.setdefault(id, Colleague(self, id))

    def channel(self, name: str) -> Channel | None:
        """The channel with this id, `#name` or name."""
        if name in self.channels:
            return self.channels[name]
        bare = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == bare and not c.im), None)

    def dm(self, user: str) -> Channel:
        """A person's direct messages with the bot, opened if need be."""
        if user not in self.users:
            raise KeyError(user)
        id = "D" + user[1:]
        if id not in self.channels:
            self.channels[id] = Channel(id, "", self.now(), members=(user, self.bot_user), im=user)
            self.tell("conversations", {}, only=[user])
        return self.channels[id]

    def bot_in(self, channel: str) -> bool:
        """Whether the bot hears what is said there."""
        return self.bot_user in self.channels[channel].members

    def conversations_of(self, user: str) -> list[Channel]:
        """The channels a person is in, and their direct messages with the bot if there are any."""
        return [c for c in self.channels.values() if user in c.members and c.im in (None, user)]

    # what is said

    def post(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        blocks: Iterable[Json] = (),
        thread_ts: str | None = None,
        broadcast: bool = False,
        metadata: Json | None = None,
        ephemeral_to: str | None = None,
    ) -> Message:
        """Put a message into a channel and tell the page; nothing is delivered to the app."""
        ts, at = self.log.stamp()
        message = Message(
            channel,
            ts,
            user,
            text,
            at,
            with_ids(list(blocks), _block_id),
            by_bot=user == self.bot_user,
            thread_ts=thread_ts,
            broadcast=broadcast,
            metadata=metadata,
            ephemeral_to=ephemeral_to,
        )
        self.log.add(message)
        self._tell_message("message", message)
        self._tell_parent(message)
        return message

    def change(self, message: Message, **changes: Any) -> Message:
        """Change a message in place."""
        if "blocks" in changes:
            changes["blocks"] = with_ids(list(changes["blocks"]), _block_id)
        changed = self.log.change(message, **changes)
        self._tell_message("message_changed", changed)
        return changed

    def remove(self, message: Message) -> Message | None:
        """Take a message away; one with replies leaves a tombstone, which is returned."""
        if not message.is_reply and self.log.replies(message.channel, message.ts):
            return self.change(
                message, text="This message was deleted.", blocks=[], reactions={}, deleted=True
            )
        self.log.forget(message)
        self._tell_about(message, "message_deleted", {"channel": message.channel, "ts": message.ts})
        self._tell_parent(message)
        return None

    def react(self, message: Message, user: str, name: str) -> bool:
        """Add somebody's reaction; false when it is there already."""
        users = message.reactions.get(name, ())
        if user in users:
            return False
        self.change(message, reactions={**message.reactions, name: (*users, user)})
        return True

    def unreact(self, message: Message, user: str, name: str) -> bool:
        """Take somebody's reaction back; false when there is none."""
        users = message.reactions.get(name, ())
        if user not in users:
            return False
        left = {**message.reactions, name: tuple(other for other in users if other != user)}
        self.change(message, reactions={each: who for each, who in left.items() if who})
        return True

    def pace(self, channel: str) -> None:
        """Note that the bot posts here; raises SlackRefusal when it is too soon and `rate_limit` is on."""
        at = self.monotonic()
        wait = self._posted_at.get(channel, -math.inf) + limits.SECONDS_BETWEEN_MESSAGES - at
        if self.rate_limit and wait > 0:
            raise SlackRefusal("ratelimited", retry_after=wait)
        self._posted_at[channel] = at

    def permalink(self, message: Message) -> str:
        """The address of a message."""
        link = f"https://{self.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
        return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else link

    def mark_read(self, user: str, channel: str) -> None:
        """Everything said so far has been read."""
        self.read_marks[user, channel] = self.log.stamp()[0]

    def unread(self, user: str, channel: str) -> int:
        """How many messages at the top of the channel this person has not read."""
        mark = self.read_marks.get((user, channel), "")
        return sum(m.ts > mark and m.at_top and m.user != user for m in self.log.all(channel, user))

    # who comes and goes

    def add_member(self, channel: str, user: str) -> Channel:
        """Make somebody, or the bot, a member; nothing is delivered to the app."""
        return self._with_members(channel, (*self.channels[channel].members, user))

    async def join(self, channel: str, user: str) -> None:
        """Somebody, or the bot, becomes a member; the app is told."""
        there = self.add_member(channel, user)
        if self.bot_in(channel):
            await self.delivery.event(events.membership(self, "member_joined_channel", user, there))

    async def leave(self, channel: str, user: str, actor: str = "") -> None:
        """Somebody, or the bot, is no longer a member; the app is told."""
        left = tuple(member for member in self.channels[channel].members if member != user)
        there = self._with_members(channel, left)
        if user == self.bot_user:
            await self.delivery.event(events.removed_bot(self, there, actor))
        elif self.bot_in(channel):
            await self.delivery.event(events.membership(self, "member_left_channel", user, there))

    async def archive(self, channel: str, actor: str = "") -> None:
        """Nobody can write there any more; the app is told."""
        await self._set_archived(channel, actor, archived=True)

    async def unarchive(self, channel: str, actor: str = "") -> None:
        """The channel is back."""
        await self._set_archived(channel, actor, archived=False)

    async def rename(self, channel: str, name: str) -> None:
        """The channel has another name; the app is told."""
        there = self._keep(dataclasses.replace(self.channels[channel], name=name))
        if self.bot_in(channel):
            await self.delivery.event(events.channel_rename(self, there))

    async def deactivate(self, user: str) -> None:
        """Somebody leaves the organisation: they stay in the lists, marked, and in no channel."""
        await self._change_user(user, deleted=True)

    async def change_user(self, user: str, **changes: str | bool | int) -> None:
        """Somebody's name, title, zone, address or status changes; the app is told."""
        await self._change_user(user, **changes)

    async def uninstall(self) -> None:
        """The app is thrown out: it is told, and from here on every call is `account_inactive`."""
        await self.delivery.event(events.app_uninstalled(self))
        self.installed = False

    # what tests ask for

    def fail(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
        times: int = 1,
        channel: str | None = None,
        before: bool = True,
        delay: float = 0.0,
        drop: bool = False,
    ) -> None:
        """Let the next calls of a Web API method (`*` for any) go wrong; see `Fault` for what each means."""
        self.faults.plan(
            Fault(method, error, status, retry_after, times, channel, before, delay, drop),
        )

    def called(self, method: str) -> list[Json]:
        """The arguments of every call of this method so far."""
        return [call.args for call in self.calls if call.method == method]

    def subscribe(self) -> AbstractContextManager[asyncio.Queue[PageEvent | None]]:
        """A queue of page events, for as long as the `with` block runs."""
        return self.bus.subscribe()

    async def settled(self) -> None:
        """Wait until every event the bot caused itself has been delivered."""
        await self.delivery.settled()

    async def close(self) -> None:
        """Hang up."""
        self.bus.close()
        await self.sockets.close()
        await self.delivery.close()

    # what the page hears

    def tell(self, name: str, data: Json, *, only: Iterable[str] | None = None) -> None:
        """Tell the page, or only some people's pages."""
        self.bus.tell(PageEvent(name, data, None if only is None else frozenset(only)))

    def notice(self, user: str, text: str) -> None:
        """One of Slack's own sentences, for one person."""
        self.person(user).notices.append(text)
        self.tell("notice", {"text": text}, only=[user])

    def show_modal(self, user: str) -> None:
        """Tell a person's page what modal it shows now."""
        self.tell("modal", {"view": page_view(self, self.views.modal(user))}, only=[user])

    def show_home(self, view: View) -> None:
        """Tell a person's page what Home shows now."""
        self.tell("home", {"view": page_view(self, view)}, only=[view.user])

    def _tell_message(self, name: str, message: Message) -> None:
        data = {"channel": message.channel, "message": page_message(self, message)}
        self._tell_about(message, name, data)

    def _tell_parent(self, message: Message) -> None:
        parent = self.log.find(message.channel, message.thread_ts or "") if message.is_reply else None
        if parent is not None:
            self._tell_message("message_changed", parent)

    def _tell_about(self, message: Message, name: str, data: Json) -> None:
        members = self.channels[message.channel].members
        self.tell(name, data, only=[message.ephemeral_to] if message.ephemeral_to else members)

    # how records change

    def _keep(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self.tell("conversations", {})
        return channel

    def _with_members(self, channel: str, members: Iterable[str]) -> Channel:
        unique = tuple(dict.fromkeys(members))
        return self._keep(dataclasses.replace(self.channels[channel], members=unique))

    async def _set_archived(self, channel: str, actor: str, *, archived: bool) -> None:
        there = self._keep(dataclasses.replace(self.channels[channel], archived=archived))
        kind = "channel_archive" if archived else "channel_unarchive"
        if self.bot_in(channel) or not there.private:
            await self.delivery.event(events.channel_event(self, kind, there, actor))

    async def _change_user(self, user: str, **changes: Any) -> None:
        self.users[user] = dataclasses.replace(self.users[user], **changes)
        if self.users[user].deleted:
            for channel in list(self.channels.values()):
                if user in channel.members and not channel.im:
                    self._with_members(channel.id, [m for m in channel.members if m != user])
        self.tell("conversations", {})
        await self.delivery.event(events.user_change(self, user))


def _block_id() -> str:
    return secrets.token_urlsafe(4)
