"""What a poll and its reminder say, as they stand."""

from collections.abc import Iterable

from sqlalchemy import Connection

from handlers import notices, polling
from handlers.csat import TYPED
from handlers.house import House
from handlers.may import may_tell_vote
from handlers.notices import Button, News, Quote, Span, Words
from handlers.polling import REASONS, Ending
from handlers.turn import mention
from storage import ratings
from storage.records import Poll, Post, Privacy, Request

NAMED = "Your answer is shown with your name to those who serve the request."
NO_LEAD = "Nobody but you sees your answer."
ANONYMOUS = (
    "Nobody sees who answered: it is counted without your name, and shown only among five or more. "
    "You get no reminder, and nobody follows it up."
)


def compose(tx: Connection, house: House, post: Post, request: Request) -> notices.Poll | None:
    """The question as it stands: open, voted, or closed; nothing when it was over before it was asked."""
    poll = ratings.get(tx, house.org, int(post.ref))
    if poll is None or (poll.closed_at is not None and post.message is None):
        return None
    bad = polling.is_bad(poll)
    faults = tuple((reason, reason in poll.reasons) for reason in REASONS) if bad else ()
    is_open = poll.closed_at is None
    return notices.Poll(
        number=request.number,
        title=request.title,
        done=_done(tx, house, poll, request),
        privacy=privacy(tx, house, poll),
        scale=house.scale,
        score=poll.score,
        comment=poll.comment,
        faults=faults if is_open else (),
        closed=_closed(poll, request),
        buttons=tuple(_buttons(tx, house, poll, request)) if is_open else (),
        question="Is it good now?" if poll.again else "How was the service?",
        tapped=poll.privacy is Privacy.ANONYMOUS,
    )


def remind(tx: Connection, house: House, post: Post, request: Request) -> News | None:
    """The one reminder: one tap is enough. When it is said already, it follows the poll."""
    poll = ratings.get(tx, house.org, int(post.ref))
    if poll is None:
        return None
    said = post.message is not None
    if poll.closed_at is not None:
        return News((f"The question about #{request.number} is closed now.",)) if said else None
    if poll.score is not None or poll.comment:
        return News((f"Thank you for your answer about #{request.number}.",)) if said else None
    faces = (Button(face.label.capitalize(), f"rate {poll.number} {face.score}") for face in house.scale)
    about: Words = (f"#{request.number} ", Quote(request.title))
    return News(
        ("How was the service for ", *about, "? One tap is enough. This is the only reminder."),
        tuple(faces),
    )


def privacy(tx: Connection, house: House, poll: Poll) -> str:
    """Who sees the answer, in one plain sentence."""
    match poll.privacy:
        case Privacy.NAMED:
            return NAMED
        case Privacy.CONFIDENTIAL:
            lead = house.team(poll.team).lead or house.lead
            name = mention(tx, house.org, lead).name if lead else ""
            return f"Only {name}, the lead of the team, sees your answer." if lead else NO_LEAD
        case Privacy.ANONYMOUS:
            return ANONYMOUS


def _done(tx: Connection, house: House, poll: Poll, request: Request) -> Words:
    if poll.again:
        return _made_good(tx, house, poll, request)
    outcome: tuple[Span, ...] = (": ", Quote(request.outcome)) if request.outcome else (".",)
    return (mention(tx, house.org, poll.resolver), f" resolved #{request.number}", *outcome)


def _made_good(tx: Connection, house: House, poll: Poll, request: Request) -> Words:
    first = ratings.latest(tx, house.org, poll.number)
    one = ratings.recovery(tx, house.org, first.id) if first else None
    what: tuple[Span, ...] = (": ", Quote(one.what)) if one and one.what else (".",)
    by = mention(tx, house.org, one.made_good_by if one else None)
    return (by, f" says that what fell short with #{request.number} is made good", *what)


def _closed(poll: Poll, request: Request) -> str:
    """Why it no longer asks; what the release before has closed says it by how the request stands."""
    if poll.closed_at is None:
        return ""
    stands = request.resolutions == abs(poll.resolution) and request.resolved_at is not None
    why = poll.closed_why or (Ending.OVER if stands else Ending.REOPENED)
    if why == Ending.REOPENED:
        return (
            f"#{request.number} was reopened, so this question is closed. It is asked again when it is done."
        )
    if why == Ending.AGAIN:
        return "It was made good since, and you are asked once more below. This question is closed now."
    if poll.privacy is Privacy.ANONYMOUS:
        return "This question is closed now. If you answered, nothing leads from the answer back to you."
    return "This question is closed now."


def _buttons(tx: Connection, house: House, poll: Poll, request: Request) -> Iterable[Button]:
    n = poll.number
    if poll.score is not None and poll.privacy is not Privacy.ANONYMOUS:
        yield Button("Change your comment …" if poll.comment else "Add a comment …", f"comment {n} …")
    if poll.comment and may_tell_vote(poll.privacy, request.private) and not poll.again:
        if poll.quotable:
            yield Button("Keep it out of the digest", f"unshare {n}")
        else:
            yield Button("The digest may quote it", f"share {n}")
    if poll.score is not None and ratings.is_tapped(tx, house.org, poll.id, TYPED):
        yield Button("Take it back", f"unrate {n}")
    if polling.is_bad(poll):
        yield Button("Reopen …", f"reopen {n} …")
