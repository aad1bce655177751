"""What the desk itself costs, without any chat: the clock's sweep, and working time.

Each figure stands beside a floor of its own, measured in the same run: the same sweep over a hundredth of the
requests, and an addition of Python's own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection, text

from bot.front import SWEPT_AT_ONCE
from handlers import targets, worktime
from handlers.hours import working_time
from handlers.house import House
from handlers.sweep import sweep
from storage import people, requests, tables
from storage.database import Database
from storage.migrate import upgrade
from storage.records import Person, Request, Status

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FEW, MANY = 10_000, 1_000_000
"""Open requests: the floor, and what is measured."""
DUE = (0, 100, 10_000)
AT_ONCE = SWEPT_AT_ONCE
ADDITIONS = 1_000_000
HOUSE = House(zone="Europe/Stockholm", triage="slack:C1", lead="slack:ULEA")
MEMBERS = tuple(f"slack:U{number:02}" for number in range(12))


def measure(folder: Path, console: Console) -> None:
    """Measure both, and print a table for each."""
    console.print(_sweeping(folder, console))
    console.print(_adding(console))


def _sweeping(folder: Path, console: Console) -> Table:
    table = Table("due", f"of {FEW:,} open", f"of {MANY:,} open", "ratio", "for each due one")
    with _desk(folder / "few.db") as few, _desk(folder / "many.db") as many:
        with console.status(f"Filing {FEW + MANY:,} requests …"):
            _open_requests(few, FEW)
            _open_requests(many, MANY)
        for due in track(DUE, "Sweeping", console=console, transient=True):
            floor, ours = (_swept(database, due) for database in (few, many))
            each = f"{ours / due * 1e6:.0f} µs" if due else "–"
            table.add_row(
                f"{due:,}", f"{floor * 1e3:.2f} ms", f"{ours * 1e3:.2f} ms", f"{ours / floor:.2g}", each
            )
    table.caption = f"One sweep of the clock, {AT_ONCE} requests to a commit."
    return table


def _swept(database: Database, due: int) -> float:
    """Seconds for everything that is due: the median of several sweeps where nothing is."""
    took = []
    for _ in range(1 if due else 50):
        _make_due(database, due)
        began = perf_counter()
        while database.submit(lambda tx: sweep(tx, HOUSE, NOW, AT_ONCE)).result() == AT_ONCE:
            pass
        took.append(perf_counter() - began)
    return median(took)


def _adding(console: Console) -> Table:
    calendar = working_time("Europe/Stockholm", "mon-fri 09:00-17:00", "SE", years=range(2024, 2049))
    random = Random(12)  # noqa: S311 - the same additions in every run
    moments = [NOW + timedelta(minutes=random.randrange(525_600)) for _ in range(1_000)]
    spans = [timedelta(minutes=random.randrange(1, 4_800)) for _ in range(1_000)]
    pairs = list(zip(moments, spans, strict=True))
    with console.status(f"Adding working time {ADDITIONS:,} times …"):
        floor = _each(lambda at, span: at + span, pairs)
        ours = _each(lambda at, span: worktime.add(calendar, at, span), pairs)
    table = Table("an addition of datetime's own", "of working time, with Swedish holidays", "ratio")
    table.add_row(f"{floor * 1e6:.2f} µs", f"{ours * 1e6:.2f} µs", f"{ours / floor:.0f}")
    table.caption = f"The mean of {ADDITIONS:,}, between a minute and ten days of work."
    return table


def _each(add: Callable[[datetime, timedelta], datetime], pairs: list[tuple[datetime, timedelta]]) -> float:
    began = perf_counter()
    for _ in range(ADDITIONS // len(pairs)):
        for at, span in pairs:
            add(at, span)
    return (perf_counter() - began) / ADDITIONS


@contextmanager
def _desk(path: Path) -> Iterator[Database]:
    url = f"sqlite:///{path}"
    upgrade(url)
    with Database.open(url) as database:

        def furnish(tx: Connection) -> None:
            for person in (*MEMBERS, "slack:UANN", "slack:ULEA"):
                name = person.removeprefix("slack:U").title()
                people.describe(tx, HOUSE.org, Person(person, name, handle=name, zone=HOUSE.zone))

        database.submit(furnish).result()
        yield database


def _open_requests(database: Database, how_many: int) -> None:
    """So many untaken requests; the clock looks at none of them before next month."""
    filed = NOW - timedelta(days=2)
    one = Request(1, Status.OPEN, "toner", "slack:UANN", "slack:C1", filed, filed, filed_by="slack:UANN")
    respond_by, resolve_by = targets.times(one, HOUSE, filed)
    later = NOW + timedelta(days=30)
    one = replace(one, respond_by=respond_by, resolve_by=resolve_by, owner="slack:U01", nudge_at=later)
    columns = ", ".join(column.name for column in tables.requests.columns if column.name != "number")
    spread = text(
        f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "  # noqa: S608
        f"INSERT INTO requests (number, {columns}) SELECT i, {columns} FROM requests, n WHERE number = 1"
    )

    def fill(tx: Connection) -> None:
        requests.add(tx, HOUSE.org, one)
        tx.execute(spread, {"many": how_many})
        for place, member in enumerate(MEMBERS):
            theirs = text("UPDATE requests SET owner = :member WHERE number % :all = :place")
            tx.execute(theirs, {"member": member, "all": len(MEMBERS), "place": place})

    database.submit(fill).result()


def _make_due(database: Database, due: int) -> None:
    """The clock should look at the first so many now."""
    look = text("UPDATE requests SET nudge_at = respond_by WHERE number <= :due")
    database.submit(lambda tx: tx.execute(look, {"due": due})).result()


def main() -> None:
    """Measure the desk alone: `python -m scripts.bench_desk`."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), Console())


if __name__ == "__main__":
    main()
