"""The command `deskbell demo`: the shop's chat on a page, the real Deskbell behind it, a past for both."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from rich.console import Console
from rich.panel import Panel

from bot import logs
from bot.app import Deskbell, utc_now
from bot.front import Transaction
from bot.playground import snapshot
from bot.playground.clock import MovableClock
from bot.playground.page import serving
from bot.playground.shop import ZONE, flower_shop, hints, teach
from bot.playground.story import FIRST_DAY, NOW, OPENING, Teller, forget_whispers, moment
from bot.playground.story_before import leave_unsaid, tell_before
from bot.playground.teams.connector import Connector
from bot.playground.teams.page import teams_routes
from bot.playground.teams.shop import GENERAL as TEAMS_GENERAL
from bot.playground.teams.shop import flower_shop as office
from bot.playground.teams.story import sit_down
from bot.playground.teams.tenant import Tenant
from bot.playground.workspace import Workspace
from bot.settings import BadSettings, Settings
from handlers.catalogue_change import apply, difference
from handlers.catalogue_file import Catalogue, known, read
from handlers.house import House
from storage.migrate import upgrade

CATALOGUE = Path(__file__).with_name("flower-shop.toml")
THURSDAY = 3
MORNING = time(9, 35)
"""Just after the first nudges of a day, and after the digest."""
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - only to make a folder of our own in it
WELCOME = """\

  [bold]{address}[/bold]

You are Svea, who runs the shop. Be somebody else with the menu at the
top right: Carl at the till, Flora who ties the bouquets, David who
drives the van, or Margit, who manages it all from London.

  1  In #shop-desk, type [bold]/request the cold room door squeaks by friday[/bold]
  2  Be Flora: press [bold]Take[/bold], then [bold]Done[/bold]. Svea is asked how it was.
  3  Press [bold]Tomorrow morning[/bold] and see who is nudged, and about what.
  4  Open [bold]{address}/teams[/bold] beside it: there Margit sits in
     Microsoft Teams, at the same desk.

Ctrl-C ends it. Nothing is kept, and nothing leaves this computer.
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """The shop while it is open, with the numbers that the story's requests were given."""

    workspace: Workspace
    tenant: Tenant
    app: Deskbell
    clock: MovableClock
    address: str
    numbers: dict[str, int]


async def run(port: int, out: Console) -> None:
    """Play until SIGINT or SIGTERM. Raises `BadSettings` when the port cannot be had."""
    logs.set_up("error")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    playing = asyncio.create_task(_play(port, out))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing


@asynccontextmanager
async def opened(port: int, day: date, begins: Callable[[date], None]) -> AsyncIterator[Demo]:
    """The shop on a day, with three weeks behind it, and ten more in its numbers; `begins` hears of each day
    that is told.

    Raises `BadSettings` when the port cannot be had.
    """
    clock = MovableClock(moment(day, FIRST_DAY, OPENING))
    workspace, tenant = flower_shop(clock), office(clock)
    teach(workspace, hints())
    told = snapshot.place_for(day)
    with tempfile.TemporaryDirectory(prefix="deskbell-", dir=_fast_folder()) as folder:
        database, numbers = Path(folder) / "demo.db", None
        async with _pages(workspace, tenant, port) as address:
            if snapshot.is_kept(told):
                numbers = snapshot.recall(told, workspace, tenant, database)
                clock.move(moment(day, 0, NOW))
            async with _deskbell(workspace, tenant, address, clock, database) as app:
                if numbers is None:
                    await _look_back(workspace, app, day, database)
                    numbers = await _tell(Teller(workspace, app, clock, day), begins)
                    snapshot.keep(told, workspace, tenant, numbers, database)
                demo = Demo(workspace, tenant, app, clock, address, numbers)
                await sit_down(tenant, workspace, app)
                _offer_moves(demo)
                yield demo


async def _look_back(workspace: Workspace, app: Deskbell, day: date, database: Path) -> None:
    """What happened before the story: it is counted, and nobody is sent anything."""
    people = {user.name: f"slack:{user.id}" for user in workspace.users.values()}
    await app.courier.stop()
    await app.front.keep(lambda tx: tell_before(tx, app.front.house, people, day))
    leave_unsaid(database)


async def _tell(teller: Teller, begins: Callable[[date], None]) -> dict[str, int]:
    await teller.tell(begins)
    forget_whispers(teller.workspace)
    return teller.numbers


def today() -> date:
    """The day it is in the shop."""
    return open_day(utc_now().astimezone(ZoneInfo(ZONE)).date())


def open_day(day: date) -> date:
    """That day, or the Thursday before it: a day on which the shop is open, and open tomorrow too."""
    return day - timedelta(days=max(0, day.weekday() - THURSDAY))


def settings(workspace: Workspace, address: str, database_url: str) -> Settings:
    """Every setting by name, so that nothing in anybody's environment reaches the demo."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    ours = {
        "database_url": database_url,
        "port": 0,
        "slack_bot_token": workspace.bot_token,
        "slack_signing_secret": workspace.signing_secret,
        "slack_api_url": f"{address}/slack/api/",
        "triage_channel": "#shop-desk",
        "lead": "@margit",
        "timezone": ZONE,
        "teams_development": True,
        "teams_service_url": f"{address}/teams/",
        "digest": f"mon 09:00 #general; mon 09:00 {TEAMS_GENERAL}",
        "log_level": "error",
    }
    return Settings(_env_file=None, **{**defaults, **ours})  # type: ignore[call-arg] # pydantic-settings' own


async def _play(port: int, out: Console) -> None:
    async with AsyncExitStack() as stack:
        with out.status("Opening the shop …") as status:

            def begins(day: date) -> None:
                status.update(f"In the shop it is {day:%A}, {day.day} {day:%B} …")

            demo = await stack.enter_async_context(opened(port, today(), begins))
        out.print(Panel(WELCOME.format(address=demo.address), title="Petals & Post", expand=False))
        await asyncio.Event().wait()


@asynccontextmanager
async def _pages(workspace: Workspace, tenant: Tenant, port: int) -> AsyncIterator[str]:
    """Both windows, and both platforms behind them, on one port."""

    def beside(app: web.Application) -> None:
        Connector(tenant).add_to(app.router)
        teams_routes(app, tenant)
        app.on_shutdown.append(lambda _: tenant.close())

    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(serving(workspace, port=port, extend=beside))
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise BadSettings(f"Cannot listen on port {port}: {why}. Choose another with --port.") from None
        tenant.service_url = f"{address}/teams/"
        yield address


@asynccontextmanager
async def _deskbell(
    workspace: Workspace, tenant: Tenant, address: str, clock: MovableClock, database: Path
) -> AsyncIterator[Deskbell]:
    """The real app, on a database file."""
    url = f"sqlite:///{database}"
    upgrade(url)
    app = Deskbell(settings(workspace, address, url), now=clock, pace=timedelta(0), local=True)
    starting = asyncio.create_task(app.start())
    try:
        await asyncio.shield(starting)
        await app.look_around()
        await app.front.keep(partial(_hang_up, house=app.front.house))
        workspace.app_url = f"http://127.0.0.1:{app.port}/slack/events"
        tenant.app_url = f"http://127.0.0.1:{app.port}/teams/messages"
        yield app
    finally:
        await starting  # what began to start is stopped whole
        workspace.app_url = tenant.app_url = None
        await app.stop()


def _hang_up(tx: Transaction, house: House) -> None:
    """The shop's catalogue, as whoever runs Deskbell would apply it."""
    names = known(tx, house)
    wanted = read(CATALOGUE.read_bytes(), names)
    assert isinstance(wanted, Catalogue), wanted
    apply(tx, house, difference(tx, house, wanted, names))


def _fast_folder() -> Path | None:
    """Three weeks are many commits: where there is a disk in memory, nobody waits for them."""
    return IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None


def _offer_moves(demo: Demo) -> None:
    """The page's buttons that turn the clock forward; one at a time, whoever presses them."""
    turning = asyncio.Lock()

    def move(to: Callable[[datetime], datetime]) -> Callable[[], Awaitable[None]]:
        async def turn() -> None:
            async with turning:
                await _walk(demo, to(demo.clock().astimezone(ZoneInfo(ZONE))))
                for window in (demo.workspace, demo.tenant):
                    window.tell("clock", {"now": demo.clock().isoformat()})

        return turn

    demo.workspace.moves = demo.tenant.moves = {
        "hours": ("Four hours later", move(lambda now: now + timedelta(hours=4))),
        "tomorrow": ("Tomorrow morning", move(lambda now: _morning(now.date() + timedelta(days=1)))),
        "monday": ("Monday morning", move(_next_monday)),
    }


async def _walk(demo: Demo, to: datetime) -> None:
    """Turn the clock, with all that happens on the way.

    The courier rests between the stops, so that nothing is under way when the clock jumps.
    """

    async def stop() -> None:
        await demo.app.front.sweep()
        await demo.app.courier.deliver_due()

    await demo.app.courier.stop()
    try:
        await demo.app.courier.deliver_due()
        await demo.clock.walk(to, stop)
    finally:
        demo.app.courier.start()


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, ZoneInfo(ZONE))


def _next_monday(now: datetime) -> datetime:
    monday = _morning(now.date() - timedelta(days=now.weekday()))
    return monday if monday > now else _morning(monday.date() + timedelta(weeks=1))
