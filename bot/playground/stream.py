"""What happens on a platform, as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json

from aiohttp import web

from .bus import Bus, PageEvent

KEEPALIVE_SECONDS = 15.0


async def stream(bus: Bus, request: web.Request, viewer: str) -> web.StreamResponse:
    """Tell one page what concerns its viewer, for as long as it listens and the platform is there."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    with bus.subscribe() as queue, contextlib.suppress(ConnectionError):
        await response.prepare(request)
        await response.write(b": listening\n\n")
        while (news := await _next(queue, viewer)) is not None:
            await response.write(news)
    return response


async def _next(queue: asyncio.Queue[PageEvent | None], viewer: str) -> bytes | None:
    """The next thing to write; None when the platform has closed."""
    try:
        async with asyncio.timeout(KEEPALIVE_SECONDS):
            while (event := await queue.get()) is not None:
                if event.only is None or viewer in event.only:
                    return f"event: {event.name}\ndata: {json.dumps(event.data)}\n\n".encode()
    except TimeoutError:
        return b": still here\n\n"
    return None
