"""ISO weeks, Monday to Sunday, on the clock of a zone: "2026-W48"."""

from datetime import date, datetime, timedelta

from handlers.house import local
from storage.types import WallTime


def week_of(at: datetime, zone: str) -> str:
    """The ISO week of a moment on a zone's clock: "2026-W48"."""
    return week_with(local(at, zone).date())


def week_with(day: date) -> str:
    """The ISO week that a day is in."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def monday_of(week: str) -> date:
    """The day on which a week begins."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def bounds(week: str, zone: str) -> tuple[datetime, datetime]:
    """A week's first moment, and the first of the week after, on a zone's clock."""
    monday = monday_of(week)
    return midnight(monday, zone), midnight(monday + timedelta(days=7), zone)


def midnight(day: date, zone: str) -> datetime:
    """When a day begins on a zone's clock; where midnight is skipped, when the clocks have skipped it."""
    return WallTime(datetime.combine(day, datetime.min.time()), zone).instant()


def weeks_back(week: str, how_many: int) -> list[str]:
    """So many weeks up to this one, the oldest first."""
    monday = monday_of(week)
    return [week_with(monday - timedelta(days=7 * back)) for back in reversed(range(how_many))]
