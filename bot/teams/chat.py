"""Teams behind the verbs of `bot.chat`. Whatever goes wrong becomes `Undelivered`."""

from collections.abc import Sequence
from typing import Any

import structlog

from bot.chat import Undelivered
from bot.teams import words
from bot.teams.cards import attachment
from bot.teams.connectors import UNNAMED, Connectors
from bot.teams.pictures import Pictures, without
from bot.teams.references import References
from bot.teams.render import render
from handlers.notices import Notice
from storage.records import Conversation, MessageId, PersonId, PlaceId

log = structlog.get_logger()

IN_CHANNELS = ("@thread.tacv2", "@thread.skype")
"""What the ids of channels end in, today's and those of old teams; only there are threads."""

Colleagues = Sequence[tuple[PersonId, str]]


class TeamsChat:
    """Says notices in Teams, in conversations that the bot knows, or can begin."""

    def __init__(self, connectors: Connectors, references: References) -> None:
        self._connectors = connectors
        self._references = references
        self._pictures = Pictures()

    async def post(self, place: PlaceId, notice: Notice) -> MessageId:
        """Say it in a channel, a group, to a person, or in a thread. Raises `Undelivered`.

        A digest is posted with its picture; when Teams does not take it so, without.
        """
        conversation, root = await self._where(place)
        threaded = root and root != UNNAMED and conversation.conversation.endswith(IN_CHANNELS)
        thread = f";messageid={root}" if threaded else ""
        where = conversation.service_url, conversation.conversation + thread
        shown = await self._pictures.put_in(notice)
        try:
            said = await self._connectors.send(*where, message(shown, self._references.colleagues))
        except Undelivered as error:
            if not error.permanent or (plain := without(shown)) is None:
                raise
            log.warning("a digest goes out without its picture", why=error.why)
            said = await self._connectors.send(*where, message(plain, self._references.colleagues))
        return words.message(conversation.conversation, said)

    async def edit(self, message_: MessageId, notice: Notice) -> None:
        """Bring a message up to date. Raises `Undelivered`."""
        conversation, activity = await self._where(message_)
        await self._connectors.update(
            conversation.service_url,
            conversation.conversation,
            activity or "",
            message(notice, self._references.colleagues),
        )

    async def _where(self, place: PlaceId) -> tuple[Conversation, str | None]:
        """The conversation of a place or a message, and the message. A chat not begun yet is begun."""
        try:
            name, activity = words.target(place)
        except ValueError as error:
            raise Undelivered(str(error), permanent=True) from None
        return await self._references.find(words.PREFIX + name), activity


def message(notice: Notice, people: Colleagues) -> dict[str, Any]:
    """A notice as a message activity; `summary` is what notifications and screen readers say."""
    said = render(notice, people)
    return {
        "type": "message",
        "summary": said.text,
        "attachments": [attachment(said.card)],
    }
