"""The rules of one organisation: what `bot/` reads from the settings and every decision may look at."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from handlers.notices import Face
from handlers.worktime import Calendar, Week, office_hours
from storage.records import PersonId, PlaceId, Priority

SCALE = (
    Face(1, "rage", "bad"),
    Face(2, "slightly_frowning_face", "poor"),
    Face(3, "neutral_face", "okay"),
    Face(4, "slightly_smiling_face", "good"),
    Face(5, "star-struck", "great"),
)

OFFICE = office_hours("UTC").week
"""Monday to Friday, nine to five."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the team owes for a priority, in working time."""

    response: timedelta
    resolution: timedelta


TARGETS = {
    Priority.URGENT: Target(timedelta(hours=1), timedelta(hours=8)),
    Priority.HIGH: Target(timedelta(hours=4), timedelta(hours=16)),
    Priority.NORMAL: Target(timedelta(hours=8), timedelta(hours=40)),
    Priority.LOW: Target(timedelta(hours=16), timedelta(hours=80)),
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that wants the digest: on which weekday (Monday is 0), when, on whose clock."""

    place: PlaceId
    weekday: int
    at: time
    zone: str


@dataclass(frozen=True, slots=True)
class House:
    """One organisation's rules. `triage` is where the default team's cards go, if it has a place."""

    org: str = "main"
    zone: str = "UTC"
    triage: PlaceId | None = None
    lead: PersonId | None = None
    """Who hears when nobody else can."""
    digests: tuple[Subscription, ...] = ()
    scale: tuple[Face, ...] = SCALE
    targets: dict[Priority, Target] = field(default_factory=lambda: TARGETS)
    slots: tuple[time, ...] = (time(9, 30), time(14))
    """When bundled nudges are delivered, on each person's own clock."""
    link_people: bool = False
    """Whether accounts of one e-mail address on two platforms are one person."""

    week: Week = OFFICE
    """The hours of the team's week."""
    days_off: frozenset[date] = frozenset()
    """Public holidays, and other days on which nobody works."""

    @property
    def calendar(self) -> Calendar:
        """The team's working time."""
        return self.hours_in(self.zone)

    def hours_in(self, zone: str) -> Calendar:
        """The same hours on the clocks of another zone: for colleagues who live there."""
        return _calendar(zone, self.week, self.days_off)


@lru_cache(maxsize=256)
def _calendar(zone: str, week: Week, days_off: frozenset[date]) -> Calendar:
    return Calendar(zone, week, days_off)


def local(at: datetime, zone: str) -> datetime:
    """A moment on a zone's clock, aware."""
    return at.astimezone(ZoneInfo(zone))
