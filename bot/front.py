"""The front desk: what somebody asks goes to the desk in one unit of work; then the courier is woken."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection

from handlers import catalogue, desk, language
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


SWEPT_AT_ONCE = 100
"""So many requests the clock looks at in one unit, so that nobody waits long behind it."""
CALM = 0.03
GIVES_WAY = 1.0
"""People come first: seconds without a question before other work goes on, and how long it waits at most."""


class Bridge:
    """Between the loop and the database's threads: many at once each way.

    Python runs one thread at a time, and changing over costs more than a small unit of work. So what is asked
    in one turn of the loop leaves together, and what is answered together comes back with one wake-up.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._leaving: list[tuple[Callable[[Transaction], Any], asyncio.Future[Any]]] = []
        self._ready: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._woken = False

    def write(self, unit: Callable[[Transaction], T]) -> asyncio.Future[T]:
        """What a unit that writes answers. Whoever stops waiting does not stop the work."""
        waiter: asyncio.Future[T] = self._loop.create_future()
        if not self._leaving:
            self._loop.call_soon(self._leave)
        self._leaving.append((unit, waiter))
        return waiter

    def read(self, unit: Callable[[Transaction], T]) -> asyncio.Future[T]:
        """What a unit that reads answers."""
        waiter: asyncio.Future[T] = self._loop.create_future()
        self._await(self._database.read(unit), waiter)
        return waiter

    def _leave(self) -> None:
        leaving, self._leaving = self._leaving, []
        for unit, waiter in leaving:
            try:
                self._await(self._database.submit(unit), waiter)
            except RuntimeError as closed:
                waiter.set_exception(closed)

    def _await(self, answer: Future[T], waiter: asyncio.Future[T]) -> None:
        answer.add_done_callback(partial(self._is_ready, waiter))

    def _is_ready(self, waiter: asyncio.Future[Any], answer: Future[Any]) -> None:
        self._ready.append((waiter, answer))
        if not self._woken and not self._loop.is_closed():
            self._woken = True
            self._loop.call_soon_threadsafe(self._pass_on)

    def _pass_on(self) -> None:
        self._woken = False  # before looking: what is ready from here on wakes us again
        while self._ready:
            waiter, answer = self._ready.popleft()
            if waiter.done():
                continue
            if error := answer.exception():
                waiter.set_exception(error)
            else:
                waiter.set_result(answer.result())


class Front:
    """Asks the desk, and keeps what it decides."""

    def __init__(
        self, database: Database, house: House, now: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self.house = house
        self.now = now
        self._wake = wake
        self._asked = 0
        self._bridge = Bridge(database)

    async def ask(self, intent: Intent, caller: Caller) -> Notice:
        """Carry out an intent. Raises `Unkept` when the database cannot keep it."""
        now = self.now()
        reading = isinstance(intent, READING)
        return await self._carry(lambda tx: desk.handle(tx, self.house, caller, intent, now), caller, reading)

    async def say(self, line: str, caller: Caller, *, chat: bool = False) -> Notice:
        """Carry out a typed line, or a button's. Raises `Unkept`."""
        now = self.now()
        reading = language.reads(line)
        return await self._carry(
            lambda tx: desk.say(tx, self.house, caller, line, now, chat=chat), caller, reading
        )

    async def fill(
        self, form: str, hidden: dict[str, str], values: dict[str, str | tuple[str, ...]], caller: Caller
    ) -> Notice:
        """Carry out a filled form. Raises `Unkept`."""
        now = self.now()
        return await self._carry(
            lambda tx: desk.fill(tx, self.house, caller, form, hidden, values, now), caller, False
        )

    async def redraw(
        self, form: str, hidden: dict[str, str], values: dict[str, str | tuple[str, ...]], caller: Caller
    ) -> Notice:
        """A form after something was chosen in it that changes its fields. Raises `Unkept`."""
        return await self._carry(lambda _: desk.redraw(self.house, form, hidden, values), caller, True)

    async def sweep(self) -> None:
        """Do all that the clock finds due, a little at a time, giving way to people. Raises `Unkept`."""
        now = self.now()
        while await self.keep(lambda tx: sweep(tx, self.house, now, SWEPT_AT_ONCE)) == SWEPT_AT_ONCE:
            await self.quiet()
        self._wake()

    async def quiet(self) -> bool:
        """Wait until nobody asks anything for a moment; say whether that came, or patience ended first."""
        give_up = monotonic() + GIVES_WAY
        while monotonic() < give_up:
            before = self._asked
            await asyncio.sleep(CALM)
            if self._asked == before:
                return True
        return False

    async def keep(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit that writes. Raises `Unkept`."""
        return await self._bridge.write(lambda tx: self._informed(tx, unit))

    async def look(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit that reads. Raises `Unkept`."""
        return await self._bridge.read(lambda tx: self._informed(tx, unit))

    def _informed(self, tx: Transaction, unit: Callable[[Transaction], T]) -> T:
        """Run a unit when `house` has the catalogue as it is now; somebody else may have changed it."""
        self.house = catalogue.current(tx, self.house)
        return unit(tx)

    async def _carry(self, unit: Callable[[Transaction], Notice], caller: Caller, reading: bool) -> Notice:
        self._asked += 1
        if reading:
            return await self.look(unit)
        try:
            notice = await self.keep(unit)
        except Repeated:
            now = self.now()
            return await self.look(lambda tx: desk.repeated(tx, self.house, caller, now))
        except Stale:
            return TOO_LATE
        self._wake()
        return notice


__all__ = ["NOT_KEPT", "Front", "Transaction", "Unkept"]
