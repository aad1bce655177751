"""What Slack sends: translate, ask, render, acknowledge. No rule about requests stands here.

One listener for each kind of payload, and a table for events. What a person did is kept before Slack is
answered. An event that cannot be kept fails, so that Slack sends it again; a click or a command that cannot
be kept is answered with a sentence that says so.
"""

import re
from collections.abc import Mapping

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.front import NOT_KEPT, Front
from bot.slack import modals, words
from bot.slack.answers import Answers, Body, channel_place
from bot.slack.events import Events
from bot.slack.render import render
from handlers.intents import Caller, Draft, OpenRequestForm
from handlers.language import clean
from handlers.notices import Form, Nothing, Notice, Refused

ANYTHING = re.compile(r".*", re.DOTALL)
MAKE_REQUEST = "make_request"
"""The callback id of the message shortcut."""


class Listener:
    """Slack's payloads, turned into questions to the front desk and answers in Slack."""

    def __init__(self, front: Front, answers: Answers, events: Events, bot_user: str) -> None:
        self._front = front
        self._answers = answers
        self._events = events
        self._bot_user = bot_user

    def register(self, app: AsyncApp) -> None:
        """Listen to everything Slack sends to this app."""
        app.command(ANYTHING)(self.command)
        app.action(ANYTHING)(self.action)
        app.view(ANYTHING)(self.submission)
        app.view_closed(ANYTHING)(_nod)
        app.shortcut(ANYTHING)(self.shortcut)
        app.event(ANYTHING)(self.event)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """`/request …`: the answer rides on the acknowledgement."""
        caller = _caller(
            body, body["trigger_id"], channel_place(body["channel_id"], body.get("channel_name", ""))
        )
        line = words.from_slack(str(body.get("text") or ""), self._bot_user)
        notice = await self._answers.soon(self._front.say(line, caller), body["response_url"], line)
        if isinstance(notice, Form):
            notice = await self._answers.opened(notice, body)
        if isinstance(notice, Nothing):
            await ack()
        else:
            message = render(notice)
            await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    async def action(self, ack: AsyncAck, body: Body) -> None:
        """A button: it says its line. The answer follows where it was pressed. A choice redraws its form."""
        if modals.redraws(body):
            await ack()
            self._answers.in_background(self._redrawn(body))
            return
        line = str(body["actions"][0].get("value") or "")
        container = body.get("container") or {}
        channel = channel_place(str(container.get("channel_id") or ""), "")
        caller = _caller(body, body["trigger_id"], channel)
        notice = await self._answers.soon(self._front.say(line, caller), body.get("response_url"))
        if isinstance(notice, Form):
            notice = await self._answers.opened(notice, body)
        await ack()
        if not isinstance(notice, Nothing):
            self._answers.in_background(self._answers.pressed(notice, body, container, line))

    async def _redrawn(self, body: Body) -> None:
        """The form as the choice made in it wants it, in place."""
        view = body["view"]
        form = await self._redraw(view, _caller(body, body["trigger_id"], ""))
        if isinstance(form, Form):
            await self._answers.redrawn(form, view, str(body["actions"][0].get("action_ts") or ""))

    async def _redraw(self, view: Body, caller: Caller) -> Notice:
        name = modals.form_name(str(view.get("callback_id") or "")) or ""
        remembered = modals.hidden(str(view.get("private_metadata") or ""))
        values = _cleaned(modals.answers(view["state"]["values"]))
        return await self._answers.kept(self._front.redraw(name, remembered, values, caller))

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A filled form: errors stay beside their fields, everything else closes it and is told."""
        view = body["view"]
        remembered = modals.hidden(str(view.get("private_metadata") or ""))
        values = modals.answers(view["state"]["values"])
        name = modals.form_name(str(view.get("callback_id") or ""))
        if name is None:
            await ack()
            return
        caller = _caller(body, f"view:{view['id']}:{view.get('hash', '')}", remembered.get("place", ""))
        answer_to = remembered.get("answer_to")
        notice = await self._answers.soon(
            self._front.fill(name, remembered, _cleaned(values), caller), answer_to
        )
        if isinstance(notice, Refused) and (notice.field in values or notice is NOT_KEPT):
            field = notice.field if notice.field in values else next(iter(values), "")
            await ack(modals.errors({field: render(Refused(notice.why)).text}))
            return
        if isinstance(notice, Refused) and isinstance(form := await self._redraw(view, caller), Form):
            error = render(Refused(notice.why)).text
            await ack(response_action="update", view=modals.modal(form, over=view, error=error))
            return
        await ack(response_action="clear")
        self._answers.in_background(self._answers.told(notice, caller, answer_to))

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
        caller = _caller(body, body["trigger_id"], channel_place(channel, body["channel"].get("name", "")))
        notice = await self._answers.soon(
            self._front.ask(OpenRequestForm(draft), caller), body.get("response_url")
        )
        if isinstance(notice, Form):
            notice = await self._answers.opened(notice, body)
        await ack()
        if not isinstance(notice, Nothing):
            self._answers.in_background(self._answers.told(notice, caller, body.get("response_url")))

    async def event(self, body: Body) -> None:
        """Something happened."""
        await self._events.hear(body["event"])


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
        client=AsyncWebClient(),  # Bolt calls nothing by itself; the token comes with `authorize`
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


def _caller(body: Body, key: str, place: str) -> Caller:
    user = body.get("user_id") or body["user"]["id"]
    return Caller(words.person(str(user)), place, f"slack:{key}", "slack")


def _cleaned(values: Mapping[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
    """What was typed into a form, as clean as a typed line; Slack does not escape it there."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _link(domain: str, channel: str, ts: str) -> str:
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}" if domain and ts else ""
