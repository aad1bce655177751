"""The table of what was measured: a floor beside Deskbell, a row for each load."""

from collections.abc import Sequence

from rich.table import Table

from scripts.bench_load import Measured

Pair = tuple[Measured, Measured]
"""The floor and ours, one after the other."""


def table(floor: str, pairs: Sequence[Pair], what: str = "filed") -> Table:
    """The median round of each load, by ratio; and between which ratios the rounds were."""
    made = Table("in flight", f"{floor}, per s", "p50 ms", "p99 ms", f"{what}, per s", "p50 ms", "p99 ms")
    made.add_column("ratio (of all)", no_wrap=True)
    loads = dict.fromkeys(pair[0].in_flight for pair in pairs)
    for load in loads:
        rounds = sorted((pair for pair in pairs if pair[0].in_flight == load), key=_ratio)
        median = rounds[len(rounds) // 2]
        spread = f"({_ratio(rounds[0]):.2g}–{_ratio(rounds[-1]):.2g})"
        made.add_row(str(load), *_cells(median[0]), *_cells(median[1]), f"{_ratio(median):.2g} {spread}")
    made.caption = f"The median by ratio of {len(pairs) // len(loads)} rounds, and the ratios of all."
    return made


def _cells(one: Measured) -> tuple[str, str, str]:
    return f"{one.per_second:,.0f}", f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}"


def _ratio(pair: Pair) -> float:
    return pair[1].per_second / pair[0].per_second
