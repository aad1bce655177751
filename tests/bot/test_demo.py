"""The demo: its story as it is told, the clock as it is turned, and the command as people run it."""

import asyncio
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import Connection, select

from bot.playground.clock import HOP, MovableClock
from bot.playground.demo import Demo, open_day, opened, settings
from bot.playground.records import Message
from bot.playground.shop import (
    DESIGNER,
    GENERAL,
    MANAGER,
    SHOP_DESK,
    SHOPKEEPER,
    ZONE,
    flower_shop,
    hints,
)
from bot.playground.story import FIRST_DAY, NOW, moment, rows, typed
from bot.playground.story_before import acts
from bot.playground.story_weeks import CHAT, REQUESTS
from bot.playground.teams.shop import MARGIT
from bot.settings import Settings
from handlers import targets
from storage import history, ratings, requests, sums
from storage.records import Request, Status, WaitingOn
from storage.tables import posts
from tests.bot import by_hand
from tests.handlers.ledger import table

pytestmark = pytest.mark.asyncio(loop_scope="module")

THURSDAY = date(2026, 11, 26)
WEDNESDAY = date(2026, 11, 18)
ORG = "main"
UNFINISHED = {
    "lamp": Status.TAKEN,
    "seal": Status.TAKEN,
    "window": Status.TAKEN,
    "wreaths": Status.WAITING,
    "eucalyptus": Status.TAKEN,
    "rotary": Status.WAITING,
    "reader": Status.OPEN,
    "birthday": Status.TAKEN,
    "bell": Status.OPEN,
    "boxes": Status.OPEN,
    "paper": Status.OPEN,
}
EARLIER = sorted({act.request for act in acts(THURSDAY)})
"""What was asked for before the story, which is in the numbers alone."""
ENDED = {"sign": Status.CANCELLED, "bike": Status.DECLINED}
"""All others are resolved, and closed when that is more than five working days ago."""
STEPS = {"[Take]": "take", "[Done": "resolve", "[Decline": "decline", "[Reopen": "reopen", "[Ask": "ask"}

T = TypeVar("T")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    async with opened(0, THURSDAY, lambda _: None) as demo:
        yield demo


async def look(demo: Demo, unit: Callable[[Connection], T]) -> T:
    return await demo.app.front.look(unit)


async def request(demo: Demo, name: str) -> Request:
    found = await look(demo, lambda tx: requests.get(tx, ORG, demo.numbers[name]))
    assert found, name
    return found


def said(demo: Demo, who: str, channel: str, words: str) -> list[Message]:
    """What the bot wrote there with these words in it, as somebody reads it."""
    return [m for m in demo.workspace.person(who).sees(channel) if m.by_bot and words in m.text]


def local(demo: Demo) -> datetime:
    return demo.clock().astimezone(ZoneInfo(ZONE))


# the story


async def test_the_manager_sits_in_teams(demo: Demo) -> None:
    margit = demo.tenant.person(MARGIT)
    greeting, answer, card, news = [one.summary for one in margit.sees(margit.chat) if one.by_bot]
    assert greeting.startswith("Good to see you, Margit. What do you need?")
    assert "is with the team" in answer
    assert "Flora Nilsson has it." in card
    assert news.startswith(f"Flora Nilsson has taken #{max(demo.numbers.values()) + 1} “two centrepieces")
    assert any("two centrepieces" in one.text for one in demo.workspace.person(DESIGNER).sees(SHOP_DESK))
    assert demo.tenant.faults == []


async def test_every_request_stands_where_the_story_left_it(demo: Demo) -> None:
    first = 1 + len(EARLIER)
    assert list(demo.numbers.values()) == list(range(first, first + len(REQUESTS)))
    assert 35 <= len(REQUESTS) <= 45
    for name in REQUESTS:
        status = (await request(demo, name)).status
        expected = {UNFINISHED.get(name) or ENDED.get(name)} - {None} or {Status.RESOLVED, Status.CLOSED}
        assert status in expected, name


async def test_everything_in_the_story_was_understood(demo: Demo) -> None:
    for name in REQUESTS:
        lines = await look(demo, partial(history.of, org=ORG, number=demo.numbers[name]))
        verbs = {verb for line in lines for verb in (line.verb, line.verb.split()[0])}
        first, *others = (row.does for row in rows() if row.about == name)
        assert first.startswith("/")
        done = {STEPS.get(does.split()[0], does[1:].split()[0]) for does in others if does[0] in "/["}
        assert {"file", *done} - {"share"} <= verbs, name
        poll = await look(demo, partial(ratings.latest, org=ORG, number=demo.numbers[name]))
        assert bool(poll and poll.quotable) == ("share" in done), name


async def test_every_vote_was_counted(demo: Demo) -> None:
    votes: dict[str, list[int]] = {}
    for row in rows():
        if row.does[0] == "(":
            votes.setdefault(row.about, []).append(int(row.does[1]))
    assert {score for scores in votes.values() for score in scores} == {2, 3, 4, 5}
    for name, scores in votes.items():
        poll = await look(demo, partial(ratings.latest, org=ORG, number=demo.numbers[name]))
        assert poll, name
        again = await look(demo, partial(ratings.second, org=ORG, first=poll))
        assert [poll.score, *([again.score] if again else [])] == scores, name


async def test_nothing_failed_and_nothing_is_owed(demo: Demo) -> None:
    failed = select(posts.c.key, posts.c.error).where(posts.c.error != "")
    owed = select(posts.c.key).where(posts.c.due_at <= demo.clock())
    assert await look(demo, lambda tx: [*tx.execute(failed), *tx.execute(owed)]) == []
    assert {sent.status for sent in demo.workspace.deliveries} == {200}


async def test_what_was_before_the_story_is_counted_and_said_nowhere(demo: Demo) -> None:
    found = [await look(demo, partial(requests.get, org=ORG, number=1 + one)) for one in EARLIER]
    assert {one.status for one in found if one} == {Status.CLOSED}
    first = moment(THURSDAY, FIRST_DAY, time())
    assert all(one.at >= first for one in demo.workspace.log.everything() if one.by_bot)
    assert len(await look(demo, partial(sums.closed, org=ORG))) >= 8, "its weeks are closed"


async def test_what_is_unfinished_shows_every_state(demo: Demo) -> None:
    now = demo.clock()
    assert targets.is_late(await request(demo, "lamp"), now)
    assert not targets.is_late(await request(demo, "eucalyptus"), now)
    parked = (await request(demo, "seal")).snoozed_until
    assert parked
    assert parked > now
    assert (await request(demo, "rotary")).waiting_on is WaitingOn.REQUESTER
    assert (await request(demo, "wreaths")).waiting_request == demo.numbers["eucalyptus"]


async def test_the_past_has_its_digests(demo: Demo) -> None:
    digests = said(demo, SHOPKEEPER, GENERAL, "requests came in")
    assert [digest.at.astimezone(ZoneInfo(ZONE)).strftime("%a %H:%M") for digest in digests] == [
        "Mon 09:00"
    ] * 3
    assert "%" in digests[-1].text


async def test_every_request_of_the_page_is_in_the_demo_as_it_is_written_there(demo: Demo) -> None:
    told, found = table("no."), await look(demo, by_hand.rows)
    assert [row["no."] for row in told] == [row["no."] for row in found]
    for written, kept_so in zip(told, found, strict=True):
        assert kept_so["what"].startswith(written["what"].removesuffix(" …"))
        assert written == {**kept_so, "what": written["what"]}


async def test_every_line_of_the_digest_is_on_the_page(demo: Demo) -> None:
    newest = said(demo, SHOPKEEPER, GENERAL, "requests came in")[-1].text
    written = [line for row in table("figure") for line in row["the digest says"].split("<br>")]
    assert written == by_hand.lines(newest)
    assert _posted(demo)[-1] == newest, "and in Teams"
    before = [row["the digest says"] for row in table("figure of the week before")]
    assert before == by_hand.before(newest)


async def test_every_week_of_the_picture_is_on_the_page(demo: Demo) -> None:
    newest = said(demo, SHOPKEEPER, GENERAL, "requests came in")[-1].text
    told = table("week from")
    assert [row.pop("the picture says") for row in told] == by_hand.picture(newest)
    assert await look(demo, partial(by_hand.week_rows, house=demo.app.front.house)) == told


async def test_now_is_ten_past_ten_and_only_today_is_unread(demo: Demo) -> None:
    assert local(demo).date() == THURSDAY
    assert local(demo).time().replace(second=0, microsecond=0) == NOW
    midnight = datetime.combine(THURSDAY, time(), ZoneInfo(ZONE))
    workspace = demo.workspace
    for user in (user.id for user in workspace.users.values() if not user.is_bot):
        for channel in workspace.conversations_of(user):
            fresh = [m for m in workspace.person(user).sees(channel.id) if m.at >= midnight]
            assert workspace.unread(user, channel.id) <= len(fresh)
            assert not [m for m in workspace.log.all(channel.id, user) if m.ephemeral_to]
    assert workspace.unread(SHOPKEEPER, workspace.dm(SHOPKEEPER).id)


async def test_a_private_request_is_seen_by_two(demo: Demo) -> None:
    text = "could my salary"
    for user in (user.id for user in demo.workspace.users.values() if not user.is_bot):
        seen = [c for c in demo.workspace.conversations_of(user) if said(demo, user, c.id, text)]
        assert bool(seen) == (user in (MANAGER, "UCARL")), user


async def test_the_composer_knows_every_line(demo: Demo) -> None:
    assert len(demo.workspace.hints) == len(hints()) > 20
    assert not any("@bob" in hint["line"] for hint in demo.workspace.hints)


# the clock; from here on it is later


async def test_the_clock_can_be_turned(demo: Demo) -> None:
    moves = demo.workspace.moves
    assert [label for label, _ in moves.values()] == [
        "Four hours later",
        "Tomorrow morning",
        "Monday morning",
    ]
    flora = demo.workspace.person(DESIGNER)

    await moves["hours"][1]()
    assert (local(demo).hour, local(demo).minute) == (14, 12)
    assert said(demo, SHOPKEEPER, SHOP_DESK, "nobody has taken it yet")

    before = len(said(demo, DESIGNER, flora.dm, "wait"))
    await moves["tomorrow"][1]()
    assert (local(demo).date() - THURSDAY, local(demo).strftime("%H:%M")) == (timedelta(days=1), "09:35")
    assert len(said(demo, DESIGNER, flora.dm, "wait")) == before + 1

    await moves["monday"][1]()
    assert local(demo).strftime("%a %d %H:%M") == "Mon 30 09:35"
    newest = said(demo, SHOPKEEPER, GENERAL, "came in and")[-1]
    assert newest.at.astimezone(ZoneInfo(ZONE)).strftime("%a %d %H:%M") == "Mon 30 09:00"
    await test_nothing_failed_and_nothing_is_owed(demo)


async def test_what_was_before_the_story_can_be_reopened(demo: Demo) -> None:
    flora = demo.workspace.person(DESIGNER)
    await flora.command(SHOP_DESK, "/request reopen 2 it frays")
    await demo.app.finish()
    await demo.app.courier.deliver_due()
    assert [one.text.splitlines()[0] for one in said(demo, DESIGNER, SHOP_DESK, "#2 twine")]


async def test_a_movable_clock_goes_on_and_never_back() -> None:
    start = datetime(2026, 11, 18, 10, tzinfo=UTC)
    clock = MovableClock(start)
    clock.move(start - timedelta(days=1))
    assert clock() >= start
    stops: list[datetime] = []

    async def stop() -> None:
        stops.append(clock())

    await clock.walk(start + timedelta(minutes=40), stop)
    assert clock() >= start + timedelta(minutes=40)
    assert len(stops) == 3
    assert all(after - before < HOP + timedelta(seconds=1) for before, after in pairwise(stops))


# the pieces


@pytest.mark.parametrize(
    ("today", "day"),
    [(16, 16), (17, 17), (18, 18), (19, 19), (20, 19), (21, 19), (22, 19), (23, 23)],
)
async def test_the_shop_is_open_on_the_day_of_the_demo_and_on_the_next(today: int, day: int) -> None:
    assert open_day(date(2026, 11, today)) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 18), "today"),
        (date(2026, 11, 19), "tomorrow"),
        (date(2026, 11, 20), "friday"),
        (date(2026, 11, 24), "tuesday"),
        (date(2026, 11, 25), "next wednesday"),
    ],
)
async def test_days_are_written_as_people_write_them(day: date, words: str) -> None:
    assert typed(day, WEDNESDAY) == words


async def test_every_line_of_the_story_can_be_read() -> None:
    told = list(rows())
    lines = [line for text in (*REQUESTS.values(), CHAT) for line in text.splitlines() if line.strip()]
    assert len(told) == len(lines)
    people = {user.name for user in flower_shop(MovableClock(datetime.now(UTC))).users.values()}
    assert {row.who for row in told} <= people


async def test_nothing_in_the_environment_reaches_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = flower_shop(MovableClock(datetime.now(UTC)))
    plain = settings(workspace, "http://127.0.0.1:1", "sqlite:///x.db")
    for name in Settings.model_fields:
        monkeypatch.setenv(f"DESKBELL_{name.upper()}", "nonsense")
    assert settings(workspace, "http://127.0.0.1:1", "sqlite:///x.db") == plain
    assert plain.slack_app_token is None


# the command


@asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        *arguments,
        stdout=PIPE,
        stderr=PIPE,
        env={"DESKBELL_TIMEZONE": "Nowhere", "DESKBELL_SLACK_APP_TOKEN": "xapp-not-ours", "TERM": "dumb"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def address_of(process: Process) -> str:
    assert process.stdout
    async for line in process.stdout:
        if found := re.search(rb"http://127\.0\.0\.1:\d+", line):
            return found[0].decode()
    raise AssertionError("it ended without an address")


async def until_it_listens(port: int) -> None:
    """Then the story begins."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return


async def test_the_command_shows_the_shop_until_it_is_ended() -> None:
    async with command("--port", "0") as process, aiohttp.ClientSession() as browser:
        address = await asyncio.wait_for(address_of(process), 60)
        async with browser.get(f"{address}/") as page:
            assert page.status == 200
        async with browser.get(f"{address}/api/events?as={SHOPKEEPER}") as listening:
            assert listening.status == 200
            process.send_signal(signal.SIGINT)
            _, errors = await asyncio.wait_for(process.communicate(), 5)
    assert (process.returncode, errors) == (0, b"")


async def test_ended_while_the_story_is_told_it_ends_as_quietly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with command("--port", str(port)) as process:
        await asyncio.wait_for(until_it_listens(port), 30)
        await asyncio.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 5)
    assert (process.returncode, errors) == (0, b"")


async def test_a_port_in_use_is_one_plain_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with command("--port", str(port)) as process:
            said, errors = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, said) == (2, b"")
    assert (
        errors.decode()
        == f"Cannot listen on port {port}: Address already in use. Choose another with --port.\n"
    )


async def test_the_second_start_recalls_what_the_first_one_told() -> None:
    async with opened(0, THURSDAY, lambda _: None) as first:
        told, numbers, posted = _told(first), first.numbers, _posted(first)
        assert len(posted) == 3, "a digest for each week"
    days: list[date] = []
    async with opened(0, THURSDAY, days.append) as second:
        assert days == []
        assert _told(second) == told
        assert _posted(second) == posted
        assert second.numbers == numbers
        answer = await second.workspace.person(DESIGNER).command(SHOP_DESK, "/request water the ferns")
        assert f"#{max(numbers.values()) + 2} is with the team" in answer.text


def _posted(demo: Demo) -> list[str]:
    """The digests in the team's channel General, in Teams."""
    return [one.summary for one in demo.tenant.person(MARGIT).sees("General") if one.by_bot]


def _told(demo: Demo) -> list[Message]:
    """What the story has said; what comes from Teams this morning is said anew at each start."""
    return [one for one in demo.workspace.log.everything() if "two centrepieces" not in one.text]
