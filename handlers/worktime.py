"""Working time: which instants count, and arithmetic on them.

A calendar is a week of wall-clock intervals in an IANA time zone, less the days off. Each interval happens
once on its date, and lasts as long as it really does: an hour shorter or longer when the clocks change inside
it. Its two ends are read as PEP 495 reads wall-clock times, with one choice of ours in the second case:

1. A time that happens twice (a fold) means the first time.
2. A time that is skipped (a gap) means the instant of the change.
3. Any other means itself.

So intervals that do not overlap on paper never overlap in fact, and no change of the clocks reorders them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.types import from_micros, to_micros

Interval: TypeAlias = tuple[int, int]
"""From and until, in minutes since midnight on the wall clock: 0 to 1440, the end not included."""

Week: TypeAlias = tuple[tuple[Interval, ...], ...]
"""The intervals of seven days, Monday first."""

HORIZON_MONTHS = 20 * 12
"""How many months are searched for an answer before `TooFar` is raised."""

_DAY = 24 * 60
_MIDNIGHT = time()
_NOTHING = timedelta()
_SECOND = timedelta(seconds=1)


class TooFar(ValueError):
    """The answer lies more than twenty years off, or outside the years that `datetime` holds."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a team works: intervals for the seven days from Monday, in `zone`, except on `days_off`.

    Raises `ValueError` for an unknown zone, for intervals that are unordered, overlapping or out of range,
    and for a week without any working time.
    """

    zone: str
    week: Week
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _zone(self.zone)
        if len(self.week) != 7:
            raise ValueError("a week has seven days, Monday first")
        for day in self.week:
            _check_day(day)
        if not any(self.week):
            raise ValueError("a calendar needs some working time")


def weekly_hours(
    zone: str, hours: Mapping[int, Iterable[tuple[time, time]]], days_off: Collection[date] = ()
) -> Calendar:
    """Build a calendar from wall-clock hours by weekday, Monday being 0.

    Hours that end at or before their start run past midnight, and are split there: the later part belongs to
    the next day, and to that day's days off. Times count to the minute.
    """
    week: list[list[Interval]] = [[] for _ in range(7)]
    for weekday, spans in hours.items():
        for start, end in spans:
            _split(week, weekday, _minutes(start), _minutes(end))
    return Calendar(zone, tuple(tuple(sorted(day)) for day in week), frozenset(days_off))


def office_hours(
    zone: str,
    start: time = time(9),
    end: time = time(17),
    days: Iterable[int] = range(5),
    days_off: Collection[date] = (),
) -> Calendar:
    """Build a calendar with the same hours on each of `days`, Monday being 0; by default nine to five."""
    return weekly_hours(zone, {day: [(start, end)] for day in days}, days_off)


def add(calendar: Calendar, at: datetime, work: timedelta) -> datetime:
    """Return the earliest instant, in UTC, when `work` of working time has passed since `at`.

    Work that ends with a day's hours is over at closing time, not when the next day opens. No work at all is
    over at the next working instant: `add(c, at, 0) == next_working(c, at)`. Raises `ValueError` for negative
    work or a naive `at`, `TooFar` past the horizon.
    """
    if work < _NOTHING:
        raise ValueError("work cannot be negative")
    if not work:
        return next_working(calendar, at)
    at = _utc(at)
    month = _month_of(calendar, at)
    left = work + month.worked(at)
    for later in _from(calendar, month):
        if left <= later.total:
            return later.reached(left)
        left -= later.total
    raise TooFar("that much working time is more than twenty years away")


def between(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """Return the working time from `a` to `b`; negative when `b` comes first.

    Raises `ValueError` for a naive `a` or `b`, `TooFar` when they are further apart than the horizon.
    """
    a, b = _utc(a), _utc(b)
    if b < a:
        return -between(calendar, b, a)
    month = _month_of(calendar, a)
    passed = -month.worked(a)
    for later in _from(calendar, month):
        if b < later.until:
            return passed + later.worked(b)
        passed += later.total
    raise TooFar("these are more than twenty years apart")


def between_all(calendar: Calendar, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return the working time of each of many spans: all in microseconds, the moments since 1970 in UTC.

    The same as `between`, but the months from the first moment to the last are laid out once for all of them.
    """
    if not spans:
        return []
    first, last = min(map(min, spans)), max(map(max, spans))
    worked = _curve(calendar, *(_month_of(calendar, from_micros(at)).first for at in (first, last))).worked
    return [worked(until) - worked(since) for since, until in spans]


def is_working(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` lies inside working time. An interval's start does, its end does not."""
    at = _utc(at)
    month = _month_of(calendar, at)
    last = bisect_right(month.starts, at) - 1
    return last >= 0 and at < month.ends[last]


def next_working(calendar: Calendar, at: datetime) -> datetime:
    """Return `at` itself, in UTC, when it is working time, else the next opening. May raise `TooFar`."""
    at = _utc(at)
    for month in _from(calendar, _month_of(calendar, at)):
        still = bisect_right(month.ends, at)
        if still < len(month.ends):
            return max(at, month.starts[still])
    raise TooFar("there is no working time in the next twenty years")


def working_day_later(calendar: Calendar, at: datetime, days: int) -> datetime:
    """Return the same wall-clock time on the `days`-th working day after the date of `at`, in UTC.

    A working day is a date with hours that is not a day off. The date of `at` itself never counts, worked or
    not, and the time of day is kept even when it lies outside the hours: one working day after Friday 22:00
    is Monday 22:00. Zero days later is `at`. Raises `ValueError` for negative days or a naive `at`, `TooFar`
    past the horizon.
    """
    if days < 0:
        raise ValueError("days cannot be negative")
    if not days:
        return _utc(at)
    local = _utc(at).astimezone(_zone(calendar.zone))
    for day in _days_after(local.date()):
        days -= _is_working_day(calendar, day)
        if not days:
            return _instant(calendar.zone, datetime.combine(day, local.time()))
    raise TooFar("that many working days are more than twenty years away")


def end_of_day(calendar: Calendar, day: date) -> datetime | None:
    """Return when the hours of `day` end, in UTC; None when it is not a working day."""
    if not _is_working_day(calendar, day):
        return None
    return _instant(calendar.zone, _wall(day, calendar.week[day.weekday()][-1][1]))


@dataclass(frozen=True, slots=True)
class _Month:
    """A month's intervals as instants in UTC, with the work done before each: a curve to read both ways."""

    first: date
    until: datetime
    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    total: timedelta

    def worked(self, at: datetime) -> timedelta:
        """Return the working time of this month that has passed at `at`."""
        last = bisect_right(self.starts, at) - 1
        if last < 0:
            return _NOTHING
        return self.before[last] + min(at, self.ends[last]) - self.starts[last]

    def reached(self, work: timedelta) -> datetime:
        """Return the earliest instant when `work` has passed, more than nothing and at most `total`."""
        last = bisect_left(self.before, work) - 1
        return self.starts[last] + (work - self.before[last])


@dataclass(frozen=True, slots=True)
class _Curve:
    """The same of several months, in microseconds since 1970; plainer, as it is asked thousands of times."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    """The work done before each interval, less its start: with a moment in it, the work done by then."""

    def worked(self, at: int) -> int:
        """Return the working time of these months that has passed at `at`."""
        last = bisect_right(self.starts, at) - 1
        if last < 0:
            return 0
        end = self.ends[last]
        return self.before[last] + (at if at < end else end)


@lru_cache(maxsize=256)
def _curve(calendar: Calendar, first: date, last: date) -> _Curve:
    starts, ends, before, total = list[int](), list[int](), list[int](), 0
    while first <= last:
        month = _month(calendar, first)
        for start, end in zip(map(to_micros, month.starts), map(to_micros, month.ends), strict=True):
            starts.append(start)
            ends.append(end)
            before.append(total - start)
            total += end - start
        first = _following(first)
    return _Curve(starts, ends, before)


@lru_cache(maxsize=2048)
def _month(calendar: Calendar, first: date) -> _Month:
    following = _following(first)
    spans = list(_spans(calendar, first, following))
    before = [_NOTHING]
    for start, end in spans:
        before.append(before[-1] + (end - start))
    return _Month(
        first=first,
        until=_instant(calendar.zone, _wall(following, 0)),
        starts=tuple(start for start, _ in spans),
        ends=tuple(end for _, end in spans),
        before=tuple(before[:-1]),
        total=before[-1],
    )


def _spans(calendar: Calendar, first: date, until: date) -> Iterator[tuple[datetime, datetime]]:
    for ordinal in range(first.toordinal(), until.toordinal()):
        day = date.fromordinal(ordinal)
        if not _is_working_day(calendar, day):
            continue
        for start, end in calendar.week[day.weekday()]:
            span = _instant(calendar.zone, _wall(day, start)), _instant(calendar.zone, _wall(day, end))
            if span[0] < span[1]:  # an interval inside a gap never happens
                yield span


def _month_of(calendar: Calendar, at: datetime) -> _Month:
    try:
        local = at.astimezone(_zone(calendar.zone))
        month = _month(calendar, date(local.year, local.month, 1))
        # Clocks that went back over a month's end show the old month while the new one has begun.
        return month if at < month.until else _month(calendar, _following(month.first))
    except OverflowError as error:
        raise TooFar("that is outside the years we can count in") from error


def _from(calendar: Calendar, month: _Month) -> Iterator[_Month]:
    """Yield `month` and those after it, up to the horizon or the end of the years."""
    try:
        for _ in range(HORIZON_MONTHS):
            yield month
            month = _month(calendar, _following(month.first))
    except OverflowError as error:
        raise TooFar("that is outside the years we can count in") from error


def _following(first: date) -> date:
    """Return the first of the month after; `OverflowError` after the last year."""
    return (first + timedelta(days=31)).replace(day=1)


def _days_after(day: date) -> Iterator[date]:
    last = min(day.toordinal() + HORIZON_MONTHS * 31, date.max.toordinal() - 1)
    return (date.fromordinal(ordinal) for ordinal in range(day.toordinal() + 1, last))


def _is_working_day(calendar: Calendar, day: date) -> bool:
    return bool(calendar.week[day.weekday()]) and day not in calendar.days_off


def _wall(day: date, minutes: int) -> datetime:
    return datetime.combine(day, _MIDNIGHT) + timedelta(minutes=minutes)


def _instant(zone: str, wall: datetime) -> datetime:
    """Return the instant, in UTC, that a wall-clock time means: see the three cases at the top."""
    local = wall.replace(tzinfo=_zone(zone), fold=0)
    early, late = local.replace(fold=1).astimezone(UTC), local.astimezone(UTC)
    return _change(local, early, late) if early < late else late


def _change(local: datetime, early: datetime, late: datetime) -> datetime:
    """Return the instant between `early` and `late` when the clocks skipped `local`, by halving."""
    zone = local.tzinfo
    old = early.astimezone(zone).utcoffset()
    low, high = 0, (late - early) // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        changed = (early + middle * _SECOND).astimezone(zone).utcoffset() != old
        low, high = (low, middle) if changed else (middle, high)
    return (early + high * _SECOND).replace(microsecond=0)


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _split(week: list[list[Interval]], weekday: int, start: int, end: int) -> None:
    if start < end:
        week[weekday].append((start, end))
        return
    week[weekday].append((start, _DAY))
    if end:
        week[(weekday + 1) % 7].append((0, end))


def _check_day(day: tuple[Interval, ...]) -> None:
    if any(not 0 <= start < end <= _DAY for start, end in day):
        raise ValueError("an interval runs forward between minute 0 and minute 1440")
    if any(later[0] < earlier[1] for earlier, later in pairwise(day)):
        raise ValueError("intervals stand in order and do not overlap")
