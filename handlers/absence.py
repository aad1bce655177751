"""Who is away, and who covers for them.

1. Whoever is away gets no new requests and no nudges; their cover gets them.
2. Covers may be away as well: then it is the cover's cover. Nobody covers who has left, or is a bot.
3. Without a cover what was asked of them goes to the team, where there is one; what is private stays theirs.
4. A nudge for an owner without a cover goes where the request's card is, by name; one for a requester waits.
5. They are back when the moment has come, or when they say so. Nothing has to happen for that.
"""

from datetime import datetime

from sqlalchemy import Connection

from handlers import bundles
from handlers.house import House
from handlers.intents import Away, Back, OpenAway
from handlers.notices import Answer, Button, Field, Form, Notice, Words
from handlers.turn import Turn, in_future, real, refuse
from handlers.words import until
from storage import people, posts, raised, requests
from storage.records import Person, PersonId, PlaceId, PostKind, Request

LONGEST_CHAIN = 5
"""So many covers of covers are asked."""


def stand_in(tx: Connection, house: House, person: Person, now: datetime) -> Person | None:
    """Who covers for somebody who is away: the first of the chain who is here; None when nobody is."""
    met = {person.id}
    for _ in range(LONGEST_CHAIN):
        if person.cover is None or person.cover in met:
            return None
        met.add(person.cover)
        cover = people.get(tx, house.org, person.cover)
        if cover is None or not cover.active or cover.bot:
            return None
        if not cover.is_away(now):
            return cover
        person = cover
    return None


def here(tx: Connection, house: House, person: PersonId | None, now: datetime) -> PersonId | None:
    """Somebody, or who stands in for them while they are away; None when nobody does, or they have left."""
    known = people.get(tx, house.org, real(tx, house, person)) if person else None
    if known is None:
        return person
    if not known.active:
        return None
    cover = stand_in(tx, house, known, now) if known.is_away(now) else known
    return cover.id if cover else None


def nudged_instead(tx: Connection, house: House, request: Request, owner: Person, now: datetime) -> PlaceId:
    """Where an absent owner's nudges go: to their cover, else where the card is, else to the lead."""
    cover = stand_in(tx, house, owner, now)
    if cover is not None:
        return cover.id
    team = house.team_of(request)
    homes = (request.place, None if request.private else team.place, team.lead, house.lead)
    return next((home for home in homes if home and home != owner.id), owner.id)


def open_form(turn: Turn, _: OpenAway) -> Form:
    """Until when, and who covers."""
    return Form(
        name="away",
        title="Going away",
        submit="Keep",
        fields=(
            Field("day", "Back on", "date", hint="At nine in the morning, on your clock."),
            Field("cover", "Who covers for you?", "person", required=False, initial=turn.person.cover),
        ),
        intro=("Nobody gives you requests and nothing nudges you while you are away.",),
    )


def leave(turn: Turn, intent: Away) -> Notice:
    """I am away until then."""
    back = in_future(turn, intent.until)
    assert back is not None
    cover = _cover(turn, intent)
    people.meet(turn.tx, turn.org, turn.person)
    people.set_away(turn.tx, turn.org, turn.person.id, back.instant(), cover.id if cover else None)
    pass_nudges_on(turn)
    return Answer(
        words=("You are away until ", turn.when(back), ". ", *_meanwhile(turn, cover)), buttons=(BACK,)
    )


def come_back(turn: Turn, _: Back) -> Notice:
    """I am here again."""
    away = turn.person.is_away(turn.now)
    people.set_away(turn.tx, turn.org, turn.person.id, None, None)
    waiting = (Button("What waits for me", "list for me", "primary"),)
    return Answer(words=("Welcome back." if away else "You were not away.",), buttons=waiting)


def told(turn: Turn, person: Person) -> Words:
    """That somebody is away, until when, and who covers: "Ann is away until Friday; Bob covers for them"."""
    assert person.gone_until is not None
    end = until(person.gone_until, turn.zone, turn.now)
    cover = stand_in(turn.tx, turn.house, person, turn.now)
    covered: Words = (
        ("; ", turn.mention(cover.id), " covers for them") if cover else ("; nobody covers for them",)
    )
    return (turn.mention(person.id), " is away", *end, *covered)


BACK = Button("I am back", "back")


def _cover(turn: Turn, intent: Away) -> Person | None:
    if not intent.cover:
        return None
    wanted = real(turn.tx, turn.house, intent.cover)
    known = people.get(turn.tx, turn.org, wanted) or Person(id=wanted, name=wanted, known=False)
    if wanted == turn.person.id:
        raise refuse("You cannot cover for yourself. Name a colleague, or nobody.", field="cover")
    if known.bot or not known.active:
        raise refuse(
            f"{known.name} cannot cover for you. Name a colleague who is here, or nobody.", field="cover"
        )
    if known.is_away(turn.now):
        raise refuse(*told(turn, known), ". Name somebody who is here, or nobody.", field="cover")
    people.meet(turn.tx, turn.org, known)
    return known


def pass_nudges_on(turn: Turn) -> None:
    """What was to be said to them in their next slot is said to who stands in."""
    person = people.get(turn.tx, turn.org, turn.person.id)
    assert person is not None
    for post in posts.owed_in(turn.tx, turn.org, person.id):
        for one in raised.of_bundle(turn.tx, turn.org, post.key) if post.kind is PostKind.NUDGE else ():
            request = requests.get(turn.tx, turn.org, one.number)
            if request is None or one.sent_at or request.requester == person.id:
                continue
            place = nudged_instead(turn.tx, turn.house, request, person, turn.now)
            bundles.pass_on(turn.tx, turn.house, one, request, place, turn.now)


def _meanwhile(turn: Turn, cover: Person | None) -> Words:
    if cover is not None:
        return (turn.mention(cover.id), " gets new requests and nudges in your place.")
    return ("New requests go to the team, and nothing nudges you. Say back when you are here again.",)
