"""The Web API over HTTP: who may call, what was called, what goes wrong on purpose, and the answer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from aiohttp import web

from . import chat_methods, directory_methods, files, view_methods
from .args import Args, arguments
from .errors import SlackRefusal
from .faults import Fault
from .records import Call, Json
from .workspace import Workspace

Method = Callable[[Workspace, Args], Json]

METHODS: dict[str, Method] = {
    "apps.connections.open": directory_methods.open_connection,
    "auth.test": directory_methods.auth_test,
    "chat.delete": chat_methods.delete,
    "chat.getPermalink": chat_methods.get_permalink,
    "chat.postEphemeral": chat_methods.post_ephemeral,
    "chat.postMessage": chat_methods.post_message,
    "chat.update": chat_methods.update,
    "conversations.info": directory_methods.conversations_info,
    "conversations.join": directory_methods.conversations_join,
    "conversations.list": directory_methods.conversations_list,
    "conversations.members": directory_methods.conversations_members,
    "conversations.open": directory_methods.conversations_open,
    "conversations.replies": chat_methods.replies,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "reactions.add": chat_methods.add_reaction,
    "reactions.get": chat_methods.get_reactions,
    "reactions.remove": chat_methods.remove_reaction,
    "users.conversations": directory_methods.users_conversations,
    "users.info": directory_methods.users_info,
    "users.list": directory_methods.users_list,
    "users.lookupByEmail": directory_methods.users_by_email,
    "views.open": view_methods.open_view,
    "views.publish": view_methods.publish_view,
    "views.push": view_methods.push_view,
    "views.update": view_methods.update_view,
}
"""Every method this workspace answers; the others are `unknown_method`."""


class WebApi:
    """Answers `/slack/api/{method}`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one call."""
        name = request.match_info["method"]
        try:
            given = await arguments(request)
        except SlackRefusal as refusal:
            return _refused(refusal)
        token = _token(request, given)
        given.pop("token", None)
        self._workspace.calls.append(Call(name, given, self._workspace.now()))
        fault = self._workspace.faults.take(name, _channel(given))
        if fault is not None and fault.delay:
            return await self._slowly(request, fault, name, token, given)
        return self._with(request, fault, name, token, given)

    async def _slowly(
        self, request: web.Request, fault: Fault, name: str, token: str | None, given: Json
    ) -> web.StreamResponse:
        """What is done is done at once; what is slow is the answer."""
        response = self._with(request, fault, name, token, given)
        await asyncio.sleep(fault.delay)
        return response

    def _with(
        self, request: web.Request, fault: Fault | None, name: str, token: str | None, given: Json
    ) -> web.StreamResponse:
        if fault is None or not fault.fails:
            return self._answered(name, token, given)
        if not fault.before:
            self._answered(name, token, given)
        return _broken(request, fault)

    def _answered(self, name: str, token: str | None, given: Json) -> web.Response:
        try:
            return web.json_response({"ok": True, **self._called(name, token, given)})
        except SlackRefusal as refusal:
            return _refused(refusal)

    def _called(self, name: str, token: str | None, given: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackRefusal("unknown_method")
        self._check(name, token)
        return method(self._workspace, Args(given))

    def _check(self, name: str, token: str | None) -> None:
        """Raise SlackRefusal unless this token may call this method."""
        if not token:
            raise SlackRefusal("not_authed")
        wanted, other = self._workspace.bot_token, self._workspace.app_token
        if name.startswith("apps."):
            wanted, other = other, wanted
        if token == other:
            raise SlackRefusal("not_allowed_token_type")
        if token != wanted:
            raise SlackRefusal("invalid_auth")
        if not self._workspace.installed:
            raise SlackRefusal("account_inactive")


def _token(request: web.Request, given: Json) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind == "Bearer" else given.get("token")


def _channel(given: Json) -> str | None:
    channel = given.get("channel")
    return channel if isinstance(channel, str) else None


def _broken(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.drop:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if fault.status == 429 or fault.retry_after is not None:
        return _refused(SlackRefusal("ratelimited", retry_after=fault.retry_after or 1.0))
    if fault.status is not None and fault.error is None:
        return web.Response(status=fault.status, text="upstream connect error")
    return _refused(SlackRefusal(fault.error or "internal_error", status=fault.status or 200))


def _refused(refusal: SlackRefusal) -> web.Response:
    body: Json = {"ok": False, "error": refusal.code}
    if refusal.messages:
        body["errors"] = list(refusal.messages)
        body["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in refusal.messages]}
    if refusal.retry_after is None:
        return web.json_response(body, status=refusal.status)
    headers = {"Retry-After": str(math.ceil(refusal.retry_after))}
    return web.json_response(body, status=429, headers=headers)
