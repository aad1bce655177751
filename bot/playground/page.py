"""The whole playground as one web application: Slack's side of the wire, and the page people look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bot.settings import LOOPBACK

from .api import WebApi
from .doors import Asked, Done, Doors
from .guard import guarded
from .page_api import PageApi
from .workspace import Workspace

STATIC = Path(__file__).parent / "static"

Extend = Callable[[web.Application], None]


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html")


async def _static(request: web.Request) -> web.StreamResponse:
    path = (STATIC / request.match_info["path"]).resolve()
    if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path)


def _questions(page: PageApi) -> dict[str, Asked]:
    return {
        "/api/bootstrap": page.bootstrap,
        "/api/conversations": page.conversations,
        "/api/conversations/{channel}/messages": page.messages,
        "/api/conversations/{channel}/threads/{ts}": page.thread,
        "/api/home": page.home,
        "/api/modal": page.modal,
    }


def _actions(page: PageApi) -> dict[str, Done]:
    return {
        "/api/read": page.read,
        "/api/say": page.say,
        "/api/command": page.command,
        "/api/react": page.react,
        "/api/unreact": page.unreact,
        "/api/press": page.press,
        "/api/submit": page.submit,
        "/api/close": page.close,
        "/api/shortcut": page.shortcut,
        "/api/home/open": page.open_home,
        "/api/clock": page.move_clock,
    }


def _add_slack(router: web.UrlDispatcher, workspace: Workspace) -> None:
    router.add_route("*", "/slack/api/{method}", WebApi(workspace).answer)
    router.add_post("/slack/response/{token}", workspace.response_urls.answer)
    router.add_get("/slack/socket", workspace.sockets.answer)
    router.add_post("/slack/upload/{door}", workspace.files.receive)


def _add_page(router: web.UrlDispatcher, workspace: Workspace, hosts: frozenset[str]) -> None:
    page, doors = PageApi(workspace), Doors(workspace)
    for path, asked in _questions(page).items():
        router.add_get(path, guarded(doors.ask(asked), hosts))
    for path, done in _actions(page).items():
        router.add_post(path, guarded(doors.do(done), hosts))
    router.add_get("/slack/files/{id}", guarded(workspace.files.show, hosts))
    router.add_get("/api/events", guarded(doors.listen, hosts))
    router.add_get("/", guarded(_index, hosts))
    router.add_get("/static/{path:.+}", guarded(_static, hosts))


def make_app(
    workspace: Workspace, *, hosts: frozenset[str] = LOOPBACK, extend: Extend | None = None
) -> web.Application:
    """Slack's side of the wire and the page, which answers only to the names in `hosts`.

    `extend` adds what is to stand beside them: another platform's window.
    """
    app = web.Application(client_max_size=2**20)
    _add_slack(app.router, workspace)
    _add_page(app.router, workspace, hosts)
    if extend is not None:
        extend(app)
    app.on_shutdown.append(lambda _app: workspace.close())
    return app


@asynccontextmanager
async def serving(
    workspace: Workspace, host: str = "127.0.0.1", port: int = 0, *, extend: Extend | None = None
) -> AsyncIterator[str]:
    """Serve the playground while the block runs; yields its address and sets `workspace.base_url`.

    Port 0 takes a free one. The Web API is at the address with `/slack/api/` behind it.
    """
    runner = web.AppRunner(make_app(workspace, extend=extend), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        workspace.base_url = f"http://{host}:{runner.addresses[0][1]}"
        yield workspace.base_url
    finally:
        await runner.cleanup()
