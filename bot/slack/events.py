"""Slack's events: what was said, put on a message, opened, or changed, as questions to the front desk."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.emoji import mark
from bot.front import Front
from bot.slack import words
from bot.slack.answers import Answers, Body, without_trigger
from bot.slack.chat import SlackChat
from bot.slack.directory import Directory
from handlers.intents import Caller, Draft, File, React, Reply
from handlers.language import clean, is_command

TICKETS = frozenset({"ticket", "admission_tickets"})


class Events:
    """Hears what the app has subscribed to. An event that cannot be kept fails, so that Slack repeats it."""

    def __init__(
        self, front: Front, answers: Answers, chat: SlackChat, directory: Directory, bot_user: str
    ) -> None:
        self._front = front
        self._answers = answers
        self._chat = chat
        self._directory = directory
        self._bot_user = bot_user

    async def hear(self, event: Body) -> None:
        """By the table. What we did not ask for is taken and forgotten, or Slack sends it again."""
        act = EVENTS.get(event.get("type", ""))
        if act is not None:
            await act(self, event)

    async def _message(self, event: Body) -> None:
        if event.get("subtype") not in (None, "file_share", "thread_broadcast") or not _by_a_person(event):
            return
        user, channel, ts = str(event["user"]), str(event["channel"]), str(event["ts"])
        text, thread = str(event.get("text") or ""), event.get("thread_ts")
        direct = event.get("channel_type") == "im"
        if user == self._bot_user or (not direct and (not thread or f"<@{self._bot_user}" in text)):
            return
        caller = _speaker(user, "" if direct else words.place(channel), f"{channel}:{ts}")
        said = words.from_slack(text, self._bot_user)
        if thread:
            reply = Reply(words.message(channel, str(thread)), said, addressed=direct)
            notice = without_trigger(await self._front.ask(reply, caller), said)
        else:
            notice = without_trigger(await self._front.say(said, caller, chat=True), said)
        self._answers.said(notice, channel, str(thread or ""), user, direct)

    async def _mention(self, event: Body) -> None:
        """Our name in a channel: a line for us; in the thread of a card, part of its conversation."""
        if not _by_a_person(event):
            return
        user, channel, ts = str(event["user"]), str(event["channel"]), str(event["ts"])
        caller = _speaker(user, words.place(channel), f"{channel}:{ts}")
        said = words.from_slack(str(event.get("text") or ""), self._bot_user)
        thread = str(event.get("thread_ts") or "")
        if thread and said and not is_command(said):
            reply = Reply(words.message(channel, thread), said, addressed=True)
            notice = without_trigger(await self._front.ask(reply, caller), said)
        else:
            notice = without_trigger(await self._front.say(said, caller, chat=True), said)
        self._answers.said(notice, channel, thread, user, False)

    async def _reaction(self, event: Body) -> None:
        item, user = event.get("item") or {}, str(event["user"])
        if item.get("type") != "message" or user == self._bot_user:
            return
        channel, ts = str(item["channel"]), str(item["ts"])
        face, added = mark(str(event["reaction"])), event["type"] == "reaction_added"
        if face in TICKETS:
            if added and event.get("item_user") not in (None, self._bot_user):
                await self._ticket(user, str(event["item_user"]), channel, ts)
            return
        at = datetime.fromtimestamp(float(event["event_ts"]), UTC)
        caller = Caller(words.person(user), "", None, "slack")
        await self._front.ask(React(words.message(channel, ts), face, added, at), caller)

    async def _ticket(self, user: str, author: str, channel: str, ts: str) -> None:
        """🎫: the message becomes a request of whoever wrote it, once, however many people put it there."""
        text, origin = await self._chat.read_back(channel, ts)
        said = clean(words.from_slack(text, self._bot_user))
        draft = Draft(
            text=said or "Something that was said in the channel",
            behalf=words.person(author) if author != user else None,
            origin=origin,
        )
        caller = Caller(words.person(user), words.place(channel), f"{channel}:{ts}:ticket", "slack")
        notice = await self._front.ask(File(draft), caller)
        self._answers.said(notice, channel, "", user, False)

    async def _home_opened(self, event: Body) -> None:
        if event.get("tab", "home") == "home":
            self._answers.in_background(self._answers.publish_home(words.person(str(event["user"]))))

    async def _person_changed(self, event: Body) -> None:
        await self._directory.describe(event["user"])

    async def _came(self, event: Body) -> None:
        channel, user = str(event["channel"]), str(event["user"])
        if user == self._bot_user:
            self._answers.in_background(self._directory.came(channel))
        else:
            await self._directory.joined(channel, user)

    async def _went(self, event: Body) -> None:
        if event["user"] == self._bot_user:
            await self._removed(event)
        else:
            await self._directory.left(str(event["channel"]), str(event["user"]))

    async def _removed(self, event: Body) -> None:
        """Of the bot itself Slack has words of its own."""
        await self._directory.gone(str(event["channel"]), "not_in_channel")

    async def _archived(self, event: Body) -> None:
        await self._directory.gone(str(event["channel"]), "is_archived")

    async def _unarchived(self, event: Body) -> None:
        self._answers.in_background(self._directory.came(str(event["channel"])))

    async def _renamed(self, event: Body) -> None:
        channel = event["channel"]
        await self._directory.renamed(str(channel["id"]), str(channel["name"]))


EVENTS: dict[str, Callable[[Events, Body], Awaitable[None]]] = {
    "message": Events._message,
    "app_mention": Events._mention,
    "reaction_added": Events._reaction,
    "reaction_removed": Events._reaction,
    "app_home_opened": Events._home_opened,
    "user_change": Events._person_changed,
    "team_join": Events._person_changed,
    "member_joined_channel": Events._came,
    "member_left_channel": Events._went,
    "channel_left": Events._removed,
    "group_left": Events._removed,
    "channel_archive": Events._archived,
    "group_archive": Events._archived,
    "channel_unarchive": Events._unarchived,
    "group_unarchive": Events._unarchived,
    "channel_rename": Events._renamed,
    "group_rename": Events._renamed,
}
"""What the app subscribes to (`docs/slack-manifest.yaml` says the same to Slack), and who hears it."""


def _speaker(user: str, place: str, key: str) -> Caller:
    """Who wrote a message. Slack may tell of it again, under another id: the key is the message itself."""
    return Caller(words.person(user), place, key, "slack", retold=True)


def _by_a_person(event: Body) -> bool:
    return bool(event.get("user")) and not event.get("bot_id")
