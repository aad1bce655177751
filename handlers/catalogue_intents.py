"""What somebody wants of the catalogue: to see what is offered and who serves, or to change it."""

from dataclasses import dataclass
from datetime import date

from storage.records import PersonId

Filled = tuple[tuple[str, str | tuple[str, ...]], ...]
"""A filled form, field by field, as it came."""


@dataclass(frozen=True, slots=True)
class ShowServices:
    """What can be asked for; of one team, when one is named."""

    team: str = ""


@dataclass(frozen=True, slots=True)
class ShowTeams:
    """Who serves, when, and how requests are given."""


@dataclass(frozen=True, slots=True)
class OpenTeam:
    """Show the form with a team, or with a new one."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class OpenService:
    """Show the form with a service, or with a new one."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class SaveTeam:
    """Keep a team as it was filled in; without a key it is a new one."""

    key: str
    read: int
    """The revision of the catalogue that the form was filled from."""
    values: Filled


@dataclass(frozen=True, slots=True)
class SaveService:
    """Keep a service as it was filled in; without a key it is a new one."""

    key: str
    read: int
    values: Filled


@dataclass(frozen=True, slots=True)
class ShowDuty:
    """Who is on duty in the next weeks: in my teams, or in the one that is named."""

    team: str = ""


@dataclass(frozen=True, slots=True)
class OpenSwap:
    """Show the form that asks who stands in on a team's rota, and when."""

    team: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody stands in on a rota in the week of that day; with nobody, it is as planned again."""

    team: str
    """As it was named; empty is the only one of mine that has a rota."""
    day: date
    person: PersonId | None = None


CatalogueIntent = (
    ShowServices | ShowTeams | OpenTeam | OpenService | SaveTeam | SaveService | ShowDuty | OpenSwap | Swap
)

CATALOGUE_READING = (ShowServices, ShowTeams, OpenTeam, OpenService, ShowDuty, OpenSwap)
"""Those of them that change nothing."""
