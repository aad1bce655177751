"""The Bot Connector over HTTP: who may call, what was called, what goes wrong on purpose, and the answer."""

from __future__ import annotations

import asyncio
import json
import math

from aiohttp import web

from bot.playground.faults import Fault
from bot.playground.guard import Handler
from bot.playground.records import Json

from . import refusals
from .methods import METHODS, Asked
from .records import Call
from .refusals import Refusal
from .tenant import Tenant

__all__ = ["METHODS", "PREFIX", "Connector"]

PREFIX = "/teams/"
"""Where the connector is: a service URL ends in it."""

Answer = tuple[int, Json | list[Json], dict[str, str]]


class Connector:
    """Answers what bots ask under the service URL."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add every address that bots know."""
        base = f"{PREFIX}v3/conversations"
        said = f"{base}/{{conversation}}/activities"
        router.add_post(base, self._answering("create"))
        router.add_post(said, self._answering("send"))
        router.add_post(f"{said}/{{activity}}", self._answering("reply"))
        router.add_put(f"{said}/{{activity}}", self._answering("update"))
        router.add_delete(f"{said}/{{activity}}", self._answering("delete"))
        router.add_get(f"{base}/{{conversation}}/members", self._answering("members"))
        router.add_get(f"{base}/{{conversation}}/pagedmembers", self._answering("pagedmembers"))
        router.add_get(f"{base}/{{conversation}}/members/{{member}}", self._answering("member"))
        router.add_get(f"{PREFIX}v3/teams/{{team}}", self._answering("team"))
        router.add_get(f"{PREFIX}v3/teams/{{team}}/conversations", self._answering("channels"))

    def _answering(self, method: str) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(method, request)

        return answer

    async def _answer(self, method: str, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            denied = {"message": "Authorization has been denied for this request."}
            return web.json_response(denied, status=401)
        text = await request.text()
        asked, body = _asked(request, text)
        fault = self._tenant.planned.take(method, _place(self._tenant, asked))
        if fault is None:
            status, said, headers = self._called(method, asked, body)
            return web.json_response(said, status=status, headers=headers)
        return await self._failing(request, method, asked, body, fault)

    async def _failing(
        self, request: web.Request, method: str, asked: Asked, body: object, fault: Fault
    ) -> web.StreamResponse:
        """What is done is done at once; what is slow is the answer."""
        done = self._called(method, asked, body) if not (fault.fails and fault.before) else None
        await asyncio.sleep(fault.delay)
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if done is not None and not fault.fails:
            return web.json_response(done[1], status=done[0], headers=done[2])
        if fault.status == 202:
            return web.Response(status=202)
        refusal = _planned(fault)
        self._note(method, asked, refusal.status, refusal.code)
        status, said, headers = _refused(refusal)
        return web.json_response(said, status=status, headers=headers)

    def _called(self, method: str, asked: Asked, body: object) -> Answer:
        try:
            if not isinstance(body, dict):
                raise refusals.malformed("the body must be an object")
            done = METHODS[method](self._tenant, asked)
        except Refusal as refusal:
            self._note(method, asked, refusal.status, refusal.code)
            return _refused(refusal)
        status = 201 if method in ("create", "send", "reply") else 200
        self._note(method, asked, status, "")
        return status, done, {}

    def _note(self, method: str, asked: Asked, status: int, code: str) -> None:
        at = self._tenant.now()
        call = Call(method, asked.conversation, asked.activity, asked.body, at, status, code)
        self._tenant.calls.append(call)

    def _known(self, request: web.Request) -> bool:
        if self._tenant.development:
            return True
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        accepted = self._tenant.tokens_accepted
        return kind == "Bearer" and (accepted(token) if callable(accepted) else token in accepted)


def _asked(request: web.Request, text: str) -> tuple[Asked, object]:
    try:
        body = json.loads(text) if text else {}
    except ValueError:
        body = None
    where = {key: request.match_info.get(key, "") for key in ("conversation", "activity", "member", "team")}
    return Asked(**where, body=body if isinstance(body, dict) else {}, query=dict(request.query)), body


def _place(tenant: Tenant, asked: Asked) -> str | None:
    """The conversation that is meant; when one is to be begun, the one that it will be."""
    if asked.place:
        return asked.place
    members = asked.body.get("members")
    first = members[0] if isinstance(members, list) and members else {}
    id = first.get("id") if isinstance(first, dict) else None
    return tenant.personal_id(id) if id in tenant.people else None


_CODES = {
    401: "BotNotRegistered",
    403: "ForbiddenOperationException",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "Throttled",
}


def _planned(fault: Fault) -> Refusal:
    status = fault.status or (429 if fault.retry_after is not None else 500)
    code = fault.error or _CODES.get(status, "ServiceError")
    return Refusal(status, code, "This was asked for.", retry_after=fault.retry_after)


def _refused(refusal: Refusal) -> Answer:
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(refusal.retry_after))
    return refusal.status, {"error": {"code": refusal.code, "message": refusal.message}}, headers
