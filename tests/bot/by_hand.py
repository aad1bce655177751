"""The demo's week in `docs/numbers.md`: its rows and lines, as the demo's database and digest have them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.playground.shop import ZONE
from handlers import trends, weeks
from handlers.house import House
from handlers.isoweeks import monday_of
from handlers.numbers import happy, of
from storage import people, requests, tables
from storage.polled import polls
from storage.ratings import ASKED
from storage.records import Request, Status
from storage.sums import Sums

ORG = "main"
BEGIN, END = (datetime(2026, 11, day, tzinfo=ZoneInfo(ZONE)) for day in (9, 23))
"""Of the week that the digest is set beside, and of its own."""
LAST = "2026-W47"
HEADINGS = ("Late.", "Open the longest.")
FOOTNOTE = "Times are working time. "
PICTURE = " calendar weeks to "


def rows(tx: Connection) -> list[dict[str, str]]:
    """Every request that was there in those two weeks, as the page's table has it."""
    kept = tables.requests.c
    there = kept.filed_at < END, kept.ended_at.is_(None) | (kept.ended_at >= BEGIN)
    numbers = tx.execute(select(kept.number).where(kept.org == ORG, *there).order_by(kept.number)).scalars()
    return [_row(tx, one) for number in numbers if (one := requests.get(tx, ORG, number))]


def _row(tx: Connection, one: Request) -> dict[str, str]:
    return {
        "no.": str(one.number),
        "what": one.title,
        "team": one.team or "desk",
        "filed": _clock(one.filed_at),
        "first response": _clock(one.responded_at),
        "resolved": _clock(one.resolved_at),
        "by": _by(tx, one) if one.resolved_at else "",
        "target": _clock(one.resolve_by),
        "promise": _clock(one.promise.instant() if one.promise else None),
        "times resolved": str(one.resolutions),
        "vote": "; ".join(_votes(tx, one.number)),
        "fell short": ", ".join(_faults(tx, one.number)),
        "ends": _ends(one),
    }


def week_rows(tx: Connection, house: House) -> list[dict[str, str]]:
    """What the picture is drawn from."""
    counted = {week: of(sums) for week, sums in weeks.of_weeks(tx, house, LAST, trends.WEEKS).items()}
    return [_week(week, one) for week, one in counted.items()]


def _week(week: str, one: Sums) -> dict[str, str]:
    return {
        "week from": f"{monday_of(week).day} {monday_of(week):%b}",
        "filed": str(one.filed),
        "resolved": str(one.resolved),
        "had a target": str(one.targeted),
        "made it": str(one.on_target),
        "votes": str(one.votes),
        "4 or 5": str(happy(one)),
    }


def lines(text: str) -> list[str]:
    """What a digest says, line by line, without the words for who cannot see the picture."""
    said = (line for line in text.splitlines() if line not in HEADINGS and not line.startswith(FOOTNOTE))
    return [line.removesuffix(".") for line in said if PICTURE not in line]


def picture(text: str) -> list[str]:
    """The same words, week by week."""
    (told,) = (line for line in text.splitlines() if PICTURE in line)
    return [week.partition(": ")[2] for week in told.removesuffix(".").split(". From ")[1:]]


def before(text: str) -> list[str]:
    """What it says of the week before, from figure to figure."""
    return re.findall(r"\(([^()]+) the week before\)\.$", text, re.MULTILINE)


def _clock(at: datetime | None) -> str:
    """To the nearest minute: the clock runs while the story is told, some seconds beside what it says."""
    if at is None:
        return ""
    here = at.astimezone(ZoneInfo(ZONE)) + timedelta(seconds=30)
    return f"{here:%a} {here.day} {here:%H:%M}"


def _by(tx: Connection, one: Request) -> str:
    person = people.get(tx, ORG, one.ended_by) if one.ended_by else None
    return person.name.split()[0] if person else "itself"


def _votes(tx: Connection, number: int) -> Iterator[str]:
    """The answer to each question that was asked, and to the one that asked once more."""
    found = select(polls.c.resolution, polls.c.score, polls.c.quotable).where(
        polls.c.org == ORG, polls.c.number == number, polls.c.score.is_not(None) | ASKED
    )
    told = {row.resolution: row for row in tx.execute(found)}
    for resolution in sorted(one for one in told if one > 0):
        first, again = told[resolution], told.get(-resolution)
        vote = str(first.score or "none")
        yield vote + (f", then {again.score}" if again else "") + (", quoted" if first.quotable else "")


def _faults(tx: Connection, number: int) -> Iterator[str]:
    found = select(polls.c.reasons).where(polls.c.org == ORG, polls.c.number == number)
    return (reason for row in tx.execute(found) for reason in row.reasons)


def _ends(one: Request) -> str:
    if one.private:
        return "private"
    ended = one.status in (Status.CANCELLED, Status.DECLINED)
    return f"{one.status} {_clock(one.ended_at)}" if ended else ""
