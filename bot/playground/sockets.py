"""Socket Mode: the app calls us, and deliveries go down the line it keeps open."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from . import limits
from .ack import Ack
from .records import Json


class Sockets:
    """The lines the app holds open, ten at most; every delivery takes one of them at random."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._lines: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    @property
    def open(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    async def connected(self) -> None:
        """Wait until the app holds a line."""
        await self._connected.wait()

    def ticket(self) -> str:
        """What lets one connection in, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one line for as long as it lasts."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_auth"}, status=401)
        self._tickets.discard(ticket)
        line = web.WebSocketResponse()
        await line.prepare(request)
        if self.open >= limits.SOCKETS:
            await self._dismiss(line, "too_many_websockets")
            return line
        self._lines.append(line)
        self._connected.set()
        try:
            await line.send_json(self._hello(request.host))
            await self._listen(line)
        finally:
            self._hang_up(line)
        return line

    async def send(self, kind: str, payload: Json, *, answerable: bool, extra: Json, patience: float) -> Ack:
        """Deliver an envelope and wait at most `patience` seconds for its acknowledgement."""
        if not self._lines:
            return Ack(error="dispatch_failed")
        envelope_id = secrets.token_hex(16)
        envelope = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": answerable,
            **extra,
        }
        answer = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(patience):
                await random.choice(self._lines).send_json(envelope)  # noqa: S311 - any line will do
                return Ack(200, await answer)
        except TimeoutError:
            return Ack(error="operation_timeout")
        except ConnectionError:
            return Ack(error="dispatch_failed")
        finally:
            del self._waiting[envelope_id]

    async def refresh(self) -> None:
        """Ask every line to reconnect and close it, as Slack does every few hours."""
        for line in list(self._lines):
            self._hang_up(line)
            await self._dismiss(line, "refresh_requested")

    def _hello(self, host: str) -> Json:
        return {
            "type": "hello",
            "num_connections": self.open,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": host, "build_number": 1, "approximate_connection_time": 18_060},
        }

    async def _listen(self, line: web.WebSocketResponse) -> None:
        async for message in line:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(message.data)

    def _acknowledged(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(said.get("envelope_id", "")) if isinstance(said, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload"))

    async def _dismiss(self, line: web.WebSocketResponse, reason: str) -> None:
        await line.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        await line.close()

    def _hang_up(self, line: web.WebSocketResponse) -> None:
        if line in self._lines:
            self._lines.remove(line)
        if not self._lines:
            self._connected.clear()

    async def close(self) -> None:
        """Close every line."""
        for line in list(self._lines):
            self._hang_up(line)
            await line.close()
