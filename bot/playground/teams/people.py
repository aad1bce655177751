"""A colleague at their desk: everything a person can do in Teams, and everything they see there.

The page and the tests use the same hands. Every action returns when the app has acknowledged it, or when
Teams would have given up waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.playground.ack import Ack
from bot.playground.errors import NotThere
from bot.playground.records import Json

from . import events, extension, pressing, reading, talk
from .records import CHANNEL, Conversation, Dialog, Message, Person, Result

if TYPE_CHECKING:
    from .tenant import Tenant

Values = Mapping[str, Any]
"""What is filled in, by the id or the label of the field."""


class Colleague:
    """One person. Conversations are given by id or name; errors are NotThere with a plain sentence."""

    def __init__(self, tenant: Tenant, id: str) -> None:
        self._tenant = tenant
        self.id = id
        self.toasts: list[str] = []
        self.opened: list[str] = []
        self.objections: dict[str, str] = {}

    # what they see

    @property
    def user(self) -> Person:
        """Who they are at the moment."""
        return self._tenant.people[self.id]

    @property
    def chat(self) -> str:
        """The id of their chat with the bot, which may have to be begun."""
        return self._tenant.personal_id(self.id)

    @property
    def dialog(self) -> Dialog | None:
        """The dialog in front of them, or None."""
        return self._tenant.dialogs.get(self.id)

    def sees(self, conversation: str) -> list[Message]:
        """A conversation from top to bottom, with this person's own cards; no replies in channels."""
        if conversation == self.chat and conversation not in self._tenant.conversations:
            return []
        return [
            each for each in self._tenant.log.all(self.place(conversation).id, self.id) if not each.is_reply
        ]

    def thread(self, message: Message) -> list[Message]:
        """A channel's message and what stands under it; of a reply, the thread it stands in."""
        place, root = self.place(message.conversation).id, message.root or message.id
        head = self._tenant.log.find(place, root)
        first = [self._tenant.log.seen_by(self.id, head)] if head else []
        return first + self._tenant.log.replies(place, root, self.id)

    def sees_message(self, message: Message) -> Message:
        """One message as it stands now, to this person."""
        found = self._tenant.log.find(self.place(message.conversation).id, message.id)
        if found is None:
            raise NotThere("That message is no longer there.")
        return self._tenant.log.seen_by(self.id, found)

    def buttons(self, where: Message | Dialog) -> list[str]:
        """The labels of the buttons on a message or a dialog as it stands now."""
        return self._now(where).buttons

    def inputs(self, where: Message | Dialog) -> dict[str, Json]:
        """The fields on a message or a dialog as it stands now, by id."""
        card = self._now(where).card
        return reading.inputs(card) if card else {}

    def place(self, name: str) -> Conversation:
        """A conversation that this person is in."""
        found = self._tenant.conversation(name)
        if found is None or found.gone or self.id not in self._tenant.members(found.id):
            raise NotThere(f"There is no conversation {name!r} here.")
        return found

    # what they say

    async def say(self, conversation: str, text: str, *, mention_bot: bool | None = None) -> Message:
        """Write a message; `@Deskbell` and `@Name` in it become mentions.

        In channels and group chats the bot hears it only when it is mentioned. `mention_bot=True` puts the
        mention in front, `False` leaves even a written one as it is typed.
        """
        place = self._writing(conversation)
        return await talk.said(self._tenant, self.id, place, talk.Words(text, mention_bot))

    async def reply(self, message: Message, text: str, *, mention_bot: bool | None = None) -> Message:
        """Answer a message: in its thread in a channel, with the message quoted in a chat."""
        place, current = self._writing(message.conversation), self.sees_message(message)
        words = talk.Words(text, mention_bot)
        if place.kind == CHANNEL:
            return await talk.said(self._tenant, self.id, place, words, root=current.root or current.id)
        return await talk.said(self._tenant, self.id, place, words, quoting=current)

    async def edit(self, message: Message, text: str, *, mention_bot: bool | None = None) -> Message:
        """Change a message of their own."""
        return await talk.edited(self._tenant, self._own(message), talk.Words(text, mention_bot))

    async def delete(self, message: Message) -> None:
        """Delete a message of their own."""
        await talk.deleted(self._tenant, self._own(message))

    async def react(self, message: Message, kind: str) -> None:
        """Add a reaction ("like", "heart", "1f44d_thumbsup" …). The bot hears of those on its messages."""
        before = self._reactable(message)
        if self._tenant.react(before, self.id, kind) is not before:
            await talk.reacted(self._tenant, self.id, before, "reactionsAdded", kind)

    async def unreact(self, message: Message, kind: str) -> None:
        """Take a reaction back; taking back what is not there does nothing."""
        before = self._reactable(message)
        if self.id in before.reactions.get(kind, ()):
            self._tenant.unreact(before, self.id, kind)
            await talk.reacted(self._tenant, self.id, before, "reactionsRemoved", kind)

    # what they touch

    async def press(
        self,
        where: Message | Dialog | None,
        label: str,
        inputs: Values | None = None,
        *,
        confirm: bool | str = False,
    ) -> Ack:
        """Press a button on a message or a dialog by its label, with fields filled in.

        A button that unfolds a question is answered by pressing the label that it unfolds, by
        `confirm="that label"`, or, if it unfolds a single button, by `confirm=True`. What has to be filled in
        and is not stands in `objections`, and nothing is sent (`Ack.error` is "inputs").
        """
        shown = self._now(where)
        return await pressing.press(self._tenant, self, shown, label, dict(inputs or {}), confirm=confirm)

    async def press_at(
        self, where: Message | Dialog | None, pointer: str, inputs: Values | None = None
    ) -> Ack:
        """Press the button at a JSON pointer into the card ("/actions/0"), as a page knows it."""
        shown = self._now(where)
        return await pressing.press_at(self._tenant, self, shown, pointer, dict(inputs or {}))

    async def fill(self, message: Message, values: Values | None = None, label: str = "") -> dict[str, str]:
        """Fill in the fields of a card in a chat and press its button (the first that takes the fields).

        Returns what stands in the way, by field; an empty dict means that it was sent. Whether the app took
        it is then seen on the message, or in `toasts`.
        """
        shown = self._now(message)
        return await pressing.fill(self._tenant, self, shown, dict(values or {}), label)

    async def submit(self, values: Values | None = None, label: str = "") -> dict[str, str]:
        """Fill in the dialog in front and press its button; returns what `fill` does.

        The app may keep the dialog open with another card, or close it; then `dialog` is None.
        """
        shown = self._now(self.dialog)
        return await pressing.fill(self._tenant, self, shown, dict(values or {}), label)

    def close(self) -> None:
        """Close the dialog. Teams tells nobody."""
        self._tenant.show_dialog(self.id, None)

    async def refresh(self, message: Message) -> Ack:
        """Look at a card that refreshes itself for this person (`refresh.userIds`), or refresh it by hand."""
        return await pressing.refresh(self._tenant, self, self.sees_message(message))

    # the message extension

    async def make_request(self, message: Message) -> Dialog | None:
        """Choose the message's action of the app; the dialog that opens."""
        return await extension.message_action(self._tenant, self, self.sees_message(message))

    async def search(self, words: str = "", conversation: str | None = None) -> list[Result]:
        """Type into the search of the message extension; "" is what it shows at first."""
        return await extension.search(self._tenant, self, words, conversation or self.chat)

    def share(self, result: Result, conversation: str) -> Message:
        """Send something found into a conversation; the card there is this person's message."""
        return extension.share(self._tenant, self.id, result, self._writing(conversation).id)

    # where the app is

    async def install(self) -> None:
        """Add the app for oneself; the app is told, in the chat that begins."""
        self._tenant.set_installed(self.id, there=True)
        await events.installed(self._tenant, self._tenant.personal(self.id).id, self.id)

    async def uninstall(self) -> None:
        """Remove the app for oneself; the app is told."""
        self._tenant.set_installed(self.id, there=False)
        await events.removed(self._tenant, self._tenant.personal(self.id).id, self.id)

    def block(self) -> None:
        """Block the bot. Nobody tells it: it finds out when it writes."""
        self._tenant.blocked.add(self.id)

    def unblock(self) -> None:
        """Let the bot write again."""
        self._tenant.blocked.discard(self.id)

    # what Teams lets them do

    def _writing(self, name: str) -> Conversation:
        if name == self.chat and not self._tenant.may_meet(self.id):
            raise NotThere(f"Add the app {self._tenant.bot.name} first.")
        return self._tenant.personal(self.id) if name == self.chat else self.place(name)

    def _own(self, message: Message) -> Message:
        current = self.sees_message(message)
        if current.author != self.id:
            raise NotThere("That is somebody else’s message.")
        return current

    def _reactable(self, message: Message) -> Message:
        self.sees_message(message)
        found = self._tenant.log.find(message.conversation, message.id)
        if found is None or found.deleted:
            raise NotThere("That message is no longer there.")
        return found

    def _now(self, where: Message | Dialog | None) -> Message | Dialog:
        if isinstance(where, Message):
            return self.sees_message(where)
        if self.dialog is None or where is None:
            raise NotThere("No dialog is open.")
        return self.dialog
