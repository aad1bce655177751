"""The real command in a process of its own: killed, stopped, over Socket Mode, and with wrong settings."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.page import serving
from bot.playground.shop import CLERK, DESIGNER, SHOP_DESK, ZONE, flower_shop, teach
from bot.playground.workspace import Workspace
from tests.shop import Shop, open_shop

SERVE = (sys.executable, "-m", "bot", "serve")


def settings(**more: str) -> dict[str, str]:
    """An environment with our settings alone."""
    bare = {key: value for key, value in os.environ.items() if not key.startswith("DESKBELL_")}
    return bare | {f"DESKBELL_{key.upper()}": value for key, value in more.items()}


@dataclass
class Desk:
    """A shop in this process, and `deskbell serve` in others, one after the other."""

    workspace: Workspace
    environment: dict[str, str]
    folder: Path

    @asynccontextmanager
    async def served(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the command until the block ends, and be there when it is ready."""
        process = await asyncio.create_subprocess_exec(
            *SERVE, env=self.environment, cwd=self.folder, stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr
        drain = None
        try:
            async with asyncio.timeout(30):
                while b"Deskbell is ready" not in (line := await process.stderr.readline()):
                    assert line, f"it ended with {await process.wait()}"
            drain = asyncio.create_task(process.stderr.read())
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            if drain:
                await drain

    async def until(self, done: Callable[[], object]) -> None:
        """Wait, message by message, until something is so."""
        with self.workspace.subscribe() as heard:
            async with asyncio.timeout(60):
                while not done():
                    await heard.get()

    def cards(self, channel: str) -> Counter[int]:
        """How many cards of each request stand in a channel."""
        said = [one.text for one in self.workspace.log.all(channel) if one.by_bot and not one.is_reply]
        return Counter(int(text[1 : text.index(" ")]) for text in said if text.startswith("#"))

    def kept(self, question: str) -> list[str]:
        """What the database says."""
        with closing(sqlite3.connect(self.folder / "deskbell.db")) as database:
            return [str(row[0]) for row in database.execute(question)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    workspace = flower_shop(lambda: datetime.now(UTC))
    teach(workspace, [])
    async with serving(workspace) as base:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = settings(
            database_url=f"sqlite:///{tmp_path}/deskbell.db",
            port=str(port),
            slack_bot_token=workspace.bot_token,
            slack_signing_secret=workspace.signing_secret,
            slack_api_url=f"{base}/slack/api/",
            triage_channel="#shop-desk",
            timezone=ZONE,
        )
        workspace.app_url = f"http://127.0.0.1:{port}/slack/events"
        try:
            yield Desk(workspace, environment, tmp_path)
        finally:
            workspace.app_url = None


async def test_killed_in_a_burst_it_loses_nothing_that_was_acknowledged(desk: Desk) -> None:
    clerk = desk.workspace.person(CLERK)
    kept: list[int] = []

    async def file(number: int) -> None:
        answer = await clerk.command(SHOP_DESK, f"/request bouquet {number}")
        if answer.message is not None:
            kept.append(int(answer.text[1 : answer.text.index(" ")]))

    async with desk.served() as process:
        await file(0)
        await desk.until(lambda: desk.cards(SHOP_DESK)[1])
        burst = [asyncio.create_task(file(number)) for number in range(1, 40)]
        await asyncio.wait(burst[:6])
        process.send_signal(signal.SIGKILL)
        await asyncio.gather(*burst)
    assert len(kept) >= 7
    there = {int(number) for number in desk.kept("SELECT number FROM requests")}
    assert set(kept) <= there
    settled = desk.kept("SELECT key FROM posts WHERE message IS NOT NULL")
    with closing(sqlite3.connect(desk.folder / "deskbell.db", isolation_level=None)) as database:
        # what the dead one had in hand is free again half a minute later: that is now
        database.execute("DELETE FROM places")
        # and a second between two messages is for people's eyes: only a few cards have to be waited for
        database.execute(
            "UPDATE posts SET due_at = NULL WHERE number > ? AND message IS NULL", (sorted(kept)[6],)
        )
    wanted = set(sorted(kept)[:7])
    async with desk.served():
        await desk.until(lambda: wanted <= desk.cards(SHOP_DESK).keys() & desk.cards(clerk.dm).keys())
        for channel, place in ((SHOP_DESK, SHOP_DESK), (clerk.dm, CLERK)):
            cards = desk.cards(channel)
            assert all(cards[n] == 1 for n in wanted if f"card:{n}:slack:{place}" in settled)
            assert all(cards[n] <= 2 for n in wanted), "at most the one that was in hand is there twice"
        answer = await clerk.command(SHOP_DESK, "/request one more")
        assert f"#{max(there) + 1} is with the team." in answer.text


async def test_told_to_stop_it_finishes_what_is_in_hand(desk: Desk) -> None:
    clerk = desk.workspace.person(CLERK)
    async with desk.served() as process:
        desk.workspace.fail("chat.postMessage", delay=1.0, times=2)
        answer = await clerk.command(SHOP_DESK, "/request a bouquet")
        assert "#1 is with the team." in answer.text
        await desk.until(lambda: desk.cards(SHOP_DESK)[1])
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        assert time.monotonic() - began < 10
    assert len(desk.kept("SELECT key FROM posts WHERE message IS NOT NULL AND kind = 'card'")) >= 1
    async with desk.served() as process:
        await desk.until(lambda: desk.cards(clerk.dm)[1])
        assert desk.cards(SHOP_DESK) == {1: 1}, "what was said is settled, and not said again"
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_told_to_stop_while_slack_never_answers(desk: Desk) -> None:
    clerk = desk.workspace.person(CLERK)
    async with desk.served() as process:
        desk.workspace.fail("chat.postMessage", delay=60.0, times=10)
        await clerk.command(SHOP_DESK, "/request a bouquet")
        await desk.until(lambda: desk.workspace.called("chat.postMessage"))
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0
        assert time.monotonic() - began < 10


@pytest.fixture
async def over_a_socket(shop_url: str) -> AsyncIterator[Shop]:
    """The shop with Socket Mode and no way in over HTTP."""
    token = flower_shop(lambda: datetime.now(UTC)).app_token
    async with open_shop(shop_url, slack_app_token=token, slack_signing_secret=None) as shop:
        await shop.workspace.sockets.connected()
        shop.workspace.app_url = None
        yield shop


async def test_the_main_job_over_socket_mode(over_a_socket: Shop) -> None:
    shop = over_a_socket
    await shop.dialog((shop.clerk, "a bouquet", "#1 is with the team."))
    assert await shop.press(shop.flora, shop.card(1, shop.flora), "Take") == "#1 is yours."
    assert await shop.press(shop.flora, shop.card(1, shop.flora), "Done …") == "Done: #1"
    assert not await shop.submit(shop.flora, text="it is on the table")
    await shop.reacts(shop.clerk, shop.poll(shop.clerk), "star-struck")
    assert "Thank you." in shop.poll(shop.clerk).text
    await shop.writes(shop.clerk, "list")
    await shop.clerk.open_home()
    await shop.settle()
    assert shop.clerk.home is not None


TOKEN = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "No chat is set up: set DESKBELL_SLACK_BOT_TOKEN for Slack or DESKBELL_TEAMS_APP_ID for Teams"),
        ({"teams_app_password": "secret", "teams_tenant_id": "t"}, "DESKBELL_TEAMS_APP_ID is missing"),
        ({"teams_app_id": "a", "teams_tenant_id": "t"}, "DESKBELL_TEAMS_APP_PASSWORD is missing"),
        ({**TOKEN, "teams_app_id": "a", "teams_app_password": "s"}, "DESKBELL_TEAMS_TENANT_ID is missing"),
        ({"teams_development": "1", "host": "0.0.0.0"}, "DESKBELL_TEAMS_DEVELOPMENT lets everybody in"),  # noqa: S104
        ({"slack_bot_token": "xoxb-1"}, "DESKBELL_SLACK_SIGNING_SECRET is missing"),
        ({**TOKEN, "port": "nine"}, "DESKBELL_PORT: "),
        ({**TOKEN, "port": "70000"}, "DESKBELL_PORT: "),
        ({**TOKEN, "timezone": "Mars/Base"}, "DESKBELL_TIMEZONE: there is no time zone 'Mars/Base'"),
        ({**TOKEN, "hours": "mon-fri nine to five"}, "DESKBELL_HOURS: “nine” should look like “mon-fri"),
        ({**TOKEN, "hours": "mon-fri 09:00-09:00"}, "DESKBELL_HOURS: “09:00-09:00” is no time at all"),
        ({**TOKEN, "holidays": "XX"}, "DESKBELL_HOLIDAYS: no public holidays are known for XX"),
        ({**TOKEN, "digest": "someday"}, "DESKBELL_DIGEST: should look like"),
        ({**TOKEN, "database_url": "mysql://root:secret@h/d"}, "DESKBELL_DATABASE_URL: "),
        ({**TOKEN, "database_url": "sqlite:////no/such/folder/x.db"}, "The database could not be opened: "),
        ({**TOKEN, "scale": "rage"}, "DESKBELL_SCALE: "),
        ({**TOKEN, "log_level": "loud"}, "DESKBELL_LOG_LEVEL: "),
    ],
)
async def test_a_wrong_setting_is_one_line_and_exit_two(
    tmp_path: Path, given: dict[str, str], says: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        *SERVE,
        env=settings(**given),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert not out
    (line,) = err.decode().splitlines()
    assert line.startswith(says), line
    assert "secret" not in line


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"triage_channel": "#nowhere"}, "There is no channel #nowhere that the bot can see."),
        ({"slack_bot_token": "xoxb-other"}, "DESKBELL_SLACK_BOT_TOKEN: "),
        ({"lead": "@nobody"}, "DESKBELL_LEAD: there is no colleague @nobody."),
    ],
)
async def test_what_slack_does_not_know_is_one_line_and_exit_two(
    desk: Desk, wrong: dict[str, str], says: str
) -> None:
    environment = desk.environment | {f"DESKBELL_{key.upper()}": value for key, value in wrong.items()}
    process = await asyncio.create_subprocess_exec(
        *SERVE, env=environment, cwd=desk.folder, stderr=asyncio.subprocess.PIPE
    )
    _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    (line,) = err.decode().splitlines()
    assert line.startswith(says), line


async def test_a_desk_that_is_not_ours_to_work_at(desk: Desk) -> None:
    """A port that is taken."""
    assert desk.workspace.person(DESIGNER)
    async with desk.served():
        process = await asyncio.create_subprocess_exec(
            *SERVE, env=desk.environment, cwd=desk.folder, stderr=asyncio.subprocess.PIPE
        )
        _, err = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 2
        (line,) = err.decode().splitlines()
        assert "Choose another DESKBELL_PORT." in line
