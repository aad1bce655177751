"""The requests behind the numbers of a digest, for one person: those that they may see.

Private requests are behind none of them, as they are in none of them.
"""

from datetime import datetime, timedelta

from handlers import listing, targets
from handlers.digest_intents import ShowBehind
from handlers.isoweeks import midnight
from handlers.notices import Listing, Notice
from handlers.numbers import Scope
from handlers.subscribing import about
from handlers.turn import Turn
from storage import numbers as kept
from storage import requests
from storage.numbers import Done
from storage.records import Request

MOST_ROWS = 15
A_WEEK = timedelta(days=7)

BEHIND = {
    "filed": ("Filed", "Nothing was filed."),
    "resolved": ("Resolved", "Nothing was resolved."),
    "open": ("Open now", "Nothing is open."),
    "late": ("Late now", "Nothing is late."),
    "missed": ("Resolved past their target", "Nothing was resolved past its target."),
    "broken": ("Promises not kept", "Every promise was kept."),
    "reopened": ("Resolved more than once", "Nothing had to be resolved again."),
}
"""What can be opened, and what is said when there is nothing."""
NOW_ONLY = ("open", "late")
"""What is as it is now, whatever span is asked for."""


def show(turn: Turn, intent: ShowBehind) -> Notice:
    """The requests behind a number: of seven days, or, of what is open or late, as it is now."""
    scope = Scope(*about(turn, intent.team, intent.service))
    title, empty = BEHIND[intent.which]
    shown, more = found(turn, intent.which, *_span(turn, intent), scope, MOST_ROWS)
    return Listing(title, listing.rows(turn, shown), more=more, empty=empty)


def found(
    turn: Turn, which: str, start: datetime, end: datetime, scope: Scope, most: int
) -> tuple[list[Request], int]:
    """The requests behind a number that this person may see, and how many more there are of it.

    `which` is one of `BEHIND`.
    """
    behind = _numbers(turn, which, start, end, scope)
    read = (requests.get(turn.tx, turn.org, number) for number in behind[:most])
    public = [one for one in read if one is not None and not one.private]
    return listing.visible(turn, public), max(0, len(behind) - most)


def _numbers(turn: Turn, which: str, start: datetime, end: datetime, scope: Scope) -> list[int]:
    keys = scope.team, scope.service
    if which == "open":
        return kept.open_now(turn.tx, turn.org, *keys)
    if which == "late":
        late = kept.perhaps_late(turn.tx, turn.org, turn.now, *keys)
        return [one.number for one in late if targets.is_late(one, turn.now)]
    if which == "filed":
        return kept.filed_numbers(turn.tx, turn.org, start, end, *keys)
    done = [one for one in kept.done(turn.tx, turn.org, start, end) if scope.has(one)]
    return sorted(one.number for one in done if _is_behind(which, one))


def _span(turn: Turn, intent: ShowBehind) -> tuple[datetime, datetime]:
    if intent.last is None:
        return turn.now - A_WEEK, turn.now
    zone = turn.house.zone
    day = timedelta(days=1)
    return midnight(intent.last - 6 * day, zone), midnight(intent.last + day, zone)


def _is_behind(which: str, one: Done) -> bool:
    match which:
        case "missed":
            return one.resolve_by is not None and one.resolved_at > one.resolve_by
        case "broken":
            return one.promise is not None and not one.kept_promise
        case "reopened":
            return one.resolutions > 1
        case _:
            return True
