"""People, channels, messages and views in the words of Slack's API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .records import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from .workspace import Workspace


def user_json(workspace: Workspace, user: User) -> Json:
    """A user object; a deactivated one carries fewer fields, as in Slack."""
    profile = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "email": user.email,
        "team": workspace.team_id,
        **_status(workspace, user),
    }
    shape: Json = {
        "id": user.id,
        "team_id": workspace.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(workspace.now().timestamp()),
        "profile": profile,
    }
    return shape if user.deleted else {**shape, **_active(workspace, user)}


def _status(workspace: Workspace, user: User) -> Json:
    """What somebody's status says, until it ends."""
    over = 0 < user.status_expiration <= workspace.now().timestamp()
    return {
        "status_emoji": "" if over else user.status_emoji,
        "status_text": "" if over else user.status_text,
        "status_expiration": 0 if over else user.status_expiration,
    }


def _active(workspace: Workspace, user: User) -> Json:
    offset = workspace.now().astimezone(ZoneInfo(user.tz)).utcoffset()
    return {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": user.email_confirmed,
    }


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    """A conversation object, as the bot sees it."""
    shape: Json = {
        "id": channel.id,
        "created": int(channel.created.timestamp()),
        "is_im": channel.im is not None,
        "is_archived": channel.archived,
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
    }
    if channel.im:
        gone = workspace.users[channel.im].deleted
        return {**shape, "user": channel.im, "is_user_deleted": gone, "is_open": True}
    return {
        **shape,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_private": channel.private,
        "is_mpim": False,
        "is_general": channel.name == "general",
        "is_member": workspace.bot_user in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def member_channel_json(workspace: Workspace, channel: Channel) -> Json:
    """The same in a list of what somebody is in: how many others are does not stand there."""
    shape = channel_json(workspace, channel)
    return {key: value for key, value in shape.items() if key not in ("is_member", "num_members")}


def message_json(workspace: Workspace, message: Message) -> Json:
    """A message object."""
    shape: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team_id,
    }
    if message.deleted:
        shape |= {"subtype": "tombstone", "hidden": True}
    if message.by_bot:
        shape |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.metadata:
        shape["metadata"] = message.metadata
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.ts}
    if message.reactions:
        shape["reactions"] = reactions_json(message)
    return shape | _thread(workspace, message)


def _thread(workspace: Workspace, message: Message) -> Json:
    if message.is_reply:
        return {"thread_ts": message.thread_ts, "parent_user_id": _parent_user(workspace, message)}
    replies = workspace.log.replies(message.channel, message.ts)
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts,
    }


def _parent_user(workspace: Workspace, message: Message) -> str:
    parent = workspace.log.find(message.channel, message.thread_ts or "")
    return parent.user if parent else ""


def reactions_json(message: Message) -> list[Json]:
    """The reactions of a message."""
    return [
        {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
    ]


def view_json(workspace: Workspace, view: View) -> Json:
    """A view object."""
    body = view.body
    shape: Json = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": view.kind,
        "blocks": view.blocks,
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "external_id": view.external_id,
        "state": {"values": dict(view.state)},
        "hash": view.hash,
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    words = {key: body.get(key) for key in ("title", "submit", "close")}
    return shape | (words if view.kind == "modal" else {"title": _no_title()})


def _no_title() -> Json:
    return {"type": "plain_text", "text": "View Title", "emoji": True}
