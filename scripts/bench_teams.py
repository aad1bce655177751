"""What a turn in Teams costs: our adapter beside the stock CloudAdapter, with an echo and without.

Both check real RS256 tokens against the same keys. The stock one is flattered in one thing: its own token is
given to it, because the library that asks for one refuses a login service on this machine.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import track
from rich.table import Table

from scripts.bench import free_port, running
from scripts.bench_load import Measured
from tests.bot.teams.issuer import APP, TENANT, Issuer, issuing

SECONDS = 3.0
LOADS = (1, 16)
ROUNDS = 3
console = Console()


def main() -> None:
    """Measure, and print one table."""
    console.print(asyncio.run(_all()))


async def _all() -> Table:
    table = Table(
        "a bot that is", "in flight", "stock /s", "p50 ms", "p99 ms", "ours /s", "p50 ms", "p99 ms", "×"
    )
    async with issuing() as issuer:
        with _child("sink") as sink:
            for does in ("hearing", "echoing"):
                arguments = issuer.address, does
                with _child("stock", *arguments) as stock, _child("ours", *arguments) as ours:
                    await _measured(table, does, (stock, ours), _message(issuer, sink))
    table.caption = f"The median of {ROUNDS} rounds of {SECONDS:.0f} s each."
    return table


async def _measured(table: Table, does: str, ports: tuple[int, int], message: bytes) -> None:
    for port in ports:
        await _measure(port, 4, 1, message)
    for load in track(LOADS, does, console=console, transient=True):
        seen: dict[int, list[Measured]] = {port: [] for port in ports}
        for _ in range(ROUNDS):
            for port in ports:
                seen[port].append(await _measure(port, load, SECONDS, message))
        stock, ours = (sorted(seen[port], key=lambda one: one.per_second)[ROUNDS // 2] for port in ports)
        cells = [cell for one in (stock, ours) for cell in _cells(one)]
        table.add_row(does, str(load), *cells, f"{ours.per_second / stock.per_second:.1f}")


def _cells(one: Measured) -> tuple[str, str, str]:
    return f"{one.per_second:,.0f}", f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}"


async def _measure(port: int, in_flight: int, seconds: float, message: bytes) -> Measured:
    took: list[float] = []
    start = time.perf_counter()
    await asyncio.gather(*(_one_line(port, start + seconds, message, took) for _ in range(in_flight)))
    elapsed = time.perf_counter() - start
    cuts = statistics.quantiles(took, n=100)
    return Measured(in_flight, len(took) / elapsed, cuts[49] * 1000, cuts[98] * 1000)


async def _one_line(port: int, end: float, message: bytes, took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end:
        start = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        took.append(time.perf_counter() - start)
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")) or b"Content-Length: 0" not in head:
            raise RuntimeError(f"the bot answered {head!r}")
    writer.close()
    await writer.wait_closed()


def _message(issuer: Issuer, sink: int) -> bytes:
    """Something said in a personal chat, as Teams sends it, on the wire."""
    service = f"http://127.0.0.1:{sink}/emea/"
    activity = {
        "type": "message",
        "id": "1762682400000",
        "timestamp": "2026-11-09T09:00:00.1234567Z",
        "localTimestamp": "2026-11-09T10:00:00.1234567+01:00",
        "localTimezone": "Europe/Stockholm",
        "locale": "en-GB",
        "channelId": "msteams",
        "serviceUrl": service,
        "from": {"id": "29:1abc", "name": "Ann", "aadObjectId": "00000000-0000-0000-0000-000000000001"},
        "recipient": {"id": f"28:{APP}", "name": "Deskbell"},
        "conversation": {"id": "a:1abc", "conversationType": "personal", "tenantId": TENANT},
        "text": "the printer on the second floor is out of toner !high",
        "textFormat": "plain",
        "attachments": [{"contentType": "text/html", "content": "<p>the printer is out of toner</p>"}],
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "SE", "platform": "Windows"}],
        "channelData": {"tenant": {"id": TENANT}},
    }
    body = json.dumps(activity).encode()
    head = (
        "POST /teams/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nAuthorization: Bearer {issuer.mint(service)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _child(kind: str, *arguments: str) -> Iterator[int]:
    port = free_port()
    with running([sys.executable, "-m", "scripts.bench_teams_bots", kind, str(port), *arguments], port):
        yield port


if __name__ == "__main__":
    main()
