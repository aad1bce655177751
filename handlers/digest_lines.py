"""The lines that begin with `digest`, by what follows. One that goes on otherwise is a request.

1. `digest`: the last seven days, to me.
2. `digest preview [#general]`: what the channel would read.
3. `digest late [2026-11-29] [team flowers]`: the requests behind a number.
4. `digest subscribe [#general] [mon] [09:00] [Europe/Stockholm] [team flowers]`, its parts in any order.
5. `digest unsubscribe [#general]`.
6. `digest …` and `digest subscribe …`: the form.
"""

import re
from dataclasses import replace
from datetime import date, time

from handlers.digest_intents import (
    DigestIntent,
    OpenSubscription,
    PreviewDigest,
    ShowBehind,
    ShowDigest,
    Subscribe,
    Unsubscribe,
)
from handlers.filing import Unclear
from handlers.house import is_zone

KINDS = ("filed", "resolved", "open", "late", "missed", "broken", "reopened")
"""The numbers that can be opened to the requests behind them."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_COURTESIES = ("", "please", "pls", "now")
_AT = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?", re.IGNORECASE)
_ABOUT = re.compile(r"(?<!\S)(team|service)\s+[#@]?([^\W\d_][\w-]{0,79})(?!\S)", re.IGNORECASE)
_TIED = ("at", "on", "in", "to", "for", "every", "about", "everything", "and", "the", "o'clock")
"""Words that say nothing by themselves."""
_YEARS = range(1971, 9999)
_NOTHING_CHANGED = "Nothing was changed."


def read_digest(rest: str) -> DigestIntent | None:
    """What a line that begins with `digest` asks for; None when it may be a request.

    Raises `Unclear` when a part cannot be understood.
    """
    opens = rest.endswith(("…", "..."))
    words = rest.rstrip(" .!?…")
    if words.lower() in _COURTESIES:
        return OpenSubscription() if opens else ShowDigest()
    verb, _, more = words.partition(" ")
    match verb.lower():
        case "subscribe":
            return OpenSubscription(_only_channel(more)) if opens else _subscribe(more)
        case "unsubscribe":
            return Unsubscribe(_only_channel(more))
        case "preview":
            return PreviewDigest(_only_channel(more))
        case kind if kind in KINDS:
            return _behind(kind, more)
        case _:
            return None


def _behind(kind: str, words: str) -> ShowBehind | None:
    team, service, words = _scope(words)
    found = ShowBehind(kind, team=team, service=service)
    if not words.strip():
        return found
    try:
        last = date.fromisoformat(words.strip())
    except ValueError:
        return None
    return replace(found, last=last) if last.year in _YEARS else None


def _subscribe(words: str) -> Subscribe:
    team, service, words = _scope(words)
    found = Subscribe(team=team, service=service)
    for word in words.replace(",", " ").split():
        found = _with(found, word)
    return found


def _scope(words: str) -> tuple[str, str, str]:
    """The team or the service that is named, and the words without it."""
    about = _ABOUT.search(words)
    if about is None:
        return "", "", words
    rest = words[: about.start()] + words[about.end() :]
    return (about[2], "", rest) if about[1].lower() == "team" else ("", about[2], rest)


def _with(found: Subscribe, word: str) -> Subscribe:
    low = word.lower()
    if low in _TIED:
        return found
    day = next((number for number, name in enumerate(DAYS) if _is_day(low, name)), None)
    if day is not None:
        return replace(found, weekday=day)
    if at := _AT.fullmatch(low):
        return replace(found, at=_time(at, word))
    if word.startswith(("#", "slack:", "teams:", "https:")):
        return replace(found, channel=word)
    if is_zone(word) and ("/" in word or word.isupper()):
        return replace(found, zone=word)
    if "/" in word:
        raise Unclear(f"There is no time zone “{word}”; one is called Europe/Stockholm. {_NOTHING_CHANGED}")
    raise Unclear(
        f"I do not understand “{word}” here. Say a channel, a day, a time, a time zone, and “team flowers” "
        f"or “service bouquets”. {_NOTHING_CHANGED}"
    )


def _is_day(word: str, name: str) -> bool:
    return len(word) >= 3 and (name.startswith(word) or word == f"{name}s")


def _time(found: re.Match[str], word: str) -> time:
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 24
    try:
        return time(hour, minute)
    except ValueError:
        raise Unclear(f"“{word}” is no time of day; say “09:00”. {_NOTHING_CHANGED}") from None


def _only_channel(words: str) -> str:
    named = [word for word in words.split() if word.lower() not in _TIED]
    if len(named) > 1:
        raise Unclear(f"Name one channel, with a # before it. {_NOTHING_CHANGED}")
    return named[0] if named else ""
