"""Pictures for digests, drawn beside the loop: in a process of their own, which takes a second and is gone.

So nobody who clicks meanwhile waits for it, and what the drawing needs in memory is given back.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from bot.chat import Undelivered
from handlers.notices import Digest, Notice, Picture, Trend, TrendWeek

log = structlog.get_logger()

PATIENCE = 10.0
"""Seconds that a picture may take."""
ROOT = Path(__file__).parent.parent
PROGRAM = "import sys; sys.path.append(sys.argv[1]); from bot.charts import main; main()"
PNG = b"\x89PNG\r\n\x1a\n"


class NotDrawn(Exception):
    """There is no picture; what it would have shown is said in words all the same."""


class Studio:
    """Draws trends, one at a time; the one it drew last is kept, for the next channel that wants it."""

    def __init__(self, width: int, *, program: str = PROGRAM, patience: float = PATIENCE) -> None:
        self._width, self._program, self._patience = width, program, patience
        self._one_at_a_time = asyncio.Lock()
        self._last: tuple[tuple[Trend, bool], bytes] | None = None

    async def draw(self, trend: Trend, *, dark: bool = False) -> bytes:
        """The trend as a PNG. Raises `NotDrawn`."""
        async with self._one_at_a_time:
            if self._last is None or self._last[0] != (trend, dark):
                self._last = (trend, dark), await self._drawn(trend, dark)
            return self._last[1]

    async def _drawn(self, trend: Trend, dark: bool) -> bytes:
        asked = json.dumps({"weeks": as_rows(trend.weeks), "width": self._width, "dark": dark}).encode()
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", self._program, str(ROOT), stdin=pipe, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            raise NotDrawn(f"no process could be begun: {type(error).__name__}") from None
        try:
            async with asyncio.timeout(self._patience):
                drawn, said = await process.communicate(asked)
        except TimeoutError:
            raise NotDrawn("it took too long") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode or not drawn.startswith(PNG):
            log.warning("a picture was not drawn", said=said.decode(errors="replace")[-2_000:])
            raise NotDrawn("the drawing failed")
        return drawn


async def illustrated(
    notice: Notice,
    within: float,
    source: Callable[[Digest, Trend], Awaitable[str]],
    failures: tuple[type[Exception], ...] = (),
) -> Notice:
    """A notice with its picture, when it has something to draw; without, when that fails or takes too long.

    `source` draws it and says what the platform calls it; `failures` are what may go wrong there.
    """
    if not isinstance(notice, Digest) or notice.trend is None:
        return notice
    known: tuple[type[Exception], ...] = (NotDrawn, TimeoutError, *failures)
    try:
        async with asyncio.timeout(within):
            found = await source(notice, notice.trend)
    except known as error:
        log.warning("a digest goes out without its picture", why=why(error))
        return notice
    return replace(notice, picture=Picture(found, notice.trend.words))


def why(error: Exception) -> str:
    """What went wrong, without what was sent."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    return error.why if isinstance(error, Undelivered) else str(error) or type(error).__name__


def as_rows(weeks: Sequence[TrendWeek]) -> list[dict[str, Any]]:
    """The weeks as `bot.charts` reads them."""
    return [
        {
            "monday": week.monday.isoformat(),
            "filed": week.filed,
            "resolved": week.resolved,
            "on_target": week.on_target,
            "satisfaction": week.satisfaction,
            "votes": week.votes,
        }
        for week in weeks
    ]
