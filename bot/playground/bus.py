"""What the page is told as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .records import Json


@dataclass(frozen=True, slots=True)
class PageEvent:
    """One piece of news; `only` names the people it is for, None means everybody."""

    name: str
    data: Json
    only: frozenset[str] | None = None


class Bus:
    """Hands every event to every open page; a page that reads too slowly loses the oldest."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[PageEvent | None]] = set()

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[PageEvent | None]]:
        """A queue of everything that happens while the block runs; None is the end of it."""
        queue: asyncio.Queue[PageEvent | None] = asyncio.Queue(maxsize=1_000)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def tell(self, event: PageEvent) -> None:
        """Hand out one event."""
        self._put(event)

    def close(self) -> None:
        """Tell everybody that there will be no more."""
        self._put(None)

    def _put(self, event: PageEvent | None) -> None:
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)
