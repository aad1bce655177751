"""What a filled form holds, field by field: platforms bring it as text, or several options as a tuple."""

from collections.abc import Mapping
from datetime import date, datetime, time

from storage.types import WallTime

Values = Mapping[str, str | tuple[str, ...]]

DAY_BEGINS, DAY_END = time(9), time(17)


def one(values: Values, name: str) -> str:
    """What stands in a field; empty when nothing does."""
    value = values.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def many(values: Values, name: str) -> tuple[str, ...]:
    """What was chosen in a field of several."""
    value = values.get(name, ())
    return value if isinstance(value, tuple) else ()


def moment(values: Values, zone: str, unless_said: time = DAY_END) -> WallTime | None:
    """The fields `day` and `time` as a moment on a zone's clock; None without a day."""
    day, at = one(values, "day"), one(values, "time")
    if not day:
        return None
    return WallTime(
        datetime.combine(date.fromisoformat(day), time.fromisoformat(at) if at else unless_said), zone
    )
