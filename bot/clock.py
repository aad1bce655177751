"""The metronome. It carries no jobs' data and keeps no memory: what is due stands in the database."""

from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.database import Unkept

log = structlog.get_logger()

Beat = tuple[str, float, Callable[[], Awaitable[object]]]
"""A name, how many seconds between two beats, and what to do."""


class Clock:
    """Beats until it is stopped. A beat that fails is logged, and the next one comes all the same."""

    def __init__(self, beats: list[Beat]) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for name, seconds, act in beats:
            self._scheduler.add_job(
                _safely,
                "interval",
                args=(name, act),
                seconds=seconds,
                name=name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.start()

    def stop(self) -> None:
        """Beat no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _safely(name: str, act: Callable[[], Awaitable[object]]) -> None:
    try:
        await act()
    except Unkept as error:
        log.warning("the clock cannot reach the database", beat=name, error=type(error).__name__)
    except Exception:
        log.exception("a beat of the clock failed", beat=name)
