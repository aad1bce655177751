"""Who is where, as a platform tells when it is asked: all of it now and then, and what is new soon."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

import structlog

from bot.chat import Undelivered

log = structlog.get_logger()

LONGEST_REST = 8
"""After so many failures the rests grow no longer: they are doubled each time."""


class Lookups:
    """Reads one thing after the other, and remembers for this process what was read.

    What the platform refuses waits for the next refresh, or until somebody tells. What it could not answer,
    because it is away or busy, is asked again when there is a look at what is new; after 1, 3, 7, 15 … looks.
    """

    def __init__(self, trouble: str, read: Callable[[str], Awaitable[None]]) -> None:
        """`trouble` is the line of the log when one cannot be read; `read` raises `Undelivered`."""
        self._trouble = trouble
        self._read = read
        self._settled: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._rests: Counter[str] = Counter()

    async def everything(self, names: Iterable[str]) -> None:
        """Read all of these."""
        for name in sorted(names):
            await self.one(name)

    async def news(self, names: Iterable[str]) -> None:
        """Read those of these that this process has not read yet."""
        for name in sorted(set(names) - self._settled):
            if self._rests[name] > 0:
                self._rests[name] -= 1
            else:
                await self.one(name)

    async def one(self, name: str) -> None:
        """Read this one."""
        try:
            await self._read(name)
        except Undelivered as error:
            log.warning(self._trouble, which=name, why=error.why)
            if not error.permanent:
                self._again_later(name)
                return
        self._settled.add(name)
        self._failures[name] = 0

    def _again_later(self, name: str) -> None:
        self._settled.discard(name)
        self._failures[name] += 1
        self._rests[name] = 2 ** min(self._failures[name], LONGEST_REST) - 1
