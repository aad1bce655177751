"""The report as a sheet: CSV, one row for each week, team, service, person and relation, in plain numbers.

Times are hours of working time. What somebody named is never a formula: programs for sheets execute what
begins with an equals sign and its like, so such text begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from handlers import numbers
from handlers.numbers import Sums
from handlers.report import Report

HEAD = (
    "what",
    "name",
    "filed",
    "resolved",
    "first response median, h",
    "first response 90%, h",
    "resolution median, h",
    "resolution 90%, h",
    "with a target",
    "on target",
    "with a promise",
    "promises kept",
    "reopened",
    "asked",
    "voted 1",
    "voted 2",
    "voted 3",
    "voted 4",
    "voted 5",
    "satisfaction",
    "interval from",
    "interval to",
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"
"""Without it some programs take the letters of other alphabets for something else."""


def written(report: Report) -> str:
    """The whole sheet."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(HEAD)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(report))
    return BOM + sheet.getvalue()


def harmless(cell: str) -> str:
    """A cell that nothing executes."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _rows(report: Report) -> Iterator[list[str]]:
    yield _row("all", report.about or "everything", report.total)
    for what, lines in (
        ("week", report.weeks),
        ("team", report.teams),
        ("service", report.services),
        ("person", report.people),
    ):
        yield from (_row(what, line.name, line.counted) for line in lines)
    for one in report.relations:
        yield _row("between", f"{one.asker} → {one.team}", one.counted)


def _row(what: str, name: str, one: Sums) -> list[str]:
    """What is not known is empty; so are votes where there are too few to show them."""
    enough = numbers.satisfaction(one)
    times = (
        numbers.middle(one.responses),
        numbers.ninetieth(one.responses),
        numbers.middle(one.resolutions),
        numbers.ninetieth(one.resolutions),
    )
    counts = (one.targeted, one.on_target, one.promised, one.kept, one.reopened, one.asked)
    return [
        what,
        name,
        "" if what == "person" else str(one.filed),
        str(one.resolved),
        *("" if seconds is None else f"{seconds / 3600:.2f}" for seconds in times),
        *map(str, counts),
        *(map(str, one.scores) if enough else [""] * numbers.TOP),
        *_shares(enough),
    ]


def _shares(known: Sequence[float] | None) -> list[str]:
    return [f"{share:.3f}" for share in known] if known else [""] * 3
