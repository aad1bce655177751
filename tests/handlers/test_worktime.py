from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.worktime import (
    Calendar,
    Interval,
    TooFar,
    add,
    between,
    between_all,
    end_of_day,
    is_working,
    next_working,
    office_hours,
    weekly_hours,
    working_day_later,
)
from storage.types import to_micros

STOCKHOLM = "Europe/Stockholm"
NEW_YORK = "America/New_York"
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NOTHING = timedelta()

OFFICE = office_hours(STOCKHOLM, days_off={date(2026, 12, 24), date(2026, 12, 25)})
ALWAYS = tuple(((0, 1440),) for _ in range(7))


def local(text: str, zone: str = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every_day(zone: str, *intervals: Interval) -> Calendar:
    return Calendar(zone, (intervals,) * 7)


# 2026-10-22 is a Thursday.
@pytest.mark.parametrize(
    ("at", "hours", "expected"),
    [
        ("2026-10-22 09:00", 8, "2026-10-22 17:00"),
        ("2026-10-22 09:00", 8.5, "2026-10-23 09:30"),
        ("2026-10-22 16:00", 2, "2026-10-23 10:00"),
        ("2026-10-22 06:00", 1, "2026-10-22 10:00"),
        ("2026-10-22 22:00", 1, "2026-10-23 10:00"),
        ("2026-10-23 16:30", 1, "2026-10-26 09:30"),
        ("2026-10-24 12:00", 8, "2026-10-26 17:00"),
        ("2026-12-23 16:00", 2, "2026-12-28 10:00"),
        ("2026-10-30 16:00", 1, "2026-10-30 17:00"),
        ("2026-10-30 16:00", 2, "2026-11-02 10:00"),
        ("2026-10-22 12:00", 400, "2027-01-04 12:00"),
        ("2026-10-22 12:00", 0, "2026-10-22 12:00"),
        ("2026-10-22 17:00", 0, "2026-10-23 09:00"),
        ("2026-10-24 12:00", 0, "2026-10-26 09:00"),
    ],
)
def test_adding_to_office_hours(at: str, hours: float, expected: str) -> None:
    assert add(OFFICE, local(at), timedelta(hours=hours)) == local(expected)


@pytest.mark.parametrize(
    ("a", "b", "hours"),
    [
        ("2026-10-22 10:00", "2026-10-22 12:00", 2),
        ("2026-10-22 12:00", "2026-10-22 10:00", -2),
        ("2026-10-22 16:00", "2026-10-23 10:00", 2),
        ("2026-10-22 18:00", "2026-10-23 08:00", 0),
        ("2026-10-23 18:00", "2026-10-26 08:00", 0),
        ("2026-12-23 16:00", "2026-12-28 10:00", 2),
        ("2026-10-01 00:00", "2026-11-01 00:00", 22 * 8),
    ],
)
def test_measuring_office_hours(a: str, b: str, hours: int) -> None:
    assert between(OFFICE, local(a), local(b)) == hours * HOUR


@pytest.mark.parametrize(
    ("at", "working", "following"),
    [
        ("2026-10-22 08:59:59", False, "2026-10-22 09:00"),
        ("2026-10-22 09:00", True, "2026-10-22 09:00"),
        ("2026-10-22 16:59:59", True, "2026-10-22 16:59:59"),
        ("2026-10-22 17:00", False, "2026-10-23 09:00"),
        ("2026-10-24 12:00", False, "2026-10-26 09:00"),
        ("2026-12-24 12:00", False, "2026-12-28 09:00"),
        ("2026-10-31 12:00", False, "2026-11-02 09:00"),
    ],
)
def test_opening_and_closing(at: str, working: bool, following: str) -> None:
    assert is_working(OFFICE, local(at)) is working
    assert next_working(OFFICE, local(at)) == local(following)


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        ("2026-10-22 10:15", 0, "2026-10-22 10:15"),
        ("2026-10-22 10:15", 1, "2026-10-23 10:15"),
        ("2026-10-22 10:15", 2, "2026-10-26 10:15"),
        ("2026-10-23 22:00", 1, "2026-10-26 22:00"),
        ("2026-10-24 22:00", 1, "2026-10-26 22:00"),
        ("2026-12-23 10:15", 3, "2026-12-30 10:15"),
        ("2026-10-22 10:15", 5, "2026-10-29 10:15"),
    ],
)
def test_working_days_later(at: str, days: int, expected: str) -> None:
    assert working_day_later(OFFICE, local(at), days) == local(expected)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-28 02:30", "2026-03-29 01:00"),  # the skipped 02:30 is the instant of the change
        ("2026-03-28 02:30:00.5", "2026-03-29 01:00"),
        ("2026-10-24 02:30", "2026-10-25 00:30"),  # the doubled 02:30 is the first
    ],
)
def test_a_working_day_later_across_a_change_of_clocks(at: str, expected: str) -> None:
    assert working_day_later(Calendar(STOCKHOLM, ALWAYS), local(at), 1) == utc(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 22), "2026-10-22 15:00"),
        (date(2026, 10, 26), "2026-10-26 16:00"),
        (date(2026, 10, 24), None),
        (date(2026, 12, 24), None),
    ],
)
def test_the_end_of_a_day(day: date, expected: str | None) -> None:
    assert end_of_day(OFFICE, day) == (utc(expected) if expected else None)


def test_a_day_that_ends_at_midnight() -> None:
    late = weekly_hours(STOCKHOLM, {3: [(time(18), time(0))]})
    assert late.week[3] == ((1080, 1440),)
    assert end_of_day(late, date(2026, 10, 22)) == local("2026-10-23 00:00")


def test_hours_over_midnight_are_split_and_the_week_is_round() -> None:
    nights = weekly_hours(
        STOCKHOLM, {0: [(time(22), time(6))], 6: [(time(22), time(6)), (time(9), time(9, 30))]}
    )
    assert nights.week == (((0, 360), (1320, 1440)), ((0, 360),), (), (), (), (), ((540, 570), (1320, 1440)))


@pytest.mark.parametrize(
    ("at", "hours", "expected"),
    [
        ("2026-10-22 23:00", 5, "2026-10-23 04:00"),
        ("2026-10-23 01:00", 5, "2026-10-23 06:00"),
        ("2026-10-23 01:00", 6, "2026-10-23 23:00"),
        ("2026-10-24 23:00", 5, "2026-10-25 03:00"),  # the night when the clocks go back is an hour longer
        ("2026-03-28 23:00", 4, "2026-03-29 04:00"),  # and in March an hour shorter
        ("2026-12-23 23:00", 2, "2026-12-25 01:00"),  # the 24th is off: its early hours and its evening
    ],
)
def test_adding_to_night_shifts(at: str, hours: float, expected: str) -> None:
    hours_of_a_night = {day: [(time(22), time(6))] for day in range(7)}
    nights = weekly_hours(STOCKHOLM, hours_of_a_night, days_off={date(2026, 12, 24)})
    assert add(nights, local(at), timedelta(hours=hours)) == local(expected)


# The numbers are the cases in the module's docstring. Clocks change on 29 March (skipping 02:00–03:00) and
# 25 October (repeating it) in Stockholm, on 8 March and 1 November (repeating 01:00–02:00) in New York.
@pytest.mark.parametrize(
    ("zone", "interval", "day", "start", "end"),
    [
        # 3. Both ends are ordinary: the interval is an hour longer or shorter.
        (STOCKHOLM, (60, 240), date(2026, 3, 29), "2026-03-29 00:00", "2026-03-29 02:00"),
        (STOCKHOLM, (60, 240), date(2026, 10, 25), "2026-10-24 23:00", "2026-10-25 03:00"),
        (NEW_YORK, (60, 240), date(2026, 3, 8), "2026-03-08 06:00", "2026-03-08 08:00"),
        (NEW_YORK, (0, 240), date(2026, 11, 1), "2026-11-01 04:00", "2026-11-01 09:00"),
        (STOCKHOLM, (0, 1440), date(2026, 3, 29), "2026-03-28 23:00", "2026-03-29 22:00"),
        (STOCKHOLM, (0, 1440), date(2026, 10, 25), "2026-10-24 22:00", "2026-10-25 23:00"),
        # 1. A doubled end means the first.
        (STOCKHOLM, (0, 150), date(2026, 10, 25), "2026-10-24 22:00", "2026-10-25 00:30"),
        (STOCKHOLM, (150, 360), date(2026, 10, 25), "2026-10-25 00:30", "2026-10-25 05:00"),
        (STOCKHOLM, (135, 165), date(2026, 10, 25), "2026-10-25 00:15", "2026-10-25 00:45"),
        (NEW_YORK, (90, 360), date(2026, 11, 1), "2026-11-01 05:30", "2026-11-01 11:00"),
        # 2. A skipped end means the change.
        (STOCKHOLM, (0, 150), date(2026, 3, 29), "2026-03-28 23:00", "2026-03-29 01:00"),
        (STOCKHOLM, (150, 360), date(2026, 3, 29), "2026-03-29 01:00", "2026-03-29 04:00"),
        (NEW_YORK, (150, 360), date(2026, 3, 8), "2026-03-08 07:00", "2026-03-08 10:00"),
    ],
)
def test_an_interval_on_the_day_the_clocks_change(
    zone: str, interval: Interval, day: date, start: str, end: str
) -> None:
    calendar = every_day(zone, interval)
    opening, closing = utc(start), utc(end)
    before = local(f"{day} 00:00", zone)
    assert next_working(calendar, before) == opening
    assert end_of_day(calendar, day) == closing
    assert between(calendar, before, before + timedelta(days=1)) == closing - opening
    assert add(calendar, before, closing - opening) == closing
    assert is_working(calendar, opening)
    assert not is_working(calendar, opening - MINUTE) or interval[0] == 0
    assert not is_working(calendar, closing) or interval[1] == 1440


def test_an_interval_that_is_skipped_whole_never_happens() -> None:
    calendar = every_day(STOCKHOLM, (130, 170))
    eve = local("2026-03-28 12:00")
    assert next_working(calendar, eve) == local("2026-03-30 02:10")
    assert add(calendar, eve, 10 * MINUTE) == local("2026-03-30 02:20")


def test_a_date_that_is_skipped_whole_never_happens() -> None:
    apia = office_hours("Pacific/Apia", days=range(7))
    thursday = local("2011-12-29 16:00", "Pacific/Apia")
    assert add(apia, thursday, 2 * HOUR) == local("2011-12-31 10:00", "Pacific/Apia")


def test_a_month_that_is_shown_again_after_it_has_ended() -> None:
    # At one past midnight on 1 November, clocks in St. John's went back to 31 October.
    calendar = Calendar("America/St_Johns", ALWAYS)
    again = utc("2009-11-01 03:00")
    assert str(again.astimezone(ZoneInfo(calendar.zone))) == "2009-10-31 23:30:00-03:30"
    assert add(calendar, again, HOUR) == again + HOUR
    assert between(calendar, again, again + HOUR) == HOUR
    assert next_working(calendar, again) == again


@pytest.mark.parametrize(
    ("zone", "week", "why"),
    [
        ("Europe/Atlantis", ALWAYS, "no time zone"),
        ("../etc/passwd", ALWAYS, "no time zone"),
        ("", ALWAYS, "no time zone"),
        ("UTC", ((),) * 7, "some working time"),
        ("UTC", ALWAYS[:6], "seven days"),
        ("UTC", (((0, 1441),),) * 7, "minute"),
        ("UTC", (((-1, 10),),) * 7, "minute"),
        ("UTC", (((10, 10),),) * 7, "minute"),
        ("UTC", (((0, 20), (10, 30)),) * 7, "overlap"),
        ("UTC", (((20, 30), (0, 10)),) * 7, "in order"),
    ],
)
def test_a_calendar_that_makes_no_sense(zone: str, week: tuple[tuple[Interval, ...], ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Calendar(zone, week)


def test_questions_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="negative"):
        add(OFFICE, utc("2026-10-22"), -HOUR)
    with pytest.raises(ValueError, match="negative"):
        working_day_later(OFFICE, utc("2026-10-22"), -1)
    with pytest.raises(ValueError, match="time zone"):
        next_working(OFFICE, datetime(2026, 10, 22))  # noqa: DTZ001


def test_answers_that_are_too_far() -> None:
    at = utc("2026-10-22")
    idle = office_hours("UTC", days_off={at.date() + timedelta(days=n) for n in range(-10, 40 * 366)})
    for question in (
        lambda: add(idle, at, NOTHING),
        lambda: add(idle, at, HOUR),
        lambda: add(OFFICE, at, timedelta(days=10**6)),
        lambda: add(OFFICE, utc("9999-12-30"), timedelta(days=10)),
        lambda: next_working(idle, at),
        lambda: next_working(OFFICE, datetime.max.replace(tzinfo=UTC)),
        lambda: next_working(office_hours(NEW_YORK), datetime.min.replace(tzinfo=UTC)),
        lambda: between(OFFICE, at, utc("2126-10-22")),
        lambda: working_day_later(idle, at, 1),
        lambda: working_day_later(OFFICE, at, 10**6),
        lambda: working_day_later(OFFICE, utc("9999-12-29"), 5),
    ):
        with pytest.raises(TooFar):
            question()


# Each date is near a change of clocks, some of them odd: over midnight, by half an hour, at a month's end.
CHANGES = [
    (STOCKHOLM, "2026-03-29"),
    (STOCKHOLM, "2026-10-25"),
    (NEW_YORK, "2026-03-08"),
    (NEW_YORK, "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/St_Johns", "2009-11-01"),
    ("America/Sao_Paulo", "2018-02-18"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Havana", "2026-11-01"),
    ("Asia/Kathmandu", "2026-02-01"),
    ("Pacific/Apia", "2011-12-30"),
    ("UTC", "2028-02-29"),
]


@st.composite
def days(draw: st.DrawFn) -> tuple[Interval, ...]:
    # Ends come mostly at the hours that clocks change in.
    edge = st.one_of(st.integers(0, 240), st.integers(1320, 1440), st.integers(0, 1440))
    ends = sorted(draw(st.sets(edge, max_size=8)))
    intervals = [(ends[i], ends[i + 1]) for i in range(0, len(ends) - 1, draw(st.sampled_from([1, 2])))]
    return tuple(intervals)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar, and an instant within a few days of its clocks changing."""
    zone, change = draw(st.sampled_from(CHANGES))
    midnight = utc(change)
    week = tuple(draw(st.lists(days(), min_size=7, max_size=7).filter(any)))
    off = draw(st.frozensets(st.integers(-4, 8), max_size=4))
    calendar = Calendar(zone, week, frozenset(midnight.date() + timedelta(days=n) for n in off))
    return calendar, midnight + draw(st.integers(-3 * 1440, 2 * 1440)) * MINUTE


worked = st.timedeltas(NOTHING, timedelta(hours=10))
moments = st.timedeltas(timedelta(days=-40), timedelta(days=40))

unhurried = settings(deadline=None, max_examples=60)  # a calendar's months are laid out when first met


@unhurried
@given(calendars(), moments, worked)
def test_adding_then_measuring_gives_it_back(
    known: tuple[Calendar, datetime], off: timedelta, work: timedelta
) -> None:
    calendar, at = known
    assert between(calendar, at + off, add(calendar, at + off, work)) == work


@unhurried
@given(calendars(), moments, worked)
def test_adding_never_lands_outside_working_time(
    known: tuple[Calendar, datetime], off: timedelta, work: timedelta
) -> None:
    calendar, at = known
    landed = add(calendar, at + off, work)
    assert landed.tzinfo is UTC
    assert is_working(calendar, landed) or (work and is_working(calendar, landed - timedelta(microseconds=1)))


@unhurried
@given(calendars(), moments, moments, worked, worked)
def test_adding_is_monotone(
    known: tuple[Calendar, datetime], a: timedelta, b: timedelta, less: timedelta, more: timedelta
) -> None:
    calendar, at = known
    (a, b), (less, more) = sorted((a, b)), sorted((less, more))
    assert add(calendar, at + a, less) <= add(calendar, at + b, more)


@unhurried
@given(calendars(), moments, worked, worked)
def test_adding_in_parts_is_adding_at_once(
    known: tuple[Calendar, datetime], off: timedelta, first: timedelta, then: timedelta
) -> None:
    calendar, at = known
    if then:
        assert add(calendar, add(calendar, at + off, first), then) == add(calendar, at + off, first + then)


@unhurried
@given(calendars(), moments, moments, moments)
def test_measures_add_up(known: tuple[Calendar, datetime], a: timedelta, b: timedelta, c: timedelta) -> None:
    calendar, at = known
    a_to_b, b_to_c = between(calendar, at + a, at + b), between(calendar, at + b, at + c)
    assert a_to_b + b_to_c == between(calendar, at + a, at + c)
    assert between(calendar, at + b, at + a) == -a_to_b
    told = at, at + a, at + b, at + c
    spans = [(since, until) for since in told for until in told]
    together = between_all(calendar, [(to_micros(since), to_micros(until)) for since, until in spans])
    assert together == [between(calendar, since, until) // MICROSECOND for since, until in spans]


def minutes_worked(calendar: Calendar, since: datetime, until: datetime) -> Iterator[datetime]:
    """The slow twin: look at the clock each minute, and never believe one that goes back."""
    zone = ZoneInfo(calendar.zone)
    seen = datetime.min  # noqa: DTZ901
    at = since - timedelta(days=2)
    while at < until:
        seen = max(seen, at.astimezone(zone).replace(tzinfo=None))
        minute = seen.hour * 60 + seen.minute
        hours = () if seen.date() in calendar.days_off else calendar.week[seen.weekday()]
        if at >= since and any(start <= minute < end for start, end in hours):
            yield at
        at += MINUTE


@unhurried
@given(calendars(), st.data())
def test_a_slow_twin_agrees(known: tuple[Calendar, datetime], data: st.DataObject) -> None:
    calendar, at = known
    until = at + timedelta(days=5)
    minutes = list(minutes_worked(calendar, at, until))
    assert between(calendar, at, until) == len(minutes) * MINUTE
    if minutes:
        chosen = data.draw(st.integers(0, len(minutes) - 1))
        assert add(calendar, at, (chosen + 1) * MINUTE) == minutes[chosen] + MINUTE
        assert next_working(calendar, at) == minutes[0]
        assert is_working(calendar, minutes[chosen])
