"""Who is on duty week by week, and who stands in. A week is from Monday on the team's own clock.

1. Everybody may look; the people of the team and its lead may swap.
2. Weeks that are over stay as they were.
3. Who stands in is a colleague who is here; the one who is planned for the week anyway ends the swap.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers import absence, naming
from handlers.catalogue_intents import OpenSwap, ShowDuty, Swap
from handlers.may import may_swap
from handlers.notices import Answer, Button, Catalogue, Field, Form, Listed, Notice, When, Words
from handlers.routing import A_WEEK, monday_of, this_week
from handlers.turn import Turn, desk_of_team, real, refuse
from storage import catalogue, people
from storage.records import Person, PersonId, Team

WEEKS = 6
"""So many weeks are shown, the present one first."""
FARTHEST = 26 * A_WEEK
NOON = time(12)


def show(turn: Turn, intent: ShowDuty) -> Notice:
    """The rota of my teams, else of every team that has one; or of the team that is named."""
    with_rota = [team for team in turn.house.teams.values() if team.rota and not team.retired]
    mine = [team for team in with_rota if _is_mine(turn, team)]
    shown = [_named(turn, intent.team)] if intent.team else mine or with_rota
    return Catalogue(
        title="On duty",
        entries=tuple(_weeks(turn, team) for team in sorted(shown, key=lambda team: team.name.casefold())),
        empty="No team works by a rota.",
        buttons=(Button("Teams", "teams"),),
        more="Name the team: duty flowers.",
    )


def open_form(turn: Turn, intent: OpenSwap) -> Form:
    """Which week, and who stands in."""
    team = _swappable(turn, intent.team)
    weeks = tuple((f"{monday}", _week_label(turn, team, monday)) for monday in _mondays(turn, team))
    return Form(
        name="duty",
        title=f"Swap a week of {team.name}",
        submit="Swap",
        fields=(
            Field("week", "Which week?", "choice", initial=weeks[0][0], options=weeks),
            Field(
                "person",
                "Who stands in?",
                "person",
                required=False,
                hint="Leave it empty, and it is as planned.",
            ),
        ),
        hidden=(("team", team.key), ("line", f"duty {team.key} …")),
    )


def swap(turn: Turn, intent: Swap) -> Notice:
    """Somebody stands in for a week, or nobody does any more."""
    team = _swappable(turn, intent.team)
    monday = intent.day - timedelta(days=intent.day.weekday())
    _in_reach(monday, monday_of(turn.house, team, turn.now))
    planned = this_week(team, monday)[0]
    person = _stand_in(turn, team, monday, intent.person) if intent.person else None
    stands_in = person.id if person and person.id != planned else None
    catalogue.swap(turn.tx, turn.org, team.key, monday.isoformat(), stands_in)
    week: Words = (f"{team.name}, the week of ", first_day(turn, team, monday), ": ")
    if stands_in is None:
        return Answer(words=(*week, turn.mention(planned), " is on duty, as planned."), buttons=_again(team))
    told: Words = (turn.mention(stands_in), " is on duty, for ", turn.mention(planned), ".")
    return Answer(words=(*week, *told, " Please tell them, if they do not know."), buttons=_again(team))


def first_day(turn: Turn, team: Team, monday: date) -> When:
    """The Monday of a week, as a day to show; at noon, so that it is that day on most clocks."""
    zone = turn.house.zone_of(team)
    return When(datetime.combine(monday, NOON, ZoneInfo(zone)), zone, day_only=True)


def _weeks(turn: Turn, team: Team) -> Listed:
    if not team.rota:
        return Listed(team.name, (("It has no rota. Its lead can write one.",),), (Button("Teams", "teams"),))
    lines = tuple(_week(turn, team, monday) for monday in _mondays(turn, team))
    may = not may_swap(turn.person, desk_of_team(turn, team))
    swap = (Button(f"Swap a week of {team.name} …", f"duty {team.key} …"),) if may else ()
    return Listed(team.name, lines, swap)


def _week(turn: Turn, team: Team, monday: date) -> Words:
    """“Mon 30 Nov: Carl, for Flora”."""
    now = monday == monday_of(turn.house, team, turn.now)
    planned, stands_in = _on(turn, team, monday)
    who: Words = (turn.mention(stands_in), ", for ", turn.mention(planned)) if stands_in else ()
    return ("This week" if now else first_day(turn, team, monday), ": ", *(who or (turn.mention(planned),)))


def _week_label(turn: Turn, team: Team, monday: date) -> str:
    now = monday == monday_of(turn.house, team, turn.now)
    planned, stands_in = _on(turn, team, monday)
    who = turn.mention(stands_in).name + ", for " if stands_in else ""
    return f"{'This week' if now else f'{monday.day} {monday:%b}'}: {who}{turn.mention(planned).name}"


def _on(turn: Turn, team: Team, monday: date) -> tuple[PersonId, PersonId | None]:
    """Who is planned for a week, and who stands in."""
    planned = this_week(team, monday)[0]
    swapped = catalogue.swapped(turn.tx, turn.org, team.key, monday.isoformat())
    stands_in = real(turn.tx, turn.house, swapped) if swapped else None
    return planned, stands_in if stands_in != planned else None


def _mondays(turn: Turn, team: Team) -> list[date]:
    first = monday_of(turn.house, team, turn.now)
    return [first + week * A_WEEK for week in range(WEEKS)]


def _is_mine(turn: Turn, team: Team) -> bool:
    desk = desk_of_team(turn, team)
    return turn.person.id in desk.members or turn.person.id == desk.lead


def _named(turn: Turn, said: str) -> Team:
    team = naming.offers(turn.house).team(said)
    if team is None:
        raise refuse(f"There is no team “{said}”. Nothing was filed or changed.", usage=("teams", "duty"))
    return team


def _swappable(turn: Turn, said: str) -> Team:
    """The team whose weeks are to be swapped: the one that is named, or the only one of mine with a rota."""
    if said:
        team = _named(turn, said)
    else:
        mine = [team for team in turn.house.teams.values() if team.rota and _is_mine(turn, team)]
        if len(mine) != 1:
            raise refuse("Say of which team.", usage=("duty flowers 30 november @bob",))
        team = mine[0]
    if why := may_swap(turn.person, desk_of_team(turn, team)):
        raise refuse(why)
    if not team.rota:
        raise refuse(f"{team.name} has no rota. Its lead can write one.", usage=("teams",))
    return team


def _stand_in(turn: Turn, team: Team, monday: date, who: PersonId) -> Person:
    wanted = real(turn.tx, turn.house, who)
    known = people.get(turn.tx, turn.org, wanted) or Person(id=wanted, name=wanted, known=False)
    if known.bot or not known.active:
        raise refuse(f"{known.name} cannot stand in. Name a colleague who is here.", field="person")
    if known.is_away(max(turn.now, first_day(turn, team, monday).at)):
        raise refuse(*absence.told(turn, known), ". Name somebody who is here then.", field="person")
    people.meet(turn.tx, turn.org, known)
    return known


def _in_reach(monday: date, present: date) -> None:
    """Not over, and not so far away that another year was meant."""
    if monday < present:
        raise refuse("That week is over. Name one that is still to come.", field="week")
    if monday > present + FARTHEST:
        when = f"The week of {monday.day} {monday:%B} {monday.year}"
        raise refuse(f"{when} is more than half a year away. Nothing was changed.", field="week")


def _again(team: Team) -> tuple[Button, ...]:
    return (Button("Show the rota", f"duty {team.key}"),)
