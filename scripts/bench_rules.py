"""What finding an owner costs: the same requests, in turns to a team without a rule and to one with it.

Which comes first changes from round to round: the second has the first one's cards delivered beside it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Connection, text

from scripts.bench_load import Measured, measure
from scripts.bench_servers import Served, beside, deskbell
from storage import catalogue, people
from storage.database import Database
from storage.records import Person, Rule, Team

IN_FLIGHT = 16
SECONDS = 2.0
ROUNDS = 6
ALWAYS = "mon-sun 00:00-24:00"
MEMBERS = tuple(f"slack:U{number:04}" for number in range(12))

Round = tuple[float, Measured, Measured]
"""The ratio, the floor, and ours."""


async def measured(folder: Path, slack: Mapping[str, str], console: Console) -> Table:
    """A table with a row for each rule."""
    table = Table("rule", "filed per second, without", "p99 ms", "with the rule", "p99 ms", "ratio (of all)")
    async with beside(deskbell(folder / "rules.db", {**slack, "TRIAGE_CHANNEL": "C1"})) as served:
        with Database.open(f"sqlite:///{served.database}") as database:
            database.submit(_furnish).result()
            await measure(served.port, IN_FLIGHT, 1, "warm", "toner #it-none")
            turns = [(rule, turn) for rule in list(Rule)[1:] for turn in range(ROUNDS)]
            rounds = {
                (rule, turn): await _round(served, database, rule, turn)
                for rule, turn in track(turns, "Measuring rules", console=console, transient=True)
            }
    for rule in list(Rule)[1:]:
        of_rule = sorted((rounds[rule, turn] for turn in range(ROUNDS)), key=lambda one: one[0])
        ratio, floor, ours = of_rule[ROUNDS // 2]
        spread = f"{ratio:.2g} ({of_rule[0][0]:.2g}–{of_rule[-1][0]:.2g})"
        cells = (f"{one:,.0f}" for one in (floor.per_second, floor.p99_ms, ours.per_second, ours.p99_ms))
        table.add_row(rule.value, *cells, spread)
    table.caption = f"A team of {len(MEMBERS)}, {IN_FLIGHT} in flight; median by ratio of {ROUNDS} rounds."
    return table


async def _round(served: Served, database: Database, rule: Rule, turn: int) -> Round:
    database.submit(_end_everything).result()
    both = (Rule.NONE, rule) if turn % 2 else (rule, Rule.NONE)
    found = {
        one: await measure(served.port, IN_FLIGHT, SECONDS, f"{rule}-{turn}-{one}", f"toner #it-{one}")
        for one in both
    }
    floor, ours = found[Rule.NONE], found[rule]
    return ours.per_second / floor.per_second, floor, ours


def _furnish(tx: Connection) -> None:
    """A team of the same people for each rule."""
    for person in MEMBERS:
        people.describe(tx, "main", Person(person, person.removeprefix("slack:"), zone="UTC"))
    for rule in Rule:
        team = Team(f"it-{rule}", "IT", place="slack:C1", rule=rule, members=MEMBERS, hours=ALWAYS)
        if rule is Rule.DUTY:
            team = replace(team, rota=MEMBERS[:4], rota_from="2026-11-23")
        catalogue.keep_team(tx, "main", team)
    catalogue.count_up(tx, "main")


def _end_everything(tx: Connection) -> None:
    """Nobody begins a round with a thousand open requests."""
    tx.execute(text("UPDATE requests SET ended_at = filed_at, nudge_at = NULL WHERE ended_at IS NULL"))
