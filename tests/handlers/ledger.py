"""The example of `docs/numbers.md`, put into an office as it is written there."""

import re
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, update

from handlers.house import House
from storage import posts, ratings, requests, tables
from storage.records import Poll, PostKind, Status, Team
from storage.types import WallTime
from tests.handlers.office import ANN, ZONE, a_request, moment

PAGE = Path(__file__).parents[2] / "docs" / "numbers.md"
FLORA, DAN = "slack:UFLORA", "slack:UDAN"
WHO = {"Flora": FLORA, "Dan": DAN}
WEEK = "2026-W48"
START, END = moment("2026-11-23 00:00"), moment("2026-11-30 00:00")
HOUSE = House(
    zone=ZONE,
    triage="slack:C1",
    teams={
        key: Team(key, key.capitalize(), members=(who,))
        for key, who in (("flowers", FLORA), ("drivers", DAN))
    },
)


def table(heading: str) -> list[dict[str, str]]:
    """The rows of the page's table whose first column is called so."""
    lines = PAGE.read_text().splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = takewhile(lambda line: line.startswith("|"), lines[first + 2 :])
    return [dict(zip(_cells(lines[first]), _cells(line), strict=True)) for line in rows]


def expected(number: str) -> dict[str, str]:
    """What the page says a number is, for everybody and for each team."""
    row = next(row for row in table("number") if row["number"] == number)
    return {whose: row[whose] for whose in ("everybody", "flowers", "drivers")}


def furnish(tx: Connection, org: str) -> None:
    """Keep all that stands in the first table."""
    for row in table("#"):
        _keep(tx, org, row)
    tx.execute(update(tables.posts).values(message=tables.posts.c.key, due_at=None))  # they were all said


def _keep(tx: Connection, org: str, row: dict[str, str]) -> None:
    resolved, cancelled = _at(row["resolved"]), row["ends"].startswith("cancelled")
    ended = _at(row["ends"].removeprefix("cancelled")) if cancelled else resolved
    promise = _at(row["promise"])
    filed = _at(row["filed"])
    assert filed is not None
    known: dict[str, Any] = {
        "number": int(row["#"]),
        "title": f"number {row['#']}",
        "team": row["team"],
        "filed_at": filed,
        "moved_at": filed,
        "status": Status.RESOLVED if resolved else Status.CANCELLED if cancelled else Status.OPEN,
        "responded_at": _at(row["first response"]),
        "resolved_at": resolved,
        "ended_at": ended,
        "ended_by": WHO.get(row["by"]),
        "owner": WHO.get(row["by"]),
        "resolve_by": _at(row["target"]),
        "promise": WallTime.at(promise, ZONE) if promise else None,
        "resolutions": int(row["times resolved"]),
        "private": row["ends"] == "private",
    }
    requests.add(tx, org, a_request(**known))
    if row["vote"]:
        _ask(tx, org, row, resolved)


def _ask(tx: Connection, org: str, row: dict[str, str], at: datetime | None) -> None:
    assert at is not None
    number, resolution = int(row["#"]), int(row["times resolved"])
    votes = [int(score) for score in re.findall(r"\d", row["vote"])]
    reasons = (row["fell short"],) if row["fell short"] else ()
    for order, score in enumerate(votes or [None]):
        poll = Poll(
            0, number, resolution if not order else -resolution, ANN, WHO[row["by"]], at, team=row["team"]
        )
        poll = ratings.open_poll(tx, org, poll)
        posts.owe(tx, org, f"poll:{number}:{order}", PostKind.POLL, ANN, at, number=number, ref=str(poll.id))
        answer: dict[str, Any] = {"score": score, "voted_at": at if score else None}
        ratings.keep(tx, org, replace(poll, **answer, reasons=() if order else reasons))


def _at(cell: str) -> datetime | None:
    """`Mon 23 09:00`, in November of 2026."""
    if not cell.strip():
        return None
    _, day, clock = cell.split()
    return moment(f"2026-11-{day} {clock}")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
