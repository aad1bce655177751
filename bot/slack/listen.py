"""What Slack sends: translate, ask, render, acknowledge. No rule about requests stands here.

One listener for each kind of payload, and a table for events. What a person did is kept before Slack is
answered. An event that cannot be kept fails, so that Slack sends it again; a click or a command that cannot
be kept is answered with a sentence that says so.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Undelivered
from bot.front import NOT_KEPT, Front, Unkept
from bot.slack import modals, words
from bot.slack.chat import SlackChat
from bot.slack.directory import Directory
from bot.slack.render import render
from handlers.intents import Caller, Draft, File, Home, OpenRequestForm, React, Reply
from handlers.language import clean, is_command
from handlers.notices import Answer, Button, Form, HomePage, Nothing, Notice, Refused
from storage.records import PersonId

log = structlog.get_logger()

ANYTHING = re.compile(r".*", re.DOTALL)
PATIENCE = 2.0
"""Seconds until a person hears "Working on it…": inside Slack's three."""
WORKING = Answer(words=("Working on it …",))
NO_FORM = Refused(why=("The form could not be opened in time. Please try again.",))
TICKETS = frozenset({"ticket", "admission_tickets"})
MAKE_REQUEST = "make_request"
"""The callback id of the message shortcut."""

Body = Mapping[str, Any]


class Listener:
    """Slack's payloads, turned into questions to the front desk and answers in Slack."""

    def __init__(
        self, front: Front, chat: SlackChat, client: AsyncWebClient, directory: Directory, bot_user: str
    ) -> None:
        self._front = front
        self._chat = chat
        self._client = client
        self._directory = directory
        self._bot_user = bot_user
        self._later: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """Listen to everything Slack sends to this app."""
        app.command(ANYTHING)(self.command)
        app.action(ANYTHING)(self.action)
        app.view(ANYTHING)(self.submission)
        app.view_closed(ANYTHING)(_nod)
        app.shortcut(ANYTHING)(self.shortcut)
        app.event(ANYTHING)(self.event)

    async def finish(self, seconds: float) -> None:
        """Wait for answers that are still on their way."""
        if self._later:
            await asyncio.wait(self._later, timeout=seconds)

    # what arrives

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """`/request …`: the answer rides on the acknowledgement."""
        caller = _caller(body, body["trigger_id"], _channel(body["channel_id"], body.get("channel_name", "")))
        line = words.from_slack(str(body.get("text") or ""), self._bot_user)
        notice = await self._soon(self._front.say(line, caller), body["response_url"])
        if isinstance(notice, Form):
            notice = await self._opened(notice, body)
        if isinstance(notice, Nothing):
            await ack()
        else:
            message = render(notice)
            await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    async def action(self, ack: AsyncAck, body: Body) -> None:
        """A button: it says its line. The answer follows where it was pressed."""
        line = str(body["actions"][0].get("value") or "")
        container = body.get("container") or {}
        channel = _channel(str(container.get("channel_id") or ""), "")
        caller = _caller(body, body["trigger_id"], channel)
        notice = await self._soon(self._front.say(line, caller), body.get("response_url"))
        if isinstance(notice, Form):
            notice = await self._opened(notice, body)
        await ack()
        if not isinstance(notice, Nothing):
            self._in_background(self._answer_press(notice, body, container, line))

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A filled form: errors stay beside their fields, everything else closes it and is told."""
        view = body["view"]
        remembered = modals.hidden(str(view.get("private_metadata") or ""))
        values = modals.answers(view["state"]["values"])
        form = modals.form_name(str(view.get("callback_id") or ""))
        if form is None:
            await ack()
            return
        caller = _caller(body, f"view:{view['id']}:{view.get('hash', '')}", remembered.get("place", ""))
        answer_to = remembered.get("answer_to")
        notice = await self._soon(self._front.fill(form, remembered, _cleaned(values), caller), answer_to)
        if isinstance(notice, Refused) and (notice.field in values or notice is NOT_KEPT):
            field = notice.field if notice.field in values else next(iter(values), "")
            await ack(modals.errors({field: render(Refused(notice.why)).text}))
            return
        await ack(response_action="clear")
        self._in_background(self._tell(notice, caller, answer_to))

    async def shortcut(self, ack: AsyncAck, body: Body) -> None:
        """“Make it a request” on a message: the form, with the message in it and a link to it."""
        if body.get("callback_id") != MAKE_REQUEST or "message" not in body:
            await ack()
            return
        message, channel = body["message"], body["channel"]["id"]
        author = str(message.get("user") or "")
        draft = Draft(
            details=words.from_slack(str(message.get("text") or ""), self._bot_user),
            behalf=words.person(author) if author not in ("", body["user"]["id"], self._bot_user) else None,
            origin=_link(body["team"].get("domain", ""), channel, str(message.get("ts") or "")),
        )
        caller = _caller(body, body["trigger_id"], _channel(channel, body["channel"].get("name", "")))
        notice = await self._soon(self._front.ask(OpenRequestForm(draft), caller), body.get("response_url"))
        if isinstance(notice, Form):
            notice = await self._opened(notice, body)
        await ack()
        if not isinstance(notice, Nothing):
            self._in_background(self._tell(notice, caller, body.get("response_url")))

    async def event(self, body: Body) -> None:
        """An event: by the table. What we did not ask for is taken and forgotten, or Slack sends it again."""
        event = body["event"]
        act = EVENTS.get(event.get("type"))
        if act is not None:
            await act(self, event)

    # events

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
            notice = _without_trigger(await self._front.ask(reply, caller), said)
        else:
            notice = _without_trigger(await self._front.say(said, caller, chat=True), said)
        self._answer_said(notice, channel, str(thread or ""), user, direct)

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
            notice = _without_trigger(await self._front.ask(reply, caller), said)
        else:
            notice = _without_trigger(await self._front.say(said, caller, chat=True), said)
        self._answer_said(notice, channel, thread, user, False)

    async def _reaction(self, event: Body) -> None:
        item, user = event.get("item") or {}, str(event["user"])
        if item.get("type") != "message" or user == self._bot_user:
            return
        channel, ts = str(item["channel"]), str(item["ts"])
        mark, added = words.mark(str(event["reaction"])), event["type"] == "reaction_added"
        if mark in TICKETS:
            if added and event.get("item_user") not in (None, self._bot_user):
                await self._ticket(user, str(event["item_user"]), channel, ts)
            return
        at = datetime.fromtimestamp(float(event["event_ts"]), UTC)
        caller = Caller(words.person(user), "", None, "slack")
        await self._front.ask(React(words.message(channel, ts), mark, added, at), caller)

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
        self._answer_said(notice, channel, "", user, False)

    async def _home_opened(self, event: Body) -> None:
        if event.get("tab", "home") == "home":
            self._in_background(self._publish_home(words.person(str(event["user"]))))

    async def _person_changed(self, event: Body) -> None:
        await self._directory.describe(event["user"])

    async def _came(self, event: Body) -> None:
        await self._directory.joined(str(event["channel"]), str(event["user"]))

    async def _went(self, event: Body) -> None:
        await self._directory.left(str(event["channel"]), str(event["user"]))

    # answers

    async def _soon(self, asked: Coroutine[Any, Any, Notice], response_url: str | None) -> Notice:
        """The answer, or "Working on it…" when it takes long; then the real one follows by itself."""
        task = asyncio.ensure_future(_kept(asked))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if done:
            return task.result()
        self._in_background(self._follow_up(task, response_url))
        return WORKING

    async def _follow_up(self, task: "asyncio.Future[Notice]", response_url: str | None) -> None:
        notice = await task
        if response_url and not isinstance(notice, Nothing):
            await self._chat.respond(response_url, _without_trigger(notice, ""))

    async def _opened(self, form: Form, body: Body) -> Notice:
        """Open a form with the trigger it came with; then there is nothing more to say."""
        channel = body.get("channel_id") or (body.get("channel") or {}).get("id") or ""
        place = _channel(str(channel), str(body.get("channel_name") or ""))
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

    async def _answer_press(self, notice: Notice, body: Body, container: Body, line: str) -> None:
        """Answer a button where it was pressed: beside the message, in its place, or in a modal."""
        view = body.get("view") or {}
        if view:
            await self._chat.show(
                str(body["trigger_id"]), notice, str(view["id"]) if view["type"] == "modal" else None
            )
            await self._publish_home(words.person(str(body["user"]["id"])))
        elif url := body.get("response_url"):
            replace = bool(container.get("is_ephemeral")) and not line.startswith(("show", "history"))
            await self._chat.respond(str(url), notice, replace=replace)

    def _answer_said(self, notice: Notice, channel: str, thread: str, user: str, direct: bool) -> None:
        """Answer a message where it was written; in a channel, to its author alone."""
        if isinstance(notice, Nothing):
            return
        place = words.message(channel, thread) if thread else words.place(channel)
        if direct:
            self._in_background(self._chat_post(place, notice))
        else:
            self._in_background(self._chat.say_to_one(place, words.person(user), notice))

    async def _chat_post(self, place: str, notice: Notice) -> None:
        await self._chat.post(place, notice)

    async def _tell(self, notice: Notice, caller: Caller, response_url: str | None) -> None:
        """Tell the outcome of a form: where it was opened. From Home: there; and bad news directly."""
        if isinstance(notice, Nothing):
            return
        if response_url:
            await self._chat.respond(response_url, notice)
            return
        if isinstance(notice, Refused):
            await self._chat.post(caller.person, notice)
        await self._publish_home(caller.person)

    async def _publish_home(self, person: PersonId) -> None:
        caller = Caller(person, "", None, "slack")
        page = await self._front.ask(Home(), caller)
        if isinstance(page, HomePage):
            await self._chat.publish_home(caller.person, page)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(work))
        self._later.add(task)
        task.add_done_callback(self._later.discard)


EVENTS: dict[str, Callable[[Listener, Body], Awaitable[None]]] = {
    "message": Listener._message,
    "app_mention": Listener._mention,
    "reaction_added": Listener._reaction,
    "reaction_removed": Listener._reaction,
    "app_home_opened": Listener._home_opened,
    "user_change": Listener._person_changed,
    "team_join": Listener._person_changed,
    "member_joined_channel": Listener._came,
    "member_left_channel": Listener._went,
}
"""What the app subscribes to (`docs/slack-manifest.yaml` says the same to Slack), and who hears it."""


def make_bolt(client: AsyncWebClient, listener: Listener, bot_user: str, bot_id: str) -> AsyncApp:
    """A Bolt app that answers when the listener is done. Its door is ours (`bot.slack.guard`)."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=client.token,
            bot_user_id=bot_user,
            bot_id=bot_id,
        )

    app = AsyncApp(
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    listener.register(app)
    return app


async def _nod(ack: AsyncAck) -> None:
    await ack()


async def _kept(asked: Coroutine[Any, Any, Notice]) -> Notice:
    """The answer; or, to a person, that nothing was kept."""
    try:
        return await asked
    except Unkept as error:
        log.warning("nothing could be kept", error=type(error).__name__)
        return NOT_KEPT


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Undelivered as error:
        log.info("an answer was not delivered", why=error.why)
    except Unkept as error:
        log.warning("the desk could not be asked", error=type(error).__name__)
    except Exception:
        log.exception("an answer failed")


def _caller(body: Body, key: str, place: str) -> Caller:
    user = body.get("user_id") or body["user"]["id"]
    return Caller(words.person(str(user)), place, f"slack:{key}", "slack")


def _speaker(user: str, place: str, key: str) -> Caller:
    """Who wrote a message. Slack may tell of it again, under another id: the key is the message itself."""
    return Caller(words.person(user), place, key, "slack", retold=True)


def _by_a_person(event: Body) -> bool:
    return bool(event.get("user")) and not event.get("bot_id")


def _channel(channel: str, name: str) -> str:
    """The place of a channel; nothing for direct messages, where a card would be seen by nobody else."""
    return words.place(channel) if channel[:1] in ("C", "G") and name != "directmessage" else ""


def _cleaned(values: Mapping[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
    """What was typed into a form, as clean as a typed line; Slack does not escape it there."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _link(domain: str, channel: str, ts: str) -> str:
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}" if domain and ts else ""


def _without_trigger(notice: Notice, line: str) -> Notice:
    """A form where none can be opened becomes a button that opens it."""
    if not isinstance(notice, Form):
        return notice
    number = dict(notice.hidden).get("number")
    opens = f"{notice.name} {number} …" if number else {"file": "form"}.get(notice.name, line or notice.name)
    return Answer(words=(f"{notice.title}:",), buttons=(Button("Open the form", opens, "primary"),))
