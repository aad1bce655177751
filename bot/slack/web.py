"""Slack's door on the HTTP side: the signature first, then Bolt."""

import time

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.guard import is_from_slack


def add_route(app: web.Application, bolt: AsyncApp, signing_secret: str) -> None:
    """`POST /slack/events`, for everything that Slack sends."""

    async def events(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not is_from_slack(signing_secret, request.headers, body, time.time()):
            return web.Response(status=401, text="This was not signed by Slack.")
        question = _read(body, request)
        if question is None:
            return web.Response(status=400, text="This is not what its content type says.")
        return await to_aiohttp_response(await bolt.async_dispatch(question))

    app.router.add_post("/slack/events", events)


def _read(body: bytes, request: web.Request) -> AsyncBoltRequest | None:
    """A body as Bolt understands it; None when it is not what its content type says, or no object."""
    try:
        question = AsyncBoltRequest(
            body=body.decode(), query=request.query_string, headers=dict(request.headers)
        )
    except (ValueError, TypeError, AttributeError):
        return None
    return question if isinstance(question.body, dict) else None
