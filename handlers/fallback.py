"""Where a post goes when its place is gone: nothing that is owed is lost because somebody left.

1. A request's card in its owner's direct messages, and the owner has left: the request is open again, in the
   triage channel, else with the lead, else with its requester, who can ask somebody else. A private one
   goes to the lead first: a channel has more readers than it was meant for. Where its team has a rule, the
   next is chosen by it; where nobody can be, it needs a home (`handlers.homes`).
2. A request's card in a channel that is gone, archived or closed to the bot: the same, but the owner stays.
   Without an owner it needs a home when no other channel of its team is there.
3. News and notes for somebody who left, or for a channel that is gone: said where the card is now. A nudge
   is not: the card in its new place says it all.
4. What the requester alone was to see, and they have left: nothing; nobody else should see it.

And when somebody cannot be written to because they have never met the bot, or want nothing from it:

5. What was sent to them alone goes the way of case 2, and the owner stays; in the triage channel they are
   told by name that it is theirs.
6. News and notes for them: said where the card is, and for whom. Of a private request nothing is said.
7. Nudges for them: the same, each request where its card is. The answer to a private question is not
   asked for in public.
8. The poll is not asked in public: it stays open, to be answered by `rate 12 4`, and does not count as asked.
   That it is done they hear like other news.
9. Somebody with an account on another platform is tried there first.
10. When they say hello (`welcome`), they get the cards of all that is unfinished, and the polls still open.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import csat, homing, lifecycle, linking, routing, subscribing
from handlers.homes import Need
from handlers.house import House
from handlers.intake import card_key
from handlers.intents import Caller
from handlers.turn import Turn, audience, keep, tell, tell_desk, write_need
from storage import history, people, posts, raised, ratings, requests
from storage.records import Person, PersonId, PlaceId, Post, PostKind, Request

LEFT = frozenset({"user_not_found", "user_disabled"})
"""Slack's words for a person who is no longer there."""
CLOSED = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive"})
"""Slack's words for a channel where nothing can be said any more."""
UNMET = frozenset(
    {
        "not met",
        "ForbiddenOperationException",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
    }
)
"""Teams' words for a person who has no conversation with the bot; and, all but the first, for a channel where
the bot is no longer."""
ELSEWHERE = ":elsewhere"
"""How the key of a post ends that could not be said where it should have been."""


def elsewhere(tx: Connection, house: House, post: Post, why: str, now: datetime) -> None:
    """Owe a post that cannot be delivered somewhere else, by the numbered cases above."""
    reader = people.get(tx, house.org, post.place)
    if reader is not None and _in_the_other_account(tx, house, post, reader, why, now):
        return
    if reader is not None and why in LEFT:
        has_left(tx, house, reader, now)
    if post.kind is PostKind.DIGEST and (why in CLOSED or why in UNMET):
        subscribing.lost(tx, house, post.place, why, now)
    if post.kind is PostKind.HOMES:
        homing.pass_on(tx, house, post, now)
        return
    if why in CLOSED or why in UNMET or post.kind is PostKind.CARD:
        for request in _served_there(tx, house, post):
            _move_desk(tx, house, request, post.place, why, now)
    about = requests.get(tx, house.org, post.number) if post.number else None
    if reader is not None and why in UNMET:
        _through_the_desk(tx, house, post, about, now)
    elif about is None or post.place in (about.requester, about.place):
        return
    elif post.kind in (PostKind.NEWS, PostKind.NOTE, PostKind.ESCALATION):
        posts.move(tx, house.org, post, about.place, f"{post.key}{ELSEWHERE}", now)


def welcome(tx: Connection, house: House, person: PersonId, now: datetime) -> None:
    """Somebody can be written to from now on: what was kept from them and still matters is owed again."""
    for request in (*requests.asked_by(tx, house.org, person), *requests.owned(tx, house.org, person)):
        posts.touch(tx, house.org, card_key(request.number, person), now)
    for poll in ratings.unanswered(tx, house.org, person, now - csat.OPEN_FOR):
        posts.touch(tx, house.org, csat.key(poll.number, poll.resolution), now)


def has_left(tx: Connection, house: House, person: Person, now: datetime) -> None:
    """Somebody has left: all unfinished that they own needs a new home, unless they have another account."""
    people.describe(tx, house.org, replace(person, active=False))
    if house.link_people and linking.outlives(tx, house, person, now):
        return
    lost = (*requests.owned(tx, house.org, person.id), *requests.kept_in(tx, house.org, person.id))
    for number in dict.fromkeys(request.number for request in lost):
        request = requests.get(tx, house.org, number)
        assert request is not None
        _move_desk(tx, house, request, person.id, "", now)


def place_lost(tx: Connection, house: House, place: PlaceId, why: str, now: datetime) -> None:
    """A channel is gone, archived or closed to the bot: all unfinished that has its desk there moves on."""
    subscribing.lost(tx, house, place, why, now)
    for request in requests.kept_in(tx, house.org, place):
        _move_desk(tx, house, request, place, why, now)


def _in_the_other_account(
    tx: Connection, house: House, post: Post, reader: Person, why: str, now: datetime
) -> bool:
    """Case 9: owe it in the other account of its reader. What failed in both goes the way of the others."""
    lost = why in LEFT or why in UNMET
    if not house.link_people or not lost or post.error in LEFT or post.error in UNMET:
        return False
    other = linking.another_account(tx, house, reader, post)
    if other is None:
        return False
    people.reach(tx, house.org, reader.id, "" if other == reader.id else other)
    posts.move(tx, house.org, post, post.place, post.key, now, error=why)
    return True


def _served_there(tx: Connection, house: House, post: Post) -> list[Request]:
    """The requests that a post speaks of and whose desk is where it could not be said."""
    bundle = raised.of_bundle(tx, house.org, post.key) if post.kind is PostKind.NUDGE else []
    numbers = dict.fromkeys([post.number, *(one.number for one in bundle)])
    spoken_of = [requests.get(tx, house.org, number) for number in numbers if number]
    return [request for request in spoken_of if request is not None and request.place == post.place]


def _move_desk(
    tx: Connection, house: House, request: Request, lost: PlaceId, why: str, now: datetime
) -> None:
    """A place is `lost`, or a person: find another home for what was there, and another owner."""
    if request.status not in lifecycle.UNFINISHED:
        return
    place = _refuge(tx, house, request) if request.place == lost else request.place
    clock = Turn(tx, house, Caller(person="", source="clock"), Person(id="", name="Deskbell"), now)
    posts.owe(
        tx, house.org, card_key(request.number, place), PostKind.CARD, place, now, number=request.number
    )
    if (request.owner == lost and why not in UNMET) or _is_gone(tx, house, request.owner):
        after = lifecycle.orphaned(request, place, now)
        choice = routing.instead(clock, after, left=True)
        after, line = keep(clock, request, routing.given(after, choice), "orphan", fact=request.owner or "")
        tell(clock, after, line, audience(after))
        if place == request.place:
            tell_desk(clock, after, line)
        routing.settled(clock, after, choice, audience(after))
    elif place != request.place:
        closed = lost != request.owner and place not in house.channels
        after = lifecycle.moved_to(request, place)
        after = replace(after, homeless=Need.CHANNEL) if closed else after
        after, line = keep(clock, request, after, "elsewhere", text=why, fact=lost)
        if request.owner == lost:
            tell(clock, after, line, (request.requester,))
            _pass_on(tx, house, after, line, lost, now)
    elif place == lost and not request.owner and not request.homeless:
        after = replace(request, homeless=Need.CHANNEL)
        requests.change(tx, house.org, request, after)
        write_need(clock, after)


def _through_the_desk(tx: Connection, house: House, post: Post, about: Request | None, now: datetime) -> None:
    """What somebody cannot be told is said where the request's card is, by cases 6 to 8."""
    if post.kind is PostKind.NUDGE:
        _nudge_there(tx, house, post, now)
    elif about is None or about.place == post.place:
        return
    elif post.kind is PostKind.ESCALATION:
        posts.move(tx, house.org, post, about.place, f"{post.key}{ELSEWHERE}", now)
    elif about.private:
        return
    elif post.kind is PostKind.POLL:
        done = history.last(tx, house.org, about.number, "resolve")
        if done is not None:
            _pass_on(tx, house, about, done.id, post.place, now)
    elif post.kind in (PostKind.NEWS, PostKind.NOTE):
        posts.move(
            tx, house.org, post, about.place, f"{post.key}{ELSEWHERE}", now, person=post.person or post.place
        )


def _pass_on(
    tx: Connection, house: House, request: Request, line: int, person: PersonId, now: datetime
) -> None:
    """Owe the news of a line of history, for a person, where the card is; nothing of a private request."""
    if request.private or request.place == request.requester:
        return
    key = f"{PostKind.NEWS}:{request.number}:{line}:{person}{ELSEWHERE}"
    posts.owe(
        tx,
        house.org,
        key,
        PostKind.NEWS,
        request.place,
        now,
        number=request.number,
        person=person,
        ref=str(line),
    )


def _nudge_there(tx: Connection, house: House, post: Post, now: datetime) -> None:
    """Each nudge of a bundle goes into one where its request's card is, for the same person."""
    for one in raised.of_bundle(tx, house.org, post.key):
        request = requests.get(tx, house.org, one.number)
        if request is None or one.sent_at or request.place == post.place:
            continue
        if request.private and request.requester == one.place:
            continue
        key = f"{post.key}:{request.place}"
        raised.pass_on(tx, house.org, one.id, key, one.place)
        posts.owe(tx, house.org, key, PostKind.NUDGE, request.place, now)


def _refuge(tx: Connection, house: House, request: Request) -> PlaceId:
    """The first of triage channel, lead and requester that was not lost before; else it stays."""
    lines = history.of(tx, house.org, request.number)
    lost = {request.place, *(line.fact for line in lines if line.verb in ("elsewhere", "orphan"))}
    team = house.team_of(request)
    leads = (team.lead, house.lead)
    homes = (*leads, team.place) if request.private else (team.place, *leads)
    here = (home for home in (*homes, request.requester) if home and home not in lost)
    return next((home for home in here if not _is_gone(tx, house, home)), request.place)


def _is_gone(tx: Connection, house: House, somebody: PersonId | None) -> bool:
    known = people.get(tx, house.org, somebody) if somebody else None
    return known is not None and not known.active
