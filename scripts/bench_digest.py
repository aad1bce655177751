"""What digests and reports cost with much to look back on: a million requests, beside their last weeks.

The week that is told of is the same in both databases, and so is what is open, but for the history behind it.
The weeks are closed first, as the clock would; what that takes, and what the clock spends on finding that
there is none to close, is measured along the way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection

from bot.report.pages import Pages
from handlers import digest, report, weeks
from handlers.house import House
from handlers.isoweeks import week_of, weeks_back
from handlers.numbers import Scope
from handlers.report import Asked
from handlers.reporting import Invitation
from scripts.bench_big import NOW, WEEKS, Big, big, close_weeks
from storage import people

FEW = 4
"""Weeks of history: the floor."""
RUNS = 9
SCOPES = {"digest for everybody": Scope(), "digest for one team": Scope(team="team-3")}


PAGES = {"report page of twelve weeks": 12, "report page of two years": WEEKS}


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds, for each thing that is measured."""

    requests: int
    closing: list[float]
    found: dict[str, float]


def measure(folder: Path, console: Console) -> None:
    """Measure a short history and a long one, and print the table."""
    few, many = (_measured(folder / f"{many}-weeks.db", console, many) for many in (FEW, WEEKS))
    table = Table("", f"of {few.requests:,} requests", f"of {many.requests:,} requests", "ratio")
    for what, took in many.found.items():
        floor = few.found[what]
        table.add_row(what, f"{floor * 1e3:.1f} ms", f"{took * 1e3:.1f} ms", f"{took / floor:.2g}")
    table.add_row("closing a week", *(f"{median(one.closing) * 1e3:.0f} ms" for one in (few, many)))
    table.caption = f"The median of {RUNS} runs, of {len(few.closing)} and {len(many.closing)} closed weeks."
    console.print(table)


def _measured(path: Path, console: Console, how_many: int) -> Costs:
    with big(path, console, how_many) as desk:
        return measured(desk, console)


def measured(desk: Big, console: Console) -> Costs:
    """Close what can be closed; then what the digest costs, and finding that there is nothing to close."""
    closing = close_weeks(desk, console)
    reads: dict[str, Callable[[Connection], None]] = {
        **{what: partial(_compose, desk, scope) for what, scope in SCOPES.items()},
        **{what: partial(_page, desk, Pages(), weeks_) for what, weeks_ in PAGES.items()},
    }
    runs: dict[str, list[float]] = {"nothing to close": [], **{what: [] for what in reads}}
    for _ in track(range(RUNS), "Composing digests", console=console, transient=True):
        runs["nothing to close"].append(_timed_close(desk))
        for what, read in reads.items():
            began = perf_counter()
            desk.database.read(read).result()
            runs[what].append(perf_counter() - began)
    return Costs(desk.requests, closing, {what: median(took) for what, took in runs.items()})


def _compose(desk: Big, scope: Scope, tx: Connection) -> None:
    found = digest.compose(tx, desk.house, digest.whole_days(desk.house, NOW, scope))
    if found is None or not found.late or found.trend is None:
        raise RuntimeError("there is less in the digest than there should be")


def _page(desk: Big, pages: Pages, how_many: int, tx: Connection) -> None:
    """The report as HTML, for who leads the organisation."""
    lead = people.get(tx, desk.house.org, desk.house.lead or "")
    if lead is None:
        raise RuntimeError("nobody leads here")
    last = over(desk.house)
    asked = Asked(weeks_back(last, how_many)[0], last)
    found = report.compose(tx, desk.house, lead, asked, NOW)
    html = pages.report(found, Invitation("", lead, NOW, desk.house.zone), "", NOW)
    if len(found.services) < 40 or not found.relations or "95% interval" not in html:
        raise RuntimeError("there is less on the page than there should be")


def over(house: House) -> str:
    """The last week that is over."""
    return weeks_back(week_of(NOW, house.zone), 2)[0]


def _timed_close(desk: Big) -> float:
    began = perf_counter()
    if desk.database.submit(lambda tx: weeks.close_one(tx, desk.house, NOW)).result() is not None:
        raise RuntimeError("there was a week to close")
    return perf_counter() - began


def main() -> None:
    """Measure the digest alone: `python -m scripts.bench_digest`."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), Console())


if __name__ == "__main__":
    main()
