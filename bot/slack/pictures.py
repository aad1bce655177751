"""Pictures in Slack: drawn, uploaded, and then named in a block.

A picture that cannot be drawn, uploaded or shown is left out: the digest says the same in words. Slack takes
a moment to look at what was uploaded, and until then calls a block with it invalid.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Undelivered
from bot.pictures import Studio, illustrated
from handlers.notices import Digest, Notice, Trend

log = logging.getLogger(__name__)

WIDTH = 1440
WITHIN = 15.0
"""Seconds that drawing and uploading may take together: a delivery has thirty, with all that follows."""
LOOKED_AT_AFTER = (0.5, 1.0, 2.0)
"""How long Slack is given, each time, until the block is tried again."""

Calling = Callable[[float], AbstractAsyncContextManager[None]]


class Pictures:
    """Puts pictures into notices before they are posted."""

    def __init__(self, client: AsyncWebClient, calling: Calling, studio: Studio | None = None) -> None:
        self._client, self._calling = client, calling
        self._studio = studio or Studio(WIDTH)

    async def put_in(self, notice: Notice) -> Notice:
        """The notice with its picture, when it has something to draw; without, when that fails."""
        return await illustrated(notice, WITHIN, self._source, (Undelivered, SlackClientError, LookupError))

    async def _source(self, digest: Digest, trend: Trend) -> str:
        return await self._upload(await self._studio.draw(trend), digest.title)

    async def _upload(self, drawn: bytes, title: str) -> str:
        async with self._calling(self._client.timeout):
            done = await self._client.files_upload_v2(file=drawn, filename="weeks.png", title=title[:200])
        return str(done["files"][0]["id"])


async def attempts(notice: Notice) -> AsyncIterator[Notice]:
    """What to try to post while Slack calls it invalid: in the end, without the picture."""
    yield notice
    if isinstance(notice, Digest) and notice.picture is not None:
        for pause in LOOKED_AT_AFTER:
            await asyncio.sleep(pause)
            yield notice
        log.warning("a digest goes out without its picture: Slack does not show it")
        yield replace(notice, picture=None)
