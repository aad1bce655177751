"""Why a request needs a home: nobody has it, and nobody will come across it by themselves.

1. `NOBODY`: its rule could choose nobody, of a team that has one.
2. `ROTA`: its rule is duty, and nobody is on the rota.
3. `LEFT`: its owner has left, and nobody could be chosen in their place.
4. `CHANNEL`: the channel of its card is closed, and the card had to go to somebody's direct messages.
5. `TEAM`: its team is retired, or gone. A service that is retired is no reason: its team still serves it.

It has one again as soon as somebody who is here owns it, or when it ends (`settled`, at every step); and
what needs one stands in the daily list of its team's lead (`handlers.homing`).
"""

from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection

from handlers.house import House
from handlers.lifecycle import ENDED
from storage import people
from storage.records import Request


class Need(StrEnum):
    """Why it needs a home."""

    NOBODY = "nobody"
    ROTA = "rota"
    LEFT = "left"
    CHANNEL = "channel"
    TEAM = "team"


SENTENCES = {
    Need.NOBODY: "nobody in the team could be chosen",
    Need.ROTA: "nobody is on the rota",
    Need.LEFT: "its owner has left",
    Need.CHANNEL: "its channel is closed to me",
    Need.TEAM: "its team is no more",
}


TOLD_BY = {"orphan": Need.LEFT, "elsewhere": Need.CHANNEL}
"""Steps whose own line of history says why already."""


def sentence(need: str) -> str:
    """Why it needs a home, as the end of a sentence."""
    return SENTENCES.get(Need(need), "") if need in set(Need) else "nobody has it"


def settled(tx: Connection, org: str, request: Request) -> Request:
    """The request as it is; without its need when somebody who is here owns it, or it has ended."""
    if not request.homeless:
        return request
    owner = people.get(tx, org, request.owner) if request.owner else None
    owned = request.owner is not None and (owner is None or owner.active)
    return replace(request, homeless="") if owned or request.status in ENDED else request


def is_unserved(house: House, request: Request) -> bool:
    """Case 5."""
    if not request.team:
        return False
    team = house.teams.get(request.team)
    return team is None or team.retired
