"""How moments and names are kept: the column types of `storage.tables`.

SQLite loses time zones and PostgreSQL shifts them, so both keep an instant as the same whole number.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400_000_000
SECOND = 1_000_000


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC, exactly. A naive datetime is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    since = moment - EPOCH
    return since.days * DAY + since.seconds * SECOND + since.microseconds


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime that many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """A moment: any aware datetime goes in, aware UTC comes out. Naive ones are a ValueError."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """Say INTEGER on SQLite, where it holds 64 bits, and BIGINT elsewhere."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Keep microseconds."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back UTC."""
        return None if value is None else from_micros(value)


@dataclass(frozen=True, slots=True)
class WallTime:
    """What a clock on a wall shows: five o'clock in Stockholm, whatever the offset is by then.

    `local` is naive, `zone` an IANA name; anything else is a ValueError. When clocks are set back an hour
    is shown twice: the first is meant.
    """

    local: datetime
    zone: str

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise ValueError(f"{self.local.isoformat()} is an instant, not what a clock shows")
        _zone(self.zone)
        object.__setattr__(self, "local", self.local.replace(fold=0))

    @classmethod
    def at(cls, instant: datetime, zone: str) -> Self:
        """What clocks in `zone` show at an aware `instant`."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no time zone")
        return cls(instant.astimezone(_zone(zone)).replace(tzinfo=None), zone)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The reverse of `str`."""
        local, bracket, zone = text.partition("[")
        if not bracket or not zone.endswith("]"):
            raise ValueError(f"{text!r} is not a wall time like 2026-11-27T17:00[Europe/Stockholm]")
        return cls(datetime.fromisoformat(local), zone[:-1])

    def instant(self) -> datetime:
        """When that is, in UTC. A time that clocks skip moves forward by what they skip."""
        return self.local.replace(tzinfo=_zone(self.zone)).astimezone(UTC)

    def __str__(self) -> str:
        whole_minute = not self.local.second and not self.local.microsecond
        return f"{self.local.isoformat(timespec='minutes' if whole_minute else 'auto')}[{self.zone}]"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise ValueError(f"there is no time zone {name!r}") from None


class Wall(TypeDecorator[WallTime]):
    """A `WallTime`, kept as `2026-11-27T17:00[Europe/Stockholm]`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: WallTime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> WallTime | None:  # noqa: ARG002
        """Give back the value."""
        return None if value is None else WallTime.parse(value)


class Names(TypeDecorator[tuple[str, ...]]):
    """A few names in their order, kept as a JSON list. A lone string is a ValueError."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep JSON."""
        if value is None:
            return None
        if isinstance(value, str):
            raise ValueError(f"{value!r} is one name, not several")
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        """Give back a tuple."""
        if value is None:
            return None
        return () if value == "[]" else tuple(json.loads(value))


class Pairs(TypeDecorator[tuple[tuple[str, str], ...]]):
    """A few questions and answers in their order, kept as a JSON list of lists."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Sequence[str]] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep JSON."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[tuple[str, str], ...] | None:  # noqa: ARG002
        """Give back tuples."""
        if value is None:
            return None
        return () if value == "[]" else tuple((asked, answered) for asked, answered in json.loads(value))


class Counts(TypeDecorator[tuple[int, ...]]):
    """Whole numbers in their order, kept as text with a space between two."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep text."""
        return None if value is None else " ".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:  # noqa: ARG002
        """Give back a tuple."""
        return None if value is None else tuple(map(int, value.split())) if value else ()
