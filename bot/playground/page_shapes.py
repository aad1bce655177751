"""Messages and views as the page draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .files import with_addresses
from .records import Channel, Json, Message, User, View
from .shapes import view_json

if TYPE_CHECKING:
    from .workspace import Workspace

_COLOURS = ("#7c3a5d", "#2f6f5e", "#b4632a", "#3d5a98", "#8a7a1f", "#6b4aa0", "#a33b3b", "#2b7a94", "#5c7434")


def page_user(user: User, index: int) -> Json:
    """Somebody, with a colour of their own."""
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "deleted": user.deleted,
        "color": _COLOURS[index % len(_COLOURS)],
    }


def page_conversation(workspace: Workspace, channel: Channel, viewer: str) -> Json:
    """A line of the side bar."""
    shape: Json = {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "members": list(channel.members),
        "archived": channel.archived,
        "unread": workspace.unread(viewer, channel.id),
    }
    return (
        {**shape, "name": workspace.users[workspace.bot_user].real_name, "user": workspace.bot_user}
        if channel.im
        else shape
    )


def page_message(workspace: Workspace, message: Message) -> Json:
    """A message with what its thread amounts to."""
    replies = [] if message.is_reply else workspace.log.replies(message.channel, message.ts)
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": with_addresses(message.blocks),
        "thread_ts": message.thread_ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts if replies else None,
        "reactions": [{"name": name, "users": list(users)} for name, users in message.reactions.items()],
        "edited": message.edited,
        "ephemeral": message.ephemeral_to is not None,
        "broadcast": message.broadcast,
        "deleted": message.deleted,
        "at": message.at.isoformat(),
    }


def page_view(workspace: Workspace, view: View | None) -> Json | None:
    """A view as Slack describes it; None stays None."""
    return None if view is None else view_json(workspace, view)
