"""The rules of one organisation: the settings, and the catalogue as it was read last.

Every decision receives a `House`; what a request's own team and service say is asked of it here. A text of
the catalogue that was right when it was kept and cannot be read any more, because a zone or a country is gone
from the libraries, counts as the organisation's own: time never stands still for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.hours import working_time
from handlers.notices import Face
from handlers.terms import TARGETS, Target, targets_of
from handlers.worktime import Calendar, office_hours
from storage.records import PersonId, PlaceId, Priority, Privacy, Request, Rule, Service, Team

SCALE = (
    Face(1, "rage", "bad"),
    Face(2, "slightly_frowning_face", "poor"),
    Face(3, "neutral_face", "okay"),
    Face(4, "slightly_smiling_face", "good"),
    Face(5, "star-struck", "great"),
)

OFFICE = "mon-fri 09:00-17:00"
YEARS = range(2024, 2049)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that wants the digest: on which weekday (Monday is 0), when, on whose clock; of whom."""

    place: PlaceId
    weekday: int
    at: time
    zone: str
    team: str = ""
    service: str = ""
    """By key; with neither it is about everybody."""
    since: datetime | None = None
    """What was due before then is not owed."""


@dataclass(frozen=True, slots=True)
class House:
    """One organisation's rules. `triage` is where the cards of its own desk go, if it has a place."""

    org: str = "main"
    zone: str = "UTC"
    triage: PlaceId | None = None
    lead: PersonId | None = None
    """Who hears when nobody else can, and may change everything."""
    digests: tuple[Subscription, ...] = ()
    scale: tuple[Face, ...] = SCALE
    slots: tuple[time, ...] = (time(9, 30), time(14))
    """When bundled nudges are delivered, on each person's own clock."""
    link_people: bool = False
    """Whether accounts of one e-mail address on two platforms are one person."""
    hours: str = OFFICE
    """When the organisation works, unless a team says otherwise: see `handlers.hours`."""
    holidays: str = ""
    days_off: tuple[str, ...] = ()
    targets: Mapping[Priority, Target] = field(default_factory=lambda: TARGETS)
    """What the organisation's own desk owes."""
    years: range = YEARS
    """The years whose public holidays are known."""

    teams: Mapping[str, Team] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[str, Service] = field(default_factory=lambda: MappingProxyType({}))
    address: str = ""
    """Where people's browsers find our pages: "https://desk.example.com"; empty where nobody has said so."""
    catalogue: int = 0
    """The revision of the teams and services: see `handlers.catalogue.current`."""

    @property
    def desk(self) -> Team:
        """The organisation's own desk, which serves what no team of the catalogue does."""
        return Team("", "the team", lead=self.lead, place=self.triage)

    @property
    def calendar(self) -> Calendar:
        """The working time of the organisation's own desk."""
        return self.hours_of(self.desk)

    @property
    def offered(self) -> Mapping[str, Service]:
        """What can be asked for, by key: neither it nor its team is retired."""
        return {
            key: service
            for key, service in self.services.items()
            if not service.retired and not self.team(service.team).retired
        }

    def team(self, key: str) -> Team:
        """The team of that key; the desk when there is none."""
        return self.teams.get(key) or self.desk

    def team_of(self, request: Request) -> Team:
        """Who serves a request."""
        return self.team(request.team)

    def lead_of(self, request: Request) -> PersonId | None:
        """Who leads the team that serves a request, else the organisation's lead."""
        return self.team_of(request).lead or self.lead

    def rule_of(self, request: Request) -> Rule:
        """How a request finds an owner."""
        service = self.services.get(request.service)
        return (service.rule if service else None) or self.team_of(request).rule

    def target(self, request: Request) -> Target:
        """What is owed for a request."""
        return self.owed(request.service, request.priority)

    def privacy_of(self, request: Request) -> Privacy:
        """Who may know what was voted on a request."""
        service = self.services.get(request.service)
        return service.privacy if service else Privacy.NAMED

    def owed(self, service: str, priority: Priority) -> Target:
        """What is owed for a service at a priority."""
        known = self.services.get(service)
        return (targets_of(known.targets) if known and known.targets else self.targets)[priority]

    def clock_of(self, request: Request) -> Calendar:
        """The working time in which a request's targets count: its team's."""
        return self.hours_of(self.team_of(request))

    def zone_of(self, team: Team) -> str:
        """A team's time zone: its own, if there is such a zone, else the organisation's."""
        return team.zone if team.zone and is_zone(team.zone) else self.zone

    def hours_of(self, team: Team, zone: str = "") -> Calendar:
        """When a team works; on the clocks of another `zone`, for its people who live there."""
        hours, holidays = team.hours or self.hours, team.holidays or self.holidays
        days_off = (*self.days_off, *team.days_off)
        at = zone if zone and is_zone(zone) else self.zone_of(team)
        return _calendar(at, hours, holidays, days_off, self.years) or office_hours(at)

    def hours_in(self, zone: str) -> Calendar:
        """The organisation's hours on the clocks of a zone: for colleagues who live there."""
        return self.hours_of(self.desk, zone)

    @property
    def channels(self) -> frozenset[PlaceId]:
        """Every triage channel."""
        places = (team.place for team in (self.desk, *self.teams.values()) if not team.retired)
        return frozenset(place for place in places if place)


@lru_cache(maxsize=4096)
def is_zone(name: str) -> bool:
    """Whether clocks somewhere are set by this IANA zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local(at: datetime, zone: str) -> datetime:
    """A moment on a zone's clock, aware."""
    return at.astimezone(ZoneInfo(zone))


@lru_cache(maxsize=1024)
def _calendar(
    zone: str, hours: str, holidays: str, days_off: tuple[str, ...], years: range
) -> Calendar | None:
    """The working time that these texts mean; None when they mean nothing any more."""
    try:
        return working_time(zone, hours, holidays, days_off, years)
    except ValueError:
        return None
