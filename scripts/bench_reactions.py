"""What a vote costs: ten thousand reactions on polls, beside a bot that only acknowledges the same events.

Each is the vote of somebody who was asked, on a poll of their own. The two servers take turns with the same
events; afterwards every vote must stand in the database.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from scripts.bench_load import SECRET, Measured, answer
from scripts.bench_servers import POLLS, beside, child, deskbell, playground
from scripts.bench_table import Pair, table
from scripts.bench_votes import make_sure, prepare, vote

IN_FLIGHT = 16
ROUNDS = 5
EACH = 2_000
"""Votes in a round."""
WARM = POLLS - ROUNDS * EACH


async def measured(folder: Path, slack: Mapping[str, str], console: Console) -> Table:
    """The table; `slack` are the settings for the playground. Fails when a vote is missing."""
    database, pairs = folder / "reactions.db", list[Pair]()
    with console.status(f"Asking {POLLS:,} times …"):
        await asyncio.to_thread(prepare, database, POLLS)
    async with (
        beside(child("bench_bare", SECRET)) as bare,
        beside(deskbell(database, {**slack, "TRIAGE_CHANNEL": "C1"})) as ours,
    ):
        starts = (0, *range(WARM, POLLS, EACH))
        for start in track(starts, "Measuring reactions", console=console, transient=True):
            until = start + (EACH if start else WARM)
            both = [await _react(port, range(start + 1, until + 1)) for port in (bare, ours.port)]
            pairs += [(both[0], both[1])] if start else []
    make_sure(database, POLLS)
    return table("bare Bolt", pairs, "votes")


async def _react(port: int, polls: range) -> Measured:
    """Vote on each of these polls, so many at once; an answer other than 200 is an error."""
    took: list[float] = []
    waiting = iter(polls)
    start = time.perf_counter()
    await asyncio.gather(*(_one_line(port, waiting, took) for _ in range(IN_FLIGHT)))
    elapsed = time.perf_counter() - start
    cuts = statistics.quantiles(took, n=100)
    return Measured(IN_FLIGHT, len(took) / elapsed, cuts[49] * 1000, cuts[98] * 1000)


async def _one_line(port: int, waiting: Iterator[int], took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in waiting:
        message = vote(number)
        start = time.perf_counter()
        writer.write(message)
        status, _ = await answer(reader)
        took.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"the server answered {status}")
    writer.close()
    await writer.wait_closed()


def main() -> None:
    """Measure reactions alone: `python -m scripts.bench_reactions`."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder, playground() as slack:
        console.print(asyncio.run(measured(Path(folder), slack, console)))


if __name__ == "__main__":
    main()
