"""What happens to a modal when it is submitted, pressed in, or closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import payloads
from .ack import Ack
from .blocks import check_view
from .elements import complaints, state_of
from .errors import SlackRefusal
from .records import Json, View

if TYPE_CHECKING:
    from .workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack says in a modal when the app did not answer, or answered nonsense."""


class Trouble(Exception):
    """The app did not take a submission; the modal stays as it is."""


async def submit(workspace: Workspace, view: View, values: Mapping[str, Any]) -> dict[str, str]:
    """Submit a modal. Returns what stands in the way by block id; raises Trouble when the app failed."""
    state = state_of(view.blocks, values)
    view = workspace.views.fill(view, state)
    faults = complaints(view.blocks, state)
    if faults:
        return faults
    ack = await workspace.delivery.interaction(payloads.view_submission(workspace, view))
    try:
        errors = _obey(workspace, view, ack)
    except (SlackRefusal, KeyError, TypeError) as nonsense:
        raise Trouble(TROUBLE) from nonsense
    if not errors:
        workspace.show_modal(view.user)
    return errors


def _obey(workspace: Workspace, view: View, ack: Ack) -> dict[str, str]:
    if not ack.ok:
        raise Trouble(TROUBLE)
    order: Json = ack.body if isinstance(ack.body, dict) else {}
    match order.get("response_action"):
        case "errors":
            return _errors(view, order["errors"])
        case "update":
            current = workspace.views.find(view.id)
            if current is not None:
                workspace.views.update(current, check_view(order["view"], "modal"))
        case "push":
            workspace.views.push(view.user, check_view(order["view"], "modal"))
        case "clear":
            workspace.views.clear(view.user)
        case None:
            workspace.views.close(view)
        case _:
            raise Trouble(TROUBLE)
    return {}


def _errors(view: View, errors: Mapping[str, str]) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not errors or errors.keys() - inputs:
        raise Trouble(TROUBLE)
    return {block_id: str(words) for block_id, words in errors.items()}


async def close(workspace: Workspace, view: View, *, everything: bool) -> None:
    """Close a modal, or with `everything` the whole stack, and tell the app if it wants to know."""
    gone = workspace.views.stack(view.user) if everything or view.body.get("clear_on_close") else (view,)
    workspace.views.close(gone[0] if gone else view)
    workspace.show_modal(view.user)
    for each in reversed(gone):
        if each.body.get("notify_on_close"):
            payload = payloads.view_closed(workspace, each, cleared=len(gone) > 1 or everything)
            await workspace.delivery.interaction(payload)
