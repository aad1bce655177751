"""Who gets a request: by the rule of its service, else of its team.

1. `none`: nobody is chosen; somebody takes it.
2. `round-robin`: the next after who was chosen last, in the order of names, then ids. The desk of the
   settings keeps no record of that: there it is rule 3.
3. `least-loaded`: who owns the fewest unfinished requests; of several, the next after who was chosen last.
4. `duty`: who is on the rota this week, a week being from Monday on the team's own clock; else their cover
   while they are away; else the next on the rota, and their cover. Who swapped their week comes last in it.

Whom the rule would have is not always here. Of all whom it names, in its order:

5. first those who are here and in working hours: the team's hours, on each one's own clock;
6. then those who are here, but outside their hours;
7. then the covers of those who are away, whichever team they are of;
8. then the requester, who is never given their own request while it can be somebody else's;
9. then nobody: the request is open, and needs a home (`handlers.homes`). So does one whose team is no more.

Who has left and bots are never chosen. Every choice says why, for the history.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from handlers import homes, worktime
from handlers.absence import stand_in
from handlers.homes import Need
from handlers.house import House, local
from handlers.turn import Turn, by_itself, real, tell, write
from storage import catalogue, people, requests
from storage.people import in_order
from storage.records import Person, PersonId, Request, Rule, Team

A_WEEK = timedelta(days=7)
SOME_MONDAY = date(2024, 1, 1)
"""Where a rota begins that does not say."""
MOST_NAMED = 2
"""So many who were passed over are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets it, and why; or that nobody can, and what the request needs then."""

    person: Person | None = None
    why: str = ""
    """As the history says it: "next in turn", "on duty this week; Flora is away"."""
    served: PersonId | None = None
    """Whose turn it was: the rule goes on behind them."""
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a rule names, and why."""

    person: Person
    why: str
    works: bool
    """Whether these are their working hours."""
    instead_of: PersonId | None = None
    """Whom they cover for."""


NOBODY = Choice()


def choose(tx: Connection, house: House, request: Request, now: datetime) -> Choice:
    """Who gets a request by its rule. Two who ask at once for one team are answered one after the other."""
    rule, team = house.rule_of(request), house.team_of(request)
    if homes.is_unserved(house, request):
        return Choice(need=Need.TEAM)
    if rule is Rule.NONE:
        return NOBODY
    if rule is Rule.DUTY:
        rota = _rota(tx, house, team, now)
        chosen = pick(request.requester, _on_the_rota(tx, house, team, rota, now), (), now)
        return chosen or Choice(need=Need.NOBODY if rota else Need.ROTA)
    crew = _in_turn(tx, house, team)
    if rule is Rule.LEAST_LOADED or not team.key:
        crew, loads = _by_load(tx, house, team, crew)
        queue = (_candidate(house, team, one, _few(loads[one.id]), now) for one in crew)
    else:
        queue = (_candidate(house, team, one, "next in turn", now) for one in crew)
    return pick(request.requester, queue, _covers(tx, house, team, crew, now), now) or Choice(
        need=Need.NOBODY
    )


def on_duty(tx: Connection, house: House, team: Team, now: datetime) -> Person | None:
    """Who is on duty in a team's week, or who stands in; None when nobody on its rota is here."""
    rota = _rota(tx, house, team, now)
    here = (one.person for one in _on_the_rota(tx, house, team, rota, now) if not one.person.is_away(now))
    return next(here, None)


def pick(
    requester: PersonId, queue: Iterable[Candidate], covers: Iterable[Candidate], now: datetime
) -> Choice | None:
    """The first who can be chosen, by cases 5 to 8; None when nobody can."""
    named: list[Candidate] = []
    chosen: Candidate | None = None
    for one in queue:
        named.append(one)
        if one.works and one.person.id != requester and not one.person.is_away(now):
            chosen = one
            break
    chosen = chosen or _second_best(requester, named, covers, now)
    if chosen is None:
        return None
    over = _passed_over(chosen, named, requester, now)
    why = "; ".join((chosen.why, *over))
    return Choice(chosen.person, why, chosen.instead_of or chosen.person.id)


def instead(turn: Turn, request: Request, *, left: bool) -> Choice:
    """Who gets what had an owner, who has `left`: by the rule; else it needs a home for that."""
    choice = choose(turn.tx, turn.house, request, turn.now)
    return choice if choice.person or not left else Choice(need=choice.need or Need.LEFT)


def _second_best(
    requester: PersonId, named: Iterable[Candidate], covers: Iterable[Candidate], now: datetime
) -> Candidate | None:
    """Cases 6 to 8, when nobody is here and in working hours."""
    here = [one for one in named if not one.person.is_away(now)]
    others = (one for one in here if one.person.id != requester)
    standing_in = (one for one in covers if one.person.id != requester)
    return next(others, None) or next(standing_in, None) or next(iter(here), None)


def settled(turn: Turn, request: Request, choice: Choice, informed: Iterable[PersonId] = ()) -> None:
    """Keep why this person was chosen, and tell them, and who else is to be `informed`."""
    if choice.person is None:
        return
    catalogue.serves(turn.tx, turn.org, turn.house.team_of(request).key, choice.served or choice.person.id)
    itself = by_itself(turn)
    line = write(itself, request.number, "assign", text=choice.why, fact=choice.person.id)
    others = (one for one in informed if one != turn.caller.person)
    tell(itself, request, line, (choice.person.id, *others))


def given(request: Request, choice: Choice) -> Request:
    """The request with the owner who was chosen, or with what it needs."""
    if choice.person is not None:
        return replace(request, owner=choice.person.id, homeless="")
    return replace(request, homeless=choice.need or "")


def _candidate(house: House, team: Team, person: Person, why: str, now: datetime) -> Candidate:
    return Candidate(person, why, worktime.is_working(house.hours_of(team, person.zone), now))


def _in_turn(tx: Connection, house: House, team: Team) -> list[Person]:
    """A team's people, beginning behind who was chosen last."""
    last = catalogue.served_last(tx, house.org, team.key)
    crew = people.crew(tx, house.org, team.group, linked=house.link_people)
    known = next((one for one in crew if one.id == last), None)
    if last and known is None:
        known = people.get(tx, house.org, last)
    return behind(crew, known)


def behind(crew: Sequence[Person], last: Person | None) -> list[Person]:
    """The same people in the same order, but beginning behind one of them, or behind where they would be."""
    if last is None:
        return list(crew)
    later = [one for one in crew if in_order(one) > in_order(last)]
    return [*later, *crew[: len(crew) - len(later)]]


def _by_load(
    tx: Connection, house: House, team: Team, crew: Iterable[Person]
) -> tuple[list[Person], Mapping[PersonId, int]]:
    """Rule 3: the same people, those with the fewest first, and how many each owns."""
    found = requests.loads(tx, house.org, team.group, linked=house.link_people)
    loads = {one.id: found.get(one.id, 0) for one in crew}
    return sorted(crew, key=lambda each: loads[each.id]), loads


def to_them(why: str) -> str:
    """Why, as the person reads it who was chosen: the first reason only, the rest is for the history."""
    first = why.partition(";")[0].partition(",")[0].partition(":")[0]
    for of_them, to_them in _TO_THEM.items():
        if first.startswith(of_them):
            return to_them + first.removeprefix(of_them)
    return first


_TO_THEM = {
    "next in turn": "it is your turn",
    "has the": "you have the",
    "covers for": "you cover for",
    "on duty": "you are on duty",
    "next on": "you are next on",
}


def _few(load: int) -> str:
    return f"has the fewest requests: {load}"


def _covers(
    tx: Connection, house: House, team: Team, named: Iterable[Person], now: datetime
) -> Iterator[Candidate]:
    """Who covers for those of the named who are away, looked up one by one."""
    for person in named:
        cover = stand_in(tx, house, person, now) if person.is_away(now) else None
        if cover is not None:
            why = f"covers for {person.name}"
            yield replace(_candidate(house, team, cover, why, now), instead_of=person.id)


def _rota(tx: Connection, house: House, team: Team, now: datetime) -> list[Person]:
    """Who is on the rota and still with us, beginning with this week's."""
    monday = monday_of(house, team, now)
    ids = list(this_week(team, monday))
    swapped = catalogue.swapped(tx, house.org, team.key, monday.isoformat())
    if swapped:
        ids = [real(tx, house, swapped), *ids[1:], *ids[:1]]
    known = people.several(tx, house.org, dict.fromkeys(ids))
    return [known[one] for one in dict.fromkeys(ids) if one in known and _serves(known[one])]


def monday_of(house: House, team: Team, now: datetime) -> date:
    """The Monday of the week that it is on a team's clock."""
    today = local(now, house.zone_of(team)).date()
    return today - timedelta(days=today.weekday())


def this_week(team: Team, monday: date) -> tuple[PersonId, ...]:
    """A team's rota, beginning with who has the week of that Monday."""
    if not team.rota:
        return ()
    at = (monday - _beginning(team)) // A_WEEK % len(team.rota)
    return team.rota[at:] + team.rota[:at]


def _beginning(team: Team) -> date:
    try:
        first = date.fromisoformat(team.rota_from)
    except ValueError:
        return SOME_MONDAY
    return first - timedelta(days=first.weekday())


def _on_the_rota(
    tx: Connection, house: House, team: Team, rota: Sequence[Person], now: datetime
) -> Iterator[Candidate]:
    """Rule 4: each one of the rota, and behind who is away, their cover."""
    for place, person in enumerate(rota):
        why = "next on the rota" if place else "on duty this week"
        yield _candidate(house, team, person, why, now)
        for cover in _covers(tx, house, team, (person,), now):
            yield replace(cover, why=f"{cover.why}, who is {why}")


def _serves(person: Person) -> bool:
    return person.active and not person.bot


def _passed_over(
    chosen: Candidate, named: Sequence[Candidate], requester: PersonId, now: datetime
) -> Iterator[str]:
    """Why it is none of those whom the rule named before."""
    end = named.index(chosen) if chosen in named else len(named)
    before = {one.person.id: one.person for one in named[:end]}
    before.pop(chosen.person.id, None)
    if len(before) > MOST_NAMED:
        yield f"{len(before)} others cannot be chosen now"
        return
    for one in before.values():
        if one.is_away(now):
            yield f"{one.name} is away"
        elif one.id == requester:
            yield f"{one.name} asks for it"
        else:
            yield f"{one.name} is not at work now"
