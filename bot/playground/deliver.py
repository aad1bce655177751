"""Deliveries to the app: signed HTTP requests, or envelopes over Socket Mode when it has a line open."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp

from . import payloads
from .ack import Ack
from .records import Json, Sent

if TYPE_CHECKING:
    from .workspace import Workspace

_FORM = "application/x-www-form-urlencoded"
_SOCKET_KINDS = {"command": "slash_commands", "interaction": "interactive", "event": "events_api"}


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `v0` signature over a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Delivery:
    """Carries what people do to the app, and waits as long as Slack would for its answer.

    Commands and interactions are sent once. Events are repeated after each of `retry_delays` (seconds;
    Slack takes nought, a minute and five minutes) until the app takes one or asks to be left alone.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._http: aiohttp.ClientSession | None = None
        self._background: set[asyncio.Task[Ack]] = set()
        self._events = 0
        self.retry_delays: Sequence[float] = (0.0, 0.05, 0.1)

    async def command(self, form: Json) -> Ack:
        """Deliver a slash command."""
        return await self._send("command", form, answerable=True)

    async def interaction(self, payload: Json) -> Ack:
        """Deliver what somebody did to a button, a modal or a message."""
        return await self._send("interaction", payload, answerable=payload["type"] != "block_actions")

    async def event(self, event: Json) -> Ack:
        """Deliver an event, repeating it as Slack does. Events nobody subscribed to count as taken."""
        workspace = self._workspace
        if event["type"] not in workspace.subscribed or not workspace.installed:
            return Ack(200)
        self._events += 1
        payload = payloads.event_callback(workspace, event, f"Ev{self._events:08d}")
        return await self._repeated(payload)

    def event_later(self, event: Json) -> None:
        """Deliver an event without waiting for it."""
        if not self._reachable:
            return
        task = asyncio.get_running_loop().create_task(self.event(event))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def again(self, sent: Sent) -> Ack:
        """Deliver once more what was delivered before, as Slack does when an answer got lost on the way."""
        return await self._send(sent.kind, sent.payload, attempt=sent.attempt + 1, reason="http_timeout")

    async def settled(self) -> None:
        """Wait until everything under way has arrived."""
        while self._background:
            await asyncio.gather(*self._background)

    async def close(self) -> None:
        """Give up what is under way, and the connections."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
            self._http = None

    @property
    def _reachable(self) -> bool:
        return bool(self._workspace.app_url or self._workspace.sockets.open)

    async def _repeated(self, payload: Json) -> Ack:
        ack = await self._send("event", payload)
        for attempt, delay in enumerate(self.retry_delays, start=1):
            if ack.ok or ack.final or not self._reachable:
                break
            await asyncio.sleep(delay)
            ack = await self._send("event", payload, attempt=attempt, reason=_reason(ack))
        return ack

    async def _send(
        self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "", answerable: bool = False
    ) -> Ack:
        if not self._workspace.installed:
            ack = Ack(error="dispatch_failed")
        elif self._workspace.sockets.open:
            ack = await self._over_socket(kind, payload, attempt, reason, answerable=answerable)
        elif self._workspace.app_url:
            ack = await self._over_http(self._workspace.app_url, kind, payload, attempt, reason)
        else:
            ack = Ack(error="dispatch_failed")
        self._workspace.deliveries.append(Sent(kind, payload, attempt, ack.status, ack.error))
        return ack

    async def _over_socket(
        self, kind: str, payload: Json, attempt: int, reason: str, *, answerable: bool
    ) -> Ack:
        extra = {"retry_attempt": attempt, "retry_reason": reason} if kind == "event" else {}
        return await self._workspace.sockets.send(
            _SOCKET_KINDS[kind],
            payload,
            answerable=answerable,
            extra=extra,
            patience=self._workspace.ack_timeout,
        )

    async def _over_http(self, url: str, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        body, content_type = _encoded(kind, payload)
        headers = self._headers(body, content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        timeout = aiohttp.ClientTimeout(total=self._workspace.ack_timeout)
        try:
            async with self._session().post(url, data=body, headers=headers, timeout=timeout) as response:
                return await _read(response)
        except TimeoutError:
            return Ack(error="operation_timeout")
        except aiohttp.ClientError:
            return Ack(error="dispatch_failed")

    def _headers(self, body: bytes, content_type: str) -> dict[str, str]:
        timestamp = str(int(self._workspace.wall()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.signing_secret, timestamp, body),
        }

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        return self._http


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "event":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), _FORM


async def _read(response: aiohttp.ClientResponse) -> Ack:
    text = await response.text()
    final = response.headers.get("X-Slack-No-Retry") == "1"
    if response.status != 200:
        return Ack(response.status, text, "dispatch_failed", final)
    if response.content_type == "application/json" and text:
        try:
            return Ack(200, json.loads(text))
        except ValueError:
            return Ack(200, text)
    return Ack(200, text or None)


def _reason(ack: Ack) -> str:
    if ack.status is not None:
        return "http_error"
    return "http_timeout" if ack.error == "operation_timeout" else "connection_failed"
