"""Answers to people in Teams: in time, and to them alone where that matters.

Teams has no message that only one person in a channel can see. So there a sentence is answered aloud, where
it was asked; whatever shows requests goes to the chat with that person, and where they asked stands a hint.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.answering import Answering
from bot.chat import Undelivered
from bot.teams.chat import TeamsChat
from handlers.intents import Caller
from handlers.may import may_be_said_aloud
from handlers.notices import Answer, Nothing, Notice
from storage.records import PlaceId

log = structlog.get_logger()

PATIENCE = 5.0
"""Seconds until a person hears "Working on it…": inside Teams' ten."""
WORKING = Answer(words=("Working on it. The answer follows in our chat.",))
IN_OUR_CHAT = Answer(words=("The answer is in our chat.",))
NOT_MET = Answer(
    words=(
        "That is for you alone, and I cannot write to you yet. Say hello to me in a chat, then ask again.",
    )
)


class Answers(Answering):
    """Carries what the desk says back to whoever asked."""

    def __init__(self, chat: TeamsChat) -> None:
        super().__init__(PATIENCE, WORKING)
        self._chat = chat

    async def soon(self, asked: Coroutine[Any, Any, Notice], caller: Caller) -> Notice:
        """The answer, or "Working on it" when it takes long; then the real one follows by itself."""
        return await self.in_time(asked, lambda task: self._follow_up(task, caller))

    def said(self, notice: Notice, place: PlaceId, caller: Caller) -> None:
        """Answer a message where it was written: a place, or a thread in it."""
        if not isinstance(notice, Nothing):
            self.in_background(self._said(notice, place, caller))

    def alone(self, notice: Notice, caller: Caller) -> None:
        """Say it to one person in the chat with them."""
        if not isinstance(notice, Nothing):
            self.in_background(self._alone(notice, caller))

    async def _said(self, notice: Notice, place: PlaceId, caller: Caller) -> None:
        if not caller.place or may_be_said_aloud(notice):
            await self._chat.post(place, notice)
            return
        try:
            await self._chat.post(caller.person, notice)
        except Undelivered as error:
            log.info("somebody could not be answered alone", why=error.why)
            await self._chat.post(place, NOT_MET)
            return
        await self._chat.post(place, IN_OUR_CHAT)

    async def _alone(self, notice: Notice, caller: Caller) -> None:
        await self._chat.post(caller.person, notice)

    async def _follow_up(self, task: "asyncio.Future[Notice]", caller: Caller) -> None:
        await self._alone(await task, caller)
