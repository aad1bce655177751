"""A stand-in for the app at the other end of Teams' deliveries, and the cards it plays with."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.playground.teams.records import CARD, Message
from bot.playground.teams.shop import SHOP_DESK
from bot.playground.teams.tenant import Tenant

Json = dict[str, Any]


class Clocks:
    """The time of day, and the seconds that the pace of messages is measured in."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        self.seconds = 1_000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


class ListeningBot:
    """Remembers every activity, and answers as it is told.

    `replies` are used up in order; each is a body, a `web.Response`, or seconds to wait first. Without
    replies it answers an empty 200.
    """

    def __init__(self) -> None:
        self.heard: list[Json] = []
        self.tokens: list[str | None] = []
        self.replies: list[Any] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/teams/messages", self._answer)
        return app

    def types(self) -> list[str]:
        return [each["type"] for each in self.heard]

    async def _answer(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        self.tokens.append(request.headers.get("Authorization"))
        reply = self.replies.pop(0) if self.replies else None
        if isinstance(reply, float):
            await asyncio.sleep(reply)
        if isinstance(reply, web.Response):
            return reply
        return web.json_response(reply) if isinstance(reply, dict) else web.Response()


def text(words: str, **more: Any) -> Json:
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def execute(title: str, **more: Any) -> Json:
    data = {"line": title.lower()}
    return {"type": "Action.Execute", "title": title, "verb": "say", "data": data, **more}


def opens(title: str) -> Json:
    data = {"msteams": {"type": "task/fetch"}, "line": f"{title} …"}
    return {"type": "Action.Submit", "title": title, "data": data}


def submits(title: str, **data: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": data}


def asks(title: str, question: str, *inner: Json) -> Json:
    card = {"type": "AdaptiveCard", "body": [text(question)], "actions": list(inner)}
    return {"type": "Action.ShowCard", "title": title, "card": card}


def field(id: str, kind: str = "Text", **more: Any) -> Json:
    return {"type": f"Input.{kind}", "id": id, "label": id.capitalize(), **more}


def card(*body: Json, actions: tuple[Json, ...] = (), **more: Any) -> Json:
    shape: Json = {"type": "AdaptiveCard", "version": "1.5", "fallbackText": "a card", "body": list(body)}
    return {**shape, **({"actions": list(actions)} if actions else {}), **more}


def message(content: Json, summary: str = "a card") -> Json:
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": CARD, "content": content}],
    }


def becomes(content: Json) -> Json:
    """The answer to a press: another card."""
    return {"statusCode": 200, "type": CARD, "value": content}


def sentence(words: str) -> Json:
    """The answer to a press: a sentence."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}


def dialog(title: str, content: Json) -> Json:
    """The answer that opens a dialog, or keeps it open."""
    attachment = {"contentType": CARD, "content": content}
    value = {"title": title, "height": "medium", "width": "medium", "card": attachment}
    return {"task": {"type": "continue", "value": value}}


def closing(words: str) -> Json:
    """The answer that closes a dialog with a sentence."""
    return {"task": {"type": "message", "value": words}}


def posted(tenant: Tenant, content: Json, conversation: str = SHOP_DESK) -> Message:
    """A card of the bot's in a conversation."""
    attachment = {"contentType": CARD, "content": content}
    return tenant.post(conversation, tenant.bot.id, attachments=(attachment,), summary="a card")
