"""The page's requests, turned into what a colleague asks and does, and failures into sentences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from . import modals
from .errors import NotThere
from .guard import Handler
from .people import Colleague
from .records import Json
from .stream import stream
from .workspace import Workspace

Asked = Callable[[Colleague, web.Request], Json]
Done = Callable[[Colleague, Json], Awaitable[Json]]


def _ok(body: Json) -> web.Response:
    return web.json_response({"ok": True, **body})


def _sorry(sentence: str, status: int = 400) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)


class Doors:
    """Handlers for questions (GET), actions (POST) and the stream of events."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def _viewer(self, id: object) -> Colleague:
        if not isinstance(id, str) or id not in self._workspace.users:
            raise NotThere("Nobody here has that id.")
        return self._workspace.person(id)

    def _some_viewer(self, id: str | None) -> Colleague:
        """Before anybody is chosen the page looks through the first person's eyes."""
        people = [user.id for user in self._workspace.users.values() if not user.is_bot and not user.deleted]
        return self._viewer(id or (people[0] if people else None))

    def ask(self, asked: Asked) -> Handler:
        """A handler for a GET."""

        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                return _ok(asked(self._some_viewer(request.query.get("as")), request))
            except NotThere as refusal:
                return _sorry(str(refusal), 404)

        return handler

    def do(self, done: Done) -> Handler:
        """A handler for a POST."""

        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                body = await request.json()
            except ValueError:
                return _sorry("That is not JSON.")
            if not isinstance(body, dict):
                return _sorry("Send an object.")
            try:
                return _ok(await done(self._viewer(body.get("as")), body))
            except (NotThere, modals.Trouble) as refusal:
                return _sorry(str(refusal))

        return handler

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """The stream of events."""
        try:
            viewer = self._some_viewer(request.query.get("as"))
        except NotThere as refusal:
            return _sorry(str(refusal), 404)
        return await stream(self._workspace.bus, request, viewer.id)
