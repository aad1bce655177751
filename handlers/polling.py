"""The life of a poll, as values: what may be asked, what counts, and what comes due.

1. Asked after a real resolution: never of somebody who resolved their own, of a bot, of who has left, and of
   a service's resolutions only those that are sampled. Who resolved, the team, the service and who may know
   the answer stay as they were then.
2. Put in the requester's working hours.
3. At most three a week for one person; what is beyond that is not put, and waits for a rating that is typed.
4. Only the requester's vote counts, only from the scale, and only while the poll is open.
5. Of all that is put on it, the latest by the platform's clock stands that was not taken off, in whichever
   order it is told (`storage.ratings.cast`); with none left, there is no vote.
6. What fell short is said beside a 1 or a 2, and goes with it. A comment may come before the vote or after
   it, and stays.
7. A reopen cancels it; the next resolution asks again.
8. One reminder after two working days, to who has said nothing yet and is not away; never a second.
9. Closed seven days after it was put.
10. An anonymous one has no reminder, no comment and no recovery.
11. A bad vote, named or confidential, opens a recovery: see `handlers.recovery`. When it is made good, this
    poll is closed and another one asks once more, so that the first vote stays the first.

Open, it has a vote or none; closed, it never changes again:

    asked ──▶ open ⇄ voted ──▶ over (9), reopened (7), asked again (11)
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from handlers import worktime
from handlers.worktime import Calendar
from storage.records import PersonId, Poll, Privacy

REASONS = {
    "delivery": "what was delivered",
    "timeliness": "how long it took",
    "information": "being kept informed",
    "professionalism": "knowing the job",
    "attitude": "how I was treated",
}
"""What may have fallen short: the word kept, and what it means."""
A_WEEK = timedelta(days=7)
OPEN_FOR = timedelta(days=7)
REMIND_AFTER = 2
"""Working days."""
MOST_A_WEEK = 3
LOW = 2


def key(number: int, resolution: int) -> str:
    """The key of the post that asks about one resolution; below zero it asks once more."""
    return f"poll:{number}:{resolution}"


def reminder_key(number: int, resolution: int) -> str:
    """The key of the post that reminds of it."""
    return f"reminder:{number}:{resolution}"


class Asking(Enum):
    """What a resolution leads to."""

    NOTHING = "no poll"
    TYPED = "a poll without a message"
    MESSAGE = "a poll with its message"


class Ending(StrEnum):
    """Why a poll is closed."""

    OVER = "over"
    REOPENED = "reopened"
    AGAIN = "asked again"


def asking(*, own: bool, here: bool, sampled: bool, lately: int) -> Asking:
    """Cases 1 and 3: what to ask about a resolution.

    `own` when the requester resolved it, `here` when they are an active colleague, `lately` how many polls
    they were given in the week before.
    """
    if own or not here or not sampled:
        return Asking.NOTHING
    return Asking.TYPED if lately >= MOST_A_WEEK else Asking.MESSAGE


def timed(poll: Poll, hours: Calendar, *, put: bool = True) -> Poll:
    """Cases 2, 8, 9 and 10: the poll with the times at which it is put, reminded of and closed."""
    if not put:
        return replace(poll, close_at=poll.asked_at + OPEN_FOR)
    put_at = worktime.next_working(hours, poll.asked_at)
    reminded_of = poll.privacy is not Privacy.ANONYMOUS and not poll.again
    remind_at = _working_days_later(hours, put_at) if reminded_of else None
    return replace(poll, put_at=put_at, remind_at=remind_at, close_at=put_at + OPEN_FOR)


def counts(poll: Poll, person: PersonId) -> bool:
    """Case 4: whether what somebody says now is an answer to it."""
    return poll.closed_at is None and poll.person == person


def is_bad(poll: Poll) -> bool:
    """Whether its vote is a 1 or a 2."""
    return poll.score is not None and poll.score <= LOW


def opens_recovery(poll: Poll) -> bool:
    """Case 11: whether somebody is to hear of it."""
    return is_bad(poll) and poll.privacy is not Privacy.ANONYMOUS and not poll.again


def voted(poll: Poll, score: int | None, at: datetime | None) -> Poll:
    """Cases 5 and 6: the vote as it stands now; without a score there is none."""
    after = replace(poll, score=score, voted_at=at)
    return after if is_bad(after) else replace(after, reasons=())


def commented(poll: Poll, text: str) -> Poll:
    """Case 6: words beside the vote. What was written before is replaced, and may be quoted no more."""
    return poll if text == poll.comment else replace(poll, comment=text, quotable=False)


def ticked(poll: Poll, reason: str) -> Poll:
    """Case 6: a reason said, or taken back."""
    chosen = {*poll.reasons} ^ {reason}
    return replace(poll, reasons=tuple(one for one in REASONS if one in chosen))


def closed(poll: Poll, why: Ending, now: datetime) -> Poll:
    """Cases 7, 9 and 11: no more votes, and no reminder. What is closed stays as it is."""
    if poll.closed_at is not None:
        return poll
    return replace(poll, closed_at=now, closed_why=why, remind_at=None)


def reminded(poll: Poll, hours: Calendar, away_until: datetime | None, now: datetime) -> Poll:
    """Case 8: what a reminder that is due does. It is said when `reminded_at` is now.

    Who has answered or written something, or is away until it is closed, is not reminded at all.
    """
    said = poll.score is not None or bool(poll.comment) or poll.reminded_at is not None
    at = worktime.next_working(hours, max(now, away_until or now))
    if said or poll.closed_at is not None or (poll.close_at is not None and at >= poll.close_at):
        return replace(poll, remind_at=None)
    return replace(poll, remind_at=at) if at > now else replace(poll, remind_at=None, reminded_at=now)


def again(first: Poll, now: datetime) -> Poll:
    """Case 11: the poll that asks once more."""
    return Poll(
        id=0,
        number=first.number,
        resolution=-first.resolution,
        person=first.person,
        resolver=first.resolver,
        asked_at=now,
        team=first.team,
        service=first.service,
        privacy=first.privacy,
    )


def _working_days_later(hours: Calendar, at: datetime) -> datetime:
    return worktime.next_working(hours, worktime.working_day_later(hours, at, REMIND_AFTER))
