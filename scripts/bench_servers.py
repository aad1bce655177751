"""The servers that are measured: processes of their own, started on free ports and ended afterwards."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from scripts.bench_load import SECRET

T = TypeVar("T")
POLLS = 10_500
"""So many messages that ask how the service was are in the playground."""


@dataclass(frozen=True, slots=True)
class Served:
    """A Deskbell that listens: where, as which process, how long its start took, and its database."""

    port: int
    process: "subprocess.Popen[bytes]"
    ready: float
    database: Path

    def resident_mb(self) -> float:
        """What it holds in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


@contextmanager
def deskbell(database: Path, settings: Mapping[str, str]) -> Iterator[Served]:
    """`deskbell serve` with a new database and these settings, each without its DESKBELL_."""
    port = free_port()
    usual = {"DATABASE_URL": f"sqlite:///{database}", "PORT": str(port), "LOG_LEVEL": "error"}
    named = {f"DESKBELL_{name}": value for name, value in {**usual, **settings}.items()}
    environment = {**_without_settings(), **named}
    command = [str(Path(sys.executable).with_name("deskbell"))]
    subprocess.run([*command, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    started = time.perf_counter()
    with running([*command, "serve"], port, environment) as process:
        yield Served(port, process, time.perf_counter() - started, database)


@contextmanager
def child(module: str, *arguments: str) -> Iterator[int]:
    """A module of this folder as a process; its first argument is the port it listens on."""
    port = free_port()
    with running([sys.executable, "-m", f"scripts.{module}", str(port), *arguments], port):
        yield port


@contextmanager
def playground() -> Iterator[Mapping[str, str]]:
    """The playground, as the Slack that cards are posted to; gives the settings for it."""
    with child("bench_slack", str(POLLS)) as port:
        yield {
            "SLACK_BOT_TOKEN": "xoxb-playground",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{port}/slack/api/",
        }


@contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that listens on this port."""
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


@asynccontextmanager
async def beside(server: AbstractContextManager[T]) -> AsyncIterator[T]:
    """A server, while this loop goes on answering what it asks at its start and at its end."""
    started = await asyncio.to_thread(server.__enter__)
    try:
        yield started
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DESKBELL_")}


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
