"""Words as plain text, for where nothing can be linked: notifications, screen readers, logs of a terminal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import assert_never
from zoneinfo import ZoneInfo

from handlers.notices import Link, Mention, Quote, Span, When, Words

IN_SIGHT = timedelta(days=180)
"""Dates are said without the year."""


def plain(words: Words) -> str:
    """The words as one text: people by name, times in their own zone, quotes in quotation marks."""
    return "".join(map(_said, words))


def in_zone(words: Words, zone: str) -> Words:
    """The words with every moment on the clocks of whoever reads them."""
    return tuple(replace(span, zone=zone) if isinstance(span, When) else span for span in words)


def until(end: datetime, zone: str, now: datetime) -> Words:
    """What follows "is away": " until Fri 27 Nov, 17:00"; nothing when no end is in sight."""
    return (" until ", When(end, zone)) if end - now < IN_SIGHT else ()


def tell(when: When) -> str:
    """A moment as a clock in its zone shows it, "Fri 27 Nov, 17:00"; in UTC when the zone is unknown."""
    zone = _zone(when.zone)
    at = when.at.astimezone(zone or UTC)
    if when.day_only:
        return f"{at:%a} {at.day} {at:%b}"
    return f"{at:%a} {at.day} {at:%b, %H:%M}" + ("" if zone else " UTC")


def _said(span: Span) -> str:
    match span:
        case str():
            return span
        case Mention(name=name):
            return name
        case When():
            return tell(span)
        case Quote(text=text):
            return f"“{text}”" if text else ""
        case Link(label=label):
            return label
        case _:
            assert_never(span)


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None
