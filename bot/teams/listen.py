"""What Teams sends: translate, ask, render, answer. No rule about requests stands here.

Messages and events are carried out and acknowledged; what is said about them is posted. Invokes carry their
answer: see `bot.teams.invokes`.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.front import Front
from bot.teams import words
from bot.teams.adapter import heard
from bot.teams.answers import Answers
from bot.teams.directory import Directory
from bot.teams.invokes import Invokes
from bot.teams.references import PERSONAL, References
from handlers.intents import Caller, Home, React, Reply
from handlers.language import is_command
from handlers.notices import Notice

Activity = Mapping[str, Any]


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

    async def on_turn(self, context: Any) -> None:
        """By the table. What we did not ask for is taken and forgotten."""
        activity = heard(context)
        if activity["type"] == "invoke":
            await self._remember(activity)
            await self._invokes.answer(context, activity)
            return
        act = ACTIVITIES.get(activity["type"])
        if act is not None:
            await act(self, activity)

    async def _remember(self, activity: Activity) -> None:
        await self._references.heard(activity)
        await self._directory.heard(activity)

    async def _message(self, activity: Activity) -> None:
        if is_by_us(activity):
            return
        await self._remember(activity)
        await self._carry_out(activity, speaker(activity))

    async def _edited(self, activity: Activity) -> None:
        """An edited message is heard as if it were new, unless it was kept as it was first written."""
        data = activity.get("channelData")
        if isinstance(data, dict) and data.get("eventType") == "editMessage" and not is_by_us(activity):
            await self._carry_out(activity, speaker(activity, edited=True))

    async def _carry_out(self, activity: Activity, caller: Caller) -> None:
        bot = account(activity, "recipient")
        line = pressed_line(activity)
        thread = words.thread(activity)
        conversation = str(activity["conversation"]["id"])
        said = line or words.heard(activity, bot)
        direct = not caller.place
        if not direct and not line and not mentions(activity, bot):
            if thread and said:  # heard only where the app may read all that is said in a channel
                reply = Reply(words.message(conversation, thread), said)
                self._answers.said(await self._front.ask(reply, caller), caller.person, caller)
            return
        quote = words.quoted(activity, bot) if direct else None
        under = quote[0] if quote else thread
        said = quote[1] if quote else said
        place = words.message(conversation, thread) if thread else words.place(conversation)
        self._answers.said(await self._ask(said, conversation, under, caller), place, caller)

    async def _ask(self, said: str, conversation: str, under: str | None, caller: Caller) -> Notice:
        """A line; or, under one of our messages, a part of its conversation."""
        if under and said and not is_command(said):
            return await self._front.ask(Reply(words.message(conversation, under), said, True), caller)
        return await self._front.say(said, caller, chat=True)

    async def _reaction(self, activity: Activity) -> None:
        message = str(activity.get("replyToId") or "")
        if not message or is_by_us(activity):
            return
        await self._remember(activity)
        conversation = str(activity["conversation"]["id"])
        caller = Caller(words.person(account(activity, "from")), "", None, "teams")
        at = moment(activity) or self._now()
        for reactions, added in (("reactionsRemoved", False), ("reactionsAdded", True)):
            for reaction in objects(activity.get(reactions)):
                face = words.mark(str(reaction.get("type") or ""), self._front.house.scale)
                await self._front.ask(React(words.message(conversation, message), face, added, at), caller)

    async def _members(self, activity: Activity) -> None:
        bot = account(activity, "recipient")
        came = [str(each.get("id")) for each in objects(activity.get("membersAdded"))]
        went = [str(each.get("id")) for each in objects(activity.get("membersRemoved"))]
        if bot in went or event(activity) in ("channelDeleted", "teamDeleted"):
            await self._forget(activity)
            return
        await self._references.heard(activity)
        await self._directory.came_and_went(activity, came, went)

    async def _installed(self, activity: Activity) -> None:
        if str(activity.get("action") or "").startswith("remove"):
            await self._forget(activity)
            return
        await self._references.heard(activity)
        if activity.get("action") == "add" and is_personal(activity) and not is_by_us(activity):
            await self._directory.heard(activity)
            caller = speaker(activity)
            self._answers.said(await self._front.ask(Home(), caller), caller.person, caller)

    async def _forget(self, activity: Activity) -> None:
        """The bot was removed: from a team it is all its channels."""
        data = activity.get("channelData")
        team = data.get("team") if isinstance(data, dict) else None
        if isinstance(team, dict) and team.get("id") and event(activity) != "channelDeleted":
            await self._references.forget_team(str(team["id"]))
        person = words.person(account(activity, "from"))
        conversation = words.place(str(activity["conversation"]["id"]))
        await self._references.forget(person if is_personal(activity) else conversation)


ACTIVITIES: dict[str, Callable[[Listener, Activity], Awaitable[None]]] = {
    "message": Listener._message,
    "messageUpdate": Listener._edited,
    "messageReaction": Listener._reaction,
    "conversationUpdate": Listener._members,
    "installationUpdate": Listener._installed,
}
"""What is heard beside invokes, and who hears it."""


def speaker(activity: Activity, *, edited: bool = False) -> Caller:
    """Who wrote a message or pressed something, and where; a chat with the bot is no place for cards."""
    conversation = str(activity["conversation"]["id"])
    return Caller(
        person=words.person(account(activity, "from")),
        place="" if is_personal(activity) else words.place(conversation),
        key=f"teams:{conversation.partition(';')[0]}:{activity.get('id') or ''}",
        source="teams",
        retold=not edited,
        edited=edited,
    )


def pressed_line(activity: Activity) -> str:
    """The line of a button that came as a message, from a client that knows no other way."""
    value = activity.get("value")
    line = value.get("line") if isinstance(value, dict) else None
    return line if isinstance(line, str) else ""


def mentions(activity: Activity, bot: str) -> bool:
    """Whether the bot is spoken to by name."""
    return any(
        each.get("type") == "mention"
        and isinstance(each.get("mentioned"), dict)
        and each["mentioned"].get("id") == bot
        for each in objects(activity.get("entities"))
    )


def is_personal(activity: Activity) -> bool:
    """Whether it was said in the chat of one person with the bot."""
    return bool(activity["conversation"].get("conversationType", PERSONAL) == PERSONAL)


def is_by_us(activity: Activity) -> bool:
    """Whether there is nobody else behind it."""
    return account(activity, "from") in ("", account(activity, "recipient"))


def account(activity: Activity, which: str) -> str:
    """The id of who sent it ("from"), or of who it was sent to ("recipient")."""
    found = activity.get(which)
    return str(found.get("id") or "") if isinstance(found, dict) else ""


def event(activity: Activity) -> str:
    """What Teams calls it in its own words."""
    data = activity.get("channelData")
    return str(data.get("eventType") or "") if isinstance(data, dict) else ""


def moment(activity: Activity) -> datetime | None:
    """When Teams says it happened."""
    try:
        at = datetime.fromisoformat(str(activity.get("timestamp") or ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; nothing where there is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
