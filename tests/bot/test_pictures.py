"""The picture of the last weeks: that it is one, whatever is in it, and what happens when there is none."""

import asyncio
import io
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.pictures import NotDrawn, Studio, as_rows
from bot.teams.cards import PICTURE
from bot.teams.pictures import WIDTH as IN_TEAMS
from handlers.notices import Trend, TrendWeek
from handlers.numbers import wilson

PAPER, INK, BARS, MADE = (246, 245, 241), (34, 38, 43), (159, 177, 198), (162, 77, 28)
MONDAY = date(2026, 9, 7)
SMALL = 40_000
"""Bytes."""


def week(back: int, filed: int = 40, made: float | None = 0.9, votes: int = 25) -> TrendWeek:
    happy = votes * 4 // 5
    known = (happy / votes, *wilson(happy, votes)) if votes >= 5 else None
    return TrendWeek(MONDAY + timedelta(days=7 * back), filed, max(filed - 3, 0), made, known, votes)


TWELVE = [week(back, 30 + 7 * back % 23, 0.7 + 0.02 * back, 12 + 5 * back) for back in range(12)]
QUIET = week(5, 0, None, 0)
SHAPES: dict[str, list[TrendWeek]] = {
    "twelve weeks": TWELVE,
    "one week": [week(0)],
    "a gap": [*TWELVE[:5], QUIET, *TWELVE[6:]],
    "one between two gaps": [QUIET, week(1), QUIET],
    "nothing but a request": [week(0, 1, None, 0)],
    "nothing at all": [QUIET],
    "very much": [week(back, 999_999 - back) for back in range(12)],
}


def trend(weeks: Sequence[TrendWeek]) -> Trend:
    return Trend(tuple(weeks))


def opened(drawn: bytes) -> Image.Image:
    return Image.open(io.BytesIO(drawn))


def colours(picture: Image.Image) -> dict[tuple[int, ...], int]:
    found = picture.convert("RGB").getcolors(1_000)
    assert found is not None
    return {colour: count for count, colour in found if isinstance(colour, tuple)}


@pytest.mark.parametrize("shape", SHAPES)
async def test_it_is_a_picture_whatever_there_is(shape: str) -> None:
    drawn = await Studio(1440).draw(trend(SHAPES[shape]))
    picture = opened(drawn)
    assert (picture.format, picture.size) == ("PNG", (1440, 1400))
    assert len(drawn) < SMALL
    found = colours(picture)
    assert len(found) <= 16
    assert max(found, key=lambda colour: found[colour]) == PAPER
    assert found[INK] > 1_000, "titles"
    assert (found.get(BARS, 0) > 3_000) == any(one.filed for one in SHAPES[shape])
    assert (found.get(MADE, 0) > 100) == any(one.on_target is not None for one in SHAPES[shape])


async def test_nothing_of_it_is_transparent() -> None:
    picture = opened(await Studio(1440).draw(trend(TWELVE)))
    assert "transparency" not in picture.info
    assert picture.mode == "P"


async def test_a_gap_is_drawn_as_a_gap() -> None:
    """Where a week says nothing, nothing stands between its neighbours."""
    whole = opened(await Studio(1440).draw(trend(TWELVE)))
    gap = opened(await Studio(1440).draw(trend(SHAPES["a gap"])))
    assert colours(gap)[MADE] < colours(whole)[MADE]
    assert colours(gap)[BARS] < colours(whole)[BARS]


@pytest.mark.parametrize("shape", SHAPES)
async def test_in_teams_it_fits_into_the_card(shape: str) -> None:
    drawn = await Studio(IN_TEAMS).draw(trend(SHAPES[shape]))
    assert opened(drawn).width == IN_TEAMS
    assert len(drawn) * 4 / 3 + 30 < PICTURE


async def test_the_loop_goes_on_meanwhile() -> None:
    turns, drawing = 0, asyncio.create_task(Studio(1440).draw(trend(TWELVE)))
    while not drawing.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert turns > 20


async def test_the_same_is_drawn_once() -> None:
    studio = Studio(1440)
    first, again = await asyncio.gather(studio.draw(trend(TWELVE)), studio.draw(trend(list(TWELVE))))
    assert first is again
    assert await studio.draw(trend(TWELVE[:3])) != first


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit(3)", "failed"),
        ("print('no picture')", "failed"),
        ("import time; time.sleep(60)", "too long"),
    ],
)
async def test_what_cannot_be_drawn_says_so_in_time(program: str, why: str) -> None:
    with pytest.raises(NotDrawn, match=why):
        await Studio(1440, program=program, patience=0.5).draw(trend(TWELVE))


def test_rows_keep_every_number() -> None:
    (row,) = as_rows([TWELVE[3]])
    assert row["monday"] == "2026-09-28"
    assert (row["filed"], row["resolved"], row["votes"]) == (51, 48, 27)
    assert row["satisfaction"] == TWELVE[3].satisfaction
