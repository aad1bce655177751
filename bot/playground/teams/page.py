"""The page that looks like Teams: its address is /teams, beside the one that looks like Slack."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.playground.guard import guarded
from bot.settings import LOOPBACK

from .page_api import add_page
from .tenant import Tenant

STATIC = Path(__file__).parent.parent / "static"
"""The files of both pages: this one's stand in `teams`, and it borrows a few of the other's."""


def teams_routes(app: web.Application, tenant: Tenant, *, hosts: frozenset[str] = LOOPBACK) -> None:
    """Add the page and all that it asks for to an application, for the names in `hosts` alone.

    The page is at /teams and its files below /teams/static; its questions are below /api/teams.
    """
    add_page(app.router, tenant, hosts)
    app.router.add_get("/teams", guarded(_index, hosts))
    app.router.add_get("/teams/static/{path:.+}", guarded(_static, hosts))


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "teams" / "index.html")


async def _static(request: web.Request) -> web.StreamResponse:
    path = (STATIC / request.match_info["path"]).resolve()
    if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path)
