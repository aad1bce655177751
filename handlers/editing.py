"""Changing the catalogue in chat: forms for teams and services, and what is kept of them.

1. The lead of a team changes it and what it offers; the lead of the organisation everything. A service moves
   from one team to another only by who may change both.
2. Of two who change the catalogue at once the second is told, keeps what they typed before them, and nothing
   of it is kept.
3. Nothing is deleted: what is over is retired, and everything that speaks of it stays. A team is retired when
   nobody offers anything of it any more; what it still has to do then stands in its lead's daily list.
"""

from handlers.catalogue_intents import OpenService, OpenTeam, SaveService, SaveTeam
from handlers.catalogue_pages import edits
from handlers.editing_service import fields_of_service, service_filled
from handlers.editing_team import fields_of_team, team_filled
from handlers.may import may_edit
from handlers.notices import Answer, Button, Form, Notice
from handlers.offering import Faults, faults_of_service, faults_of_team, save_service, save_team
from handlers.turn import Turn, desk_of_team, refuse
from storage import requests
from storage.database import Stale
from storage.records import Service, Team

LABELS = {
    "name": "Name",
    "key": "Short name",
    "team": "Team",
    "members": "Members",
    "zone": "Time zone",
    "hours": "Hours",
    "holidays": "Public holidays",
    "days_off": "Other days off",
    "rota": "Rota",
    "slots": "Bundling",
    "description": "What is it",
    "form": "Questions",
    "targets": "What is owed",
    "sampling": "How many are asked",
    "retention": "Days",
}
"""What stands before a fault: the field it is about. What begins with "rota" is about the rota."""
MEANWHILE = "Somebody changed the catalogue meanwhile. Nothing was kept; open it again."


def open_team(turn: Turn, intent: OpenTeam) -> Form:
    """The form with a team, or with a new one."""
    known = turn.house.teams.get(intent.key)
    _permit(turn, intent.key, known)
    return Form(
        name="teams",
        title=f"Team {known.name}" if known else "A new team",
        submit="Keep",
        fields=fields_of_team(turn, known or Team("", ""), new=known is None),
        hidden=_hidden(turn, "teams", intent.key),
    )


def open_service(turn: Turn, intent: OpenService) -> Form:
    """The form with a service, or with a new one."""
    known = turn.house.services.get(intent.key)
    _permit_service(turn, intent.key, known)
    return Form(
        name="services",
        title=known.name if known else "A new service",
        submit="Keep",
        fields=fields_of_service(turn, known or Service("", "", ""), new=known is None),
        hidden=_hidden(turn, "services", intent.key),
    )


def keep_team(turn: Turn, intent: SaveTeam) -> Notice:
    """Keep a team, new or changed."""
    before = turn.house.teams.get(intent.key)
    _permit(turn, intent.key, before)
    _still_read(turn, intent.read)
    team = team_filled(turn, before, dict(intent.values))
    _complain(faults_of_team(team, turn.house.years))
    if team.retired:
        _offers_nothing(turn, team)
    try:
        save_team(turn.tx, turn.house, team, intent.read)
    except Stale:
        raise refuse(MEANWHILE, field="name") from None
    return Answer(words=(f"Kept: {team.name}.", *_left(turn, team)), buttons=(Button("Teams", "teams"),))


def keep_service(turn: Turn, intent: SaveService) -> Notice:
    """Keep a service, new or changed."""
    before = turn.house.services.get(intent.key)
    _permit_service(turn, intent.key, before)
    _still_read(turn, intent.read)
    service = service_filled(turn, before, dict(intent.values))
    if not before and not dict(intent.values).get("team"):
        raise refuse("Choose the team that offers it.", field="team")
    _complain(faults_of_service(service, turn.house.teams))
    team = turn.house.teams.get(service.team)
    if team is not None and team.retired and not service.retired:
        raise refuse(f"{team.name} no longer serves. Choose another team.", field="team")
    try:
        save_service(turn.tx, turn.house, service, intent.read)
    except Stale:
        raise refuse(MEANWHILE, field="name") from None
    over = " It is no longer offered; what was asked for goes on." if service.retired else ""
    return Answer(words=(f"Kept: {service.name}.{over}",), buttons=(Button("Services", "services"),))


def _permit(turn: Turn, key: str, team: Team | None) -> None:
    if key and team is None:
        raise refuse(f"There is no team “{key}”. Nothing was filed or changed.", usage=("teams",))
    if why := may_edit(turn.person, desk_of_team(turn, team)):
        raise refuse(why)


def _permit_service(turn: Turn, key: str, service: Service | None) -> None:
    if key and service is None:
        raise refuse(f"There is no service “{key}”. Nothing was filed or changed.", usage=("services",))
    if service is None and any(edits(turn, team) for team in turn.house.teams):
        return
    team = turn.house.teams.get(service.team) if service else None
    if why := may_edit(turn.person, desk_of_team(turn, team)):
        raise refuse(why)


def _still_read(turn: Turn, read: int) -> None:
    """Refused before anything else is looked at: what was read is no longer what is there."""
    if read != turn.house.catalogue:
        raise refuse(MEANWHILE, field="name")


def _complain(faults: Faults) -> None:
    """The first fault, beside its field; of the key, which may be made from the name, last."""
    for field, why in sorted(faults, key=lambda fault: fault[0] == "key"):
        field = "rota" if field == "rota_from" else field
        raise refuse(f"{LABELS.get(field, field)}: {why}.", field=field)


def _offers_nothing(turn: Turn, team: Team) -> None:
    names = sorted(
        one.name for one in turn.house.services.values() if one.team == team.key and not one.retired
    )
    if names:
        why = f"It still offers {', '.join(names)}. Give that to another team first, or end it."
        raise refuse(why, field="retired")


def _left(turn: Turn, team: Team) -> tuple[str, ...]:
    """What a retired team still has to do."""
    if not team.retired:
        return ()
    left = requests.unfinished_of(turn.tx, turn.org, team.key)
    if not left:
        return (" It no longer serves.",)
    them = "One request of it is" if left == 1 else f"{left} requests of it are"
    return (f" It no longer serves. {them} unfinished; what nobody has needs a home, and is listed daily.",)


def _hidden(turn: Turn, verb: str, key: str) -> tuple[tuple[str, str], ...]:
    line = f"{verb} edit {key} …" if key else f"{verb} add …"
    return (("key", key), ("read", str(turn.house.catalogue)), ("line", line))
