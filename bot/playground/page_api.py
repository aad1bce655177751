"""What the page asks and does, always on behalf of one colleague."""

from __future__ import annotations

from aiohttp import web

from . import modals
from .emoji import ALIASES, EMOJI
from .errors import NotThere
from .page_shapes import page_conversation, page_message, page_user, page_view
from .people import Colleague
from .records import Json, Message, View
from .workspace import Workspace

_HELD = (
    "selected_option",
    "selected_options",
    "selected_user",
    "selected_users",
    "selected_date",
    "selected_time",
    "selected_date_time",
    "value",
)


class PageApi:
    """The questions and actions of the page; what cannot be is NotThere or Trouble, with a sentence."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    # asked

    def bootstrap(self, viewer: Colleague, _request: web.Request) -> Json:
        """Everything that does not change while one looks."""
        workspace = self._workspace
        return {
            "team": {"name": workspace.name},
            "bot": {"id": workspace.bot_user, "name": workspace.users[workspace.bot_user].real_name},
            "viewer": viewer.id,
            "users": [page_user(user, index) for index, user in enumerate(workspace.users.values())],
            "commands": workspace.commands,
            "hints": workspace.hints,
            "shortcuts": workspace.shortcuts,
            "emoji": {**EMOJI, **{alias: EMOJI[name] for alias, name in ALIASES.items()}},
            "now": workspace.now().isoformat(),
            "moves": [{"id": id, "label": label} for id, (label, _) in workspace.moves.items()],
        }

    def conversations(self, viewer: Colleague, _request: web.Request) -> Json:
        """The side bar."""
        self._workspace.dm(viewer.id)
        mine = self._workspace.conversations_of(viewer.id)
        return {"conversations": [page_conversation(self._workspace, each, viewer.id) for each in mine]}

    def messages(self, viewer: Colleague, request: web.Request) -> Json:
        """A channel."""
        return self._drawn(viewer.sees(request.match_info["channel"]))

    def thread(self, viewer: Colleague, request: web.Request) -> Json:
        """A thread."""
        return self._drawn(viewer.thread(request.match_info["channel"], request.match_info["ts"]))

    def home(self, viewer: Colleague, _request: web.Request) -> Json:
        """Home."""
        return {"view": page_view(self._workspace, viewer.home)}

    def modal(self, viewer: Colleague, _request: web.Request) -> Json:
        """The modal on top."""
        return {"view": page_view(self._workspace, viewer.modal)}

    def _drawn(self, messages: list[Message]) -> Json:
        return {"messages": [page_message(self._workspace, message) for message in messages]}

    # done

    async def read(self, viewer: Colleague, body: Json) -> Json:
        """Everything in a channel has been seen."""
        self._workspace.mark_read(viewer.id, _named(body, "channel"))
        return {}

    async def say(self, viewer: Colleague, body: Json) -> Json:
        """A message was typed."""
        said = await viewer.say(_named(body, "channel"), _named(body, "text"), body.get("thread_ts") or None)
        return {"ts": said.ts}

    async def command(self, viewer: Colleague, body: Json) -> Json:
        """A slash command was typed. What Slack itself says about it comes as a notice."""
        answer = await viewer.command(_named(body, "channel"), _named(body, "text"))
        return {"ts": answer.message.ts if answer.message else None}

    async def react(self, viewer: Colleague, body: Json) -> Json:
        """A reaction was added."""
        await viewer.react(self._message(viewer, body), _named(body, "name"))
        return {}

    async def unreact(self, viewer: Colleague, body: Json) -> Json:
        """A reaction was taken back."""
        await viewer.unreact(self._message(viewer, body), _named(body, "name"))
        return {}

    async def press(self, viewer: Colleague, body: Json) -> Json:
        """Something was pressed or chosen."""
        given = next((body[key] for key in _HELD if key in body), None)
        state = body.get("state") or body.get("values")
        where = self._where(viewer, body)
        block_id = body.get("block_id")
        ack = await viewer.press(where, _named(body, "action_id"), given, block_id=block_id, state=state)
        return {"acknowledged": ack.ok}

    async def submit(self, viewer: Colleague, body: Json) -> Json:
        """A modal was submitted."""
        view = self._view(viewer, _named(body, "view_id"))
        errors = await modals.submit(self._workspace, view, body.get("values") or {})
        return {"errors": errors} if errors else {}

    async def close(self, viewer: Colleague, body: Json) -> Json:
        """A modal was closed."""
        await modals.close(self._workspace, self._view(viewer, _named(body, "view_id")), everything=False)
        return {}

    async def shortcut(self, viewer: Colleague, body: Json) -> Json:
        """A message shortcut was chosen."""
        ack = await viewer.shortcut(self._message(viewer, body), _named(body, "callback_id"))
        return {"acknowledged": ack.ok}

    async def open_home(self, viewer: Colleague, _body: Json) -> Json:
        """Home was opened."""
        return {"view": page_view(self._workspace, await viewer.open_home())}

    async def move_clock(self, _viewer: Colleague, body: Json) -> Json:
        """The clock of the demonstration was moved."""
        move = self._workspace.moves.get(_named(body, "move"))
        if move is None:
            raise NotThere("There is no such move.")
        await move[1]()
        now = self._workspace.now().isoformat()
        self._workspace.tell("clock", {"now": now})
        return {"now": now}

    def _message(self, viewer: Colleague, place: Json) -> Message:
        return viewer.sees_message(_named(place, "channel"), _named(place, "ts"))

    def _view(self, viewer: Colleague, id: str) -> View:
        view = self._workspace.views.find(id)
        if view is None or view.user != viewer.id:
            raise NotThere("That view is closed.")
        return view

    def _where(self, viewer: Colleague, body: Json) -> Message | View:
        message, view = body.get("message"), body.get("view")
        if isinstance(message, dict):
            return self._message(viewer, message)
        return self._view(viewer, _named(view if isinstance(view, dict) else {}, "id"))


def _named(body: Json, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise NotThere(f"Say which {key}.")
    return value
