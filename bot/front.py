"""The front desk: what somebody asks goes to the desk in one unit of work; then the courier is woken."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import TypeVar

from sqlalchemy import Connection

from handlers import desk, language
from handlers.house import House
from handlers.intents import READING, Caller, Intent
from handlers.notices import Notice, Refused
from handlers.sweep import sweep
from storage.database import Database, Stale, Unkept
from storage.history import Repeated

T = TypeVar("T")

Transaction = Connection
"""What a unit of work receives; only handlers and storage know what to do with it."""

NOT_KEPT = Refused(
    why=("Nothing was kept: the desk cannot write just now. Please say it again in a minute.",)
)
"""What a person is told when it could not be kept."""
TOO_LATE = Refused(why=("A colleague changed it at the same moment. Look at the card, and try again.",))


SWEPT_AT_ONCE = 25
"""So many requests the clock looks at in one unit, so that nobody waits long behind it."""
CALM = 0.03
GIVES_WAY = 1.0
"""People come first: seconds without a question before other work goes on, and how long it waits at most."""


class Front:
    """Asks the desk, and keeps what it decides."""

    def __init__(
        self, database: Database, house: House, now: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self.house = house
        self._database = database
        self._now = now
        self._wake = wake
        self._asked_at = 0.0

    async def ask(self, intent: Intent, caller: Caller) -> Notice:
        """Carry out an intent. Raises `Unkept` when the database cannot keep it."""
        now = self._now()
        reading = isinstance(intent, READING)
        return await self._carry(lambda tx: desk.handle(tx, self.house, caller, intent, now), caller, reading)

    async def say(self, line: str, caller: Caller, *, chat: bool = False) -> Notice:
        """Carry out a typed line, or a button's. Raises `Unkept`."""
        now = self._now()
        reading = language.reads(line) and not chat
        return await self._carry(
            lambda tx: desk.say(tx, self.house, caller, line, now, chat=chat), caller, reading
        )

    async def fill(
        self, form: str, hidden: dict[str, str], values: dict[str, str | tuple[str, ...]], caller: Caller
    ) -> Notice:
        """Carry out a filled form. Raises `Unkept`."""
        now = self._now()
        return await self._carry(
            lambda tx: desk.fill(tx, self.house, caller, form, hidden, values, now), caller, False
        )

    async def sweep(self) -> None:
        """Do all that the clock finds due, a little at a time, giving way to people. Raises `Unkept`."""
        now = self._now()
        while await self.keep(lambda tx: sweep(tx, self.house, now, SWEPT_AT_ONCE)) == SWEPT_AT_ONCE:
            await self.quiet(CALM, GIVES_WAY)
        self._wake()

    async def quiet(self, calm: float, at_most: float) -> None:
        """Wait until nobody has asked anything for `calm` seconds, but not longer than `at_most`."""
        give_up = monotonic() + at_most
        while (rest := min(self._asked_at + calm, give_up) - monotonic()) > 0:  # noqa: ASYNC110 - it moves
            await asyncio.sleep(rest)

    async def keep(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit that writes. Raises `Unkept`."""
        return await asyncio.wrap_future(self._database.submit(unit))

    async def look(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit that reads. Raises `Unkept`."""
        return await asyncio.wrap_future(self._database.read(unit))

    async def _carry(self, unit: Callable[[Transaction], Notice], caller: Caller, reading: bool) -> Notice:
        self._asked_at = monotonic()
        if reading:
            return await self.look(unit)
        try:
            notice = await self.keep(unit)
        except Repeated:
            now = self._now()
            return await self.look(lambda tx: desk.repeated(tx, self.house, caller, now))
        except Stale:
            return TOO_LATE
        self._wake()
        return notice


__all__ = ["CALM", "GIVES_WAY", "NOT_KEPT", "Front", "Transaction", "Unkept"]
