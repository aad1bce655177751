"""Answers to people: in time, where they asked, and to them alone."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog

from bot.answering import Answering
from bot.chat import Undelivered
from bot.front import Front
from bot.slack import words
from bot.slack.chat import SlackChat
from handlers.intents import Caller, Home
from handlers.notices import Answer, Button, Form, HomePage, Nothing, Notice, Refused
from storage.records import PersonId

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds until a person hears "Working on it…": inside Slack's three."""
WORKING = Answer(words=("Working on it …",))
SAID_AGAIN = 1_500
"""Characters of a line that a button can say again."""
NO_FORM = Refused(why=("The form could not be opened in time. Please try again.",))

Body = Mapping[str, Any]


class Answers(Answering):
    """Carries what the desk says back to whoever asked."""

    def __init__(self, front: Front, chat: SlackChat) -> None:
        super().__init__(PATIENCE, WORKING)
        self._front = front
        self._chat = chat
        self._choices: dict[str, str] = {}
        """By view: when the last choice was made that it is being redrawn for."""

    async def soon(
        self, asked: Coroutine[Any, Any, Notice], response_url: str | None, line: str = ""
    ) -> Notice:
        """The answer, or "Working on it…" when it takes long; then the real one follows by itself.

        `line` is what was typed: when it asks for a form, a button says it again.
        """
        return await self.in_time(asked, lambda task: self._follow_up(task, response_url, line))

    async def _follow_up(self, task: "asyncio.Future[Notice]", response_url: str | None, line: str) -> None:
        notice = await task
        if response_url and not isinstance(notice, Nothing):
            await self._chat.respond(response_url, without_trigger(notice, line))

    async def opened(self, form: Form, body: Body) -> Notice:
        """Open a form with the trigger it came with; then there is nothing more to say."""
        channel = body.get("channel_id") or (body.get("channel") or {}).get("id") or ""
        place = channel_place(str(channel), str(body.get("channel_name") or ""))
        also = {"place": place, "answer_to": str(body.get("response_url") or "")}
        try:
            await self._chat.open(
                str(body["trigger_id"]),
                form,
                {key: value for key, value in also.items() if value},
                above=str((body.get("container") or {}).get("type")) == "view"
                and (body.get("view") or {}).get("type") == "modal",
            )
        except Undelivered as error:
            log.info("a form was not opened", why=error.why)
            return NO_FORM
        return Nothing()

    async def redrawn(self, form: Form, view: Body, pressed_at: str) -> None:
        """Swap the fields of an open form; of two choices made at once the later one stays."""
        id = str(view["id"])
        self._choices[id] = max(pressed_at, self._choices.get(id, ""))
        try:
            await self._chat.redraw(view, form)
        except Undelivered as error:
            if error.why != "hash_conflict" or self._choices.get(id) != pressed_at:
                raise
            await self._chat.redraw(view, form, whatever=True)
        finally:
            if self._choices.get(id) == pressed_at:
                del self._choices[id]

    async def pressed(self, notice: Notice, body: Body, container: Body, line: str) -> None:
        """Answer a button where it was pressed: beside the message, in its place, or in a modal."""
        view = body.get("view") or {}
        if view:
            await self._chat.show(
                str(body["trigger_id"]), notice, str(view["id"]) if view["type"] == "modal" else None
            )
            await self.publish_home(words.person(str(body["user"]["id"])))
        elif url := body.get("response_url"):
            replace = bool(container.get("is_ephemeral")) and not line.startswith(("show", "history"))
            await self._chat.respond(str(url), notice, replace=replace)

    def said(self, notice: Notice, channel: str, thread: str, user: str, direct: bool) -> None:
        """Answer a message where it was written; in a channel, to its author alone."""
        if isinstance(notice, Nothing):
            return
        place = words.message(channel, thread) if thread else words.place(channel)
        if direct:
            self.in_background(self._chat_post(place, notice))
        else:
            self.in_background(self._chat.say_to_one(place, words.person(user), notice))

    async def _chat_post(self, place: str, notice: Notice) -> None:
        await self._chat.post(place, notice)

    async def told(self, notice: Notice, caller: Caller, response_url: str | None) -> None:
        """Tell the outcome of a form: where it was opened. From Home: there; and bad news directly."""
        if isinstance(notice, Nothing):
            return
        if response_url:
            await self._chat.respond(response_url, notice)
            return
        if isinstance(notice, Refused):
            await self._chat.post(caller.person, notice)
        await self.publish_home(caller.person)

    async def publish_home(self, person: PersonId) -> None:
        """Bring a person's Home tab up to date."""
        caller = Caller(person, "", None, "slack")
        page = await self._front.ask(Home(), caller)
        if isinstance(page, HomePage):
            await self._chat.publish_home(caller.person, page)


def channel_place(channel: str, name: str) -> str:
    """The place of a channel; nothing for direct messages, where a card would be seen by nobody else."""
    return words.place(channel) if channel[:1] in ("C", "G") and name != "directmessage" else ""


def without_trigger(notice: Notice, line: str) -> Notice:
    """A form where none can be opened becomes a button that opens it."""
    if not isinstance(notice, Form):
        return notice
    number = dict(notice.hidden).get("number")
    again = dict(notice.hidden).get("line") or (line if len(line) <= SAID_AGAIN else "")
    opens = f"{notice.name} {number} …" if number else again or {"file": "form"}.get(notice.name, notice.name)
    return Answer(words=(f"{notice.title}:",), buttons=(Button("Open the form", opens, "primary"),))
