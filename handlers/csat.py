"""How was the service? One question after a resolution, answered with one emoji.

1. Asked after a real resolution: not when the requester resolved it, not when Deskbell gave up waiting, and
   of a service's resolutions so many of a hundred as it says (`is_sampled`).
2. A reaction is a vote; another one changes it; taking it off leaves the one put before it, if it is
   still there, else no vote.
3. Only the requester's counts: not the bot's own five, not anybody else's.
4. An emoji outside the scale does nothing.
5. After the vote: thanks, and a comment. After a 1 or 2: what fell short, and a way to reopen.
6. A reopened request's poll is closed, and the next resolution asks again.
7. Delivered in the requester's working hours; open for seven days; at most three a week for one person.
8. Who sees the answer is said in the question. Where nobody may, not even history tells that there is one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from handlers import notices, worktime
from handlers.house import House
from handlers.intents import Comment, Fault, Rate, React
from handlers.notices import Answer, Button, Face, Mention, Nothing, Notice, Quote, Span, Words
from handlers.turn import Turn, permitted, refuse, write
from storage import people, posts, ratings
from storage.records import PersonId, Poll, PostKind, Privacy, Request

REASONS = {
    "delivery": "what was delivered",
    "timeliness": "how long it took",
    "information": "being kept informed",
    "professionalism": "knowing the job",
    "attitude": "how I was treated",
}
"""What may have fallen short: the word kept, and how the poll says it."""
A_WEEK = timedelta(days=7)
OPEN_FOR = timedelta(days=7)
MOST_A_WEEK = 3
LOW = 2
WHO_KNOWS = {
    Privacy.NAMED: "Your answer is shown with your name to those who serve the request.",
    Privacy.CONFIDENTIAL: "Your answer is for the lead of the team alone; everybody else sees only sums.",
    Privacy.ANONYMOUS: "Nobody is shown your answer; it is counted without your name.",
}
"""What a poll says of who sees the answer."""
VOTING = frozenset({"rate", "comment", "fault"})
"""The verbs of history that tell of a vote."""
TYPED = "typed"
"""The mark of a vote that was typed or tapped instead of put as a reaction."""


def key(number: int, resolution: int) -> str:
    """The key of the post that asks about one resolution."""
    return f"poll:{number}:{resolution}"


def ask(turn: Turn, request: Request, resolver: PersonId) -> bool:
    """Open a poll about this resolution. Says whether the requester will be asked by a message."""
    if resolver == request.requester or not is_sampled(turn.house, request):
        return False
    asker = people.get(turn.tx, turn.org, request.requester)
    if asker is not None and (asker.bot or not asker.active):
        return False
    often = ratings.asked_since(turn.tx, turn.org, request.requester, turn.now - A_WEEK) >= MOST_A_WEEK
    poll = ratings.open_poll(
        turn.tx, turn.org, request.number, request.resolutions, request.requester, resolver, turn.now
    )
    if often:
        return False
    hours = turn.house.hours_in((asker.zone if asker else "") or turn.house.zone)
    posts.owe(
        turn.tx,
        turn.org,
        key(request.number, request.resolutions),
        PostKind.POLL,
        request.requester,
        worktime.next_working(hours, turn.now),
        number=request.number,
        person=request.requester,
        ref=str(poll.id),
    )
    return True


def is_sampled(house: House, request: Request) -> bool:
    """Whether this resolution is one of those that its service asks about: always the same answer for it."""
    service = house.services.get(request.service)
    if service is None:
        return True
    resolution = f"{house.org}:{request.number}:{request.resolutions}"
    return int.from_bytes(sha256(resolution.encode()).digest()[:8]) % 100 < service.sampling


def withdraw_question(turn: Turn, request: Request) -> None:
    """The request was reopened: its poll is over."""
    poll = ratings.latest(turn.tx, turn.org, request.number)
    if poll is not None and poll.closed_at is None:
        ratings.close(turn.tx, turn.org, poll.id, turn.now)
        posts.touch(turn.tx, turn.org, key(poll.number, poll.resolution), turn.now)


def close_overdue(tx: Connection, house: House, now: datetime) -> None:
    """Polls are open for seven days; their messages then say so."""
    for poll in ratings.overdue(tx, house.org, now - OPEN_FOR):
        ratings.close(tx, house.org, poll.id, now)
        posts.touch(tx, house.org, key(poll.number, poll.resolution), now)


def react(turn: Turn, intent: React) -> Notice:
    """An emoji on one of our messages: on a poll, by its requester, within the scale, it is a vote."""
    post = posts.by_message(turn.tx, turn.org, intent.message)
    poll = ratings.get(turn.tx, turn.org, int(post.ref)) if post and post.kind is PostKind.POLL else None
    face = next((face for face in turn.house.scale if face.mark == intent.mark), None)
    if poll is None or face is None or poll.closed_at or poll.person != turn.person.id:
        return Nothing()
    ratings.cast(turn.tx, turn.org, poll.id, intent.mark, face.score, intent.at, intent.added)
    _count(turn, poll)
    return Nothing()


def rate(turn: Turn, intent: Rate) -> Notice:
    """A vote that was typed, with or without a comment."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    face = next((face for face in turn.house.scale if face.score == intent.score), None)
    if face is None:
        raise refuse("A rating is a number from 1 (bad) to 5 (great).", usage=(f"rate {request.number} 4",))
    ratings.cast(turn.tx, turn.org, poll.id, TYPED, face.score, turn.now, True)
    _count(turn, poll, comment=intent.comment or poll.comment)
    write(turn, request.number, "rate")
    return Answer(words=(f"Thank you. You rated the service for #{request.number} as {face.label}.",))


def comment(turn: Turn, intent: Comment) -> Notice:
    """Words beside the vote."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    _count(turn, poll, comment=intent.text)
    write(turn, request.number, "comment")
    return Answer(words=("Thank you, your comment is kept with your rating.",))


def fault(turn: Turn, intent: Fault) -> Notice:
    """What fell short: tapped once to say so, again to take it back."""
    request = permitted(turn, intent.number, "rate")
    poll = _open(turn, request)
    if intent.reason not in REASONS:
        raise refuse(f"“{intent.reason}” is not one of the reasons: {', '.join(REASONS)}.")
    if poll.score is None or poll.score > LOW:
        raise refuse("What fell short is asked after a rating of 1 or 2.")
    write(turn, request.number, "fault")
    chosen = set(poll.reasons) ^ {intent.reason}
    _count(turn, poll, reasons=tuple(reason for reason in REASONS if reason in chosen))
    return Nothing()


def compose(house: House, poll: Poll, request: Request, resolver: Mention) -> notices.Poll:
    """The question as it stands: open, voted, or closed."""
    low = poll.score is not None and poll.score <= LOW
    faults = tuple((reason, reason in poll.reasons) for reason in REASONS) if low else ()
    return notices.Poll(
        number=request.number,
        title=request.title,
        done=_done(request, resolver),
        privacy=WHO_KNOWS[house.privacy_of(request)],
        scale=house.scale,
        score=poll.score,
        comment=poll.comment,
        faults=faults if not poll.closed_at else (),
        closed=_closed(poll, request),
        buttons=() if poll.closed_at else tuple(_buttons(poll, low)),
    )


def face_of(scale: Iterable[Face], score: int) -> Face:
    """The step of the scale for a score."""
    return next(face for face in scale if face.score == score)


def _done(request: Request, resolver: Mention) -> Words:
    outcome: tuple[Span, ...] = (": ", Quote(request.outcome)) if request.outcome else (".",)
    return (resolver, f" resolved #{request.number}", *outcome)


def _closed(poll: Poll, request: Request) -> str:
    if poll.closed_at is None:
        return ""
    if request.resolutions == poll.resolution and request.resolved_at:
        return "This question is closed now."
    return f"#{request.number} was reopened, so this question is closed. It is asked again when it is done."


def _buttons(poll: Poll, low: bool) -> Iterable[Button]:
    if poll.score is not None:
        yield Button(
            "Change your comment …" if poll.comment else "Add a comment …", f"comment {poll.number} …"
        )
    if low:
        yield Button("Reopen …", f"reopen {poll.number} …")


def _open(turn: Turn, request: Request) -> Poll:
    poll = ratings.latest(turn.tx, turn.org, request.number)
    if poll is None or poll.resolution != request.resolutions:
        raise refuse(
            f"Nobody is asked to rate #{request.number}: you resolved it yourself, or it ended by itself."
        )
    if poll.closed_at is not None:
        raise refuse(f"The question about #{request.number} is closed now.")
    return poll


def _count(
    turn: Turn, poll: Poll, *, comment: str | None = None, reasons: tuple[str, ...] | None = None
) -> None:
    """Bring the answer in step with the emoji that are there, and the message with the answer."""
    standing = ratings.standing(turn.tx, turn.org, poll.id)
    score, voted_at = standing or (None, None)
    kept = poll.reasons if reasons is None else reasons
    ratings.mark(
        turn.tx,
        turn.org,
        poll.id,
        score=score,
        voted_at=voted_at,
        comment=poll.comment if comment is None else comment,
        reasons=kept if score is not None and score <= LOW else (),
    )
    posts.touch(turn.tx, turn.org, key(poll.number, poll.resolution), turn.now)
