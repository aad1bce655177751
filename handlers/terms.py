"""What a team owes for each priority, in working time: "urgent: 1h / 8h" is a response in one hour, a
resolution in eight.

1. A line names a priority, then the time to first response, a slash, and the time to resolution.
2. A length is a number and a unit, or several: "30m", "4h", "2d", "1d 4h". A day is eight hours of work.
3. The resolution cannot come before the response; a priority may be named once; those left out are as usual.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from storage.records import Priority

DAY_OF_WORK = timedelta(hours=8)
LONGEST = 250 * DAY_OF_WORK
"""About a year of work: what takes longer is no target."""
EXAMPLE = "should look like “urgent: 1h / 8h”"

_LINE = re.compile(r"(?P<priority>[a-z]+)\s*:\s*(?P<response>[^/]+)/(?P<resolution>[^/]+)")
_LENGTH = re.compile(r"(?:(?P<days>\d{1,4})d)?\s*(?:(?P<hours>\d{1,5})h)?\s*(?:(?P<minutes>\d{1,6})m)?")


@dataclass(frozen=True, slots=True)
class Target:
    """What the team owes for a priority, in working time."""

    response: timedelta
    resolution: timedelta


TARGETS: Mapping[Priority, Target] = {
    Priority.URGENT: Target(timedelta(hours=1), timedelta(hours=8)),
    Priority.HIGH: Target(timedelta(hours=4), timedelta(hours=16)),
    Priority.NORMAL: Target(timedelta(hours=8), timedelta(hours=40)),
    Priority.LOW: Target(timedelta(hours=16), timedelta(hours=80)),
}
"""What is owed where nothing else was said."""


def read_targets(lines: Collection[str]) -> dict[Priority, Target]:
    """The targets that these lines name. ValueError with a sentence when one cannot be read."""
    found: dict[Priority, Target] = {}
    for line in filter(None, map(str.strip, lines)):
        priority, target = _target(line)
        if priority in found:
            raise ValueError(f"{priority} is named twice")
        found[priority] = target
    return found


@lru_cache(maxsize=1024)
def targets_of(lines: tuple[str, ...]) -> Mapping[Priority, Target]:
    """Every priority's target, by these lines or as usual; as usual when they cannot be read any more."""
    try:
        return {**TARGETS, **read_targets(lines)}
    except ValueError:
        return TARGETS


def read_length(text: str) -> timedelta:
    """A length of working time, "1d 4h". ValueError with a sentence when it is none, or over a year."""
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None or not found[0]:
        raise ValueError(f"“{text.strip()}” should look like “4h”, “30m” or “2d”")
    days, hours, minutes = (int(found[part] or 0) for part in ("days", "hours", "minutes"))
    length = days * DAY_OF_WORK + timedelta(hours=hours, minutes=minutes)
    if not length:
        raise ValueError(f"“{text.strip()}” is no time at all")
    if length > LONGEST:
        raise ValueError(f"“{text.strip()}” is more than a year of work")
    return length


def write_length(length: timedelta) -> str:
    """The shortest way to write a length: "1d 4h"."""
    days, rest = divmod(length, DAY_OF_WORK)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number) or "0m"


def _target(line: str) -> tuple[Priority, Target]:
    found = _LINE.fullmatch(line.lower())
    if found is None:
        raise ValueError(f"“{line}” {EXAMPLE}")
    if found["priority"] not in set(Priority):
        raise ValueError(f"“{found['priority']}” is no priority: low, normal, high or urgent")
    response, resolution = read_length(found["response"]), read_length(found["resolution"])
    if resolution < response:
        raise ValueError(f"“{line}” owes the resolution before the response")
    return Priority(found["priority"]), Target(response, resolution)
