"""Wrong desk: a request goes to another service or team, with everything that was said about it.

1. Who serves it may move it; so may its requester while nobody has taken it.
2. It is the new team's from then on: its card goes to their channel, its owner is chosen by their rule, and
   it is open, unless it waits.
3. What the new service owes counts from the move, the response too: docs/decisions/0012.
4. What was answered in the old service's form stays. What is private stays private, and becomes so where the
   new service is private by default.
5. Where the card was it says where the request went, and nothing can be done there any more.
6. To a service or a team that is retired, or that nobody has heard of, nothing is moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers import lifecycle, routing, targets
from handlers.intake import card_key
from handlers.intents import Move
from handlers.naming import offers
from handlers.notices import Answer, Field, Form, Notice
from handlers.turn import Turn, audience, keep, permitted, refuse, shown, tell
from storage import posts
from storage.records import PlaceId, PostKind, Request, Service, Team

MOST = 100
"""As many choices as a form can show."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a request goes: a team, and perhaps what is asked of it."""

    team: Team
    service: Service | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.service.name if self.service else self.team.name


def open_form(turn: Turn, number: int) -> Form:
    """Where should it go?"""
    request = permitted(turn, number, "move")
    choices = tuple(_choices(turn, request))
    if not choices:
        raise refuse(
            f"There is no other service or team that could have #{number}. ",
            "You can hand it to a colleague.",
            usage=(f"give {number} @bob",),
        )
    return Form(
        name="move",
        title=f"Move #{number}",
        submit="Move",
        fields=(Field("to", "Where does it belong?", "choice", options=choices),),
        intro=(request.title,),
        hidden=(("number", str(number)),),
    )


def move(turn: Turn, intent: Move) -> Notice:
    """It is another desk's from now on."""
    before = permitted(turn, intent.number, "move")
    desk = _desk(turn, intent.to)
    key = desk.service.key if desk.service else ""
    if (before.team, before.service) == (desk.team.key, key):
        raise refuse(f"#{before.number} is with {desk.name} already.", card=shown(turn, before), field="to")
    private = desk.service.private if desk.service else False
    after = lifecycle.move(before, desk.team.key, key, before.place, private, turn.now)
    choice = routing.choose(turn.tx, turn.house, after, turn.now)
    after = replace(routing.given(after, choice), place=_place(turn, desk.team, choice, before))
    respond_by, resolve_by = targets.times(after, turn.house, turn.now)
    after = replace(after, respond_by=respond_by, resolve_by=resolve_by)
    _owe_card(turn, after.number, after.place)
    after, line = keep(turn, before, after, "move", fact=desk.name)
    tell(turn, after, line, (before.owner or "", *audience(after)))
    routing.settled(turn, after, choice)
    with_whom = (", and ", turn.mention(after.owner), " has it") if after.owner else ()
    return Answer(words=(f"#{after.number} is with {desk.name} now", *with_whom, "."))


def _desk(turn: Turn, said: str) -> Desk:
    """The service or team of that name: `#` means a service first, `@` a team."""
    known, name = offers(turn.house), said.lstrip("#@")
    service, team = known.service(name), known.team(name)
    if service is not None and not (said.startswith("@") and team):
        return Desk(turn.house.team(service.team), service)
    if team is None:
        raise refuse(f"Nobody offers “{name}”. Nothing was moved.", usage=("services",), field="to")
    return Desk(team)


def _place(turn: Turn, team: Team, choice: routing.Choice, before: Request) -> PlaceId:
    """Where its card goes: the team's channel, else its lead, who was chosen, or the organisation's desk."""
    chosen = choice.person.id if choice.person else None
    homes = (team.place, team.lead, chosen, turn.house.triage, turn.house.lead)
    return next((home for home in homes if home), before.place)


def _owe_card(turn: Turn, number: int, place: PlaceId) -> None:
    """A card in the new place; when there is one from before, it is touched like all of them."""
    posts.owe(turn.tx, turn.org, card_key(number, place), PostKind.CARD, place, turn.now, number=number)


def _choices(turn: Turn, request: Request) -> Iterable[tuple[str, str]]:
    """Every service but its own, then the teams that offer none; by name."""
    services = turn.house.offered.values()
    teams = {key: team for key, team in turn.house.teams.items() if not team.retired}
    offered = [one for one in services if one.key != request.service]
    for one in sorted(offered, key=lambda each: (each.name.casefold(), each.key))[:MOST]:
        yield f"#{one.key}", f"{one.name} ({turn.house.team(one.team).name})"
    silent = teams.keys() - {one.team for one in services}
    for key in sorted(silent)[: MOST - min(MOST, len(offered))]:
        if key != request.team:
            yield f"@{key}", teams[key].name
