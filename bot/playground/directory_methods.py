"""The Web API's `auth.*`, `users.*`, `conversations.*` and `apps.*`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from . import events
from .args import Args
from .chat_methods import visible_channel
from .errors import SlackRefusal
from .records import Channel, Json, User
from .shapes import channel_json, member_channel_json, user_json

if TYPE_CHECKING:
    from .workspace import Workspace

T = TypeVar("T")


def _page(items: Sequence[T], args: Args, default: int) -> tuple[Sequence[T], Json]:
    """The page of the list that the cursor asks for, and the metadata that leads to the next."""
    limit = args.count("limit", default)
    start = _start(args.text("cursor"))
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("next:")) if cursor else 0
    except (ValueError, binascii.Error) as fault:
        raise SlackRefusal("invalid_cursor") from fault


def auth_test(workspace: Workspace, _args: Args) -> Json:
    """auth.test."""
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[workspace.bot_user].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(workspace: Workspace, _args: Args) -> Json:
    """apps.connections.open."""
    line = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{line}/slack/socket?ticket={workspace.sockets.ticket()}&app_id={workspace.app_id}"}


def _known_user(workspace: Workspace, id: str) -> User:
    if id not in workspace.users:
        raise SlackRefusal("user_not_found")
    return workspace.users[id]


def users_info(workspace: Workspace, args: Args) -> Json:
    """users.info."""
    return {"user": user_json(workspace, _known_user(workspace, args.need("user")))}


def users_list(workspace: Workspace, args: Args) -> Json:
    """users.list, deactivated people included."""
    page, metadata = _page(list(workspace.users.values()), args, 1_000)
    return {"members": [user_json(workspace, user) for user in page], **metadata}


def users_by_email(workspace: Workspace, args: Args) -> Json:
    """users.lookupByEmail, which does not find people who left."""
    wanted = args.need("email").casefold()
    for user in workspace.users.values():
        if user.email.casefold() == wanted and not user.deleted:
            return {"user": user_json(workspace, user)}
    raise SlackRefusal("users_not_found")


def conversations_open(workspace: Workspace, args: Args) -> Json:
    """conversations.open, with one person."""
    names = [name for name in args.text("users").split(",") if name]
    if not names:
        raise SlackRefusal("users_list_not_supplied")
    if len(names) > 1:
        raise SlackRefusal("too_many_users")
    person = _known_user(workspace, names[0])
    if person.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    if person.deleted:
        raise SlackRefusal("user_disabled")
    known = "D" + person.id[1:] in workspace.channels
    channel = workspace.dm(person.id)
    shape = channel_json(workspace, channel) if args.flag("return_im") else {"id": channel.id}
    return {"no_op": known, "already_open": known, "channel": shape}


def conversations_info(workspace: Workspace, args: Args) -> Json:
    """conversations.info."""
    return {"channel": channel_json(workspace, visible_channel(workspace, args.need("channel")))}


_TYPES = {"channel": "public_channel", "private": "private_channel", "im": "im"}


def conversations_list(workspace: Workspace, args: Args) -> Json:
    """conversations.list: public channels, and what else the bot is in."""
    page, metadata = _page(_listed(workspace, args), args, 100)
    return {"channels": [channel_json(workspace, channel) for channel in page], **metadata}


def users_conversations(workspace: Workspace, args: Args) -> Json:
    """users.conversations: what the bot is in; or somebody else, as far as the bot sees that."""
    user = _known_user(workspace, args.text("user") or workspace.bot_user).id
    there = [channel for channel in _listed(workspace, args) if user in channel.members]
    page, metadata = _page(there, args, 100)
    return {"channels": [member_channel_json(workspace, channel) for channel in page], **metadata}


def _listed(workspace: Workspace, args: Args) -> list[Channel]:
    """What the bot sees of the wanted kinds."""
    types = args.text("types", "public_channel").replace(" ", "").split(",")
    if set(types) - {*_TYPES.values(), "mpim"}:
        raise SlackRefusal("invalid_types")
    skip_archived = args.flag("exclude_archived")
    return [
        channel
        for channel in workspace.channels.values()
        if _TYPES[channel.kind] in types
        and (not channel.private or workspace.bot_in(channel.id))
        and not (skip_archived and channel.archived)
    ]


def conversations_members(workspace: Workspace, args: Args) -> Json:
    """conversations.members."""
    page, metadata = _page(visible_channel(workspace, args.need("channel")).members, args, 100)
    return {"members": list(page), **metadata}


def conversations_join(workspace: Workspace, args: Args) -> Json:
    """conversations.join, public channels only."""
    channel = visible_channel(workspace, args.need("channel"))
    if channel.im or channel.private:
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackRefusal("is_archived")
    if not workspace.bot_in(channel.id):
        joined = workspace.add_member(channel.id, workspace.bot_user)
        event = events.membership(workspace, "member_joined_channel", workspace.bot_user, joined)
        workspace.delivery.event_later(event)
    return {"channel": channel_json(workspace, workspace.channels[channel.id])}
