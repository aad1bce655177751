"""The bodies of the events an app can subscribe to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .records import Channel, Json, Message
from .shapes import message_json, user_json, view_json

if TYPE_CHECKING:
    from .workspace import Workspace

_TYPES = {"channel": "channel", "private": "group", "im": "im"}


def _stamped(workspace: Workspace, event: Json) -> Json:
    return {**event, "event_ts": workspace.log.stamp()[0]}


def _place(workspace: Workspace, channel: str) -> Json:
    return {"channel": channel, "channel_type": _TYPES[workspace.channels[channel].kind]}


def message(workspace: Workspace, said: Message) -> Json:
    """Somebody, or the bot, said something."""
    shape = {**message_json(workspace, said), **_place(workspace, said.channel), "event_ts": said.ts}
    if said.broadcast:
        shape["subtype"] = "thread_broadcast"
    if not said.by_bot:
        shape["client_msg_id"] = f"client-{said.ts}"
    return shape


def app_mention(workspace: Workspace, said: Message) -> Json:
    """Somebody named the bot."""
    shape = {**message_json(workspace, said), "type": "app_mention"}
    return {**shape, "channel": said.channel, "event_ts": said.ts}


def message_changed(workspace: Workspace, before: Message, after: Message) -> Json:
    """A message reads differently now."""
    return _stamped(
        workspace,
        {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            **_place(workspace, after.channel),
            "ts": workspace.log.stamp()[0],
            "message": message_json(workspace, after),
            "previous_message": message_json(workspace, before),
        },
    )


def message_deleted(workspace: Workspace, gone: Message) -> Json:
    """A message is no longer there."""
    return _stamped(
        workspace,
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            **_place(workspace, gone.channel),
            "ts": workspace.log.stamp()[0],
            "deleted_ts": gone.ts,
            "previous_message": message_json(workspace, gone),
        },
    )


def reaction(workspace: Workspace, kind: str, user: str, name: str, on: Message) -> Json:
    """`reaction_added` or `reaction_removed`."""
    return _stamped(
        workspace,
        {
            "type": kind,
            "user": user,
            "reaction": name,
            "item_user": on.user,
            "item": {"type": "message", "channel": on.channel, "ts": on.ts},
        },
    )


def membership(workspace: Workspace, kind: str, user: str, channel: Channel) -> Json:
    """`member_joined_channel` or `member_left_channel`."""
    return _stamped(
        workspace,
        {
            "type": kind,
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.private else "C",
            "team": workspace.team_id,
        },
    )


def removed_bot(workspace: Workspace, channel: Channel, actor: str) -> Json:
    """The bot was taken out of a channel. Slack sends this, and no `member_left_channel`."""
    kind = "group_left" if channel.private else "channel_left"
    return _stamped(workspace, {"type": kind, "channel": channel.id, "actor_id": actor})


def channel_event(workspace: Workspace, kind: str, channel: Channel, actor: str) -> Json:
    """`channel_archive`, `channel_unarchive`, or the `group_…` twin of either."""
    name = kind.replace("channel_", "group_") if channel.private else kind
    return _stamped(workspace, {"type": name, "channel": channel.id, "user": actor, "is_moved": 0})


def channel_rename(workspace: Workspace, channel: Channel) -> Json:
    """A channel has another name."""
    shape = {"id": channel.id, "name": channel.name, "created": int(channel.created.timestamp())}
    kind = "group_rename" if channel.private else "channel_rename"
    return _stamped(workspace, {"type": kind, "channel": shape})


def user_change(workspace: Workspace, user: str) -> Json:
    """Somebody's profile changed, or they were deactivated."""
    shape = user_json(workspace, workspace.users[user])
    return _stamped(
        workspace, {"type": "user_change", "user": shape, "cache_ts": int(workspace.now().timestamp())}
    )


def app_home_opened(workspace: Workspace, user: str, channel: str, tab: str) -> Json:
    """Somebody looks at the app's `home` or its `messages`."""
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab}
    home = workspace.views.home(user)
    if tab == "home" and home is not None:
        event["view"] = view_json(workspace, home)
    return _stamped(workspace, event)


def app_uninstalled(workspace: Workspace) -> Json:
    """The app was taken out of the workspace."""
    return _stamped(workspace, {"type": "app_uninstalled"})
