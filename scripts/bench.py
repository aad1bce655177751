"""What filing costs, beside a Bolt app that only acknowledges, in one run on one machine.

Requests per second and milliseconds at 1, 16 and 64 in flight; time from start to ready; memory. The two
servers take turns at each load, so that a machine whose speed drifts treats them alike.
"""

import asyncio
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from scripts.bench_load import SECRET, Measured, measure

SECONDS = 3.0
LOADS = (1, 16, 64)
ROUNDS = 3
HERE = Path(__file__).parent
console = Console()


def main() -> None:
    """Measure, and print one table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _slack() as slack,
        _bare() as bare,
        _deskbell(Path(folder), slack) as (ours, process, ready),
    ):
        pairs = asyncio.run(_all(bare, ours))
        memory = _resident_mb(process.pid)
    console.print(_table(pairs))
    console.print(f"Start to ready: {ready:.2f} s.  Resident after all that: {memory:.0f} MB.")
    console.print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {_cpu()}."
    )


async def _all(bare: int, ours: int) -> list[tuple[Measured, Measured]]:
    pairs = []
    turns = [(load, turn) for load in LOADS for turn in range(ROUNDS)]
    await measure(bare, 4, 1, "warm")
    await measure(ours, 4, 1, "warm")
    for load, turn in track(turns, "Measuring", console=console, transient=True):
        floor = await measure(bare, load, SECONDS, f"{load}-{turn}")
        filing = await measure(ours, load, SECONDS, f"{load}-{turn}")
        pairs.append((floor, filing))
    return pairs


def _table(pairs: list[tuple[Measured, Measured]]) -> Table:
    table = Table("in flight", "bare /s", "p50 ms", "p99 ms", "filing /s", "p50 ms", "p99 ms", "ratio")
    for load in LOADS:
        group = sorted((pair for pair in pairs if pair[0].in_flight == load), key=_ratio)
        floor, filing = group[len(group) // 2]
        table.add_row(
            str(load),
            f"{floor.per_second:,.0f}",
            f"{floor.p50_ms:.1f}",
            f"{floor.p99_ms:.1f}",
            f"{filing.per_second:,.0f}",
            f"{filing.p50_ms:.1f}",
            f"{filing.p99_ms:.1f}",
            f"{_ratio((floor, filing)):.2f}",
        )
    table.caption = f"The median by ratio of {ROUNDS} rounds of {SECONDS:.0f} s each."
    return table


def _ratio(pair: tuple[Measured, Measured]) -> float:
    return pair[1].per_second / pair[0].per_second


@contextmanager
def _slack() -> Iterator[str]:
    """The playground, as the Slack that cards are posted to."""
    port = free_port()
    with running([sys.executable, "-m", "scripts.bench_slack", str(port)], port):
        yield f"http://127.0.0.1:{port}/slack/api/"


@contextmanager
def _bare() -> Iterator[int]:
    port = free_port()
    with running([sys.executable, str(HERE / "bench_bare.py"), str(port), SECRET], port):
        yield port


@contextmanager
def _deskbell(folder: Path, slack: str) -> Iterator[tuple[int, "subprocess.Popen[bytes]", float]]:
    port = free_port()
    settings = {
        "DESKBELL_DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "DESKBELL_PORT": str(port),
        "DESKBELL_SLACK_BOT_TOKEN": "xoxb-playground",
        "DESKBELL_SLACK_SIGNING_SECRET": SECRET,
        "DESKBELL_SLACK_API_URL": slack,
        "DESKBELL_TRIAGE_CHANNEL": "C1",
        "DESKBELL_LOG_LEVEL": "error",
    }
    command = [str(Path(sys.executable).with_name("deskbell"))]
    environment = {**os.environ, **settings}
    subprocess.run([*command, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    started = time.perf_counter()
    with running([*command, "serve"], port, environment) as process:
        yield port, process, time.perf_counter() - started


@contextmanager
def running(
    command: list[str], port: int, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"nothing listens on {port}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _cpu() -> str:
    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
