"""After a bad vote: who is told, the working day to make it good, and the question that is asked once more.

1. A 1 or a 2 is told privately, in working hours: a named one to the owner and the lead, a confidential one
   to the lead alone, an anonymous one to nobody.
2. It says what fell short and what was written, as it stands when it is read: who changes the vote for a
   better one leaves nothing to make good.
3. After one working day without a word of it the lead is told once more; then it is quiet.
4. When the owner, who resolved it, or the lead says that it is made good, the poll is closed as it stands and
   the requester is asked once more. Satisfaction counts the first vote, and the recovery rate the second.
5. Reopening takes its place: the work goes on, and the next resolution asks again.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import polling, worktime
from handlers.house import House
from handlers.intents import Caller
from handlers.may import Desk, may_know_vote
from handlers.notices import Answer, Button, Mention, News, Notice, Quote, When, Words
from handlers.poll_intents import MadeGood
from handlers.polling import Ending, key, reminder_key
from handlers.turn import Turn, desk_of, mention, real, refuse, seen, somebody, write
from handlers.worktime import working_day_later
from storage import people, posts, ratings, requests
from storage.records import PersonId, Poll, Post, PostKind, Privacy, Recovery, Request, Status

CHECK = ":check"
"""How the key of the message ends that tells the lead once more."""


def owe_poll(turn: Turn, poll: Poll) -> None:
    """Owe the message that asks, when its time comes."""
    assert poll.put_at is not None
    posts.owe(
        turn.tx,
        turn.org,
        key(poll.number, poll.resolution),
        PostKind.POLL,
        poll.person,
        poll.put_at,
        number=poll.number,
        person=poll.person,
        ref=str(poll.id),
    )


def desk_of_poll(turn: Turn, poll: Poll, request: Request) -> Desk:
    """Who serves the request, led by who leads the team that had it when it was resolved."""
    lead = turn.house.team(poll.team).lead
    return replace(desk_of(turn, request), lead=real(turn.tx, turn.house, lead) if lead else None)


def follow(turn: Turn, poll: Poll) -> None:
    """A vote has changed: tell who should know of a bad one, and bring in step what was told."""
    if poll.again:
        first = ratings.latest(turn.tx, turn.org, poll.number)
        if first is not None:
            _touch(turn, first)
        return
    request = requests.get(turn.tx, turn.org, poll.number) if polling.opens_recovery(poll) else None
    if request is not None:
        check_at = working_day_later(turn.house.clock_of(request), turn.now, 1)
        if ratings.open_recovery(turn.tx, turn.org, poll, turn.now, check_at):
            for person in _those_told(turn, poll, request):
                _owe(turn.tx, turn.house, poll, person, _slot(turn.tx, turn.house, person, turn.now))
            return
    _touch(turn, poll)


def interrupt(turn: Turn, poll: Poll) -> None:
    """Case 5: the request was reopened."""
    ratings.change_recovery(turn.tx, turn.org, poll.id, check_at=None)
    _touch(turn, poll)


def come_due(tx: Connection, house: House, now: datetime, limit: int) -> None:
    """Case 3: a working day is over, and nobody has said a word."""
    for one in ratings.to_check(tx, house.org, now, limit):
        poll, request = ratings.get(tx, house.org, one.poll), requests.get(tx, house.org, one.number)
        assert poll is not None
        assert request is not None
        lead = house.team(poll.team).lead or house.lead
        whom = real(tx, house, lead) if lead else poll.person
        nudged = whom != poll.person and _is_unmade(poll, one, request)
        ratings.change_recovery(tx, house.org, one.poll, check_at=None, nudged_at=now if nudged else None)
        if nudged:
            _owe(tx, house, poll, whom, _slot(tx, house, whom, now), CHECK)


def made_good(turn: Turn, intent: MadeGood) -> Notice:
    """Case 4: the requester is asked once more."""
    request = seen(turn, intent.number)
    poll = _to_make_good(turn, request)
    one = ratings.recovery(turn.tx, turn.org, poll.id)
    if one is not None and one.made_good_at is not None:
        raise refuse(
            turn.mention(one.made_good_by), f" has said already that #{request.number} is made good."
        )
    if request.status not in (Status.RESOLVED, Status.CLOSED):
        raise refuse(
            f"#{request.number} is open again. Resolve it, and ",
            turn.mention(poll.person),
            " is asked again.",
        )
    if one is None:
        ratings.open_recovery(turn.tx, turn.org, poll, turn.now, turn.now)
    ratings.change_recovery(
        turn.tx,
        turn.org,
        poll.id,
        made_good_at=turn.now,
        made_good_by=turn.person.id,
        what=intent.done,
        check_at=None,
    )
    write(turn, request.number, "made good", text=intent.done, fact=str(poll.id))
    ratings.keep(turn.tx, turn.org, polling.closed(poll, Ending.AGAIN, turn.now))
    for about in (key, reminder_key):
        posts.touch(turn.tx, turn.org, about(poll.number, poll.resolution), turn.now)
    _touch(turn, poll)
    _ask_again(turn, poll)
    return Answer(words=("Good. ", turn.mention(poll.person), " is asked once more how it is now."))


def compose(tx: Connection, house: House, post: Post, request: Request, now: datetime) -> News | None:
    """What somebody is told of a bad vote, as it stands; nothing to who may not know it, or not any more."""
    poll = ratings.get(tx, house.org, int(post.ref))
    one = ratings.recovery(tx, house.org, int(post.ref))
    turn = _reading(tx, house, post, now)
    if poll is None or one is None:
        return None
    if not may_know_vote(turn.person, poll, request, desk_of_poll(turn, poll, request)):
        return None
    unmade = _is_unmade(poll, one, request)
    if post.message is None and not unmade:
        return None
    who = mention(tx, house.org, poll.person)
    if not unmade:
        return News(_settled(turn, poll, one, request, who), _show(request))
    again = post.key.endswith(CHECK)
    opening: Words = ("Nobody has said yet that it is made good: ",) if again else ()
    until: Words = (
        (" You have until ", When(one.check_at, turn.zone), " to make it good.") if one.check_at else ()
    )
    told = (*opening, who, *_vote(house, poll, request), *_beside(poll), *(() if again else until))
    ask = (" Talk to them, and then say that it is made good: they are asked once more.",)
    return News(
        (*told, *ask), (*_show(request), Button("Made good …", f"made good {request.number} …", "primary"))
    )


def _to_make_good(turn: Turn, request: Request) -> Poll:
    """The poll with the bad vote, held; refused alike whether there is none or it is not theirs to know."""
    poll = ratings.latest(turn.tx, turn.org, request.number)
    desk = desk_of_poll(turn, poll, request) if poll else Desk()
    me = turn.person
    known = poll is not None and poll.person != me.id and may_know_vote(me, poll, request, desk)
    if poll is None or not known or not polling.opens_recovery(poll):
        raise refuse(f"There is nothing to make good about #{request.number}, as far as you may know.")
    if me.id not in (request.owner, poll.resolver) and not desk.led_by(me.id):
        raise refuse(f"Only its owner or the lead can say that #{request.number} is made good.")
    return ratings.hold(turn.tx, turn.org, poll.id)


def _ask_again(turn: Turn, first: Poll) -> None:
    person = people.get(turn.tx, turn.org, first.person)
    if person is not None and not person.active:
        return
    hours = turn.house.hours_in(person.zone if person else "")
    poll = polling.timed(polling.again(first, turn.now), hours)
    owe_poll(turn, ratings.open_poll(turn.tx, turn.org, poll))


def _those_told(turn: Turn, poll: Poll, request: Request) -> list[PersonId]:
    """Case 1: each once, and never who voted."""
    lead = turn.house.team(poll.team).lead or turn.house.lead
    named = poll.privacy is Privacy.NAMED
    owner = request.owner or poll.resolver
    wanted = [real(turn.tx, turn.house, one) for one in (owner if named else None, lead) if one]
    known = ((one, people.get(turn.tx, turn.org, one)) for one in dict.fromkeys(wanted))
    here = [one for one, person in known if person is None or person.active]
    return [one for one in here if one != poll.person]


def _is_unmade(poll: Poll, one: Recovery, request: Request) -> bool:
    """Whether there is something to make good still."""
    resolved = request.status in (Status.RESOLVED, Status.CLOSED)
    current = resolved and request.resolutions == poll.resolution
    return polling.opens_recovery(poll) and one.made_good_at is None and current


def _settled(turn: Turn, poll: Poll, one: Recovery, request: Request, who: Mention) -> Words:
    """What became of it, for who was told before."""
    if one.made_good_at is None and polling.is_bad(poll):
        return (who, *_vote(turn.house, poll, request), *_beside(poll), " It was reopened.")
    if one.made_good_at is None:
        return (who, f" has changed the rating of #{request.number}. There is nothing to make good.")
    by = mention(turn.tx, turn.org, one.made_good_by)
    what: Words = (": ", Quote(one.what)) if one.what else (".",)
    again = ratings.second(turn.tx, turn.org, poll)
    now: Words = (" ", who, " was asked once more.")
    if again is not None and again.score is not None:
        now = (" ", who, f" now says: {_label(turn.house, again.score)}.")
    return (by, f" has made #{request.number} good", *what, *now)


def _vote(house: House, poll: Poll, request: Request) -> Words:
    assert poll.score is not None
    about: Words = (f"#{request.number} ", Quote(request.title))
    return (" rated the service for ", *about, f" as {_label(house, poll.score)}.")


def _beside(poll: Poll) -> Words:
    short = ", ".join(poll.reasons)
    comment: Words = (" ", Quote(poll.comment)) if poll.comment else ()
    return (*((f" What fell short: {short}.",) if short else ()), *comment)


def _label(house: House, score: int) -> str:
    return next((face.label for face in house.scale if face.score == score), f"{score} of 5")


def _show(request: Request) -> tuple[Button, ...]:
    return (Button("Show", f"show {request.number}"),)


def _reading(tx: Connection, house: House, post: Post, now: datetime) -> Turn:
    caller = Caller(post.person or post.place)
    return Turn(tx, house, caller, somebody(tx, house, caller), now)


def _touch(turn: Turn, poll: Poll) -> None:
    """What was told of a vote is brought in step."""
    if ratings.recovery(turn.tx, turn.org, poll.id) is None:
        return
    for post in posts.of_request(turn.tx, turn.org, poll.number):
        if post.kind is PostKind.RECOVERY and post.ref == str(poll.id):
            posts.touch(turn.tx, turn.org, post.key, turn.now)


def _owe(
    tx: Connection, house: House, poll: Poll, person: PersonId, due_at: datetime, ending: str = ""
) -> None:
    posts.owe(
        tx,
        house.org,
        f"recovery:{poll.id}:{person}{ending}",
        PostKind.RECOVERY,
        person,
        due_at,
        number=poll.number,
        person=person,
        ref=str(poll.id),
    )


def _slot(tx: Connection, house: House, person: PersonId, now: datetime) -> datetime:
    """When somebody can be told: in working hours, on their clock."""
    known = people.get(tx, house.org, person)
    return worktime.next_working(house.hours_in(known.zone if known else ""), now)
