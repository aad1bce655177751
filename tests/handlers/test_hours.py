"""Hours and holidays as they are written, and what they do. Numbers as in `handlers.hours`."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import nudges, targets, worktime
from handlers.hours import DAYS, public_holidays, read_week
from handlers.house import House
from handlers.worktime import Calendar
from storage.records import Person
from tests.handlers.office import HOUSE, ZONE, a_request, moment, set_out

FREE: tuple[tuple[int, int], ...] = ()
NINE_TO_FIVE = ((540, 1020),)
OFFICE_WEEK = (NINE_TO_FIVE,) * 5 + (FREE,) * 2


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("mon-fri 09:00-17:00", OFFICE_WEEK),
        ("Monday-Friday 9:00-17:00", OFFICE_WEEK),
        ("mon-thu 09:00-17:00; fri 09:00-17:00;", OFFICE_WEEK),
        ("sat 10:00-14:00", (FREE,) * 5 + (((600, 840),), FREE)),
        ("mon 08:00-12:00 13:00-17:00", (((480, 720), (780, 1020)),) + (FREE,) * 6),
        ("mon 08:00-12:00,12:00-13:00", (((480, 720), (720, 780)),) + (FREE,) * 6),
        ("fri-mon 09:00-17:00", (NINE_TO_FIVE, FREE, FREE, FREE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE)),
        ("fri 22:00-06:00", (FREE,) * 4 + (((1320, 1440),), ((0, 360),), FREE)),
        ("sun 22:00-06:00", (((0, 360),), *(FREE,) * 5, ((1320, 1440),))),
        ("mon 00:00-24:00", (((0, 1440),),) + (FREE,) * 6),
    ],
)
def test_1_to_4_hours(text: str, week: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    assert read_week(text) == week
    assert Calendar(ZONE, read_week(text)).week == week


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "should look like “mon-fri 09:00-17:00”"),
        ("mon-fri", "“mon-fri” should look like"),
        ("mon-fri 9-17", "“9-17” should look like"),
        ("mon-fri 09:00", "“09:00” should look like"),
        ("mon-fri 09:00-25:00", "“09:00-25:00” should look like"),
        ("mon-fri 09:60-17:00", "“09:60-17:00” should look like"),
        ("mon-fri 09:00-24:30", "“09:00-24:30” should look like"),
        ("xxx 09:00-17:00", "“xxx 09:00-17:00” should look like"),
        ("mon-xxx 09:00-17:00", "“mon-xxx 09:00-17:00” should look like"),
        ("mon 09:00-09:00", "“09:00-09:00” is no time at all"),
        ("mon-wed 09:00-12:00; wed 13:00-17:00", "wed is named twice"),
        ("mon 09:00-12:00 11:00-15:00", "two spans of hours overlap"),
        ("mon 22:00-06:00; tue 05:00-09:00", "two spans of hours overlap"),
    ],
)
def test_hours_that_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}"):
        read_week(text)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_a_week_or_a_sentence(text: str) -> None:
    with suppress(ValueError):
        assert any(read_week(text))


@given(st.sampled_from(DAYS), st.sampled_from(DAYS), st.integers(0, 22), st.integers(0, 59))
def test_a_run_of_days_has_the_same_hours_on_each(first: str, last: str, hour: int, minute: int) -> None:
    week = read_week(f"{first}-{last} {hour:02}:{minute:02}-{hour + 1:02}:{minute:02}")
    worked = [day for day, hours in zip(DAYS, week, strict=True) if hours]
    assert {first, last} <= set(worked)
    assert len(worked) == (DAYS.index(last) - DAYS.index(first)) % 7 + 1


@pytest.mark.parametrize(
    ("where", "day", "off"),
    [
        ("SE", date(2026, 6, 19), False),
        ("SE", date(2026, 6, 20), True),
        ("se", date(2026, 1, 6), True),
        ("DE", date(2026, 1, 6), False),
        ("DE-BY", date(2026, 1, 6), True),
        ("US", date(2026, 7, 3), True),
        ("", date(2026, 12, 25), False),
    ],
)
def test_5_holidays(where: str, day: date, off: bool) -> None:
    assert (day in public_holidays(where, range(2026, 2027))) is off


@pytest.mark.parametrize("where", ["XX", "DE-QQ", "Sweden", "S", "DE-", "../SE"])
def test_5_no_such_country(where: str) -> None:
    with pytest.raises(ValueError, match=r"^(no public holidays are known for|should be a country)"):
        public_holidays(where, range(2026, 2027))


SWEDISH = replace(HOUSE, holidays="SE")
SHORT = replace(HOUSE, hours="mon-thu 13:00-17:00")


def slot_of(house: House, now: str, person: Person | None = None) -> datetime:
    return nudges.slot(house, house.desk, person, False, moment(now))


def test_a_holiday_is_no_working_time() -> None:
    """Christmas 2026 is a Friday; the Epiphany, in 2027, a Wednesday."""
    thursday = moment("2026-12-24 16:00")
    assert worktime.add(HOUSE.calendar, thursday, timedelta(hours=2)) == moment("2026-12-25 10:00")
    assert worktime.add(SWEDISH.calendar, thursday, timedelta(hours=2)) == moment("2026-12-28 10:00")


def test_targets_and_nudges_leave_holidays_out() -> None:
    filed = moment("2027-01-05 16:00")
    for house, respond_by in ((HOUSE, "2027-01-06 16:00"), (SWEDISH, "2027-01-07 16:00")):
        assert targets.times(a_request(), house, filed)[0] == moment(respond_by)
        request = set_out(a_request(filed_at=filed, moved_at=filed, respond_by=moment(respond_by)), house)
        assert nudges.first_look(request, house) == moment(respond_by.replace("16:00", "12:00"))


@pytest.mark.parametrize(
    ("house", "now", "slot"),
    [
        (HOUSE, "2027-01-05 15:00", "2027-01-06 09:30"),
        (SWEDISH, "2027-01-05 15:00", "2027-01-07 09:30"),
        (SHORT, "2026-11-23 08:00", "2026-11-23 14:00"),
        (SHORT, "2026-11-26 15:00", "2026-11-30 14:00"),
        (replace(HOUSE, hours="sat 10:00-13:00"), "2026-11-23 08:00", "2026-11-28 10:00"),
        (replace(HOUSE, hours="mon-fri 17:00-22:00"), "2026-11-23 08:00", "2026-11-23 17:00"),
    ],
)
def test_a_bundle_comes_in_working_hours(house: House, now: str, slot: str) -> None:
    assert slot_of(house, now) == moment(slot)


def test_a_long_summer_is_no_end() -> None:
    house = replace(HOUSE, days_off=("2027-06-01..2027-08-31",))
    assert slot_of(house, "2027-05-31 15:00") == moment("2027-09-01 09:30")


def test_quiet_days_that_are_all_the_days_there_are_do_not_count() -> None:
    ann = Person("slack:UANN", "Ann", zone=ZONE, quiet_days=("mon", "tue", "wed", "thu"))
    assert slot_of(SHORT, "2026-11-23 08:00", ann) == moment("2026-11-23 14:00")
