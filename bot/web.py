"""The HTTP side: the routes of every platform, and one that says whether we are well."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.report.routes import Reports
from bot.side import Side

Healthy = Callable[[], Awaitable[bool]]

MOST_BYTES = 1_000_000


def make_web(sides: Iterable[Side], reports: Reports, healthy: Healthy) -> web.Application:
    """The application: what each platform calls, the report's pages, and `GET /healthz`."""
    app = web.Application(client_max_size=MOST_BYTES)

    async def healthz(_: web.Request) -> web.Response:
        well = await healthy()
        return web.json_response({"ok": well}, status=200 if well else 503)

    app.router.add_get("/healthz", healthz)
    reports.add_to(app.router)
    for side in sides:
        side.routes(app)
    return app
