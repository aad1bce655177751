"""Words as plain text, for where nothing can be linked: notifications, screen readers, logs of a terminal."""

from datetime import UTC, tzinfo
from typing import assert_never
from zoneinfo import ZoneInfo

from handlers.notices import Mention, Quote, Span, When, Words


def plain(words: Words) -> str:
    """The words as one text: people by name, times in their own zone, quotes in quotation marks."""
    return "".join(map(_said, words))


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
        case _:
            assert_never(span)


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None
