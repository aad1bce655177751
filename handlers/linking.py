"""One person with an account on each of two platforms.

1. Two accounts are one person's when the platforms vouch for the same e-mail address, and nobody else has
   it. Never two of one platform, never an account of an account, never a bot or somebody who has left.
2. The account known first is the person, the other one an account of theirs. Of two that were known before
   the person is the one that has requests, else the one of the smaller id.
3. What the other account asked for or serves becomes the person's, with the cards where they are.
4. When the person leaves one platform and is still on the other, they go on there.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.house import House
from handlers.intents import Caller
from handlers.turn import Turn, keep
from storage import people, posts, raised, ratings, requests
from storage.records import Person, PersonId, PlaceId, Post, PostKind, Request


def platform(place: PlaceId) -> str:
    """Where a person, a place or a message lives."""
    return place.partition(":")[0]


def link(tx: Connection, house: House, described: PersonId, new: bool, now: datetime) -> None:
    """Somebody was described, when they are `new` for the first time: do we know them from elsewhere?"""
    one = people.get(tx, house.org, described)
    if one is None or not one.email or one.same_as or one.bot or not one.active:
        return
    others = [other for other in people.of_email(tx, house.org, one.email) if other.id != one.id]
    if len(others) != 1 or others[0].same_as or platform(others[0].id) == platform(one.id):
        return
    if any(people.accounts(tx, house.org, each.id) for each in (one, others[0])):
        return
    person, account = (others[0], one) if new else _in_order(tx, house, one, others[0])
    _join(tx, house, account, person, now)


def outlives(tx: Connection, house: House, person: Person, now: datetime) -> Person | None:
    """Somebody has left one platform: the account in which they go on, if there is one."""
    here = (account for account in people.accounts(tx, house.org, person.id) if account.active)
    heir = next(here, None)
    if heir is None:
        return None
    people.link(tx, house.org, heir.id, None)
    people.prefer(tx, house.org, heir.id, person.slots, person.quiet_days)
    _join(tx, house, person, heir, now)
    return heir


def another_account(tx: Connection, house: House, person: Person, post: Post) -> PersonId | None:
    """Where somebody may still be told what could not be said in the account where it was tried."""
    tried = platform(post.message or person.reach or person.id)
    accounts = [person, *people.accounts(tx, house.org, person.id)]
    return next((one.id for one in accounts if one.active and platform(one.id) != tried), None)


def _in_order(tx: Connection, house: House, one: Person, other: Person) -> tuple[Person, Person]:
    """Which of two that were known before is the person, and which the account."""
    first, second = sorted((one, other), key=lambda each: (not _has_requests(tx, house, each), each.id))
    return first, second


def _has_requests(tx: Connection, house: House, person: Person) -> bool:
    return bool(requests.recent_of(tx, house.org, person.id, 1) or requests.owned(tx, house.org, person.id))


def _join(tx: Connection, house: House, account: Person, person: Person, now: datetime) -> None:
    people.link(tx, house.org, account.id, person.id)
    clock = Turn(tx, house, Caller(person="", source="clock"), Person(id="", name="Deskbell"), now)
    for request in requests.concerning(tx, house.org, account.id):
        after = _of_person(request, account.id, person.id)
        if after != request:
            keep(clock, request, after, "link", fact=person.id)
            for post in posts.of_request(tx, house.org, request.number):
                _rehouse(tx, house, post, account.id, person.id)
    for post in posts.owed_in(tx, house.org, account.id):
        if post.kind is PostKind.CARD:
            continue  # it stays with its request, which has ended where it was
        _rehouse(tx, house, post, account.id, person.id)
    ratings.hand_over(tx, house.org, account.id, person.id)


def _of_person(request: Request, account: PersonId, person: PersonId) -> Request:
    def real(one: PersonId) -> PersonId:
        return person if one == account else one

    return replace(
        request,
        requester=real(request.requester),
        filed_by=real(request.filed_by),
        owner=real(request.owner) if request.owner else None,
        place=real(request.place),
        followers=tuple(dict.fromkeys(real(one) for one in request.followers)),
    )


def _rehouse(tx: Connection, house: House, post: Post, account: PersonId, person: PersonId) -> None:
    if post.place != account:
        return
    key = post.key.replace(account, person)
    if posts.by_key(tx, house.org, key):
        return  # there is such a one already, and one is enough
    if post.kind is PostKind.NUDGE:
        for one in raised.of_bundle(tx, house.org, post.key):
            whom = person if one.place == account else one.place
            raised.pass_on(tx, house.org, one.id, key, whom)
    posts.rehouse(tx, house.org, post, person, key)
