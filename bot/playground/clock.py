"""A clock that can be turned forward, and what has to happen while it is."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

HOP = timedelta(minutes=15)
"""A turned clock stops at each quarter of an hour, so that what is due then happens then."""
_ZERO = datetime(2000, 1, 1, tzinfo=UTC)


class MovableClock:
    """Runs as any clock does, from wherever it was moved to last. It never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)
        self._since = monotonic()

    def __call__(self) -> datetime:
        """The time, in UTC."""
        return self._at + timedelta(seconds=monotonic() - self._since)

    def move(self, to: datetime) -> None:
        """Jump forward to a moment; one that is over already changes nothing."""
        if to > self():
            self._at, self._since = to.astimezone(UTC), monotonic()

    async def walk(self, to: datetime, stop: Callable[[], Awaitable[None]]) -> None:
        """Move forward in hops, and `stop` after each."""
        while (now := self()) < to:
            self.move(min(_ZERO + ((now - _ZERO) // HOP + 1) * HOP, to))
            await stop()
