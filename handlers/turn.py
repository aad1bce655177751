"""One turn of a conversation: who asks, when, under which rules, inside which transaction.

Everything that changes a request goes through `keep`, so that the row, its history, the clock and the
cards can never disagree.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers import homes, lifecycle, nudges, targets, weeks
from handlers.cards import viewed
from handlers.house import House, is_zone
from handlers.intents import Caller
from handlers.may import Desk, may, sent_to_person
from handlers.notices import Card, Mention, Refused, Span, When
from storage import history, people, posts, raised, requests
from storage.records import Entry, Person, PersonId, PlaceId, PostKind, Request, Team
from storage.types import WallTime

REMEMBERED = timedelta(days=7)
"""So long a nudge that was delivered is kept true; older ones nobody scrolls back to."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What every rule receives."""

    tx: Connection
    house: House
    caller: Caller
    person: Person
    now: datetime

    @property
    def org(self) -> str:
        """The organisation it all belongs to."""
        return self.house.org

    @property
    def zone(self) -> str:
        """The caller's time zone."""
        return self.person.zone if is_zone(self.person.zone) else self.house.zone

    def mention(self, person: PersonId | None) -> Mention:
        """Somebody by name."""
        return mention(self.tx, self.org, person)

    def when(self, wall: WallTime) -> When:
        """A wall time as a moment to show."""
        return When(wall.instant(), wall.zone)


class Refusal(Exception):
    """It may not or cannot be done; the notice says why. Raised before anything is written."""

    def __init__(self, notice: Refused) -> None:
        super().__init__()
        self.notice = notice


def refuse(*why: Span, usage: Collection[str] = (), card: Card | None = None, field: str = "") -> Refusal:
    """A refusal to raise: one plain sentence, and the lines that would have worked."""
    return Refusal(Refused(why=why, usage=tuple(usage), card=card, field=field))


def somebody(tx: Connection, house: House, caller: Caller) -> Person:
    """The person who calls, whichever account they use; a colleague never met before is kept as such."""
    known = people.get(tx, house.org, caller.person)
    if known is not None and known.same_as and house.link_people:
        known = people.get(tx, house.org, known.same_as) or known
    return known or Person(id=caller.person, name=caller.person, known=False)


def opened(tx: Connection, house: House, caller: Caller, now: datetime) -> Turn:
    """The turn of whoever calls: who speaks from an account of theirs is the person, everywhere."""
    person = somebody(tx, house, caller)
    if person.id != caller.person:
        caller = replace(caller, person=person.id, account=caller.person)
    return Turn(tx, house, caller, person, now)


def real(tx: Connection, house: House, person: PersonId) -> PersonId:
    """Whose account it is: the person's own id, mostly."""
    known = people.get(tx, house.org, person) if house.link_people else None
    return (known.same_as if known else None) or person


def mention(tx: Connection, org: str, person: PersonId | None) -> Mention:
    """Somebody by name, or "somebody" when nobody knows them."""
    known = people.get(tx, org, person) if person else None
    return Mention(person or "", known.name if known else "somebody")


def in_future(turn: Turn, wall: WallTime | None) -> WallTime | None:
    """A date that must not be over; refused when it is."""
    if wall is not None and wall.instant() <= turn.now:
        raise refuse(turn.when(wall), " is already past. Name a later date.", field="day")
    return wall


def desk_of(turn: Turn, request: Request) -> Desk:
    """Who serves a request.

    The team's own people where the catalogue names them, else those of its channel. It stays the team when
    its card had to move to somebody's direct messages; but what is private, or was sent to one colleague, is
    not shown to more people by that.
    """
    house = turn.house
    team, linked = house.team_of(request), house.link_people
    members = people.members_of(turn.tx, turn.org, request.place, linked=linked)
    if not sent_to_person(request):
        if team.members:
            members = frozenset(team.members)
        elif not members and team.place and not request.private:
            members = people.members_of(turn.tx, turn.org, team.place, linked=linked)
    lead, admin = (real(turn.tx, house, one) if one else None for one in (team.lead, house.lead))
    return Desk(members, lead, admin)


def desk_of_team(turn: Turn, team: Team | None) -> Desk:
    """Who serves in a team, and who leads it; without one, who leads the organisation."""
    admin = real(turn.tx, turn.house, turn.house.lead) if turn.house.lead else None
    if team is None:
        return Desk(admin=admin)
    members = people.members_of(turn.tx, turn.org, team.group, linked=turn.house.link_people)
    return Desk(members | frozenset(team.rota), team.lead, admin)


def seen(turn: Turn, number: int) -> Request:
    """The request of that number; refused when there is none, or this person may not see it."""
    return permitted(turn, number, "see")


def permitted(turn: Turn, number: int, verb: str) -> Request:
    """The request, when this person may do this to it as it stands; refused otherwise."""
    request = requests.get(turn.tx, turn.org, number)
    if request is None:
        raise refuse(f"There is no request #{number}.", usage=("list", "find <words>"))
    if why := may(turn.person, verb, request, desk_of(turn, request)):
        raise refuse(why)
    if not lifecycle.allows(request, verb):
        raise refuse(*_wrong_state(turn, request, verb), card=shown(turn, request))
    return request


def shown(turn: Turn, request: Request) -> Card:
    """The request as it stands, with the buttons this person may press."""
    return viewed(turn.tx, turn.house, request, turn.person, desk_of(turn, request), turn.now)


def keep(
    turn: Turn,
    before: Request,
    after: Request,
    verb: str,
    *,
    text: str = "",
    fact: str = "",
    team_only: bool = False,
) -> tuple[Request, int]:
    """Keep a step: the row, a line of history, when the clock looks next, and every card owed again.

    Gives the request as it now is and the id of its line of history.
    Raises `Stale` when somebody was faster, `Repeated` when this delivery was kept before.
    """
    after = targets.keep_pace(before, after, turn.house, turn.now)
    after = homes.settled(turn.tx, turn.org, after)
    after = replace(after, nudge_at=nudges.next_look(after, turn.house, turn.now))
    requests.change(turn.tx, turn.org, before, after)
    weeks.changed(turn.tx, turn.house, before, after)
    line = write(turn, after.number, verb, text=text, fact=fact, team_only=team_only)
    if after.homeless != before.homeless and homes.TOLD_BY.get(verb) != after.homeless:
        write_need(turn, after)
    posts.touch_cards(turn.tx, turn.org, after.number, turn.now)
    for bundle in raised.said_about(turn.tx, turn.org, after.number, turn.now - REMEMBERED):
        posts.touch(turn.tx, turn.org, bundle, turn.now)
    return replace(after, revision=before.revision + 1), line


def write(
    turn: Turn,
    number: int,
    verb: str,
    *,
    text: str = "",
    fact: str = "",
    team_only: bool = False,
    delivery: bool = True,
) -> int:
    """A line of history, under the key of this delivery unless it is a second one of it."""
    entry = Entry(
        number=number,
        at=turn.now,
        who=turn.caller.person or None,
        verb=verb,
        text=text,
        fact=fact,
        source=turn.caller.source,
        team_only=team_only,
        key=turn.caller.key if delivery else None,
    )
    return history.append(turn.tx, turn.org, entry)


def write_need(turn: Turn, request: Request) -> None:
    """A line of history when a request needs a home, and why."""
    if request.homeless:
        write(by_itself(turn), request.number, "homeless", fact=request.homeless)


def by_itself(turn: Turn) -> Turn:
    """The same turn, for what Deskbell does by itself because of it."""
    return replace(turn, caller=Caller(person="", source=turn.caller.source))


def tell(turn: Turn, request: Request, line: int, readers: Collection[PersonId]) -> None:
    """Owe the news of a line of history to these people, but not to who caused it."""
    for reader in dict.fromkeys(readers):
        if reader and reader != turn.caller.person:
            _owe(turn, request, PostKind.NEWS, line, reader, reader)


def tell_desk(turn: Turn, request: Request, line: int) -> None:
    """Owe the news to whoever serves the request, where its card lives."""
    if request.place != turn.caller.person:
        _owe(turn, request, PostKind.NEWS, line, request.place, request.owner)


def relay(turn: Turn, request: Request, line: int, place: PlaceId) -> None:
    """Carry a note to the other side of the conversation."""
    if place != turn.caller.person:
        _owe(turn, request, PostKind.NOTE, line, place, None)


def audience(request: Request) -> tuple[PersonId, ...]:
    """Who is kept informed of how it goes: the requester and the followers."""
    return (request.requester, *request.followers)


def _owe(
    turn: Turn, request: Request, kind: PostKind, line: int, place: PlaceId, person: PersonId | None
) -> None:
    key = f"{kind}:{request.number}:{line}:{place}"
    posts.owe(
        turn.tx,
        turn.org,
        key,
        kind,
        place,
        turn.now,
        number=request.number,
        person=person,
        ref=str(line),
    )


def _wrong_state(turn: Turn, request: Request, verb: str) -> tuple[Span, ...]:
    """Why a step cannot be made from where the request stands, and what can be done instead."""
    if verb == "reopen":
        return (f"#{request.number} is still {request.status}; there is nothing to reopen.",)
    if verb == "rate":
        return (f"#{request.number} is not resolved yet; the service is rated when it is.",)
    by = (" by ", turn.mention(request.ended_by)) if request.ended_by else ()
    return (f"#{request.number} was already {request.status}", *by, f". Say reopen {request.number} first.")
