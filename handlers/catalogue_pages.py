"""What can be asked for, and who serves: everybody may look; who may change it sees how."""

from collections.abc import Iterable
from datetime import timedelta

from handlers import naming, routing
from handlers.catalogue_intents import ShowServices, ShowTeams
from handlers.may import may_edit
from handlers.notices import Button, Catalogue, Listed, Mention, Notice, Span, Words
from handlers.turn import Turn, desk_of_team, refuse
from handlers.words import until
from storage import people
from storage.records import Priority, Rule, Service, Team

MOST_AWAY = 5
HOUR = timedelta(hours=1)
OWN_DESK = "The desk"
"""What the organisation's own desk is called beside teams."""
GONE = "No longer offered"
AT_REST = "No longer serving"

GIVEN = {
    Rule.NONE: "somebody takes it",
    Rule.ROUND_ROBIN: "it goes to the next in turn",
    Rule.LEAST_LOADED: "it goes to whoever has the fewest requests",
    Rule.DUTY: "it goes to whoever is on duty",
}
"""How a request finds an owner, as one says it."""


def services(turn: Turn, intent: ShowServices) -> Notice:
    """What is offered, by team, with what is owed for it."""
    known = list(turn.house.services.values())
    if intent.team:
        team = naming.offers(turn.house).team(intent.team)
        if team is None:
            said = f"There is no team “{intent.team}”. Nothing was filed or changed."
            raise refuse(said, usage=("services", "teams"))
        known = [service for service in known if service.team == team.key]
    offered = [one for one in known if one.key in turn.house.offered]
    gone = [one for one in known if one not in offered and edits(turn, one.team)]
    return Catalogue(
        title="What you can ask for",
        entries=(
            *(_service(turn, one, _whose(turn, one)) for one in _by_team(turn, offered)),
            *(_service(turn, one, GONE) for one in _by_team(turn, gone)),
        ),
        empty=_empty(turn, "Nobody has written down yet what is offered."),
        buttons=(
            Button("Ask for something else …", "form"),
            Button("Teams", "teams"),
            *((Button("Add a service …", "services add …"),) if _may_add(turn) else ()),
        ),
        more="Name a team to see what it offers: services flowers.",
    )


def teams(turn: Turn, _: ShowTeams) -> Notice:
    """Every team: who leads it, when it works, how requests are given, who is on duty, who is away."""
    known = sorted(turn.house.teams.values(), key=lambda team: (team.name.casefold(), team.key))
    serving = [team for team in known if not team.retired]
    at_rest = [team for team in known if team.retired and edits(turn, team.key)]
    return Catalogue(
        title="Who serves",
        entries=(
            *(_team(turn, team) for team in serving),
            *(Listed(team.name, (), _edit_team(turn, team), AT_REST) for team in at_rest),
        ),
        empty=_empty(turn, "No team has been written down yet."),
        buttons=(
            Button("Services", "services"),
            *((Button("Add a team …", "teams add …"),) if edits(turn, "") else ()),
        ),
    )


def edits(turn: Turn, team: str) -> bool:
    """Whether this person may change a team and its services; with no key, the organisation's own."""
    return not may_edit(turn.person, desk_of_team(turn, turn.house.teams.get(team)))


def owed(turn: Turn, service: Service) -> str:
    """What is owed for a normal request: "Answer within 8 h of work, done within 40 h."."""
    target = turn.house.owed(service.key, Priority.NORMAL)
    return f"Answer within {_length(target.response)} of work, done within {_length(target.resolution)}."


def _service(turn: Turn, service: Service, under: str) -> Listed:
    private = " Private, unless you say otherwise." if service.private else ""
    edit = (Button(f"Edit {service.name} …", f"services edit {service.key} …"),)
    ask = () if under == GONE else (Button(f"Ask for {service.name} …", f"#{service.key} …"),)
    described: tuple[Words, ...] = ((service.description,),) if service.description else ()
    return Listed(
        title=service.name,
        lines=described if under == GONE else (*described, (owed(turn, service) + private,)),
        buttons=(*ask, *(edit if edits(turn, service.team) else ())),
        under=under,
    )


def _team(turn: Turn, team: Team) -> Listed:
    rota = (Button(f"Rota of {team.name}", f"duty {team.key}"),) if team.rota else ()
    lines = (
        _led(turn, team),
        (_hours(turn, team),),
        _given(turn, team),
        _away(turn, team),
        _offers(turn, team),
    )
    return Listed(team.name, tuple(filter(None, lines)), (*rota, *_edit_team(turn, team)))


def _edit_team(turn: Turn, team: Team) -> tuple[Button, ...]:
    return (Button(f"Edit {team.name} …", f"teams edit {team.key} …"),) if edits(turn, team.key) else ()


def _led(turn: Turn, team: Team) -> Words:
    return ("Led by ", turn.mention(team.lead), ".") if team.lead else ("It has no lead.",)


def _hours(turn: Turn, team: Team) -> str:
    """When it works, as it is written."""
    house = turn.house
    free = team.holidays or house.holidays
    holidays = f", but not on public holidays of {free}" if free else ""
    return f"Works {team.hours or house.hours}, {house.zone_of(team)}{holidays}."


def _given(turn: Turn, team: Team) -> Words:
    said: Words = (f"When you ask, {GIVEN[team.rule]}",)
    if team.rule is not Rule.DUTY:
        return (*said, ".")
    on_duty = routing.on_duty(turn.tx, turn.house, team, turn.now)
    if on_duty is None:
        return (*said, ": nobody on the rota is here this week.")
    return (*said, ": this week ", Mention(on_duty.id, on_duty.name), ".")


def _away(turn: Turn, team: Team) -> Words:
    crew = people.crew(turn.tx, turn.org, team.group, linked=turn.house.link_people)
    away = [one for one in crew if one.is_away(turn.now)]
    said: list[Span] = []
    for one in away[:MOST_AWAY]:
        assert one.gone_until is not None
        said += [
            ", " if said else "Away: ",
            Mention(one.id, one.name),
            *until(one.gone_until, turn.zone, turn.now),
        ]
    more = f" and {len(away) - MOST_AWAY} more" if len(away) > MOST_AWAY else ""
    return (*said, f"{more}.") if said else ()


def _offers(turn: Turn, team: Team) -> Words:
    names = sorted(
        one.name for one in turn.house.services.values() if one.team == team.key and not one.retired
    )
    return (f"Offers {', '.join(names)}.",) if names else ()


def _whose(turn: Turn, service: Service) -> str:
    return turn.house.team(service.team).name if service.team in turn.house.teams else OWN_DESK


def _by_team(turn: Turn, found: Iterable[Service]) -> list[Service]:
    return sorted(found, key=lambda one: (_whose(turn, one).casefold(), one.name.casefold(), one.key))


def _may_add(turn: Turn) -> bool:
    return edits(turn, "") or any(
        edits(turn, team.key) for team in turn.house.teams.values() if not team.retired
    )


def _empty(turn: Turn, said: str) -> str:
    """What stands where nothing does: what to do instead, or how to begin for who may."""
    if edits(turn, ""):
        begin = "Begin with a team, then add what it offers"
        return f"{said} {begin}; or write both into a file: deskbell catalogue apply."
    return f"{said} Just say what you need: it reaches who can help."


def _length(length: timedelta) -> str:
    hours, rest = divmod(length, HOUR)
    minutes = rest // timedelta(minutes=1)
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min")) if number)
