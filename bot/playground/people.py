"""A colleague at their desk: everything a person can do in Slack, and everything they see there.

The page and the tests use the same hands. Every action returns when the app has acknowledged it, or when
Slack would have given up waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import events, modals, payloads, typed
from .ack import Ack
from .elements import STATEFUL, Placed, chosen, holds, press_of, state_of, the_one, touchable
from .emoji import canonical
from .errors import NotThere, SlackRefusal
from .records import Channel, Json, Message, User, View
from .response_urls import show_answer

if TYPE_CHECKING:
    from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Answer:
    """What a slash command brought: the HTTP status, the message it showed, or Slack's own complaint."""

    status: int | None
    message: Message | None = None
    error: str | None = None

    @property
    def text(self) -> str:
        """What the person reads: the answer's text, Slack's complaint, or nothing."""
        return self.message.text if self.message else self.error or ""


class Colleague:
    """One person. Channels are named by id or `#name`; errors are NotThere with a plain sentence."""

    def __init__(self, workspace: Workspace, id: str) -> None:
        self._workspace = workspace
        self.id = id
        self.notices: list[str] = []

    # what they see

    @property
    def user(self) -> User:
        """Who they are at the moment."""
        return self._workspace.users[self.id]

    @property
    def dm(self) -> str:
        """The id of their direct messages with the bot."""
        return self._workspace.dm(self.id).id

    @property
    def modal(self) -> View | None:
        """The modal in front of them, or None."""
        return self._workspace.views.modal(self.id)

    @property
    def home(self) -> View | None:
        """The app's Home as they see it, or None."""
        return self._workspace.views.home(self.id)

    def sees(self, channel: str) -> list[Message]:
        """A channel from top to bottom: no thread replies, their own ephemeral messages included."""
        return [m for m in self._workspace.log.all(self._reading(channel), self.id) if m.at_top]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A message and the thread under it."""
        place = self._reading(channel)
        parent = self._workspace.log.find(place, ts)
        replies = self._workspace.log.replies(place, ts, self.id)
        return [parent, *replies] if parent is not None and parent.visible_to(self.id) else replies

    def sees_message(self, channel: str, ts: str) -> Message:
        """One message as it stands now."""
        found = self._workspace.log.find(self._reading(channel), ts)
        if found is None or not found.visible_to(self.id):
            raise NotThere("That message is no longer there.")
        return found

    # what they say

    async def command(self, channel: str, line: str) -> Answer:
        """Type a slash command, `line` beginning with `/`."""
        place = self._writing(channel)
        name, _, text = line.strip().partition(" ")
        if self._workspace.commands and name not in {each["command"] for each in self._workspace.commands}:
            return self._complain(None, f"{name} is not a valid command.")
        text = typed.in_command(self._workspace, text.strip())
        form = payloads.command(self._workspace, self.id, place.id, name, text)
        ack = await self._workspace.delivery.command(form)
        if not ack.ok:
            return self._complain(ack.status, f'{name} failed with the error "{ack.why}"')
        return self._answered(name, place, ack)

    def _answered(self, name: str, place: Channel, ack: Ack) -> Answer:
        body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
        if not isinstance(body, dict) or not (body.get("text") or body.get("blocks")):
            return Answer(ack.status)
        try:
            return Answer(ack.status, show_answer(self._workspace, self.id, place.id, body))
        except SlackRefusal as refusal:
            return self._complain(ack.status, f'{name} failed with the error "{refusal.code}"')

    def _complain(self, status: int | None, sentence: str) -> Answer:
        self._workspace.notice(self.id, sentence)
        return Answer(status, error=sentence)

    async def say(
        self, channel: str, text: str, thread_ts: str | None = None, *, broadcast: bool = False
    ) -> Message:
        """Write into a channel, or into the thread under a message."""
        place = self._writing(channel)
        said = self._workspace.post(
            place.id,
            self.id,
            typed.in_message(self._workspace, text),
            thread_ts=thread_ts,
            broadcast=broadcast,
        )
        if self._workspace.bot_in(place.id):
            await asyncio.gather(*map(self._workspace.delivery.event, self._said(place, said)))
        return said

    def _said(self, place: Channel, said: Message) -> list[Json]:
        heard = [events.message(self._workspace, said)]
        if place.im is None and f"<@{self._workspace.bot_user}>" in said.text:
            heard.append(events.app_mention(self._workspace, said))
        return heard

    async def edit(self, message: Message, text: str) -> Message:
        """Change what they said."""
        before = self._own(message)
        after = self._workspace.change(before, text=typed.in_message(self._workspace, text), edited=True)
        await self._heard(after, events.message_changed(self._workspace, before, after))
        return after

    async def delete(self, message: Message) -> None:
        """Take back what they said."""
        before = self._own(message)
        tombstone = self._workspace.remove(before)
        if tombstone is None:
            await self._heard(before, events.message_deleted(self._workspace, before))
        else:
            await self._heard(before, events.message_changed(self._workspace, before, tombstone))

    async def react(self, message: Message, name: str) -> None:
        """Add a reaction; adding it twice does nothing."""
        current, emoji = self._reactable(message, name)
        if self._workspace.react(current, self.id, emoji):
            await self._heard(
                current, events.reaction(self._workspace, "reaction_added", self.id, emoji, current)
            )

    async def unreact(self, message: Message, name: str) -> None:
        """Take a reaction back; taking back what is not there does nothing."""
        current, emoji = self._reactable(message, name)
        if self._workspace.unreact(current, self.id, emoji):
            await self._heard(
                current, events.reaction(self._workspace, "reaction_removed", self.id, emoji, current)
            )

    # what they touch

    async def press(
        self,
        where: Message | View | None,
        name: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> Ack:
        """Press or choose something by its action id or label; `value` is what is chosen in a select.

        `state` holds what was filled in before, as `{block_id: {action_id: {type, value}}}`.
        """
        shown = self._shown(where)
        placed = the_one(shown.blocks, name, block_id)
        if placed.block["type"] == "input" and not placed.block.get("dispatch_action"):
            raise NotThere(f"{placed.label!r} tells the app nothing before it is submitted.")
        held = chosen(placed, value) if placed.kind != "button" else {}
        kept: dict[str, Any] = dict(shown.state if isinstance(shown, View) else {}) | dict(state or {})
        if placed.kind in STATEFUL:
            kept[placed.block_id] = {**kept.get(placed.block_id, {}), placed.action_id: held}
        ack = await self._workspace.delivery.interaction(self._pressed(shown, placed, held, kept))
        if not ack.ok:
            self._workspace.notice(self.id, _button_trouble(ack))
        return ack

    def _pressed(self, shown: Message | View, placed: Placed, held: Json, kept: Mapping[str, Any]) -> Json:
        state = state_of(shown.blocks, kept)
        action = press_of(placed, held)
        if isinstance(shown, Message):
            return payloads.message_actions(self._workspace, self.id, shown, action, state)
        return payloads.view_actions(self._workspace, self._workspace.views.fill(shown, state), action)

    async def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill in the modal by label, block id or action id and submit it.

        Returns the objections by block id, Slack's own or the app's; an empty dict means it was taken. When
        the app does not answer, the only key is empty and the words are Slack's.
        """
        view = self._open_modal()
        return await self.submit_state(view, _filled(view, values or {}))

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill in the modal, as `submit` does, and leave it open; the app hears nothing of it yet."""
        view = self._open_modal()
        self._workspace.views.fill(view, state_of(view.blocks, _filled(view, values)))

    def filled(self) -> dict[str, Any]:
        """What stands in the modal, by label: what was typed, the values of options, None for nothing."""
        view = self._open_modal()
        state = state_of(view.blocks, view.state)
        return {
            placed.label: holds(state[placed.block_id][placed.action_id])
            for placed in touchable(view.blocks)
            if placed.kind in STATEFUL
        }

    async def submit_state(self, view: View, values: Mapping[str, Any]) -> dict[str, str]:
        """Submit with values in Slack's own shape; returns what `submit` does."""
        try:
            return await modals.submit(self._workspace, view, values)
        except modals.Trouble as trouble:
            self._workspace.notice(self.id, str(trouble))
            return {"": str(trouble)}

    async def close(self, *, everything: bool = False) -> None:
        """Close the modal in front of them, or all of them."""
        await modals.close(self._workspace, self._open_modal(), everything=everything)

    async def shortcut(self, message: Message, callback_id: str) -> Ack:
        """Choose a message shortcut."""
        current = self.sees_message(message.channel, message.ts)
        payload = payloads.message_action(self._workspace, self.id, current, callback_id)
        ack = await self._workspace.delivery.interaction(payload)
        if not ack.ok:
            self._workspace.notice(self.id, _button_trouble(ack))
        return ack

    async def open_home(self) -> View | None:
        """Look at the app's Home."""
        await self._workspace.delivery.event(
            events.app_home_opened(self._workspace, self.id, self.dm, "home"),
        )
        return self.home

    async def set_status(self, emoji: str, text: str = "", until: datetime | None = None) -> None:
        """Say how they are, by the name of an emoji and in words, until then; no emoji: no status."""
        await self._workspace.change_user(
            self.id,
            status_emoji=f":{emoji}:" if emoji else "",
            status_text=text,
            status_expiration=int(until.timestamp()) if until else 0,
        )

    # where they are

    async def join(self, channel: str) -> None:
        """Become a member of a channel."""
        await self._workspace.join(self._channel(channel).id, self.id)

    async def leave(self, channel: str) -> None:
        """Leave a channel."""
        await self._workspace.leave(self._channel(channel).id, self.id)

    async def invite(self, channel: str, user: str) -> None:
        """Bring somebody, or the bot, into a channel."""
        await self._workspace.join(self._writing(channel).id, user)

    async def remove(self, channel: str, user: str) -> None:
        """Take somebody, or the bot, out of a channel."""
        await self._workspace.leave(self._writing(channel).id, user, self.id)

    # what Slack lets them do

    def _channel(self, name: str) -> Channel:
        found = self._workspace.channel(name)
        if found is None:
            raise NotThere(f"There is no channel {name}.")
        return found

    def _reading(self, name: str) -> str:
        found = self._channel(name)
        if self.id not in found.members and (found.private or found.im):
            raise NotThere(f"There is no channel {name}.")
        return found.id

    def _writing(self, name: str) -> Channel:
        found = self._channel(name)
        if self.user.deleted:
            raise NotThere("This account has been deactivated.")
        if self.id not in found.members:
            raise NotThere(f"You are not in {name}.")
        if found.archived:
            raise NotThere(f"#{found.name} is archived.")
        return found

    def _own(self, message: Message) -> Message:
        current = self.sees_message(message.channel, message.ts)
        if current.user != self.id:
            raise NotThere("That is somebody else’s message.")
        return current

    def _reactable(self, message: Message, name: str) -> tuple[Message, str]:
        current = self.sees_message(self._writing(message.channel).id, message.ts)
        emoji = canonical(name)
        if emoji is None or current.ephemeral_to:
            raise NotThere(f"There is no reacting with {name!r} here.")
        return current, emoji

    def _shown(self, where: Message | View | None) -> Message | View:
        if where is None:
            raise NotThere("Nothing is open.")
        if isinstance(where, Message):
            return self.sees_message(where.channel, where.ts)
        current = self._workspace.views.find(where.id)
        if current is None or current.user != self.id:
            raise NotThere("That view is closed.")
        return current

    def _open_modal(self) -> View:
        if self.modal is None:
            raise NotThere("No modal is open.")
        return self.modal

    async def _heard(self, message: Message, event: Json) -> None:
        if self._workspace.bot_in(message.channel):
            await self._workspace.delivery.event(event)


def _filled(view: View, values: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a modal with more filled in, by label, block id or action id."""
    filled: dict[str, Any] = dict(view.state)
    for name, given in values.items():
        placed = the_one(view.blocks, name)
        filled[placed.block_id] = {**filled.get(placed.block_id, {}), placed.action_id: chosen(placed, given)}
    return filled


def _button_trouble(ack: Ack) -> str:
    if ack.error == "operation_timeout":
        return "Operation timed out. Apps need to respond within 3 seconds."
    if ack.status is not None:
        return f"This app responded with Status Code {ack.status}."
    return "This app could not be reached."
