"""The HTTP side: one route for everything Slack sends, one that says whether we are well."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.guard import MOST_BYTES, is_from_slack

Healthy = Callable[[], Awaitable[bool]]


def make_web(slack: AsyncApp | None, signing_secret: str, healthy: Healthy) -> web.Application:
    """The application: `POST /slack/events` when Slack speaks HTTP to us, and `GET /healthz`."""
    app = web.Application(client_max_size=MOST_BYTES)

    async def healthz(_: web.Request) -> web.Response:
        well = await healthy()
        return web.json_response({"ok": well}, status=200 if well else 503)

    async def events(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not is_from_slack(signing_secret, request.headers, body, time.time()):
            return web.Response(status=401, text="This was not signed by Slack.")
        question = _read(body, request)
        if question is None:
            return web.Response(status=400, text="This is not what its content type says.")
        assert slack is not None
        return await to_aiohttp_response(await slack.async_dispatch(question))

    app.router.add_get("/healthz", healthz)
    if slack is not None and signing_secret:
        app.router.add_post("/slack/events", events)
    return app


def _read(body: bytes, request: web.Request) -> AsyncBoltRequest | None:
    """A body as Bolt understands it; None when it is not what its content type says, or no object."""
    try:
        question = AsyncBoltRequest(
            body=body.decode(), query=request.query_string, headers=dict(request.headers)
        )
    except (ValueError, TypeError, AttributeError):
        return None
    return question if isinstance(question.body, dict) else None
