"""What Teams sends: translate, ask, render, answer. No rule about requests stands here.

Messages and events are carried out and acknowledged; what is said about them is posted. Invokes carry their
answer: see `bot.teams.invokes`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from bot.front import Front, Unkept
from bot.teams import words
from bot.teams.activity import (
    Activity,
    account,
    event,
    is_by_us,
    is_personal,
    members,
    mentions,
    moment,
    pressed_line,
    sound,
    speaker,
)
from bot.teams.adapter import heard
from bot.teams.answers import Answers
from bot.teams.directory import Directory
from bot.teams.invokes import Invokes
from bot.teams.references import References
from handlers.intents import Caller, Home, React, Reply
from handlers.language import is_command
from handlers.notices import Notice

log = structlog.get_logger()

A_MOMENT = 1.0
"""Seconds until somebody is heard though it is not kept yet who they are: Teams waits ten for all of it."""
REMEMBERED = 1_000
"""So many messages are known again when Teams delivers them once more."""


class Listener:
    """Teams' activities, turned into questions to the front desk."""

    def __init__(
        self,
        front: Front,
        answers: Answers,
        references: References,
        directory: Directory,
        invokes: Invokes,
        now: Callable[[], datetime],
    ) -> None:
        self._front = front
        self._answers = answers
        self._references = references
        self._directory = directory
        self._invokes = invokes
        self._now = now
        self._lately: OrderedDict[str, None] = OrderedDict()

    async def on_turn(self, context: Any) -> None:
        """By the table. What we did not ask for is taken and forgotten; so is what comes from nowhere."""
        activity = sound(heard(context))
        if activity is None:
            return
        if activity["type"] == "invoke" and not is_by_us(activity):
            await self._remember(activity)
            await self._invokes.answer(context, activity)
            return
        act = ACTIVITIES.get(activity["type"])
        if act is not None:
            await act(self, activity)

    async def _remember(self, activity: Activity) -> None:
        """Keep who it is and where, before what they ask is kept. People do not wait long for that."""
        task = asyncio.create_task(self._keep_who(activity))
        done, _ = await asyncio.wait({task}, timeout=A_MOMENT)
        if not done or task.exception():
            self._answers.in_background(asyncio.wait_for(task, None))

    async def _keep_who(self, activity: Activity) -> None:
        """When that fails, what they ask fails too, and says so itself."""
        try:
            await self._references.heard(activity)
            await self._directory.heard(activity)
        except Unkept as error:
            log.warning("who spoke could not be kept", error=type(error).__name__)

    def _again(self, activity: Activity) -> bool:
        """Whether this was heard already. Teams repeats what it was not answered in time."""
        if not activity["id"]:
            return False
        key = f"{activity['type']} {words.place(activity['conversation']['id'])} {activity['id']}"
        again = key in self._lately
        self._lately[key] = None
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)
        return again

    async def _message(self, activity: Activity) -> None:
        if is_by_us(activity) or self._again(activity):
            return
        await self._remember(activity)
        await self._carry_out(activity, speaker(activity, retold=True))

    async def _edited(self, activity: Activity) -> None:
        """An edited message is heard as if it were new, unless it was kept as it was first written."""
        if event(activity) == "editMessage" and not is_by_us(activity):
            await self._remember(activity)
            await self._carry_out(activity, speaker(activity, edited=True))

    async def _carry_out(self, activity: Activity, caller: Caller) -> None:
        bot, conversation = account(activity, "recipient"), activity["conversation"]["id"]
        line, thread = pressed_line(activity), words.thread(activity)
        said = line or words.heard(activity, bot)
        quoted = None if thread else words.quoted(activity, bot)
        under = thread or (quoted[0] if quoted else None)
        if caller.place and not line and not mentions(activity, bot):
            if under and said:  # heard only where the app may read all that is said
                reply = Reply(words.message(conversation, under), said)
                notice = await self._answers.kept(self._front.ask(reply, caller))
                self._answers.said(notice, caller.person, caller)
            return
        place = words.message(conversation, thread) if thread else words.place(conversation)
        notice = await self._answers.kept(self._ask(said, conversation, under, caller))
        self._answers.said(notice, place, caller)

    async def _ask(self, said: str, conversation: str, under: str | None, caller: Caller) -> Notice:
        """A line; or, under one of our messages, a part of its conversation."""
        if under and said and not is_command(said):
            return await self._front.ask(Reply(words.message(conversation, under), said, True), caller)
        return await self._front.say(said, caller, chat=True)

    async def _reaction(self, activity: Activity) -> None:
        message = activity["replyToId"]
        if not message or is_by_us(activity):
            return
        await self._remember(activity)
        conversation = activity["conversation"]["id"]
        caller = Caller(words.person(account(activity, "from")), "", None, "teams")
        at = moment(activity) or self._now()
        for reactions, added in (("reactionsRemoved", False), ("reactionsAdded", True)):
            for reaction in activity[reactions]:
                face = words.mark(str(reaction.get("type") or ""), self._front.house.scale)
                await self._front.ask(React(words.message(conversation, message), face, added, at), caller)

    async def _members(self, activity: Activity) -> None:
        bot = account(activity, "recipient")
        came, went = members(activity, "membersAdded"), members(activity, "membersRemoved")
        if bot in went or event(activity) in ("channelDeleted", "teamDeleted"):
            await self._forget(activity)
            return
        await self._references.heard(activity)
        await self._directory.places.changed(activity)
        await self._directory.came_and_went(activity, came, went)

    async def _installed(self, activity: Activity) -> None:
        if str(activity.get("action") or "").startswith("remove"):
            await self._forget(activity)
            return
        await self._references.heard(activity)
        greets = activity.get("action") == "add" and is_personal(activity) and not is_by_us(activity)
        if greets and not self._again(activity):
            await self._directory.heard(activity)
            caller = speaker(activity, retold=True)
            self._answers.said(await self._front.ask(Home(), caller), caller.person, caller)

    async def _forget(self, activity: Activity) -> None:
        """The bot was removed: by a person, or from a team or a group chat. Or a channel is gone."""
        if is_personal(activity):
            await self._references.forget(words.person(account(activity, "from")))
        else:
            await self._directory.ended(activity)


ACTIVITIES: dict[str, Callable[[Listener, Activity], Awaitable[None]]] = {
    "message": Listener._message,
    "messageUpdate": Listener._edited,
    "messageReaction": Listener._reaction,
    "conversationUpdate": Listener._members,
    "installationUpdate": Listener._installed,
}
"""What is heard beside invokes, and who hears it."""
