"""A platform as the application wires it: `bot.slack.side` and `bot.teams.side`. Rules know nothing of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain, repeat
from typing import Protocol, TypeVar

import structlog
from aiohttp import web

from bot.chat import Chat, Undelivered
from bot.clock import Beat
from bot.front import Front
from bot.settings import BadSettings
from storage.records import PersonId, PlaceId

log = structlog.get_logger()

T = TypeVar("T")

LOOK_UP_EVERY = 10.0
REFRESH_EVERY = 3600.0
"""Seconds between two looks at who was met and is not described yet, and at who is who."""
RETRY = (1.0, 2.0, 5.0, 10.0, 30.0)


class Side(Protocol):
    """One platform, from meeting it to letting go. The methods are called in this order."""

    name: str
    """What its people's and places' ids begin with."""

    async def meet(self) -> None:
        """Find out who we are there. Waits while the platform is away. Raises `BadSettings`."""

    def knows(self, name: str) -> bool:
        """Whether a name in the settings can be one of this platform's."""

    async def places(self, names: set[str]) -> dict[str, PlaceId]:
        """Channels by their names in the settings. Raises `BadSettings` when one is not there."""

    async def person(self, name: str) -> PersonId:
        """A colleague by their name in the settings. Raises `BadSettings` when there is none."""

    def wire(self, front: Front) -> Chat:
        """Listen on behalf of this front desk, and give the chat that the courier speaks through."""

    def routes(self, app: web.Application) -> None:
        """Add what the platform calls over HTTP."""

    async def begin(self) -> None:
        """Whatever else must be begun when HTTP is served."""

    def beats(self) -> Sequence[Beat]:
        """What is to be done now and then."""

    async def look_around(self) -> None:
        """Find out who is who; in the background, after the start."""

    async def finish(self, seconds: float) -> None:
        """Wait for answers that are on their way to people."""

    async def end(self) -> None:
        """Take nothing more in that does not come over HTTP."""


async def patiently(platform: str, ask: Callable[[], Awaitable[T]], unusable: Callable[[str], None]) -> T:
    """Ask a platform until it answers: without the answer there is no knowing where things go.

    `unusable` raises `BadSettings` for what waiting cannot help.
    """
    for wait in chain(RETRY, repeat(RETRY[-1])):
        try:
            return await ask()
        except Undelivered as error:
            unusable(error.why)
            if error.permanent:
                raise BadSettings(
                    f"{platform} does not allow what the settings ask for: {error.why}."
                ) from None
            log.warning(
                "a platform does not answer yet; trying again", on=platform, why=error.why, seconds=wait
            )
            await asyncio.sleep(wait)
    raise AssertionError("the waits never end")
