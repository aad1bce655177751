"""A line of history in words: what happened, by whom."""

from handlers.cards import Names, name
from handlers.notices import Quote, When, Words
from storage.records import Entry
from storage.types import WallTime


def told(line: Entry, names: Names) -> Words:
    """One line as people read it in `history 12`."""
    if line.who is None:
        return (_BY_ITSELF.get(line.verb, line.verb), *_more(line))
    who = name(names, line.who)
    match line.verb:
        case "give":
            return (who, " handed it to ", name(names, line.fact), *_why(line))
        case "away":
            return (who, " asked ", name(names, line.fact), ", who was away")
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
    "comment": "added a comment to the rating",
    "fault": "said what fell short",
}

_BY_ITSELF = {
    "late": "It became late",
    "resume": "It goes on",
    "close": "Closed: nobody objected for five working days",
    "give up": "Resolved: nobody answered for five working days",
    "nudge": "Nudged",
    "escalate": "The lead was told that it does not move",
    "link": "Two accounts of one person in it were joined",
    "orphan": "Its owner has left; it is open again",
    "elsewhere": "Its card could not be shown where it was, and moved",
}


def _why(line: Entry) -> Words:
    return (": ", Quote(line.text)) if line.text else ()


def _more(line: Entry) -> Words:
    if line.verb == "resume" and line.fact:
        return (f", since #{line.fact} has ended",)
    return (f": {line.text}",) if line.text else ()


def _date(fact: str) -> When:
    wall = WallTime.parse(fact)
    return When(wall.instant(), wall.zone)
