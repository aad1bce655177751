"""Slack's door on the HTTP side: the signature first, then Bolt.

Emoji go past Bolt. Slack tells of each that anybody puts on anything where the bot is; most are nothing to
us, and what Bolt prepares for a listener takes longer than hearing one.
"""

import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.answers import Body
from bot.slack.guard import is_from_slack

REACTIONS = frozenset({"reaction_added", "reaction_removed"})


def add_route(
    app: web.Application, bolt: AsyncApp, hear: Callable[[Body], Awaitable[None]], signing_secret: str
) -> None:
    """`POST /slack/events`, for everything that Slack sends; `hear` is told of emoji."""

    async def events(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not is_from_slack(signing_secret, request.headers, body, time.time()):
            return web.Response(status=401, text="This was not signed by Slack.")
        if (reaction := _reaction(body)) is not None:
            await hear(reaction)
            return web.Response()
        question = _read(body, request)
        if question is None:
            return web.Response(status=400, text="This is not what its content type says.")
        return await to_aiohttp_response(await bolt.async_dispatch(question))

    app.router.add_post("/slack/events", events)


def _reaction(body: bytes) -> Body | None:
    """The event, when somebody put an emoji on something, or took it off; None when it is anything else."""
    if b'"reaction_' not in body:
        return None
    try:
        told = json.loads(body)
    except ValueError:
        return None
    event = told.get("event") if isinstance(told, dict) and told.get("type") == "event_callback" else None
    return event if isinstance(event, dict) and event.get("type") in REACTIONS else None


def _read(body: bytes, request: web.Request) -> AsyncBoltRequest | None:
    """A body as Bolt understands it; None when it is not what its content type says, or no object."""
    try:
        question = AsyncBoltRequest(
            body=body.decode(), query=request.query_string, headers=dict(request.headers)
        )
    except (ValueError, TypeError, AttributeError):
        return None
    return question if isinstance(question.body, dict) else None
