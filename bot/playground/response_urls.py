"""Response URLs: five messages in half an hour to whoever just did something."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from . import events, limits
from .blocks import check_message_blocks
from .errors import SlackRefusal
from .records import Json, Message

if TYPE_CHECKING:
    from .workspace import Workspace


@dataclass(slots=True)
class _Grant:
    user: str
    channel: str
    message: str | None
    made: float
    uses: int = 0


class ResponseUrls:
    """The urls handed out, and what was done with each."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._grants: dict[str, _Grant] = {}

    def mint(self, user: str, channel: str, message: str | None = None) -> str:
        """A url to answer this person here, and to change the message they touched."""
        token = secrets.token_urlsafe(18)
        self._grants[token] = _Grant(user, channel, message, self._workspace.monotonic())
        return f"{self._workspace.base_url}/slack/response/{token}"

    async def answer(self, request: web.Request) -> web.Response:
        """Do what the app posted to one of the urls."""
        try:
            body = await request.json()
        except ValueError:
            return _refused("invalid_payload", 400)
        if not isinstance(body, dict):
            return _refused("invalid_payload", 400)
        try:
            self._use(request.match_info["token"], body)
        except SlackRefusal as refusal:
            return _refused(refusal.code, refusal.status)
        return web.json_response({"ok": True})

    def _use(self, token: str, body: Json) -> None:
        grant = self._grants.get(token)
        if grant is None:
            raise SlackRefusal("no_such_url", status=404)
        if self._workspace.monotonic() - grant.made > limits.RESPONSE_URL_SECONDS:
            raise SlackRefusal("expired_url", status=404)
        if grant.uses >= limits.RESPONSE_URL_USES:
            raise SlackRefusal("used_url", status=404)
        grant.uses += 1
        self._respond(grant, body)

    def _respond(self, grant: _Grant, body: Json) -> None:
        original = self._workspace.log.find(grant.channel, grant.message) if grant.message else None
        if body.get("delete_original"):
            if original is not None:
                self._workspace.remove(original)
        elif body.get("replace_original") and original is not None:
            content = checked_content(body)
            self._workspace.change(original, text=content["text"], blocks=content["blocks"])
        else:
            show_answer(self._workspace, grant.user, grant.channel, body)


def checked_content(body: Json) -> Json:
    """Text and blocks of an answer; raises SlackRefusal (HTTP 400) when Slack would not show them."""
    text, blocks = str(body.get("text") or ""), body.get("blocks") or []
    try:
        check_message_blocks(blocks)
    except SlackRefusal as refusal:
        raise SlackRefusal(refusal.code, refusal.messages, status=400) from refusal
    if not text and not blocks and not body.get("attachments"):
        raise SlackRefusal("no_text", status=400)
    return {"text": text[: limits.MESSAGE_TEXT], "blocks": blocks}


def show_answer(workspace: Workspace, user: str, channel: str, body: Json) -> Message:
    """Post an answer to something a person did: to them alone unless it says `in_channel`."""
    content = checked_content(body)
    thread_ts = body.get("thread_ts")
    posted = workspace.post(
        channel,
        workspace.bot_user,
        content["text"],
        blocks=content["blocks"],
        thread_ts=str(thread_ts) if thread_ts else None,
        ephemeral_to=None if body.get("response_type") == "in_channel" else user,
    )
    if posted.ephemeral_to is None and workspace.bot_in(channel):
        workspace.delivery.event_later(events.message(workspace, posted))
    return posted


def _refused(code: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": code}, status=status)
