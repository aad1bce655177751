"""The front desk: what somebody asks goes to the desk in one unit of work; then the courier is woken."""

import asyncio
from collections.abc import Callable
from datetime import datetime
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

NOT_KEPT = Refused(
    why=("Nothing was kept: the desk cannot write just now. Please say it again in a minute.",)
)
"""What a person is told when it could not be kept."""
TOO_LATE = Refused(why=("A colleague changed it at the same moment. Look at the card, and try again.",))


class Front:
    """Asks the desk, and keeps what it decides."""

    def __init__(
        self, database: Database, house: House, now: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self.house = house
        self._database = database
        self._now = now
        self._wake = wake

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

    async def sweep(self) -> int:
        """Do what the clock finds due. Raises `Unkept`."""
        now = self._now()
        seen = await self.keep(lambda tx: sweep(tx, self.house, now))
        self._wake()
        return seen

    async def keep(self, unit: Callable[[Connection], T]) -> T:
        """Run a unit that writes. Raises `Unkept`."""
        return await asyncio.wrap_future(self._database.submit(unit))

    async def look(self, unit: Callable[[Connection], T]) -> T:
        """Run a unit that reads. Raises `Unkept`."""
        return await asyncio.wrap_future(self._database.read(unit))

    async def _carry(self, unit: Callable[[Connection], Notice], caller: Caller, reading: bool) -> Notice:
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


__all__ = ["NOT_KEPT", "Front", "Unkept"]
