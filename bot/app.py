"""Wires everything, once. Importing any module has no side effect; `Deskbell.start` is where things begin."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import structlog
from aiohttp import web

from bot.chat import Undelivered
from bot.clock import Beat, Clock
from bot.courier import PACE, Courier
from bot.front import Front
from bot.settings import BadSettings, Settings, parse_digests
from bot.slack import words
from bot.slack.answers import Answers
from bot.slack.chat import SlackChat, calling, make_client
from bot.slack.directory import Directory, find_channels, find_person
from bot.slack.events import Events
from bot.slack.listen import Listener, make_bolt
from bot.web import make_web
from handlers import dates, health
from handlers.house import SCALE, House, Subscription
from storage.database import Database, Unkept

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

log = structlog.get_logger()

T = TypeVar("T")

DELIVER_EVERY = 1.0
SWEEP_EVERY = 5.0
LOOK_UP_EVERY = 10.0
REFRESH_EVERY = 3600.0
PRUNE_EVERY = 3600.0
HANDS_DOWN = 4.0
"""Seconds that stopping waits for requests under way, and then as long for answers and deliveries."""
RETRY = (1.0, 2.0, 5.0, 10.0, 30.0)
UNUSABLE_TOKEN = ("invalid_auth", "not_authed", "token_revoked", "account_inactive", "not_allowed_token_type")


def utc_now() -> datetime:
    """The time, for everybody but the demo and the tests, who bring their own."""
    return datetime.now(UTC)


class Deskbell:
    """The whole application: a database, a desk, and a chat.

    `now` is the clock that everything reads; `pace` how long a place rests between two messages.
    """

    def __init__(
        self, settings: Settings, *, now: Callable[[], datetime] = utc_now, pace: timedelta = PACE
    ) -> None:
        self._settings = settings
        self._now = now
        self._pace = pace
        self.port = settings.port

    async def start(self) -> None:
        """Open the database, meet Slack, and listen. Raises `BadSettings`, and then nothing is left open."""
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
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call] # Bolt says nothing of it
        await self._runner.cleanup()
        self._warming.cancel()
        await asyncio.gather(self._warming, self.finish(), self.courier.stop(), return_exceptions=True)
        await self._let_go()

    async def finish(self) -> None:
        """Wait for the answers that are on their way to people."""
        await self._answers.finish(HANDS_DOWN)

    async def _begin(self) -> None:
        settings = self._settings
        token = settings.slack_bot_token
        assert token is not None
        self._client = make_client(token.get_secret_value(), settings.slack_api_url, self._session)
        bot_user, bot_id = await _patiently(self._introduce)
        house = await self._house()
        self.front = Front(self.database, house, self._now, self._wake)
        chat = SlackChat(self._client)
        self.courier = Courier(self.front, {"slack": chat}, self._now, pace=self._pace)
        self.directory = Directory(self._client, self.front, self._now)
        self._answers = Answers(self.front, chat)
        events = Events(self.front, self._answers, chat, self.directory, bot_user)
        listener = Listener(self.front, self._answers, events, bot_user)
        self._bolt = make_bolt(self._client, listener, bot_user, bot_id)
        await self._listen()
        self.courier.start()
        self._clock = Clock(self._beats())
        self._clock.start()
        self._warming = asyncio.create_task(self._warm_up())

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
            ("look up", LOOK_UP_EVERY, self.directory.look_up_unknown),
            ("refresh", REFRESH_EVERY, self.directory.refresh),
            ("prune", PRUNE_EVERY, self._prune),
        ]

    async def _prune(self) -> None:
        now = self._now()
        await self.front.keep(lambda tx: health.prune(tx, self.front.house, now))

    async def _warm_up(self) -> None:
        """What the first person should not have to wait for, and who is who."""
        await asyncio.to_thread(dates.read_date, "1 may", utc_now(), "UTC")
        await self.directory.refresh()
        await self.front.sweep()

    async def _introduce(self) -> tuple[str, str]:
        """Ask Slack who we are. Waits while Slack is away; a token it does not know is a `BadSettings`."""
        async with calling(self._client.timeout):
            answer = await self._client.auth_test()
        return str(answer["user_id"]), str(answer.get("bot_id") or "")

    async def _house(self) -> House:
        """The organisation's rules from the settings, with names of channels and people looked up."""
        settings = self._settings
        digests = parse_digests(settings.digest, settings.timezone)
        named = {name for name in (settings.triage_channel, *(digest[2] for digest in digests)) if name}
        ids = await self._channels({name for name in named if not _is_id(name)})

        def place(name: str) -> str:
            return words.place(name if _is_id(name) else ids[name.lstrip("#").lower()])

        return House(
            org=settings.organisation,
            zone=settings.timezone,
            triage=place(settings.triage_channel) if settings.triage_channel else None,
            lead=await self._lead(),
            digests=tuple(Subscription(place(name), day, at, zone) for day, at, name, zone in digests),
            scale=tuple(
                replace(face, mark=words.mark(mark)) for face, mark in zip(SCALE, settings.marks, strict=True)
            ),
        )

    async def _channels(self, names: set[str]) -> dict[str, str]:
        ids = await _patiently(lambda: find_channels(self._client, names)) if names else {}
        for name in sorted(names):
            if name.lstrip("#").lower() not in ids:
                raise BadSettings(
                    f"There is no channel {name} that the bot can see. Invite the bot, or use its ID (C…)."
                )
        return ids

    async def _lead(self) -> str | None:
        name = self._settings.lead
        if not name:
            return None
        if _is_id(name):
            return words.person(name)
        user = await _patiently(lambda: find_person(self._client, name))
        if user is None:
            raise BadSettings(f"DESKBELL_LEAD: there is no colleague {name}. Use their member ID (U…).")
        return words.person(user)

    async def _listen(self) -> None:
        settings = self._settings
        self._socket: AsyncSocketModeHandler | None = None
        secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
        over_http = self._bolt if settings.slack_app_token is None else None
        self._runner = web.AppRunner(
            make_web(over_http, secret, self._healthy), access_log=None, shutdown_timeout=HANDS_DOWN
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
        if settings.slack_app_token is not None:
            self._socket = await self._connected(settings.slack_app_token.get_secret_value())

    async def _connected(self, app_token: str) -> "AsyncSocketModeHandler":
        """A Socket Mode connection. Imported here, as few need it and it takes a while."""
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

        socket = AsyncSocketModeHandler(self._bolt, app_token, web_client=self._client)
        await socket.connect_async()  # type: ignore[no-untyped-call] # Bolt says nothing of it
        return socket

    async def _healthy(self) -> bool:
        try:
            await self.front.look(health.check)
        except Unkept:
            return False
        return True


def _is_id(name: str) -> bool:
    return name[:1] in ("C", "G", "U", "W") and name.isalnum() and name.isupper()


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask Slack until it answers: without the answer there is no knowing where things go."""
    for wait in chain(RETRY, repeat(RETRY[-1])):
        try:
            return await ask()
        except Undelivered as error:
            if any(code in error.why for code in UNUSABLE_TOKEN):
                raise BadSettings(f"DESKBELL_SLACK_BOT_TOKEN: {error.why}.") from None
            if "missing_scope" in error.why:
                raise BadSettings(
                    f"{error.why[0].upper()}{error.why[1:]}; see the README for the scopes."
                ) from None
            log.warning("Slack does not answer yet; trying again", why=error.why, seconds=wait)
            await asyncio.sleep(wait)
    raise AssertionError("the waits never end")
