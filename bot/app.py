"""Wires everything, once. Importing any module has no side effect; `Deskbell.start` is where things begin."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from bot.clock import Beat, Clock
from bot.courier import PACE, Courier
from bot.front import Front
from bot.report.routes import Reports
from bot.settings import BadSettings, Settings, parse_digests
from bot.side import Side
from bot.web import make_web
from handlers import dates, health
from handlers.house import SCALE, House, Subscription
from storage.database import Database, Unkept

DELIVER_EVERY = 1.0
SWEEP_EVERY = 5.0
PRUNE_EVERY = 3600.0
HANDS_DOWN = 4.0
"""Seconds that stopping waits for requests under way, and then as long for answers and deliveries."""


def utc_now() -> datetime:
    """The time, for everybody but the demo and the tests, who bring their own."""
    return datetime.now(UTC)


class Deskbell:
    """The whole application: a database, a desk, and the platforms that the settings name.

    `now` is the clock that everything reads; `pace` how long a place rests between two messages. When it is
    `local`, people's browsers run on this machine: then pages need no public address.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utc_now,
        pace: timedelta = PACE,
        local: bool = False,
    ) -> None:
        self._settings = settings
        self._local = local
        self._now = now
        self._pace = pace
        self.port = settings.port

    async def start(self) -> None:
        """Open the database, meet the platforms, listen. Raises `BadSettings`; then nothing stays open."""
        self._session = aiohttp.ClientSession()
        self.database = Database.open(self._settings.database_url)
        try:
            await self._begin()
        except BaseException:
            await self._let_go()
            raise

    async def stop(self) -> None:
        """Take no more work, finish what is in hand, and let go of everything: within ten seconds."""
        self._clock.stop()
        for side in self._sides:
            await side.end()
        await self._runner.cleanup()
        self._warming.cancel()
        await asyncio.gather(self._warming, self.finish(), self.courier.stop(), return_exceptions=True)
        await self._let_go()

    async def finish(self) -> None:
        """Wait for the answers that are on their way to people."""
        await asyncio.gather(*(side.finish(HANDS_DOWN) for side in self._sides))

    async def look_around(self) -> None:
        """Find out who is who, on every platform."""
        await asyncio.gather(*(side.look_around() for side in self._sides))

    async def _begin(self) -> None:
        self._sides = self._platforms()
        for side in self._sides:
            await side.meet()
        self.front = Front(self.database, await self._house(), self._now, self._wake)
        chats = {side.name: side.wire(self.front) for side in self._sides}
        self.courier = Courier(self.front, chats, self._now, pace=self._pace)
        await self._listen()
        self.courier.start()
        self._clock = Clock(self._beats())
        self._clock.start()
        self._warming = asyncio.create_task(self._warm_up())

    def _platforms(self) -> list[Side]:
        """Those the settings name. Each is imported only when it is wanted: together they take a while."""
        sides: list[Side] = []
        if self._settings.on_teams:
            from bot.teams.side import TeamsSide

            sides.append(TeamsSide(self._settings, self._session, self._now))
        if self._settings.on_slack:
            from bot.slack.side import SlackSide

            sides.append(SlackSide(self._settings, self._session, self._now))
        return sides

    async def _let_go(self) -> None:
        await asyncio.to_thread(self.database.close)
        await self._session.close()

    def _wake(self) -> None:
        self.courier.wake()

    def _beats(self) -> list[Beat]:
        async def deliver() -> None:
            self.courier.wake()

        return [
            ("deliver", DELIVER_EVERY, deliver),
            ("sweep", SWEEP_EVERY, self.front.sweep),
            ("prune", PRUNE_EVERY, self._prune),
            *(beat for side in self._sides for beat in side.beats()),
        ]

    async def _prune(self) -> None:
        now = self._now()
        await self.front.keep(lambda tx: health.prune(tx, self.front.house, now))

    async def _warm_up(self) -> None:
        """What the first person should not have to wait for, and who is who."""
        await asyncio.to_thread(dates.read_date, "1 may", utc_now(), "UTC")
        await self.look_around()
        await self.front.sweep()

    async def _house(self) -> House:
        """The organisation's rules from the settings, with names of channels and people looked up."""
        settings = self._settings
        digests = parse_digests(settings.digest, settings.timezone)
        named = {name for name in (settings.triage_channel, *(digest[2] for digest in digests)) if name}
        places: dict[str, str] = {}
        for side in self._sides:
            theirs = {name for name in named - set(places) if side.knows(name)}
            places |= await side.places(theirs) if theirs else {}
        if unknown := sorted(named - set(places)):
            raise BadSettings(f"{unknown[0]} is a channel of no platform that is connected.")
        return House(
            org=settings.organisation,
            zone=settings.timezone,
            triage=places[settings.triage_channel] if settings.triage_channel else None,
            lead=await self._lead(),
            address=settings.public_url,
            link_people=settings.link_people,
            hours=settings.hours,
            holidays=settings.holidays,
            years=self._years(),
            digests=tuple(Subscription(places[name], day, at, zone) for day, at, name, zone in digests),
            scale=tuple(replace(face, mark=mark) for face, mark in zip(SCALE, settings.marks, strict=True)),
        )

    def _years(self) -> range:
        """The years whose holidays matter: what is counted lies a little behind, what is due far ahead."""
        year = self._now().year
        return range(year - 2, year + 22)

    async def _lead(self) -> str | None:
        name = self._settings.lead
        for side in self._sides:
            if name and side.knows(name):
                return await side.person(name)
        if name:
            raise BadSettings(f"DESKBELL_LEAD: {name} is a colleague on no platform that is connected.")
        return None

    async def _listen(self) -> None:
        settings = self._settings
        self._runner = web.AppRunner(
            make_web(self._sides, Reports(self.front), self._healthy),
            access_log=None,
            shutdown_timeout=HANDS_DOWN,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            raise BadSettings(
                f"Cannot listen on {settings.host}:{settings.port}: {error.strerror or error}. "
                "Choose another DESKBELL_PORT."
            ) from None
        self.port = int(self._runner.addresses[0][1])
        if self._local:
            self.front.house = replace(self.front.house, address=f"http://{settings.host}:{self.port}")
        for side in self._sides:
            await side.begin()

    async def _healthy(self) -> bool:
        try:
            await self.front.look(health.check)
        except Unkept:
            return False
        return True
