"""How was the service? One question after a resolution, answered with one emoji.

What may be asked, what counts and what comes due is decided in `handlers.polling`; here it is kept, and owed
to those it concerns. Who may know a vote, `handlers.may` says. Of an anonymous vote nothing is written down
but the vote itself, and when its poll closes it is one of its week's, with nothing left that leads back.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from handlers import polling, recovery, worktime
from handlers.house import House
from handlers.intents import Comment, Fault, Rate, React
from handlers.isoweeks import week_of
from handlers.may import ENOUGH_VOTES, may_know_vote, may_tell_vote
from handlers.notices import Answer, Nothing, Notice
from handlers.poll_intents import LetQuote, Unrate
from handlers.polling import OPEN_FOR as OPEN_FOR
from handlers.polling import REASONS as REASONS
from handlers.polling import Asking, Ending, reminder_key
from handlers.polling import key as key
from handlers.recovery import desk_of_poll
from handlers.turn import Turn, permitted, refuse, write
from storage import people, posts, ratings
from storage.records import Entry, PersonId, Poll, PostKind, Privacy, Request

TYPED = "typed"
"""The mark of a vote that was typed or tapped instead of put as a reaction."""
TOLD_BY_VOTES = frozenset({"rate", "unrate", "comment", "fault", "made good"})
"""Lines of history that tell of a vote: only who may know it reads them."""
AT_ONCE = 100
"""So many polls come due in one unit; the next looks at the rest."""


def ask(turn: Turn, request: Request, resolver: PersonId) -> bool:
    """Open a poll about this resolution. Says whether the requester will be asked by a message."""
    asker = people.get(turn.tx, turn.org, request.requester)
    hours = turn.house.hours_in(asker.zone if asker else "")
    put_at = worktime.next_working(hours, turn.now)
    asking = polling.asking(
        own=resolver == request.requester,
        here=asker is None or (asker.active and not asker.bot),
        sampled=is_sampled(turn.house, request),
        lately=ratings.asked_since(turn.tx, turn.org, request.requester, put_at - polling.A_WEEK),
    )
    if asking is Asking.NOTHING:
        return False
    service = turn.house.services.get(request.service)
    poll = Poll(
        id=0,
        number=request.number,
        resolution=request.resolutions,
        person=request.requester,
        resolver=resolver,
        asked_at=turn.now,
        team=request.team,
        service=request.service,
        privacy=service.privacy if service else Privacy.NAMED,
    )
    poll = ratings.open_poll(turn.tx, turn.org, polling.timed(poll, hours, put=asking is Asking.MESSAGE))
    if poll.put_at is not None:
        recovery.owe_poll(turn, poll)
    return poll.put_at is not None


def is_sampled(house: House, request: Request) -> bool:
    """Whether this resolution is one of those that its service asks about: always the same answer for it."""
    service = house.services.get(request.service)
    if service is None:
        return True
    resolution = f"{house.org}:{request.number}:{request.resolutions}"
    return int.from_bytes(sha256(resolution.encode()).digest()[:8]) % 100 < service.sampling


def withdraw_question(turn: Turn, request: Request) -> None:
    """The request was reopened: what was asked about it is over, and nothing is to be made good beside."""
    for poll in ratings.open_of(turn.tx, turn.org, request.number):
        _close(turn.tx, turn.house, poll, Ending.REOPENED, turn.now)
    latest = ratings.latest(turn.tx, turn.org, request.number)
    if latest is not None:
        recovery.interrupt(turn, latest)


def come_due(tx: Connection, house: House, now: datetime) -> None:
    """What time brings: reminders, the end of polls, and the end of a recovery's working day."""
    for poll in ratings.to_remind_of(tx, house.org, now, AT_ONCE):
        _remind(tx, house, ratings.hold(tx, house.org, poll.id), now)
    for poll in ratings.overdue(tx, house.org, now - OPEN_FOR, now, AT_ONCE):
        _close(tx, house, ratings.hold(tx, house.org, poll.id), Ending.OVER, now)
    recovery.come_due(tx, house, now, AT_ONCE)


def react(turn: Turn, intent: React) -> Notice:
    """An emoji on one of our messages: on a poll, by its requester, within the scale, it is a vote."""
    face = next((face for face in turn.house.scale if face.mark == intent.mark), None)
    post = posts.by_message(turn.tx, turn.org, intent.message) if face else None
    if face is None or post is None or post.kind is not PostKind.POLL:
        return Nothing()
    poll = ratings.hold(turn.tx, turn.org, int(post.ref))
    if not polling.counts(poll, turn.person.id):
        return Nothing()
    ratings.cast(turn.tx, turn.org, poll.id, intent.mark, face.score, intent.at, intent.added)
    after = _keep(turn, poll, _counted(turn, poll))
    if after.score != poll.score:
        _write(turn, after, "unrate" if after.score is None else "rate", delivery=False)
    return Nothing()


def rate(turn: Turn, intent: Rate) -> Notice:
    """A vote that was typed, with or without a comment."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    face = next((face for face in turn.house.scale if face.score == intent.score), None)
    if face is None:
        raise refuse("A rating is a number from 1 (bad) to 5 (great).", usage=(f"rate {request.number} 4",))
    ratings.cast(turn.tx, turn.org, poll.id, TYPED, face.score, turn.now, True)
    after = _counted(turn, poll)
    commented = bool(intent.comment) and poll.privacy is not Privacy.ANONYMOUS
    _keep(turn, poll, polling.commented(after, intent.comment) if commented else after)
    _write(turn, poll, "rate")
    left_out = " Your words are not kept: they might tell who you are."
    return Answer(
        words=(
            f"Thank you. You rated the service for #{request.number} as {face.label}.",
            *((left_out,) if intent.comment and not commented else ()),
        )
    )


def unrate(turn: Turn, intent: Unrate) -> Notice:
    """The vote is taken back, however it was given."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    if poll.score is None:
        raise refuse(f"You have not rated #{request.number}, so there is nothing to take back.")
    ratings.take_off(turn.tx, turn.org, poll.id, turn.now)
    _keep(turn, poll, _counted(turn, poll))
    _write(turn, poll, "unrate")
    return Answer(words=(f"Your rating of #{request.number} is taken back.",))


def comment(turn: Turn, intent: Comment) -> Notice:
    """Words beside the vote."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    if poll.privacy is Privacy.ANONYMOUS:
        raise refuse(
            f"Your answer about #{request.number} stays anonymous, so no words are kept with it: they might "
            "tell who you are. You can write to the team instead.",
            usage=(f"note {request.number} <text>",),
        )
    _keep(turn, poll, polling.commented(poll, intent.text))
    _write(turn, poll, "comment")
    return Answer(words=("Thank you, your comment is kept with your rating.",))


def let_quote(turn: Turn, intent: LetQuote) -> Notice:
    """The digest may repeat the comment, or no longer. Only where the vote itself may be told by name."""
    request = permitted(turn, intent.number, "rate")
    poll = ratings.latest(turn.tx, turn.org, request.number)
    if poll is None or poll.person != turn.person.id or not poll.comment:
        raise refuse(f"You have written nothing beside your rating of #{request.number}.")
    if intent.on and not may_tell_vote(poll.privacy, request.private):
        raise refuse("What you wrote stays with those who were told; the digest never repeats it.")
    poll = ratings.hold(turn.tx, turn.org, poll.id)
    _keep(turn, poll, replace(poll, quotable=intent.on))
    may = "may repeat your words now" if intent.on else "does not repeat your words"
    return Answer(words=(f"The digest {may}.",))


def fault(turn: Turn, intent: Fault) -> Notice:
    """What fell short: tapped once to say so, again to take it back."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    if intent.reason not in REASONS:
        raise refuse(f"“{intent.reason}” is not one of the reasons: {', '.join(REASONS)}.")
    if not polling.is_bad(poll):
        raise refuse("What fell short is asked after a rating of 1 or 2.")
    _write(turn, poll, "fault")
    _keep(turn, poll, polling.ticked(poll, intent.reason))
    return Nothing()


def readable(turn: Turn, request: Request, lines: Iterable[Entry]) -> list[Entry]:
    """The lines of a request's history without those that tell of a vote which this person may not know."""
    return [line for line in lines if line.verb not in TOLD_BY_VOTES or _may_read(turn, request, line)]


def _may_read(turn: Turn, request: Request, line: Entry) -> bool:
    found = ratings.get(turn.tx, turn.org, int(line.fact)) if line.fact.isdecimal() else None
    poll = found or ratings.latest(turn.tx, turn.org, request.number)
    return poll is None or may_know_vote(turn.person, poll, request, desk_of_poll(turn, poll, request))


def _open(turn: Turn, request: Request) -> Poll:
    """The poll that an answer is for, held: the one that asks once more, where there is one."""
    poll = ratings.latest(turn.tx, turn.org, request.number)
    if poll is None or poll.resolution != request.resolutions:
        raise refuse(
            f"Nobody is asked to rate #{request.number}: you resolved it yourself, or it ended by itself."
        )
    poll = ratings.second(turn.tx, turn.org, poll) or poll
    poll = ratings.hold(turn.tx, turn.org, poll.id)
    if not polling.counts(poll, turn.person.id):
        raise refuse(f"The question about #{request.number} is closed now.")
    return poll


def _counted(turn: Turn, poll: Poll) -> Poll:
    """The poll in step with the emoji that are there."""
    score, at = ratings.standing(turn.tx, turn.org, poll.id) or (None, None)
    return polling.voted(poll, score, at)


def _keep(turn: Turn, before: Poll, after: Poll) -> Poll:
    """Keep an answer; and bring in step whatever speaks of it."""
    if after != before:
        ratings.keep(turn.tx, turn.org, after)
        _touch(turn.tx, turn.house, after, turn.now)
        recovery.follow(turn, after)
    return after


def _write(turn: Turn, poll: Poll, verb: str, *, delivery: bool = True) -> None:
    """A line of history; of an anonymous vote there is none, nor of when it was given."""
    if poll.privacy is not Privacy.ANONYMOUS:
        write(turn, poll.number, verb, fact=str(poll.id), delivery=delivery)


def _remind(tx: Connection, house: House, poll: Poll, now: datetime) -> None:
    """Remind of a poll whose message was put; where it is still owed there is nothing to remind of yet."""
    person = people.get(tx, house.org, poll.person)
    hours = house.hours_in(person.zone if person else "")
    post = posts.by_key(tx, house.org, key(poll.number, poll.resolution))
    if post is None or post.message is None or (person is not None and not person.active):
        ratings.keep(tx, house.org, replace(poll, remind_at=None))
        return
    away_until = person.gone_until if person and person.is_away(now) else None
    after = polling.reminded(poll, hours, away_until, now)
    ratings.keep(tx, house.org, after)
    if after.reminded_at == now:
        posts.owe(
            tx,
            house.org,
            reminder_key(poll.number, poll.resolution),
            PostKind.REMINDER,
            poll.person,
            now,
            number=poll.number,
            person=poll.person,
            ref=str(poll.id),
        )


def _close(tx: Connection, house: House, poll: Poll, why: Ending, now: datetime) -> None:
    after = polling.closed(poll, why, now)
    ratings.keep(tx, house.org, after)
    if poll.privacy is Privacy.ANONYMOUS:
        ratings.seal(tx, house.org, after, week_of(now, house.zone), ENOUGH_VOTES)
    _touch(tx, house, after, now)


def _touch(tx: Connection, house: House, poll: Poll, now: datetime) -> None:
    posts.touch(tx, house.org, key(poll.number, poll.resolution), now)
    if poll.reminded_at is not None:
        posts.touch(tx, house.org, reminder_key(poll.number, poll.resolution), now)
