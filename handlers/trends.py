"""The last twelve weeks: as facts for a picture, in one sentence, and in words for who cannot see it.

Calendar weeks that are over, none before there was anything to count. What a week has too little of is a gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from handlers import numbers, weeks
from handlers.house import House
from handlers.isoweeks import monday_of
from handlers.notices import Trend, TrendWeek
from handlers.numbers import Scope
from storage.sums import Sums

WEEKS = 12


def trend(
    tx: Connection, house: House, last: str, scope: Scope, known: Mapping[str, list[Sums]]
) -> Trend | None:
    """The weeks up to the `last`, some of them `known` already; None when there is nothing to show."""
    return of(weeks.of_weeks(tx, house, last, WEEKS, known=known), scope)


def of(counted: Mapping[str, Iterable[Sums]], scope: Scope) -> Trend | None:
    """What was counted week by week, from the first week in which there was anything."""
    points = tuple(_point(week, numbers.of(rows, scope)) for week, rows in counted.items())
    begun = next((at for at, point in enumerate(points) if _has_any(point)), len(points))
    shown = points[begun:]
    return Trend(shown, _in_a_sentence(shown), _in_words(shown)) if shown else None


def _point(week: str, counted: Sums) -> TrendWeek:
    return TrendWeek(
        monday=monday_of(week),
        filed=counted.filed,
        resolved=counted.resolved,
        on_target=counted.on_target / counted.targeted if counted.targeted else None,
        satisfaction=numbers.satisfaction(counted),
        votes=counted.votes,
    )


def _has_any(point: TrendWeek) -> bool:
    return bool(point.filed or point.resolved or point.votes)


def _in_a_sentence(points: Sequence[TrendWeek]) -> str:
    """From the least to the most; nothing of a single week, which is told anyway."""
    if len(points) < 2:
        return ""
    parts = [
        f"{_range([point.filed for point in points])} filed",
        f"{_range([point.resolved for point in points])} resolved",
    ]
    made = [point.on_target for point in points if point.on_target is not None]
    happy = [point.satisfaction[0] for point in points if point.satisfaction is not None]
    parts += [f"{_shares(made)} on target"] if made else []
    parts += [f"{_shares(happy)} satisfied"] if happy else []
    return f"Week by week, over the last {len(points)} calendar weeks: {', '.join(parts)}."


def _in_words(points: Sequence[TrendWeek]) -> str:
    """Every week of the picture."""
    sunday = points[-1].monday + timedelta(days=6)
    title = f"{_count(len(points))} to {sunday.day} {sunday:%B %Y}."
    return " ".join([title, *map(_week_in_words, points)])


def _week_in_words(point: TrendWeek) -> str:
    told = [f"{point.filed} filed", f"{point.resolved} resolved"]
    if point.on_target is not None:
        told.append(f"{point.on_target:.0%} on target")
    if point.satisfaction is not None:
        share, low, high = point.satisfaction
        told.append(f"{share:.0%} satisfied ({low:.0%} to {high:.0%}, {point.votes} votes)")
    return f"From {point.monday.day} {point.monday:%b}: {', '.join(told)}."


def _count(weeks: int) -> str:
    return f"{weeks} calendar week" if weeks == 1 else f"{weeks} calendar weeks"


def _range(values: Sequence[int]) -> str:
    least, most = min(values), max(values)
    return f"{least}" if least == most else f"{least} to {most}"


def _shares(values: Sequence[float]) -> str:
    least, most = f"{min(values):.0%}", f"{max(values):.0%}"
    return least if least == most else f"{least} to {most}"
