"""What filing costs on either platform, beside a bot that does next to nothing, in one run on one machine.

On Slack the floor is a Bolt app that only acknowledges; on Teams the stock adapter of the SDK with a bot that
only echoes. Per second and in milliseconds at several in flight; time from start to ready; memory. The two
servers take turns at each load, so that a machine whose speed drifts treats them alike. Then what the desk
itself costs: see `scripts.bench_desk`, and the digest of a long history: see `scripts.bench_digest`.
"""

import asyncio
import os
import platform
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track

from scripts import bench_desk, bench_digest, bench_reactions, bench_rules, bench_teams
from scripts.bench_load import SECRET, measure
from scripts.bench_servers import beside, child, deskbell, playground
from scripts.bench_table import Pair, table
from scripts.bench_teams_load import connecting
from tests.bot.teams.issuer import issuing

SECONDS = 3.0
LOADS = (1, 16, 64)
ROUNDS = 3
STARTS = 3
console = Console()


def main() -> None:
    """Measure, and print a table for each platform, starts and memory."""
    with tempfile.TemporaryDirectory() as folder, playground() as slack:
        asyncio.run(_all(Path(folder), slack))
        bench_desk.measure(Path(folder), console)
        bench_digest.measure(Path(folder), console)
    console.print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {_cpu()}."
    )


async def _all(folder: Path, slack: Mapping[str, str]) -> None:
    async with issuing() as issuer, connecting() as connector:
        teams = bench_teams.settings(issuer, connector)
        async with beside(deskbell(folder / "slack.db", {**slack, "TRIAGE_CHANNEL": "C1"})) as ours:
            console.print(table("bare Bolt", await _slack(ours.port)))
            alone = ours.resident_mb()
        async with beside(deskbell(folder / "both.db", {**slack, **teams})) as ours:
            console.print(table("stock echo", await bench_teams.measure(ours, issuer, connector)))
            await measure(ours.port, LOADS[-1], SECONDS, "both")
            both = ours.resident_mb()
        console.print(await bench_rules.measured(folder, slack, console))
        console.print(await bench_reactions.measured(folder, slack, console))
        ready = await _starts(folder, {"Slack": slack, "Teams": teams, "both": {**slack, **teams}})
    starts = ", ".join(f"{name} {median(took):.2f} s (from {min(took):.2f})" for name, took in ready.items())
    console.print(f"Start to ready, the median of {STARTS}: {starts}.")
    console.print(f"Resident after all that: Slack {alone:.0f} MB, both platforms {both:.0f} MB.")


async def _slack(ours: int) -> list[Pair]:
    pairs = []
    with child("bench_bare", SECRET) as bare:
        turns = [(load, turn) for load in LOADS for turn in range(ROUNDS)]
        await measure(bare, 4, 1, "warm")
        await measure(ours, 4, 1, "warm")
        for load, turn in track(turns, "Measuring Slack", console=console, transient=True):
            floor = await measure(bare, load, SECONDS, f"{load}-{turn}")
            pairs.append((floor, await measure(ours, load, SECONDS, f"{load}-{turn}")))
    return pairs


async def _starts(folder: Path, sides: Mapping[str, Mapping[str, str]]) -> dict[str, list[float]]:
    """Seconds from start to a listening port, with a new database, by what is served; in turns."""
    took: dict[str, list[float]] = {name: [] for name in sides}
    for name in track([*sides] * STARTS, "Starting", console=console, transient=True):
        with tempfile.TemporaryDirectory(dir=folder) as new:
            async with beside(deskbell(Path(new) / "start.db", sides[name])) as served:
                took[name].append(served.ready)
    return took


def _cpu() -> str:
    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
