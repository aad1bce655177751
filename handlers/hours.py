"""When a team works, as one writes it: "mon-thu 08:00-12:00 13:00-17:00; fri 08:00-13:00"; and its holidays.

1. Entries are parted by semicolons: days first, then one or several spans of hours.
2. Days are one ("sat") or a run ("mon-fri", "fri-mon"); nothing else.
3. A span that ends before it begins runs past midnight; one of no length is a mistake.
4. A day may be named once; spans of one week may touch but not overlap.
5. Public holidays are those of a country, and of a part of it: "SE", "DE-BY" (ISO 3166, as the `holidays`
   library has them).
6. Own days off are dates, "2026-12-24", and spans of at most a year, "2026-12-27..2026-12-31".
"""

import re
from collections.abc import Collection
from datetime import date, time, timedelta

from handlers.worktime import Calendar, Week, weekly_hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEAR = timedelta(days=366)
EXAMPLE = "should look like “mon-fri 09:00-17:00”"

_ENTRY = re.compile(r"(?P<first>[a-z]{3})[a-z]*(?:-(?P<last>[a-z]{3})[a-z]*)?\s+(?P<spans>\S.*)")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_COUNTRY = re.compile(r"(?P<country>[A-Z]{2})(?:-(?P<part>[A-Z0-9]{1,10}))?")

Spans = list[tuple[time, time]]


def working_time(
    zone: str, hours: str, holidays: str = "", days_off: Collection[str] = (), years: range = range(0)
) -> Calendar:
    """The working time that these texts mean, with the public holidays of these years.

    ValueError with a sentence when there is no such zone or country, or the texts cannot be read.
    """
    week, free = read_week(hours), public_holidays(holidays, years) | read_days_off(days_off)
    return Calendar(zone, week, free)


def read_week(text: str) -> Week:
    """The hours of a week from Monday on. ValueError with a sentence when they cannot be read."""
    hours: dict[int, Spans] = {}
    for entry in filter(None, map(str.strip, text.lower().split(";"))):
        days, spans = _entry(entry)
        for day in days:
            if day in hours:
                raise ValueError(f"{DAYS[day]} is named twice")
            hours[day] = spans
    if not hours:
        raise ValueError(EXAMPLE)
    try:
        return weekly_hours("UTC", hours).week
    except ValueError:
        raise ValueError("two spans of hours overlap") from None


def public_holidays(where: str, years: range) -> frozenset[date]:
    """The public holidays of a country or a part of it, "DE-BY", in these years; none for "".

    ValueError with a sentence when there is no such country, or none such is known.
    """
    if not where:
        return frozenset()
    found = _COUNTRY.fullmatch(where.upper())
    if found is None:
        raise ValueError("should be a country, “SE”, or a country and its part, “DE-BY”")
    from holidays import country_holidays  # it takes a while, and few need it

    try:
        return frozenset(country_holidays(found["country"], subdiv=found["part"], years=years))
    except NotImplementedError:
        raise ValueError(f"no public holidays are known for {where.upper()}") from None


def read_days_off(texts: Collection[str]) -> frozenset[date]:
    """Dates and spans of dates. ValueError with a sentence when one cannot be read."""
    return frozenset(day for text in texts for day in _days(text.strip()))


def _days(text: str) -> list[date]:
    first, dots, last = text.partition("..")
    try:
        start = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if dots else start
    except ValueError:
        raise ValueError(
            f"“{text}” should be a date, “2026-12-24”, or a span, “2026-12-27..2026-12-31”"
        ) from None
    if not timedelta() <= end - start <= YEAR:
        raise ValueError(f"“{text}” should run forward, for a year at most")
    return [start + timedelta(days=ahead) for ahead in range((end - start).days + 1)]


def _entry(entry: str) -> tuple[list[int], Spans]:
    found = _ENTRY.fullmatch(entry)
    if found is None or found["first"] not in DAYS or (found["last"] or "mon") not in DAYS:
        raise ValueError(f"“{entry}” {EXAMPLE}")
    first = DAYS.index(found["first"])
    last = DAYS.index(found["last"]) if found["last"] else first
    days = [(first + ahead) % 7 for ahead in range((last - first) % 7 + 1)]
    return days, [_span(span) for span in re.split(r"[\s,]+", found["spans"])]


def _span(text: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” {EXAMPLE}")
    hour, minute, to_hour, to_minute = map(int, found.groups())
    midnight = (to_hour, to_minute) == (24, 0)
    try:
        start, end = time(hour, minute), time(0 if midnight else to_hour, to_minute)
    except ValueError:
        raise ValueError(f"“{text}” {EXAMPLE}") from None
    if start == end and not midnight:
        raise ValueError(f"“{text}” is no time at all")
    return start, end
