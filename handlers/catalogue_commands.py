"""The lines that speak of the catalogue: `services`, `teams` and `duty`, by what follows the word.

A line that goes on otherwise, "services for the elevator are due", is a request.
"""

import re
from datetime import datetime

from handlers.catalogue_intents import (
    OpenService,
    OpenSwap,
    OpenTeam,
    ShowDuty,
    ShowServices,
    ShowTeams,
    Swap,
)
from handlers.dates import read_date
from handlers.filing import Unclear
from handlers.intents import Intent
from handlers.mentions import MENTION

_COURTESIES = ("", "please", "pls", "now")
_NAME = re.compile(r"[#@]?([^\W\d_][\w-]{0,79})")
_EDIT = re.compile(r"edit\s+[#@]?([a-z][a-z0-9-]{0,39})", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\S)@\S+")
_NOBODY = re.compile(r"(?<!\S)nobody(?!\S)", re.IGNORECASE)
_NOTHING_CHANGED = "Nothing was changed."


def read_catalogue(verb: str, rest: str, now: datetime, zone: str) -> Intent | None:
    """What a line that begins with one of `CATALOGUE` asks for; None when it may be a request.

    Raises `Unclear` when something is missing.
    """
    opens = rest.endswith(("…", "..."))
    words = rest.rstrip(" .!?…")
    if words.lower() in _COURTESIES:
        words = ""
    if verb == "duty":
        return _duty(words, opens, now, zone)
    return _services(words) if verb == "services" else _teams(words)


CATALOGUE = ("services", "teams", "duty")


def _services(words: str) -> Intent | None:
    if words.lower() == "add":
        return OpenService()
    if edit := _EDIT.fullmatch(words):
        return OpenService(edit[1].lower())
    name = _NAME.fullmatch(words)
    return ShowServices(name[1] if name else "") if name or not words else None


def _teams(words: str) -> Intent | None:
    if words.lower() == "add":
        return OpenTeam()
    if edit := _EDIT.fullmatch(words):
        return OpenTeam(edit[1].lower())
    return None if words else ShowTeams()


def _duty(words: str, opens: bool, now: datetime, zone: str) -> Intent | None:
    """1. `duty` and `duty flowers` show; 2. `duty flowers …` asks; 3. with a day and somebody it swaps."""
    if not words or _NAME.fullmatch(words):
        team = words.lstrip("#@")
        return OpenSwap(team) if opens and team else ShowDuty(team)
    person, nobody, stranger = MENTION.search(words), _NOBODY.search(words), _HANDLE.search(words)
    said = person or nobody or stranger
    left = " ".join((words[: said.start()] + words[said.end() :]).split()) if said else words
    found = _week(left, now, zone) or (_week(words, now, zone) if stranger and not person else None)
    if found is None:
        return None
    team, day = found
    if not person and not nobody:
        why = f"I know nobody called “{stranger[0]}”." if stranger else "Say who stands in, with an @."
        raise Unclear(f"{why} {_NOTHING_CHANGED}")
    return Swap(team, day.date(), person[1] if person else None)


def _week(words: str, now: datetime, zone: str) -> tuple[str, datetime] | None:
    """A day, with or without a team before it."""
    if day := read_date(words, now, zone):
        return "", day.local
    team, _, rest = words.partition(" ")
    named = _NAME.fullmatch(team)
    day = read_date(rest, now, zone) if named else None
    return (named[1], day.local) if named and day else None
