"""The tenant: who is there, what was said, where the bot is, and what stands in front of whom."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from bot.playground.bus import Bus, PageEvent
from bot.playground.faults import Fault, Faults
from bot.playground.records import Json

from . import events
from .deliver import Delivery
from .messages import MessageLog
from .page_shapes import page_dialog, page_message
from .people import Colleague
from .records import CHANNEL, GROUP, PERSONAL, Call, Conversation, Dialog, Message, Person, Sent, Team
from .wiring import Wiring


class _Bus(Bus):
    @property
    def heard(self) -> bool:
        """Whether any page is open: drawing messages for nobody is slow."""
        return bool(self._queues)


class Tenant(Wiring):
    """One organisation in Teams, with one bot.

    `now` dates everything people see; `monotonic` measures the pace of messages. How it is connected, and how
    strict it is: see `Wiring`.

    Every fault that the app's cards and answers had is kept in `faults`: a test looks that there is none.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        name: str = "Petals & Post",
        id: str = "7e7a15ed-0000-4000-8000-00000000f10c",
        app_id: str = "de5cbe11-0000-4000-8000-000000000b07",
        bot_name: str = "Deskbell",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.now, self.monotonic = now, monotonic
        self.name, self.id, self.app_id = name, id, app_id
        self.bot = Person(f"28:{app_id}", bot_name, "", "", is_bot=True)

        self.people: dict[str, Person] = {}
        self.teams: dict[str, Team] = {}
        self.conversations: dict[str, Conversation] = {}
        self.installed: set[str] = set()
        self.uninstalled: set[str] = set()
        self.blocked: set[str] = set()
        self.dialogs: dict[str, Dialog] = {}
        self.log = MessageLog(now, lambda person: self.people[person].tz)
        self.delivery = Delivery(self)
        self.planned = Faults()
        self.bus = _Bus()

        self.calls: deque[Call] = deque(maxlen=1_000)
        self.deliveries: deque[Sent] = deque(maxlen=1_000)
        self.faults: list[str] = []
        self.sent_at: dict[str, list[float]] = {}

        self._colleagues: dict[str, Colleague] = {}
        self.read_marks: dict[tuple[str, str], str] = {}

    # who and where

    def add_person(
        self,
        id: str,
        name: str,
        email: str,
        *,
        title: str = "",
        tz: str = "UTC",
        locale: str = "en-GB",
        object_id: str = "",
    ) -> Person:
        """Let somebody in; ids begin with "29:"."""
        person = Person(id, name, object_id or _guid(id), email, title, tz, locale)
        self.people[id] = person
        return person

    def add_team(self, id: str, name: str, *, members: Iterable[str], bot: bool = False) -> Team:
        """Make a team with its channel General, which has the team's id ("19:…@thread.tacv2")."""
        self.teams[id] = Team(id, name, tuple(members), bot)
        self.add_channel(id, "General", team=id)
        return self.teams[id]

    def add_channel(self, id: str, name: str, *, team: str) -> Conversation:
        """Make a channel in a team ("19:…@thread.tacv2")."""
        return self._keep(Conversation(id, CHANNEL, name, team=team))

    def add_group(
        self, id: str, name: str = "", *, members: Iterable[str], bot: bool = False
    ) -> Conversation:
        """Make a group chat ("19:…@thread.v2")."""
        return self._keep(Conversation(id, GROUP, name, tuple(members), bot))

    def person(self, id: str) -> Colleague:
        """The hands and eyes of one person; always the same object for the same person."""
        if id not in self.people:
            raise KeyError(id)
        return self._colleagues.setdefault(id, Colleague(self, id))

    def named(self, id: str) -> Person:
        """Anybody, the bot included."""
        return self.bot if id == self.bot.id else self.people[id]

    def conversation(self, name: str) -> Conversation | None:
        """The conversation with this id, or the first channel or group chat with this name."""
        if name in self.conversations:
            return self.conversations[name]
        return next((each for each in self.conversations.values() if each.name == name), None)

    def personal(self, person: str) -> Conversation:
        """A person's chat with the bot, begun if need be; nothing is delivered to the app."""
        id = self.personal_id(person)
        return self.conversations.get(id) or self._keep(Conversation(id, PERSONAL, members=(person,)))

    def personal_id(self, person: str) -> str:
        """The id that a person's chat with the bot has, or will have."""
        if person not in self.people:
            raise KeyError(person)
        return "a:1" + hashlib.sha256(f"{self.bot.id} {person}".encode()).hexdigest()[:40]

    def members(self, conversation: str) -> tuple[str, ...]:
        """Who reads a conversation; the bot is not among them."""
        there = self.conversations[conversation]
        return self.teams[there.team].members if there.team else there.members

    def conversations_of(self, person: str) -> list[Conversation]:
        """The conversations a person is in."""
        return [
            each for each in self.conversations.values() if not each.gone and person in self.members(each.id)
        ]

    def bot_in(self, conversation: str) -> bool:
        """Whether the bot hears what is said there, and may write."""
        there = self.conversations[conversation]
        if there.gone:
            return False
        if there.kind == PERSONAL:
            return self.may_meet(there.members[0])
        return self.teams[there.team].bot if there.team else there.bot

    def may_meet(self, person: str) -> bool:
        """Whether the bot may write to a person: they added the app, or a team of theirs did."""
        teams = any(team.bot and person in team.members for team in self.teams.values())
        return person in self.installed or (teams and person not in self.uninstalled)

    def set_installed(self, person: str, *, there: bool) -> None:
        """Somebody has the app for themselves, or not; nothing is delivered to the app."""
        gains, loses = (self.installed, self.uninstalled) if there else (self.uninstalled, self.installed)
        gains.add(person)
        loses.discard(person)
        if there:
            self.blocked.discard(person)
        self.tell("conversations", {})

    # what is said

    def post(self, conversation: str, author: str, text: str = "", **more: Any) -> Message:
        """Put a message into a conversation and tell the page; nothing is delivered to the app."""
        id, at = self.log.stamp()
        by_bot = author == self.bot.id
        message = self.log.add(Message(conversation, id, author, at, text, by_bot=by_bot, **more))
        self._tell_message("message", message)
        self._tell_root(message)
        return message

    def change(self, message: Message, **changes: Any) -> Message:
        """Change a message in place; everybody sees the same on it again."""
        changed = self.log.change(message, **changes)
        if "attachments" in changes or "text" in changes:
            self.log.show_all(changed)
        self._tell_message("message_changed", changed)
        return changed

    def remove(self, message: Message) -> Message:
        """Take a message away; "This message has been deleted." stays in its place."""
        return self.change(
            message, text="", html="", summary="", attachments=(), entities=(), reactions={}, deleted=True
        )

    def show(self, message: Message, person: str, card: Json) -> Message:
        """Put another card on a message, for one person alone."""
        shown = self.log.show(message, person, card)
        self.tell("message_changed", self._told(shown), only=[person])
        return shown

    def react(self, message: Message, person: str, kind: str) -> Message:
        """Add somebody's reaction."""
        people = message.reactions.get(kind, ())
        if person in people:
            return message
        return self.change(message, reactions={**message.reactions, kind: (*people, person)})

    def unreact(self, message: Message, person: str, kind: str) -> Message:
        """Take somebody's reaction back."""
        left = {
            name: tuple(one for one in who if (name, one) != (kind, person)) for name, who in _of(message)
        }
        return self.change(message, reactions={name: who for name, who in left.items() if who})

    def mark_read(self, person: str, conversation: str) -> None:
        """Everything said so far has been read."""
        self.read_marks[person, conversation] = self.log.stamp()[0]

    def unread(self, person: str, conversation: str) -> int:
        """How many messages this person has not read there."""
        mark = int(self.read_marks.get((person, conversation), 0))
        return sum(
            int(each.id) > mark and each.author != person and not each.deleted
            for each in self.log.all(conversation)
        )

    # who comes and goes

    async def install_in(self, conversation: str, by: str) -> None:
        """Somebody adds the app to a group chat, or to the team of a channel; the app is told."""
        self._set_bot(conversation, there=True)
        await events.installed(self, conversation, by)

    async def remove_from(self, conversation: str, by: str) -> None:
        """Somebody removes the app from a group chat, or from the team of a channel; the app is told."""
        self._set_bot(conversation, there=False)
        await events.removed(self, conversation, by)

    async def add_member(self, conversation: str, person: str, by: str = "") -> None:
        """Somebody joins a group chat, or the team of a channel; the app is told if it is there."""
        self._set_members(conversation, (*self.members(conversation), person))
        if self.bot_in(conversation):
            await events.joined(self, conversation, person, by)

    async def remove_member(self, conversation: str, person: str, by: str = "") -> None:
        """Somebody leaves; the app is told if it is there."""
        self._set_members(conversation, [each for each in self.members(conversation) if each != person])
        if self.bot_in(conversation):
            await events.left(self, conversation, person, by)

    async def open_channel(self, id: str, name: str, *, team: str, by: str = "") -> None:
        """Somebody makes a channel in a team; the app is told if it is there."""
        self.add_channel(id, name, team=team)
        if self.bot_in(id):
            await events.channel_changed(self, id, "channelCreated", by)

    async def rename_team(self, team: str, name: str, by: str = "") -> None:
        """A team gets another name; the app is told if it is there."""
        self.teams[team] = dataclasses.replace(self.teams[team], name=name)
        if self.teams[team].bot:
            await events.team_renamed(self, team, by)

    async def rename(self, conversation: str, name: str, by: str = "") -> None:
        """A channel gets another name; the app is told if it is there."""
        self._keep(dataclasses.replace(self.conversations[conversation], name=name))
        if self.bot_in(conversation):
            await events.channel_changed(self, conversation, "channelRenamed", by)

    async def delete_channel(self, conversation: str, by: str = "") -> None:
        """A channel is deleted with all that was said there; the app is told if it was there."""
        heard = self.bot_in(conversation)
        self._keep(dataclasses.replace(self.conversations[conversation], gone=True))
        if heard:
            await events.channel_changed(self, conversation, "channelDeleted", by)

    def change_person(self, person: str, **changes: Any) -> Person:
        """Somebody's name, title, zone or address changes. Teams tells no bot."""
        self.people[person] = dataclasses.replace(self.people[person], **changes)
        self.tell("conversations", {})
        return self.people[person]

    # what tests ask for

    def fail(
        self,
        method: str,
        *,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        times: int = 1,
        conversation: str | None = None,
        before: bool = True,
        delay: float = 0.0,
        drop: bool = False,
    ) -> None:
        """Let the next calls of a connector method (`*` for any) go wrong.

        `before` says whether the call fails instead of being done, or after it was done; `drop` closes the
        connection; `delay` (seconds) comes before the answer, and alone it is only slow. `retry_after` alone
        is a 429. `status=202, before=False` happens in Teams too: the message is sent, but no id comes back.
        """
        status = 429 if status is None and retry_after is not None else status
        self.planned.plan(
            Fault(method, code, status, retry_after, times, conversation, before, delay, drop),
        )

    def called(self, method: str) -> list[Call]:
        """Every call of this connector method so far."""
        return [call for call in self.calls if call.method == method]

    def sent(self, type: str, name: str = "") -> list[Sent]:
        """Every delivery of this type of activity, or of the invokes with this name."""
        kinds = [each for each in self.deliveries if each.activity["type"] == type]
        return [each for each in kinds if not name or each.activity.get("name") == name]

    def subscribe(self) -> AbstractContextManager[asyncio.Queue[PageEvent | None]]:
        """A queue of page events, for as long as the `with` block runs."""
        return self.bus.subscribe()

    async def close(self) -> None:
        """Hang up."""
        self.bus.close()
        await self.delivery.close()

    # what the page hears

    def tell(self, name: str, data: Json, *, only: Iterable[str] | None = None) -> None:
        """Tell the page, or only some people's pages."""
        self.bus.tell(PageEvent(name, data, None if only is None else frozenset(only)))

    def toast(self, person: str, text: str) -> None:
        """A sentence that one person sees for a moment."""
        self.person(person).toasts.append(text)
        self.tell("toast", {"text": text}, only=[person])

    def show_dialog(self, person: str, dialog: Dialog | None) -> None:
        """Open a dialog in front of a person, put another in its place, or close it (None)."""
        self.dialogs.pop(person, None)
        if dialog is not None:
            self.dialogs[person] = dialog
        self.tell("dialog", {"dialog": page_dialog(dialog)}, only=[person])

    def _told(self, message: Message) -> Json:
        return {"conversation": message.conversation, "message": page_message(self, message)}

    def _tell_message(self, name: str, message: Message) -> None:
        for person in self.members(message.conversation) if self.bus.heard else ():
            self.tell(name, self._told(self.log.seen_by(person, message)), only=[person])

    def _tell_root(self, message: Message) -> None:
        root = self.log.find(message.conversation, message.root or "") if message.is_reply else None
        if root is not None:
            self._tell_message("message_changed", root)

    # how records change

    def _keep(self, conversation: Conversation) -> Conversation:
        self.conversations[conversation.id] = conversation
        self.tell("conversations", {})
        return conversation

    def _set_bot(self, conversation: str, *, there: bool) -> None:
        place = self.conversations[conversation]
        if place.team:
            self.teams[place.team] = dataclasses.replace(self.teams[place.team], bot=there)
        self._keep(dataclasses.replace(place, bot=there))

    def _set_members(self, conversation: str, members: Iterable[str]) -> None:
        unique = tuple(dict.fromkeys(members))
        place = self.conversations[conversation]
        if place.team:
            self.teams[place.team] = dataclasses.replace(self.teams[place.team], members=unique)
        self._keep(place if place.team else dataclasses.replace(place, members=unique))


def _of(message: Message) -> Iterable[tuple[str, tuple[str, ...]]]:
    return message.reactions.items()


def _guid(id: str) -> str:
    made = hashlib.sha256(id.encode()).hexdigest()
    return f"{made[:8]}-{made[8:12]}-4{made[13:16]}-8{made[17:20]}-{made[20:32]}"
