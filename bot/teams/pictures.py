"""Pictures in Teams: drawn, and put into the card itself. What is too large for it is left out."""

from base64 import b64encode
from dataclasses import replace

import structlog

from bot.pictures import NotDrawn, Studio, illustrated
from bot.teams.cards import PICTURE
from handlers.notices import Digest, Notice, Trend

log = structlog.get_logger()

WIDTH = 960
"""Pixels, shown at half of that or less: a card has no room for more."""
WITHIN = 12.0
"""Seconds: a delivery has thirty, with all that follows."""


class Pictures:
    """Puts pictures into notices before they are posted."""

    def __init__(self, studio: Studio | None = None) -> None:
        self._studio = studio or Studio(WIDTH)

    async def put_in(self, notice: Notice) -> Notice:
        """The notice with its picture, when it has something to draw; without, when that fails."""
        return await illustrated(notice, WITHIN, self._source)

    async def _source(self, _: Digest, trend: Trend) -> str:
        source = f"data:image/png;base64,{b64encode(await self._studio.draw(trend)).decode()}"
        if len(source) > PICTURE:
            raise NotDrawn(f"it has {len(source)} characters")
        return source


def without(notice: Notice) -> Notice | None:
    """The same without its picture; None when it has none."""
    if isinstance(notice, Digest) and notice.picture is not None:
        return replace(notice, picture=None)
    return None
