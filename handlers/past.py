"""A line of history in words: what happened, by whom."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers import worktime
from handlers.cards import Names, name
from handlers.homes import sentence
from handlers.notices import Quote, When, Words
from handlers.terms import write_length
from handlers.worktime import Calendar
from storage.records import Entry
from storage.types import WallTime


def told(line: Entry, names: Names) -> Words:
    """One line as people read it in `history 12`."""
    if line.who is None and line.verb == "assign":
        return ("Given to ", name(names, line.fact), f": {line.text}")
    if line.who is None and line.verb == "homeless":
        return (f"It needs a home: {sentence(line.fact)}",)
    if line.who is None:
        return (_BY_ITSELF.get(line.verb, line.verb), *_more(line))
    who = name(names, line.who)
    match line.verb:
        case "give":
            return (who, " handed it to ", name(names, line.fact), *_why(line))
        case "away":
            return (who, " asked ", name(names, line.fact), ", who was away")
        case "move":
            return (who, f" moved it to {line.fact}")
        case "promise":
            return (who, " promised it by ", _date(line.fact))
        case "take" if line.fact:
            return (who, " took it and promised it by ", _date(line.fact))
        case "wait until":
            return (who, " paused it until ", _date(line.fact))
        case "wait on":
            return (who, f" let it wait for #{line.fact}")
        case "snooze":
            return (who, " parked it until ", _date(line.fact), *_why(line))
        case _:
            return (who, " ", _BY_SOMEBODY.get(line.verb, line.verb), *_why(line))


_BY_SOMEBODY = {
    "file": "asked for it",
    "take": "took it",
    "ask": "asked the requester",
    "answer": "answered",
    "note": "wrote",
    "whisper": "wrote to the team alone",
    "resolve": "resolved it",
    "reopen": "reopened it",
    "cancel": "cancelled it",
    "decline": "declined it",
    "nudge": "asked for news",
    "follow": "follows it",
    "unfollow": "no longer follows it",
    "rate": "rated the service",
    "unrate": "took the rating back",
    "made good": "says that it is made good",
    "comment": "added a comment to the rating",
    "fault": "said what fell short",
}

_BY_ITSELF = {
    "late": "It became late",
    "resume": "It goes on",
    "unpark": "It is no longer parked",
    "close": "Closed: nobody objected for five working days",
    "give up": "Resolved: nobody answered for five working days",
    "nudge": "Nudged",
    "escalate": "The lead was told that it does not move",
    "link": "Two accounts of one person in it were joined",
    "orphan": "Its owner has left; it is open again",
    "elsewhere": "Its card could not be shown where it was, and moved",
}


_WAITS = frozenset({"ask", "wait until", "wait on"})
_WAKES = frozenset({"take", "answer", "resume", "resolve", "give up", "decline", "cancel", "move"})
"""What ends a wait."""
_MOVES = _WAKES | {"unpark", "give", "promise", "note", "reopen", "orphan"}
"""What ends a parking: anything that is done about it."""


def pauses(lines: Iterable[Entry], calendar: Calendar) -> dict[int, timedelta]:
    """For how much working time the clock had stood still when it ran again, by the line that started it.

    1. Whoever asks, lets it wait or parks it stops the clock; it may be stopped for several reasons in turn.
    2. A date that has come starts it again, even when nobody was there to write that down in time.
    3. `targets.keep_pace` moves what is due by just as much.
    """
    stood: dict[int, timedelta] = {}
    since: datetime | None = None
    until: datetime | None = None
    waits = False
    for line in lines:
        over = until is not None and until <= line.at
        if since is not None and (over or line.verb in (_WAKES if waits else _MOVES)):
            end = until if over and until else line.at
            stood[line.id] = worktime.between(calendar, since, max(since, end))
            goes_on_waiting = waits and line.verb == "move" and not over
            since, until, waits = (line.at, until, True) if goes_on_waiting else (None, None, False)
        if line.verb in _WAITS or (line.verb == "snooze" and not waits):
            since, until, waits = since or line.at, _until(line), line.verb in _WAITS
    return stood


def still(line: Entry, names: Names, stood: timedelta | None) -> Words:
    """One line, and for how long the clock had stood still when it was written."""
    words = told(line, names)
    return (*words, f". The clock had stood still for {write_length(stood)} of work") if stood else words


def _until(line: Entry) -> datetime | None:
    return WallTime.parse(line.fact).instant() if line.verb in ("wait until", "snooze") else None


def _why(line: Entry) -> Words:
    return (": ", Quote(line.text)) if line.text else ()


def _more(line: Entry) -> Words:
    if line.verb == "resume" and line.fact:
        return (f", since #{line.fact} has ended",)
    return (f": {line.text}",) if line.text else ()


def _date(fact: str) -> When:
    wall = WallTime.parse(fact)
    return When(wall.instant(), wall.zone)
