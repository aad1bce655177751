"""The Web API's `chat.*` and `reactions.*`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import events, limits
from .args import Args
from .blocks import check_message_blocks
from .emoji import canonical
from .errors import SlackRefusal
from .records import Channel, Json, Message
from .shapes import message_json

if TYPE_CHECKING:
    from .workspace import Workspace


def visible_channel(workspace: Workspace, name: str) -> Channel:
    """The channel of this id or name, if the bot may know of it."""
    found = workspace.channel(name)
    if found is None or (found.private and not workspace.bot_in(found.id)):
        raise SlackRefusal("channel_not_found")
    return found


def _writable(workspace: Workspace, name: str) -> Channel:
    """Where a message may go; a person's id opens their direct messages.

    A deactivated person's are open still: Slack accepts messages to people who left.
    """
    if name in workspace.users:
        if workspace.users[name].is_bot:
            raise SlackRefusal("cannot_dm_bot")
        return workspace.dm(name)
    there = visible_channel(workspace, name)
    if there.archived:
        raise SlackRefusal("is_archived")
    if not workspace.bot_in(there.id):
        raise SlackRefusal("not_in_channel")
    return there


def _content(args: Args) -> tuple[str, list[Json] | None]:
    """Text and blocks; None when blocks were not mentioned at all."""
    text = args.text("text")
    blocks = args.json("blocks", "invalid_blocks_format") if "blocks" in args else None
    if len(text) > limits.MESSAGE_TEXT:
        raise SlackRefusal("msg_too_long")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format")
    if args.json("attachments", "invalid_attachments"):
        raise SlackRefusal("invalid_attachments", ["attachments are not drawn here"])
    return text, None if blocks is None else check_message_blocks(blocks)


def _metadata(args: Args) -> Json | None:
    metadata = args.json("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= metadata.keys():
        raise SlackRefusal("invalid_metadata_schema")
    return metadata


def _parent(workspace: Workspace, channel: str, ts: str | None) -> str | None:
    """The top of the thread a reply belongs to."""
    if ts is None:
        return None
    found = workspace.log.find(channel, ts)
    if found is None:
        raise SlackRefusal("thread_not_found")
    return found.thread_ts if found.is_reply else found.ts


def post_message(workspace: Workspace, args: Args) -> Json:
    """chat.postMessage."""
    there = _writable(workspace, args.need("channel"))
    text, blocks = _content(args)
    workspace.files.check(blocks or [])
    if not text and not blocks:
        raise SlackRefusal("no_text")
    thread_ts = _parent(workspace, there.id, args.maybe("thread_ts"))
    workspace.pace(there.id)
    posted = workspace.post(
        there.id,
        workspace.bot_user,
        text,
        blocks=blocks or [],
        thread_ts=thread_ts,
        broadcast=thread_ts is not None and args.flag("reply_broadcast"),
        metadata=_metadata(args),
    )
    workspace.delivery.event_later(events.message(workspace, posted))
    return {"channel": there.id, "ts": posted.ts, "message": message_json(workspace, posted)}


def post_ephemeral(workspace: Workspace, args: Args) -> Json:
    """chat.postEphemeral."""
    there = _writable(workspace, args.need("channel"))
    user = args.need("user")
    text, blocks = _content(args)
    if not text and not blocks:
        raise SlackRefusal("no_text")
    if user not in there.members:
        raise SlackRefusal("user_not_in_channel")
    posted = workspace.post(
        there.id,
        workspace.bot_user,
        text,
        blocks=blocks or [],
        thread_ts=args.maybe("thread_ts"),
        ephemeral_to=user,
    )
    return {"message_ts": posted.ts}


def _posted(workspace: Workspace, args: Args) -> Message:
    """A message in a channel the bot can see, ephemeral ones left out as Slack leaves them out."""
    there = visible_channel(workspace, args.need("channel"))
    found = workspace.log.find(there.id, args.need("timestamp" if "timestamp" in args else "ts"))
    if found is None or found.ephemeral_to is not None or found.deleted:
        raise SlackRefusal("message_not_found")
    return found


def update(workspace: Workspace, args: Args) -> Json:
    """chat.update: what is not mentioned stays, so text alone does not replace blocks."""
    before = _posted(workspace, args)
    if not before.by_bot:
        raise SlackRefusal("cant_update_message")
    text, blocks = _content(args)
    if not text and not blocks:
        raise SlackRefusal("no_text")
    changes: dict[str, Any] = {"text": text or before.text}
    if blocks is not None:
        changes["blocks"] = blocks
    if "metadata" in args:
        changes["metadata"] = _metadata(args)
    edited = before.edited or not (before.blocks if blocks is None else blocks)
    after = workspace.change(before, **changes, edited=edited)
    workspace.delivery.event_later(events.message_changed(workspace, before, after))
    return {
        "channel": after.channel,
        "ts": after.ts,
        "text": after.text,
        "message": message_json(workspace, after),
    }


def delete(workspace: Workspace, args: Args) -> Json:
    """chat.delete."""
    before = _posted(workspace, args)
    if not before.by_bot:
        raise SlackRefusal("cant_delete_message")
    workspace.remove(before)
    workspace.delivery.event_later(events.message_deleted(workspace, before))
    return {"channel": before.channel, "ts": before.ts}


def get_permalink(workspace: Workspace, args: Args) -> Json:
    """chat.getPermalink."""
    there = visible_channel(workspace, args.need("channel"))
    found = workspace.log.find(there.id, args.need("message_ts"))
    if found is None:
        raise SlackRefusal("message_not_found")
    return {"channel": there.id, "permalink": workspace.permalink(found)}


def replies(workspace: Workspace, args: Args) -> Json:
    """conversations.replies: a message and its thread, or a reply alone; only where the bot is."""
    there = visible_channel(workspace, args.need("channel"))
    if not workspace.bot_in(there.id):
        raise SlackRefusal("not_in_channel")
    asked = workspace.log.find(there.id, args.need("ts"))
    if asked is None or asked.ephemeral_to:
        raise SlackRefusal("thread_not_found")
    found = [asked, *workspace.log.replies(there.id, asked.ts)]
    most = args.count("limit", 1_000)
    shown = [message_json(workspace, message) for message in found[:most]]
    return {"messages": shown, "has_more": len(found) > most}


def _emoji(args: Args) -> str:
    name = canonical(args.need("name"))
    if name is None:
        raise SlackRefusal("invalid_name")
    return name


def _reactable(workspace: Workspace, args: Args) -> Message:
    found = _posted(workspace, args)
    if not workspace.bot_in(found.channel):
        raise SlackRefusal("not_in_channel")
    if workspace.channels[found.channel].archived:
        raise SlackRefusal("is_archived")
    return found


def add_reaction(workspace: Workspace, args: Args) -> Json:
    """reactions.add."""
    name = _emoji(args)
    found = _reactable(workspace, args)
    if not workspace.react(found, workspace.bot_user, name):
        raise SlackRefusal("already_reacted")
    event = events.reaction(workspace, "reaction_added", workspace.bot_user, name, found)
    workspace.delivery.event_later(event)
    return {}


def remove_reaction(workspace: Workspace, args: Args) -> Json:
    """reactions.remove."""
    name = _emoji(args)
    found = _reactable(workspace, args)
    if not workspace.unreact(found, workspace.bot_user, name):
        raise SlackRefusal("no_reaction")
    event = events.reaction(workspace, "reaction_removed", workspace.bot_user, name, found)
    workspace.delivery.event_later(event)
    return {}


def get_reactions(workspace: Workspace, args: Args) -> Json:
    """reactions.get."""
    found = _posted(workspace, args)
    message = {**message_json(workspace, found), "permalink": workspace.permalink(found)}
    return {"type": "message", "channel": found.channel, "message": message}
