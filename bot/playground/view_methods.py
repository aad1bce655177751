"""The Web API's `views.*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .args import Args
from .blocks import check_view
from .errors import SlackRefusal
from .records import Json, View
from .shapes import view_json

if TYPE_CHECKING:
    from .workspace import Workspace


def _body(args: Args, kind: str) -> Json:
    view = args.json("view", "invalid_arguments")
    if view is None:
        raise SlackRefusal("invalid_arguments", ["missing required field: view"])
    return check_view(view, kind)


def open_view(workspace: Workspace, args: Args) -> Json:
    """views.open."""
    trigger = args.need("trigger_id")
    body = _body(args, "modal")
    user, _ = workspace.triggers.redeem(trigger)
    view = workspace.views.open(user, body)
    workspace.show_modal(user)
    return {"view": view_json(workspace, view)}


def push_view(workspace: Workspace, args: Args) -> Json:
    """views.push: only with a trigger from inside a modal."""
    trigger = args.need("trigger_id")
    body = _body(args, "modal")
    user, inside = workspace.triggers.redeem(trigger)
    if inside is None:
        raise SlackRefusal("invalid_trigger_id")
    view = workspace.views.push(user, body)
    workspace.show_modal(user)
    return {"view": view_json(workspace, view)}


def _meant(workspace: Workspace, args: Args) -> View:
    id, name = args.maybe("view_id"), args.maybe("external_id")
    if id is None and name is None:
        raise SlackRefusal("invalid_arguments", ["missing required field: view_id or external_id"])
    found = workspace.views.find(id) if id else workspace.views.named(name or "")
    if found is None:
        raise SlackRefusal("not_found")
    return found


def update_view(workspace: Workspace, args: Args) -> Json:
    """views.update."""
    current = _meant(workspace, args)
    view = workspace.views.update(current, _body(args, current.kind), args.maybe("hash"))
    if view.kind == "modal":
        workspace.show_modal(view.user)
    else:
        workspace.show_home(view)
    return {"view": view_json(workspace, view)}


def publish_view(workspace: Workspace, args: Args) -> Json:
    """views.publish."""
    user = args.need("user_id")
    body = _body(args, "home")
    if user not in workspace.users:
        raise SlackRefusal("user_not_found")
    view = workspace.views.publish(user, body, args.maybe("hash"))
    workspace.show_home(view)
    return {"view": view_json(workspace, view)}
