"""What the page asks and does, always on behalf of one colleague."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.playground.errors import NotThere
from bot.playground.guard import Handler, guarded
from bot.playground.records import Json
from bot.playground.stream import stream
from bot.settings import LOOPBACK

from .page_shapes import page_conversation, page_dialog, page_message, page_person
from .people import Colleague
from .records import Dialog, Message, Result
from .tenant import Tenant

PREFIX = "/api/teams"

Asked = Callable[[Colleague, web.Request], Json]
Done = Callable[[Colleague, Json], Awaitable[Json]]


class PageApi:
    """The questions and actions of the page; what cannot be is NotThere, with a sentence."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    # asked

    def bootstrap(self, viewer: Colleague, _request: web.Request) -> Json:
        """Everything that does not change while one looks."""
        tenant = self._tenant
        people = [*tenant.people.values(), tenant.bot]
        return {
            "tenant": {"id": tenant.id, "name": tenant.name},
            "bot": page_person(tenant.bot, len(people) - 1),
            "viewer": viewer.id,
            "chat": viewer.chat,
            "installed": viewer.id in tenant.installed,
            "people": [page_person(each, index) for index, each in enumerate(people)],
            "now": tenant.now().isoformat(),
            "moves": [{"id": id, "label": label} for id, (label, _) in tenant.moves.items()],
        }

    def conversations(self, viewer: Colleague, _request: web.Request) -> Json:
        """The side bar; the chat with the bot is there once it was begun."""
        mine = self._tenant.conversations_of(viewer.id)
        return {
            "installed": viewer.id in self._tenant.installed,
            "chat": viewer.chat,
            "conversations": [page_conversation(self._tenant, each, viewer.id) for each in mine],
        }

    def messages(self, viewer: Colleague, request: web.Request) -> Json:
        """A conversation."""
        return self._drawn(viewer.sees(request.query.get("conversation", "")))

    def thread(self, viewer: Colleague, request: web.Request) -> Json:
        """A message and its thread."""
        return self._drawn(viewer.thread(self._message(viewer, dict(request.query))))

    def dialog(self, viewer: Colleague, _request: web.Request) -> Json:
        """The dialog in front."""
        return {"dialog": page_dialog(viewer.dialog)}

    def _drawn(self, messages: list[Message]) -> Json:
        return {"messages": [page_message(self._tenant, each) for each in messages]}

    # done

    async def read(self, viewer: Colleague, body: Json) -> Json:
        """Everything in a conversation has been seen."""
        self._tenant.mark_read(viewer.id, viewer.place(_named(body, "conversation")).id)
        return {}

    async def say(self, viewer: Colleague, body: Json) -> Json:
        """A message was typed, perhaps as the answer to another (`reply_to`)."""
        text = _named(body, "text")
        if body.get("reply_to"):
            said = await viewer.reply(self._message(viewer, {**body, "id": body["reply_to"]}), text)
        else:
            said = await viewer.say(_named(body, "conversation"), text)
        return {"id": said.id}

    async def edit(self, viewer: Colleague, body: Json) -> Json:
        """A message was changed."""
        await viewer.edit(self._message(viewer, body), _named(body, "text"))
        return {}

    async def delete(self, viewer: Colleague, body: Json) -> Json:
        """A message was deleted."""
        await viewer.delete(self._message(viewer, body))
        return {}

    async def react(self, viewer: Colleague, body: Json) -> Json:
        """A reaction was added."""
        await viewer.react(self._message(viewer, body), _named(body, "kind"))
        return {}

    async def unreact(self, viewer: Colleague, body: Json) -> Json:
        """A reaction was taken back."""
        await viewer.unreact(self._message(viewer, body), _named(body, "kind"))
        return {}

    async def press(self, viewer: Colleague, body: Json) -> Json:
        """A button was pressed: the one at `pointer` in the card, with `inputs` filled in."""
        inputs = body.get("inputs") or {}
        ack = await viewer.press_at(self._where(viewer, body), _named(body, "pointer"), inputs)
        return {"acknowledged": ack.ok, "objections": viewer.objections}

    async def close(self, viewer: Colleague, _body: Json) -> Json:
        """The dialog was closed."""
        viewer.close()
        return {}

    async def make_request(self, viewer: Colleague, body: Json) -> Json:
        """The app's action was chosen on a message."""
        return {"dialog": page_dialog(await viewer.make_request(self._message(viewer, body)))}

    async def search(self, viewer: Colleague, body: Json) -> Json:
        """Words were typed into the search of the app."""
        found = await viewer.search(str(body.get("words") or ""), body.get("conversation") or None)
        return {"results": [{"title": each.title, "text": each.text, "card": each.card} for each in found]}

    async def share(self, viewer: Colleague, body: Json) -> Json:
        """Something that was found is sent into a conversation."""
        given = body.get("result")
        if not isinstance(given, dict) or not isinstance(given.get("card"), dict):
            raise NotThere("Say which result.")
        result = Result(str(given.get("title") or ""), str(given.get("text") or ""), given["card"])
        return {"id": viewer.share(result, _named(body, "conversation")).id}

    async def install(self, viewer: Colleague, _body: Json) -> Json:
        """The app was added."""
        await viewer.install()
        return {"chat": viewer.chat}

    async def uninstall(self, viewer: Colleague, _body: Json) -> Json:
        """The app was removed."""
        await viewer.uninstall()
        return {}

    async def move_clock(self, _viewer: Colleague, body: Json) -> Json:
        """The clock of the demonstration was moved."""
        move = self._tenant.moves.get(_named(body, "move"))
        if move is None:
            raise NotThere("There is no such move.")
        await move[1]()
        now = self._tenant.now().isoformat()
        self._tenant.tell("clock", {"now": now})
        return {"now": now}

    def _message(self, viewer: Colleague, given: Json) -> Message:
        place = viewer.place(_named(given, "conversation"))
        found = self._tenant.log.find(place.id, _named(given, "id"))
        if found is None:
            raise NotThere("That message is no longer there.")
        return found

    def _where(self, viewer: Colleague, body: Json) -> Message | Dialog:
        where = body.get("where")
        if isinstance(where, dict):
            return self._message(viewer, where)
        if viewer.dialog is None:
            raise NotThere("No dialog is open.")
        return viewer.dialog


def add_page(router: web.UrlDispatcher, tenant: Tenant, hosts: frozenset[str] = LOOPBACK) -> None:
    """Add the page's questions (GET), its actions (POST) and its stream, for the names in `hosts` alone."""
    page = PageApi(tenant)
    asked: tuple[Asked, ...] = (page.bootstrap, page.conversations, page.messages, page.thread, page.dialog)
    for question in asked:
        router.add_get(f"{PREFIX}/{question.__name__}", guarded(_asking(tenant, question), hosts))
    for name, action in _actions(page).items():
        router.add_post(f"{PREFIX}/{name}", guarded(_doing(tenant, action), hosts))
    router.add_get(f"{PREFIX}/events", guarded(_listening(tenant), hosts))


def _actions(page: PageApi) -> dict[str, Done]:
    done: tuple[Done, ...] = (
        page.read,
        page.say,
        page.edit,
        page.delete,
        page.react,
        page.unreact,
        page.press,
        page.close,
        page.make_request,
        page.search,
        page.share,
        page.install,
        page.uninstall,
    )
    return {**{each.__name__: each for each in done}, "clock": page.move_clock}


def _viewer(tenant: Tenant, id: object) -> Colleague:
    """Before anybody is chosen the page looks through the first person's eyes."""
    wanted = id or next(iter(tenant.people), None)
    if not isinstance(wanted, str) or wanted not in tenant.people:
        raise NotThere("Nobody here has that id.")
    return tenant.person(wanted)


def _asking(tenant: Tenant, asked: Asked) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            return _ok(asked(_viewer(tenant, request.query.get("as")), request))
        except NotThere as refusal:
            return _sorry(str(refusal), 404)

    return handler


def _doing(tenant: Tenant, done: Done) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
        except ValueError:
            return _sorry("That is not JSON.")
        if not isinstance(body, dict):
            return _sorry("Send an object.")
        try:
            return _ok(await done(_viewer(tenant, body.get("as")), body))
        except NotThere as refusal:
            return _sorry(str(refusal))

    return handler


def _listening(tenant: Tenant) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            viewer = _viewer(tenant, request.query.get("as"))
        except NotThere as refusal:
            return _sorry(str(refusal), 404)
        return await stream(tenant.bus, request, viewer.id)

    return handler


def _ok(body: Json) -> web.Response:
    return web.json_response({"ok": True, **body})


def _sorry(sentence: str, status: int = 400) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)


def _named(body: Json, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise NotThere(f"Say which {key}.")
    return value
