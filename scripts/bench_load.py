"""A load of signed slash commands over kept connections, light enough to leave the work to the server."""

import asyncio
import hashlib
import hmac
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode

SECRET = "bench-signing-secret"
PEOPLE = 200
TEXT = "the printer on the second floor is out of toner !high"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one load saw."""

    in_flight: int
    per_second: float
    p50_ms: float
    p99_ms: float


async def measure(port: int, in_flight: int, seconds: float, name: str, text: str = TEXT) -> Measured:
    """Keep `in_flight` requests under way for some seconds; an answer other than 200 is an error."""
    took: list[float] = []
    end = time.perf_counter() + seconds
    start = time.perf_counter()
    await asyncio.gather(*(_one_line(port, f"{name}-{n}", end, took, text) for n in range(in_flight)))
    elapsed = time.perf_counter() - start
    cuts = statistics.quantiles(took, n=100)
    return Measured(in_flight, len(took) / elapsed, cuts[49] * 1000, cuts[98] * 1000)


async def _one_line(port: int, name: str, end: float, took: list[float], text: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while time.perf_counter() < end:
        message = signed_command(f"{name}-{turn}", f"U{turn % PEOPLE:04}", text)
        start = time.perf_counter()
        writer.write(message)
        status, _ = await answer(reader)
        took.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"the server answered {status}")
        turn += 1
    writer.close()
    await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of what a server answers."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def signed_command(trigger: str, user: str, text: str = TEXT) -> bytes:
    """One `/request …` as Slack sends it, on the wire."""
    form = {
        "token": "x",
        "team_id": "T1",
        "team_domain": "bench",
        "channel_id": "C1",
        "channel_name": "general",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/request",
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:1/response",
        "trigger_id": trigger,
    }
    return signed(urlencode(form).encode(), "application/x-www-form-urlencoded")


def signed(body: bytes, kind: str) -> bytes:
    """What Slack sends, on the wire, with its signature of this moment."""
    now = str(int(time.time()))
    base = b"v0:" + now.encode() + b":" + body
    signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: {signature}\r\n\r\n"
    )
    return head.encode() + body
