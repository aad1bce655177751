"""Answering people, on any platform: in time, in the background, and never with silence."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.chat import Undelivered
from bot.front import NOT_KEPT, Unkept
from handlers.notices import Notice

log = structlog.get_logger()


class Answering:
    """What is said to whoever asked, and what is still on its way to them."""

    def __init__(self, patience: float, working: Notice) -> None:
        """After `patience` seconds people hear that it is being worked on."""
        self._patience = patience
        self._working = working
        self._later: set[asyncio.Task[None]] = set()

    async def finish(self, seconds: float) -> None:
        """Wait for answers that are still on their way."""
        if self._later:
            await asyncio.wait(self._later, timeout=seconds)

    async def in_time(
        self,
        asked: Coroutine[Any, Any, Notice],
        follow_up: Callable[["asyncio.Future[Notice]"], Coroutine[Any, Any, None]],
    ) -> Notice:
        """The answer, or that it is being worked on; then `follow_up` brings the real one."""
        task = asyncio.ensure_future(self.kept(asked))
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if done:
            return task.result()
        self.in_background(follow_up(task))
        return self._working

    async def kept(self, asked: Coroutine[Any, Any, Notice]) -> Notice:
        """The answer; or, to a person, that nothing was kept."""
        try:
            return await asked
        except Unkept as error:
            log.warning("nothing could be kept", error=type(error).__name__)
            return NOT_KEPT

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it after the acknowledgement; what goes wrong is logged."""
        task = asyncio.create_task(_logged(work))
        self._later.add(task)
        task.add_done_callback(self._later.discard)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Undelivered as error:
        log.info("an answer was not delivered", why=error.why)
    except Unkept as error:
        log.warning("the desk could not be asked", error=type(error).__name__)
    except Exception:
        log.exception("an answer failed")
