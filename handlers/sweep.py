"""What the clock does: look at every request whose time has come, at what needs a home, at every digest that
is due, and at the weeks that are over.

Called often, in one transaction; it carries nothing from one time to the next.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from handlers import absence, bundles, homing, lifecycle, nudges, routing, subscribing, targets, weeks
from handlers.csat import come_due
from handlers.house import House
from handlers.intents import Caller
from handlers.nudges import Reason
from handlers.steps import wake_those_waiting
from handlers.turn import Turn, audience, keep, tell, tell_desk, write
from storage import people, posts, raised, requests
from storage.records import Person, PersonId, PlaceId, Raised, Request, Status

CLOCK = Caller(person="", source="clock")
DESKBELL = Person(id="", name="Deskbell")


@dataclass(slots=True)
class Round:
    """What one sweep finds, written together at its end; what is the same for several is worked out once."""

    nudges: list[Raised] = field(default_factory=list)
    looks: dict[int, datetime | None] = field(default_factory=dict)
    """When to look at each request again."""
    bundles: dict[tuple[str, PlaceId, bool, datetime], str] = field(default_factory=dict)
    people: dict[PersonId, Person | None] = field(default_factory=dict)


def sweep(tx: Connection, house: House, now: datetime, limit: int) -> int:
    """Do what is due by `now`, for at most `limit` requests. Gives how many; there may be more."""
    turn, found = Turn(tx, house, CLOCK, DESKBELL, now), Round()
    due = requests.due(tx, house.org, now, limit)
    for request in due:
        _look(turn, found, request)
    raised.add_all(tx, house.org, found.nudges)
    requests.look_again(tx, house.org, found.looks)
    if len(due) < limit:
        _look_around(tx, house, now)
    return len(due)


def _look_around(tx: Connection, house: House, now: datetime) -> None:
    """Everything else that time brings."""
    come_due(tx, house, now)
    homing.owe(tx, house, now)
    subscribing.owe_due(tx, house, now)
    weeks.close_one(tx, house, now)


def _look(turn: Turn, found: Round, request: Request) -> None:
    if request.paused_at is not None and request.status is not Status.WAITING:
        request = _go_on(turn, request)
    reason, again = nudges.look(request, turn.house, turn.now)
    match reason:
        case None:
            found.looks[request.number] = again
        case Reason.CLOSE:
            keep(turn, request, lifecycle.close(request, turn.now), "close")
        case Reason.GIVE_UP:
            _give_up(turn, request)
        case Reason.RESUME:
            _resume(turn, found, request)
        case _:
            _raise(turn, found, request, reason)
            found.looks[request.number] = again


def _go_on(turn: Turn, request: Request) -> Request:
    """The clock of what was parked runs again."""
    if targets.is_parked(request, turn.now):
        return request
    return keep(turn, request, request, "unpark")[0]


def _resume(turn: Turn, found: Round, request: Request) -> None:
    """Its wait is over; and what has become due meanwhile is looked at in the same breath."""
    after, line = keep(turn, request, lifecycle.resume(request, turn.now), "resume")
    tell(turn, after, line, audience(after))
    tell_desk(turn, after, line)
    if after.nudge_at is not None and after.nudge_at <= turn.now:
        _look(turn, found, after)


def _give_up(turn: Turn, request: Request) -> None:
    done = "closed without an answer to the question"
    after, line = keep(turn, request, lifecycle.resolve(request, done, None, turn.now), "give up")
    tell(turn, after, line, audience(after))
    tell_desk(turn, after, line)
    wake_those_waiting(turn, after)


def _raise(turn: Turn, found: Round, request: Request, reason: Reason) -> None:
    """Put the request into its receiver's next bundle; and when it is late, tell the requester too."""
    if reason is Reason.LATE:
        line = write(turn, request.number, "late")
        tell(turn, request, line, [one for one in audience(request) if one != request.owner])
    if reason in (Reason.LATE, Reason.PARKED):
        posts.touch_cards(turn.tx, turn.org, request.number, turn.now)
    if request.escalated_at is None and not targets.is_parked(request, turn.now):
        _bundle(turn, found, request, reason)


def _bundle(turn: Turn, found: Round, request: Request, reason: Reason) -> None:
    whom = nudges.receiver(request, reason, _on_duty(turn, request))
    place, since = _reached(turn, found, request, reason, whom)
    at_once = nudges.is_urgent(request) and since == turn.now
    alike = (request.team, place, at_once, since)
    if alike not in found.bundles:
        found.bundles[alike] = bundles.owed(turn.tx, turn.house, request, place, at_once, since)
    found.nudges.append(Raised(request.number, whom, reason.name, found.bundles[alike], turn.now))


def _on_duty(turn: Turn, request: Request) -> PersonId | None:
    """Who is on duty for what nobody owns, where there is a rota."""
    team = turn.house.team_of(request)
    if request.owner or not team.rota:
        return None
    person = routing.on_duty(turn.tx, turn.house, team, turn.now)
    return person.id if person else None


def _reached(
    turn: Turn, found: Round, request: Request, reason: Reason, whom: PlaceId
) -> tuple[PlaceId, datetime]:
    """Where a nudge goes, and from when on: a requester who is away reads it later, an owner's cover now."""
    if whom not in found.people:
        found.people[whom] = people.get(turn.tx, turn.org, whom)
    person = found.people[whom]
    if person is None or person.gone_until is None or not person.is_away(turn.now):
        return whom, turn.now
    if reason is Reason.ANSWER:
        return whom, person.gone_until
    return absence.nudged_instead(turn.tx, turn.house, request, person, turn.now), turn.now
