"""A load of people in Teams who write to the bot, and the Bot Connector at which its answers arrive.

A turn ends when the activity is acknowledged and the answer to it has arrived.
"""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from scripts.bench_load import Measured, answer
from tests.bot.teams.issuer import APP, TENANT, Issuer

PEOPLE = 192
"""As many for each line of 1 and of 16: nobody waits for two answers at once."""
TRIAGE = "19:triage@thread.tacv2"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Bot:
    """Where a bot listens, and words by which its answers are known from all else that it says."""

    port: int
    answers: bytes


@dataclass
class Connector:
    """Takes whatever a bot posts, and tells whoever waits for an answer in that conversation."""

    service_url: str = ""
    _waiting: dict[str, tuple[bytes, "asyncio.Future[None]"]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=count)

    def expect(self, conversation: str, words: bytes) -> "asyncio.Future[None]":
        """Done when these words are said in a conversation."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[conversation] = words, waiting
        return waiting

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a bot, until it lets go."""
        try:
            while True:
                body = json.dumps(self._answered(*await _request(reader))).encode()
                writer.write(_HEAD % len(body) + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answered(self, method: str, path: str, said: bytes) -> dict[str, Any]:
        conversation, _, what = path.partition("/v3/conversations/")[2].partition("/")
        if method == "GET":
            one = unquote(what).removeprefix("members/")
            return (
                _member(one)
                if one.startswith("29:")
                else {"members": [*map(_member, map(_account, range(PEOPLE)))]}
            )
        words, waiting = self._waiting.get(unquote(conversation), (b"", None))
        if waiting is not None and not waiting.done() and words in said:
            waiting.set_result(None)
        return {"id": str(next(self._ids))}


@asynccontextmanager
async def connecting() -> AsyncIterator[Connector]:
    """A connector on a port of this machine."""
    connector = Connector()
    server = await asyncio.start_server(connector.serve, "127.0.0.1", 0)
    connector.service_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/emea/"
    try:
        yield connector
    finally:
        server.close()


class People:
    """Colleagues who write to a bot, each in their own chat with it, every message a new one."""

    def __init__(self, issuer: Issuer, connector: Connector) -> None:
        self._connector = connector
        self._token = issuer.mint(connector.service_url)
        self._ids = count(1_762_682_400_000)

    async def write(self, bot: Bot, in_flight: int, seconds: float) -> tuple[Measured, int]:
        """Keep so many turns under way for some seconds; what that took, and how many there were."""
        took: list[float] = []
        start = time.perf_counter()
        lines = (range(line, PEOPLE, in_flight) for line in range(in_flight))
        await asyncio.gather(*(self._one_line(bot, people, start + seconds, took) for people in lines))
        elapsed = time.perf_counter() - start
        cuts = statistics.quantiles(took, n=100, method="inclusive")
        return Measured(in_flight, len(took) / elapsed, cuts[49] * 1000, cuts[98] * 1000), len(took)

    async def _one_line(self, bot: Bot, people: range, end: float, took: list[float]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
        turn = 0
        while time.perf_counter() < end:
            person = people[turn % len(people)]
            message = self._message(person)
            start = time.perf_counter()
            answered = self._connector.expect(_chat(person), bot.answers)
            writer.write(message)
            status, _ = await answer(reader)
            if status not in (200, 201):
                raise RuntimeError(f"the bot answered {status}")
            async with asyncio.timeout(20):
                await answered
            took.append(time.perf_counter() - start)
            turn += 1
        writer.close()
        await writer.wait_closed()

    def _message(self, person: int) -> bytes:
        body = json.dumps(_activity(person, str(next(self._ids)), self._connector.service_url)).encode()
        head = (
            "POST /teams/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        )
        return head.encode() + body


def _activity(person: int, identity: str, service_url: str) -> dict[str, Any]:
    """Something said in a personal chat, as Teams tells it."""
    said = "the printer on the second floor is out of toner !high"
    return {
        "type": "message",
        "id": identity,
        "timestamp": "2026-11-09T09:00:00.1234567Z",
        "localTimestamp": "2026-11-09T10:00:00.1234567+01:00",
        "localTimezone": "Europe/Stockholm",
        "locale": "en-GB",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": _account(person), "name": f"Person {person}", "aadObjectId": _object_id(person)},
        "recipient": {"id": f"28:{APP}", "name": "Deskbell"},
        "conversation": {"id": _chat(person), "conversationType": "personal", "tenantId": TENANT},
        "text": said,
        "textFormat": "plain",
        "attachments": [{"contentType": "text/html", "content": f"<p>{said}</p>"}],
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "SE", "platform": "Windows"}],
        "channelData": {"tenant": {"id": TENANT}},
    }


def _member(account: str) -> dict[str, Any]:
    number = int(account.rpartition("-")[2])
    email = f"person{number}@example.com"
    return {
        "id": account,
        "name": f"Person {number}",
        "aadObjectId": _object_id(number),
        "email": email,
        "userPrincipalName": email,
        "tenantId": TENANT,
    }


def _account(person: int) -> str:
    return f"29:1bench-{person}"


def _chat(person: int) -> str:
    return f"a:1bench-{person}"


def _object_id(person: int) -> str:
    return f"00000000-0000-0000-0000-{person:012}"


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    lengths = [int(each.split(":")[1]) for each in fields if each.lower().startswith("content-length")]
    return method, path, await reader.readexactly(lengths[0] if lengths else 0)
