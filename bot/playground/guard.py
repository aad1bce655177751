"""Who may use the page: a browser on this machine, looking at our own page, and nobody else's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import LOOPBACK

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _host(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


def _is_ours(request: web.Request, hosts: frozenset[str]) -> bool:
    """A foreign Host is DNS rebinding, a foreign Origin is another site's script or form."""
    origin = request.headers.get("Origin")
    ours = origin is None or urlsplit(origin).netloc == request.host
    return ours and _host(request.host) in hosts


def _refused(sentence: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)


def guarded(handler: Handler, hosts: frozenset[str] = LOOPBACK) -> Handler:
    """The same handler, closed to everything that does not come from our own page."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if not _is_ours(request, hosts):
            return web.json_response(
                {"ok": False, "error": "This page is for this computer only."}, status=403
            )
        if request.method == "POST" and request.content_type != "application/json":
            return _refused("Send JSON.", 415)
        response = await handler(request)
        if not response.prepared:
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Cache-Control"] = "no-store"
        return response

    return answer
