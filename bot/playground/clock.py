"""A clock that can be turned forward, and what has to happen while it is."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic

HOP = timedelta(minutes=30)
"""So far the clock goes at once: whatever became due on the way happens at about its hour."""


class MovableClock:
    """Runs as any clock does, from wherever it was moved to last. It never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._since = monotonic()

    def __call__(self) -> datetime:
        """The time."""
        return self._at + timedelta(seconds=monotonic() - self._since)

    def move(self, to: datetime) -> None:
        """Move forward to a moment; one that is over already changes nothing."""
        if to > self():
            self._at, self._since = to, monotonic()

    async def walk(self, to: datetime, stop: Callable[[], Awaitable[None]]) -> None:
        """Move in hops, with a `stop` after each."""
        while (now := self()) < to:
            self.move(min(now + HOP, to))
            await stop()
