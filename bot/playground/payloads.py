"""What Slack sends when somebody types a command or touches something the app has drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .records import Json, Message, View
from .shapes import message_json, view_json

if TYPE_CHECKING:
    from .workspace import Workspace

_NAMES = {"im": "directmessage", "private": "privategroup"}


def _channel_name(workspace: Workspace, channel: str) -> str:
    there = workspace.channels[channel]
    return _NAMES.get(there.kind, there.name)


def command(workspace: Workspace, user: str, channel: str, name: str, text: str) -> Json:
    """The form of a slash command."""
    return {
        "token": workspace.verification_token,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel,
        "channel_name": _channel_name(workspace, channel),
        "user_id": user,
        "user_name": workspace.users[user].name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.response_urls.mint(user, channel),
        "trigger_id": workspace.triggers.mint(user),
    }


def _interaction(workspace: Workspace, kind: str, user: str, view: str | None = None) -> Json:
    person = workspace.users[user]
    return {
        "type": kind,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "user": {
            "id": user,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": workspace.verification_token,
        "trigger_id": workspace.triggers.mint(user, view),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_actions(workspace: Workspace, user: str, message: Message, action: Json, state: Json) -> Json:
    """Something was pressed or chosen in a message. An ephemeral message itself is not sent along."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        **_interaction(workspace, "block_actions", user),
        "container": container,
        "channel": {"id": message.channel, "name": _channel_name(workspace, message.channel)},
        "state": {"values": state},
        "response_url": workspace.response_urls.mint(user, message.channel, message.ts),
        "actions": [_acted(workspace, action)],
    }
    if message.ephemeral_to is None:
        payload["message"] = message_json(workspace, message)
    return payload


def view_actions(workspace: Workspace, view: View, action: Json) -> Json:
    """Something was pressed or chosen in a modal or in Home."""
    return {
        **_interaction(workspace, "block_actions", view.user, view.id),
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(workspace, view),
        "actions": [_acted(workspace, action)],
    }


def _acted(workspace: Workspace, action: Json) -> Json:
    return {**action, "action_ts": workspace.log.stamp()[0]}


def view_submission(workspace: Workspace, view: View) -> Json:
    """A modal was submitted."""
    return {
        **_interaction(workspace, "view_submission", view.user, view.id),
        "view": view_json(workspace, view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, view: View, *, cleared: bool) -> Json:
    """A modal was closed without being submitted. It carries no trigger."""
    payload = _interaction(workspace, "view_closed", view.user, view.id)
    del payload["trigger_id"]
    return {**payload, "view": view_json(workspace, view), "is_cleared": cleared}


def message_action(workspace: Workspace, user: str, message: Message, callback_id: str) -> Json:
    """A message shortcut was chosen."""
    return {
        **_interaction(workspace, "message_action", user),
        "action_ts": workspace.log.stamp()[0],
        "callback_id": callback_id,
        "channel": {"id": message.channel, "name": _channel_name(workspace, message.channel)},
        "message_ts": message.ts,
        "message": message_json(workspace, message),
        "response_url": workspace.response_urls.mint(user, message.channel),
    }


def event_callback(workspace: Workspace, event: Json, event_id: str) -> Json:
    """The envelope around an event."""
    return {
        "token": workspace.verification_token,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
