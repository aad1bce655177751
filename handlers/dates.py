"""Dates as people type them, in English.

What is written is held against a short grammar first, and only what fits it is a date: a lenient parser would
find one in "by 3 people" or "by 1". The grammar is a day, a clock time, or both in either order. The days:

1. today, tomorrow, the day after tomorrow, yesterday.
2. friday, this friday: the coming one. Said on a Friday it is that day while its moment is still ahead,
   and the next week's once that has passed.
3. next friday, friday next week: that day of next week. A week starts on Monday.
4. next week: its Monday. This week, end of week: Friday as in 2. End of next week: Friday as in 3.
5. next month: its first day. This month, end of month, end of next month, end of may: the last day.
6. 2026-12-01.
7. 1 december, december 1st, the 1st of dec 2026: without a year, the coming one, today included.
   Dates in numbers, such as 1/12, are not read: half the world means another day.
8. december, december 2026: its first day; without a year, the coming one, today included.
9. the 15th: the coming one, today included.
10. in two days, in 3 weeks, in a month: counted from today.
11. in 2 hours, in 90 minutes: counted in real time from now, so it takes no clock time.

Clock times are 15:00, 3pm, 3:30 pm, noon and midnight (which ends its day); after a day also morning
(09:00), afternoon (15:00), evening (18:00) and night (20:00). Without a day they mean today, and may have
passed. End of day, eod, cob and no clock time at all mean the whole day.
"""

import re
from calendar import monthrange
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

DAY_END = time(17)
"""When a day that is named without a clock time is over."""

MOST_WORDS = 7
"""The longest date: "on december 1st 2026 at 3:30 pm"."""

MOST_LEADS = 8
"""How many leads `find_date` looks behind, from the last one back: this bounds its work."""

_LONGEST = 60  # characters; the longest date has fewer


@dataclass(frozen=True, slots=True)
class Day:
    """A moment on a person's wall clock.

    `local` is naive; its `fold` tells the second of two equal times when the clocks go back. With `whole_day`
    no clock time was said, and `local` is the end of the day.
    """

    local: datetime
    whole_day: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A date inside a text: `text[start:end]` is the lead and the date, without the punctuation after it."""

    day: Day
    start: int
    end: int


def read_date(words: str, now: datetime, zone: str, *, day_end: time = DAY_END) -> Day | None:
    """Read `words` as a date, or return None when they are not one. A date that has passed is returned.

    `now` is aware and `zone` the person's IANA time zone; together they say what today is. Raises
    `ValueError` for a naive `now` and what `ZoneInfo` raises for an unknown zone, but nothing for any words.
    """
    if now.utcoffset() is None:
        raise ValueError("now needs a time zone")
    local = now.astimezone(ZoneInfo(zone))
    if len(words) > _LONGEST:
        return None
    try:
        return _read(_tidy(words), local, _since_midnight(day_end))
    except (OverflowError, ValueError):  # 2026-02-30, or past the year 9999
        return None


def find_date(text: str, lead: str, now: datetime, zone: str, *, day_end: time = DAY_END) -> Found | None:
    """Find the last `lead`, such as "by" or "until", that a date follows, with the longest date after it.

    Words that are dates among other things count only where the phrase ends, at the end of a line or before
    punctuation or a mark such as `@it`: "by may", "by sun" and "by the 15th" do there, but "passed by sun
    street" does not. Raises as `read_date` does.
    """
    leads = re.finditer(rf"(?<![\w-]){re.escape(lead)}(?!\S)", text, re.IGNORECASE)
    for match in reversed(deque(leads, maxlen=MOST_LEADS)):
        for end in reversed(_ends(text, match.end())):
            words = text[match.end() : end]
            if _DOUBTFUL.fullmatch(_tidy(words)) and not _PHRASE_END.match(text, end):
                continue
            if day := read_date(words, now, zone, day_end=day_end):
                return Found(day, match.start(), end)
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    """What a day's name is relative to: the person's wall clock, and the time of day that is meant."""

    now: datetime
    clock: timedelta

    @property
    def today(self) -> date:
        return self.now.date()


_Rule: TypeAlias = Callable[[re.Match[str], _Said], date | None]


def _read(words: str, now: datetime, day_end: timedelta) -> Day | None:
    if _REAL_TIME.fullmatch(words):
        return _in_real_time(words, now)
    naive = now.replace(tzinfo=None)
    for shape in _SHAPES:
        match = shape.fullmatch(words)
        if not match:
            continue
        said = match.groupdict()
        clock = _clock(said.get("clock") or "")
        moment = day_end if clock is None else clock
        day = _day(said.get("day") or "today", _Said(naive, moment))
        if day:
            return Day(datetime.combine(day, time()) + moment, clock is None)
    return None


def _clock(words: str) -> timedelta | None:
    """Return the wall-clock time since midnight, or None for the whole day."""
    if words in _CLOCKS:
        return _CLOCKS[words]
    numbers = [int(digits) for digits in re.findall("[0-9]+", words)]
    if not numbers:
        return None
    hour, minute = numbers[0], sum(numbers[1:])
    if words.rstrip(".").endswith("m"):
        hour = hour % 12 + 12 * ("p" in words)
    return timedelta(hours=hour, minutes=minute)


def _day(words: str, said: _Said) -> date | None:
    for pattern, rule in _RULES:
        match = pattern.fullmatch(words)
        if match:
            return rule(match, said)
    return None


def _near(match: re.Match[str], said: _Said) -> date:
    return said.today + timedelta(days=_NEAR[match[0].removeprefix("the ")])


def _coming(weekday: int, said: _Said) -> date:
    day = said.today + timedelta(days=(weekday - said.now.weekday()) % 7)
    passed = datetime.combine(day, time()) + said.clock <= said.now
    return day + timedelta(days=7 * passed)


def _next_week(weekday: int, said: _Said) -> date:
    return said.today + timedelta(days=7 + weekday - said.now.weekday())


def _month_start(said: _Said, months: int) -> date:
    month = said.today.month - 1 + months
    return date(said.today.year + month // 12, month % 12 + 1, 1)


def _month_end(start: date) -> date:
    return start.replace(day=monthrange(start.year, start.month)[1])


def _end_of_named_month(match: re.Match[str], said: _Said) -> date:
    months = (_MONTHS.index(match["month"][:3]) + 1 - said.today.month) % 12
    return _month_end(_month_start(said, months))


def _named_month(match: re.Match[str], said: _Said) -> date | None:
    parts = match.groupdict()
    words = f"{parts.get('nth', 1)} {parts['month']} {parts['year'] or ''}"
    return _parsed(words, said.today - timedelta(days=1))  # today is not "future" to the parser


def _nth(match: re.Match[str], said: _Said) -> date | None:
    following = (said.today + timedelta(days=ahead) for ahead in range(62))
    return next((day for day in following if day.day == int(match["nth"])), None)


def _parsed(words: str, base: date) -> date | None:
    parsed = _dateparser(words, datetime.combine(base, time()))
    return parsed.date() if parsed else None


def _in_real_time(words: str, now: datetime) -> Day | None:
    # The same base each time, because dateparser keeps caches for each.
    base = datetime(2000, 1, 1)  # noqa: DTZ001
    later = _dateparser(words, base)
    if not later:
        return None
    local = (now.astimezone(UTC) + (later - base)).astimezone(now.tzinfo)
    return Day(local.replace(tzinfo=None), whole_day=False)


def _dateparser(words: str, base: datetime) -> datetime | None:
    # Imported here because it costs a third of a second at first, and most texts hold no date.
    import dateparser  # type: ignore[import-untyped]

    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"}
    parsed: datetime | None = dateparser.parse(words, languages=["en"], settings=settings)
    return parsed


def _since_midnight(clock: time) -> timedelta:
    return datetime.combine(date.min, clock) - datetime.combine(date.min, time())


def _tidy(words: str) -> str:
    """Return the words in lower case, one space apart, without commas inside and marks at the end."""
    return " ".join(word.rstrip(",") for word in words.lower().rstrip(_MARKS).split())


def _ends(text: str, start: int) -> list[int]:
    """Return where each of the next words on the line ends, without the marks after it."""
    ends: list[int] = []
    word = _WORD.match(text, start)
    while word and len(ends) < MOST_WORDS and word.end() - start <= _LONGEST:
        bare = word[0].rstrip(_MARKS)
        if not bare:
            break
        ends.append(word.start() + len(bare))
        word = _WORD.match(text, word.end())
    return ends


_MARKS = " .,;:!?)]}*_~\"'”’"
_WORD = re.compile(r"[^\S\n]+\S{1,60}")
_PHRASE_END = re.compile(r"[^\S\n]*(?:[^\w\s]|\n|\Z)")

_MONDAY, _FRIDAY = 0, 4
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}
_PARTS = {
    "morning": timedelta(hours=9),
    "afternoon": timedelta(hours=15),
    "evening": timedelta(hours=18),
    "night": timedelta(hours=20),
}
_CLOCKS = {
    **_PARTS,
    "tonight": _PARTS["night"],
    "noon": timedelta(hours=12),
    "midday": timedelta(hours=12),
    "midnight": timedelta(hours=24),
}

_WEEKDAY = (
    "(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    "|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NTH = "(?P<nth>0?[1-9]|[12][0-9]|3[01])"
_YEAR = "(?P<year>20[0-9]{2})"
_COUNT = "in (?:[0-9]{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"

_PART = "morning|afternoon|evening|night"
_CLOCK = (
    r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|(?:1[0-2]|0?[1-9])(?::[0-5][0-9])? ?[ap]\.?m\.?|noon|midday|midnight"
    r"|(?:the )?(?:end of (?:the )?day|close of business|eod|cob)"
)
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        "(?P<clock>tonight)",
        f"this (?P<clock>{_PART})",
        f"(?:on )?(?P<day>.+?) (?:in the )?(?P<clock>{_PART})",
        f"(?:on )?(?P<day>.+?) (?:at )?(?P<clock>{_CLOCK})",
        f"(?:at )?(?P<clock>{_CLOCK})(?: (?:on )?(?P<day>.+))?",
        "(?:on )?(?P<day>.+)",
    )
)
_REAL_TIME = re.compile(f"{_COUNT} (?:minutes?|hours?)")
_DOUBTFUL = re.compile(f"(?:on )?(?:mon|wed|sat|sun|{_MONTH}|(?:the )?[0-9]+(?:st|nd|rd|th))")


def _weekday(rule: Callable[[int, _Said], date]) -> _Rule:
    return lambda match, said: rule(_WEEKDAYS.index(match["weekday"][:3]), said)


# The numbers are the cases at the top.
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        # 1
        ("yesterday|today|tonight|tomorrow|(?:the )?day after tomorrow", _near),
        # 2
        (f"(?:this |coming )?{_WEEKDAY}", _weekday(_coming)),
        # 3
        (f"next {_WEEKDAY}", _weekday(_next_week)),
        (f"{_WEEKDAY} next week", _weekday(_next_week)),
        # 4
        ("next week", lambda _, said: _next_week(_MONDAY, said)),
        ("this week|(?:the )?end of (?:the |this )?week|eow", lambda _, said: _coming(_FRIDAY, said)),
        ("(?:the )?end of next week", lambda _, said: _next_week(_FRIDAY, said)),
        # 5
        ("next month", lambda _, said: _month_start(said, 1)),
        (
            "this month|(?:the )?end of (?:the |this )?month|eom",
            lambda _, said: _month_end(_month_start(said, 0)),
        ),
        ("(?:the )?end of next month", lambda _, said: _month_end(_month_start(said, 1))),
        (f"(?:the )?end of {_MONTH}", _end_of_named_month),
        # 6
        ("[0-9]{4}-[0-9]{2}-[0-9]{2}", lambda match, _: date.fromisoformat(match[0])),
        # 7
        (f"{_MONTH} {_NTH}(?:st|nd|rd|th)?(?: {_YEAR})?", _named_month),
        (f"(?:the )?{_NTH}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?: {_YEAR})?", _named_month),
        # 8
        (f"{_MONTH}(?: {_YEAR})?", _named_month),
        # 9
        (f"(?:the )?{_NTH}(?:st|nd|rd|th)", _nth),
        # 10
        (f"{_COUNT} (?:days?|weeks?|months?)", lambda match, said: _parsed(match[0], said.today)),
    )
)
