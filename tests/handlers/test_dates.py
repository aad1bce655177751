import subprocess
import sys
import time as stopwatch
from calendar import day_name, month_name, monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.dates import Day, Found, find_date, read_date

STOCKHOLM = "Europe/Stockholm"
NEW_YORK = "America/New_York"


def at(text: str, zone: str = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def said(text: str) -> Day:
    """A date alone is a whole day, a date and a time are not."""
    local = datetime.fromisoformat(text)
    if len(text) == len("2026-10-22"):
        return Day(datetime.combine(local, time(17)), whole_day=True)
    return Day(local, whole_day=False)


THURSDAY = at("2026-10-22 10:00")


# The numbers are the cases in the module's docstring.
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # 1
        ("today", "2026-10-22"),
        ("Tomorrow", "2026-10-23"),
        ("yesterday", "2026-10-21"),
        ("the day after tomorrow", "2026-10-24"),
        ("tomorrow 15:00", "2026-10-23 15:00"),
        ("tomorrow at 3pm", "2026-10-23 15:00"),
        ("3pm tomorrow", "2026-10-23 15:00"),
        ("yesterday at noon", "2026-10-21 12:00"),
        # 2
        ("friday", "2026-10-23"),
        ("on Friday", "2026-10-23"),
        ("this fri", "2026-10-23"),
        ("monday", "2026-10-26"),
        ("wednesday", "2026-10-28"),
        ("thursday", "2026-10-22"),
        ("thursday 10:01", "2026-10-22 10:01"),
        ("thursday 10:00", "2026-10-29 10:00"),
        ("thurs 9am", "2026-10-29 09:00"),
        ("thursday morning", "2026-10-29 09:00"),
        ("monday morning", "2026-10-26 09:00"),
        ("15:00 on tuesday", "2026-10-27 15:00"),
        ("friday midnight", "2026-10-24 00:00"),
        # 3
        ("next friday", "2026-10-30"),
        ("next monday", "2026-10-26"),
        ("friday next week", "2026-10-30"),
        ("next thu 8:30", "2026-10-29 08:30"),
        # 4
        ("next week", "2026-10-26"),
        ("this week", "2026-10-23"),
        ("end of week", "2026-10-23"),
        ("the end of the week", "2026-10-23"),
        ("end of next week", "2026-10-30"),
        # 5
        ("next month", "2026-11-01"),
        ("end of month", "2026-10-31"),
        ("the end of this month", "2026-10-31"),
        ("end of next month", "2026-11-30"),
        ("end of october", "2026-10-31"),
        ("end of february", "2027-02-28"),
        # 6
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01 15:00", "2026-12-01 15:00"),
        ("2024-02-29", "2024-02-29"),
        ("2026-02-29", None),
        ("2026-13-01", None),
        # 7
        ("1 december", "2026-12-01"),
        ("december 1st", "2026-12-01"),
        ("dec 1", "2026-12-01"),
        ("Dec. 1, 2026", "2026-12-01"),
        ("1st of december 2025", "2025-12-01"),
        ("december 1st 2026 at 3:30 p.m.", "2026-12-01 15:30"),
        ("22 october", "2026-10-22"),
        ("21 october", "2027-10-21"),
        ("29 february", "2028-02-29"),
        ("29 february 2027", None),
        ("31 november", None),
        ("32 may", None),
        ("may 32", None),
        ("1/12", None),
        ("1/12/2026", None),
        ("12-01", None),
        # 8
        ("december", "2026-12-01"),
        ("may", "2027-05-01"),
        ("october", "2027-10-01"),
        ("december 2026", "2026-12-01"),
        # 9
        ("the 15th", "2026-11-15"),
        ("the 22nd", "2026-10-22"),
        ("31st", "2026-10-31"),
        # 10
        ("in two days", "2026-10-24"),
        ("in 3 weeks", "2026-11-12"),
        ("in a month", "2026-11-22"),
        ("in two days at 15:00", "2026-10-24 15:00"),
        ("2 days", None),
        # 11
        ("in 2 hours", "2026-10-22 12:00"),
        ("in an hour", "2026-10-22 11:00"),
        ("in 90 minutes", "2026-10-22 11:30"),
        ("in 2 hours at 15:00", None),
        # Clock times
        ("15:00", "2026-10-22 15:00"),
        ("09:59", "2026-10-22 09:59"),
        ("3 PM", "2026-10-22 15:00"),
        ("12am", "2026-10-22 00:00"),
        ("12pm", "2026-10-22 12:00"),
        ("noon", "2026-10-22 12:00"),
        ("midnight", "2026-10-23 00:00"),
        ("this afternoon", "2026-10-22 15:00"),
        ("tonight", "2026-10-22 20:00"),
        ("tonight at 21:00", "2026-10-22 21:00"),
        ("tomorrow night", "2026-10-23 20:00"),
        ("end of day", "2026-10-22"),
        ("eod", "2026-10-22"),
        ("end of the day on friday", "2026-10-23"),
        ("friday eod", "2026-10-23"),
        ("24:00", None),
        ("13pm", None),
        ("15", None),
        ("friday at 3", None),
        ("", None),
        ("soon", None),
        ("friday friday", None),
        ("15:00 16:00", None),
    ],
)
def test_reading_on_a_thursday_at_ten(words: str, expected: str | None) -> None:
    assert read_date(words, THURSDAY, STOCKHOLM) == (said(expected) if expected else None)


@pytest.mark.parametrize(
    ("now", "words", "expected"),
    [
        ("2026-10-23 16:59", "friday", "2026-10-23"),
        ("2026-10-23 17:00", "friday", "2026-10-30"),
        ("2026-10-23 18:00", "friday 19:00", "2026-10-23 19:00"),
        ("2026-10-23 18:00", "today", "2026-10-23"),
        ("2026-10-23 18:00", "23 october", "2026-10-23"),
        ("2026-10-24 12:00", "end of week", "2026-10-30"),
        ("2026-10-25 12:00", "next monday", "2026-10-26"),
        ("2026-10-26 12:00", "next monday", "2026-11-02"),
        ("2026-10-26 12:00", "next week", "2026-11-02"),
        ("2026-12-31 12:00", "next month", "2027-01-01"),
        ("2026-12-31 12:00", "1 january", "2027-01-01"),
        ("2026-12-05 12:00", "december", "2027-12-01"),
        ("2026-12-05 12:00", "end of december", "2026-12-31"),
        ("2027-01-31 12:00", "in a month", "2027-02-28"),
        ("2027-01-31 12:00", "the 30th", "2027-03-30"),
    ],
)
def test_reading_at_the_turn_of_things(now: str, words: str, expected: str) -> None:
    assert read_date(words, at(now), STOCKHOLM) == said(expected)


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        (STOCKHOLM, "2026-10-22"),
        (NEW_YORK, "2026-10-21"),
        ("Pacific/Kiritimati", "2026-10-22"),
        ("Pacific/Pago_Pago", "2026-10-21"),
    ],
)
def test_today_is_the_persons_own(zone: str, today: str) -> None:
    just_past_midnight = at("2026-10-22 00:30")
    assert read_date("today", just_past_midnight, zone) == said(today)
    assert read_date("today", just_past_midnight.astimezone(UTC), zone) == said(today)


@pytest.mark.parametrize(
    ("now", "words", "expected", "fold"),
    [
        ("2026-03-29 01:30", "in 2 hours", "2026-03-29 04:30", 0),
        ("2026-10-25 01:30", "in an hour", "2026-10-25 02:30", 0),
        ("2026-10-25 01:30", "in 2 hours", "2026-10-25 02:30", 1),
        ("2026-10-25 01:30", "in 3 hours", "2026-10-25 03:30", 0),
        ("2026-03-28 02:30", "tomorrow 02:30", "2026-03-29 02:30", 0),
        ("2026-10-24 12:00", "tomorrow 15:00", "2026-10-25 15:00", 0),
    ],
)
def test_hours_are_real_and_days_are_on_the_wall_when_clocks_change(
    now: str, words: str, expected: str, fold: int
) -> None:
    day = read_date(words, at(now), STOCKHOLM)
    assert day == said(expected)
    assert day.local.fold == fold


def test_a_day_ends_when_it_is_told_to() -> None:
    early = read_date("thursday", THURSDAY, STOCKHOLM, day_end=time(9, 30))
    assert early == Day(datetime(2026, 10, 29, 9, 30), whole_day=True)  # noqa: DTZ001


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read_date("today", datetime(2026, 10, 22), STOCKHOLM)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "rest", "expected"),
    [
        ("by friday", "", "2026-10-23"),
        ("the printer by friday @it", "the printer  @it", "2026-10-23"),
        ("toner, please, by tomorrow at 3pm.", "toner, please, .", "2026-10-23 15:00"),
        ("(by friday, if you can)", "(, if you can)", "2026-10-23"),
        ("BY FRIDAY!", "!", "2026-10-23"),
        ("*by friday*", "**", "2026-10-23"),
        ("by friday\n15:00 is too late", "\n15:00 is too late", "2026-10-23"),
        ("by friday by monday", "by friday ", "2026-10-26"),
        ("by monday, not by hand", ", not by hand", "2026-10-26"),
        ("a chair by the 15th", "a chair ", "2026-11-15"),
        ("a desk by december 1st, 2026 at 3:30 pm, thanks", "a desk , thanks", "2026-12-01 15:30"),
        ("a desk by on december 1st 2026 at 3:30 pm thanks", "a desk  thanks", "2026-12-01 15:30"),
        ("the report by may", "the report ", "2027-05-01"),
        ("the report by may !high", "the report  !high", "2027-05-01"),
        ("the report by may.", "the report .", "2027-05-01"),
        ("the report by sun", "the report ", "2026-10-25"),
        ("the report by sun 15:00 thanks", "the report  thanks", "2026-10-25 15:00"),
        ("march by the shop by march 3", "march by the shop ", "2027-03-03"),
        ("by the end of the week please", " please", "2026-10-23"),
        ("it by friday it is", "it  it is", "2026-10-23"),
        ("by friday at 3", " at 3", "2026-10-23"),
    ],
)
def test_finding_a_date_and_cutting_it_out(text: str, rest: str, expected: str) -> None:
    found = find_date(text, "by", THURSDAY, STOCKHOLM)
    assert found is not None
    assert found.day == said(expected)
    assert text[: found.start] + text[found.end :] == rest


@pytest.mark.parametrize(
    "text",
    [
        "stand by me",
        "stand-by friday",
        "by-friday",
        "by the sea",
        "by hand",
        "by mary",
        "by marching",
        "approved by may and june",
        "by may be",
        "by 3 people",
        "by 50 percent",
        "passed by sun street",
        "by sat nav",
        "by bus",
        "march by the shop",
        "by 1",
        "by 1.5",
        "by 1/12",
        "delayed by 2 days",
        "by second-hand",
        "by the second floor",
        "by the 2nd floor",
        "by the 15th century",
        "by friday's team",
        "by friday/monday",
        "by today's paper",
        "by weekday",
        "by day",
        "by night",
        "by morning",
        "by the end",
        "by this",
        "by next",
        "by in",
        "by",
        "by ",
        "baby friday",
        "bye friday",
        "by\nfriday",
        "friday",
        "",
    ],
)
def test_not_fooled(text: str) -> None:
    assert find_date(text, "by", THURSDAY, STOCKHOLM) is None


def test_another_lead() -> None:
    text = "12 until monday morning by the way"
    assert find_date(text, "until", THURSDAY, STOCKHOLM) == Found(said("2026-10-26 09:00"), 3, 23)


days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
forms = st.sampled_from(["{d} {m}", "{m} {d}", "{d}th of {m:.3}"])


def coming(today: date, month: int, day: int) -> date | None:
    """The slow twin: look at each year."""
    years = range(today.year, today.year + 9)
    real = (date(year, month, day) for year in years if day <= monthrange(year, month)[1])
    return next((found for found in real if found >= today), None)


@settings(deadline=None)  # the parser of months takes its time at first
@given(days, st.integers(1, 12), st.integers(1, 31), forms)
def test_a_day_of_a_month_is_the_coming_one(today: date, month: int, day: int, form: str) -> None:
    words = form.format(d=day, m=month_name[month])
    expected = coming(today, month, day)
    found = read_date(words, datetime.combine(today, time(12), UTC), "UTC")
    assert (found and found.local.date()) == expected


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(0, 6), st.times())  # noqa: DTZ001
def test_a_weekday_is_the_first_still_ahead(now: datetime, weekday: int, clock: time) -> None:
    found = read_date(f"{day_name[weekday]} {clock:%H:%M}", now.replace(tzinfo=UTC), "UTC")
    assert found is not None
    assert found.local.weekday() == weekday
    assert now < found.local <= now + timedelta(days=7)


@settings(deadline=None)
@given(days, st.sampled_from(["day", "days", "week", "weeks"]), st.integers(0, 999))
def test_counted_days(today: date, unit: str, count: int) -> None:
    found = read_date(f"in {count} {unit}", datetime.combine(today, time(23), UTC), "UTC")
    assert found is not None
    assert found.local.date() == today + timedelta(days=count * (7 if unit.startswith("week") else 1))


WORDS = """
by By the on at in end of next this day week month months hours an two may sun dec. december friday fri, 1 1st
31 32 999 2026 9999-12-31 2026-02-30 15:00 3 pm p.m. midnight eod tonight ! , ſun K İ ١ ２
"""
pieces = st.sampled_from([*WORDS.split(), "\n"])
texts = st.one_of(st.text(), st.lists(pieces).map(" ".join))
nows = st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo(STOCKHOLM)]), allow_imaginary=False)


@settings(deadline=None)
@given(texts, nows.filter(lambda now: 1 < now.year < 9999))
def test_no_words_ever_raise(text: str, now: datetime) -> None:
    read_date(text, now, NEW_YORK)
    found = find_date(text, "by", now, NEW_YORK)
    if found:
        assert text[found.start : found.end].lower().startswith("by")
        assert text[found.start : found.end] == text[found.start : found.end].strip()
        assert read_date(text[found.start + 2 : found.end], now, NEW_YORK) == found.day


@pytest.mark.parametrize("words", ["in 999 months", "in 999 hours", "tomorrow", "end of next month", "1 may"])
def test_the_end_of_all_years(words: str) -> None:
    assert read_date(words, datetime(9999, 12, 31, 12, tzinfo=UTC), "UTC") is None


@pytest.mark.parametrize(
    "text",
    [
        "word " * 2_000,
        "by " * 3_333,
        "by" * 5_000,
        "by " + "x" * 10_000,
        "by" + " " * 10_000,
        "by the end of the next " * 450,
        "by 1st " * 1_400,
    ],
)
def test_long_texts_are_quick(text: str) -> None:
    spent = []
    for _ in range(5):
        start = stopwatch.perf_counter()
        find_date(text, "by", THURSDAY, STOCKHOLM)
        spent.append(stopwatch.perf_counter() - start)
    assert min(spent) < 0.05


def test_the_slow_parser_is_not_loaded_for_plain_dates() -> None:
    script = (
        "import sys; from datetime import datetime, UTC; from handlers.dates import find_date\n"
        "for text in ('by hand', 'by friday', 'by 2026-12-01 15:00', 'by end of month'):\n"
        "    find_date(text, 'by', datetime.now(UTC), 'UTC')\n"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
