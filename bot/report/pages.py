"""The pages as HTML. Templates escape everything that is not theirs; there is no script on any of them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from handlers import numbers
from handlers.figures import MEASURES
from handlers.house import SCALE
from handlers.isoweeks import monday_of, weeks_back
from handlers.notices import When
from handlers.numbers import Sums
from handlers.report import Asked, Report
from handlers.reporting import Invitation, Why
from handlers.words import tell
from storage.records import Request

PERIODS = (4, 12, 26, 52)
"""In weeks: what can be had with one click."""
COLUMNS = tuple(MEASURES)[:-1]
"""What the tables tell of each week, team, service and person."""
BETWEEN = ("Filed", "Resolved", "On target", "Satisfaction")
"""What is told of the work between two teams."""

Bar = tuple[str, int, float]
"""What, how often, and how long its bar is: from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The requests behind a number, as they are listed, each with how it stands."""

    title: str
    about: str
    """Of whom, by name; empty for everybody."""
    now_only: bool
    """Whether it is as it is now, whatever the weeks."""
    rows: tuple[tuple[Request, str], ...]
    more: int
    empty: str


class Pages:
    """Draws every page, with times on the clock of whoever reads.

    `base` is what stands before every path, where the public address has one of its own.
    """

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("bot.report"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"day": _day, "percent": "{:.0%}".format}

    def door(self, invited: Invitation, base: str) -> str:
        """What stands before the report: whose it is, and a button."""
        return self._drawn("door.html", base, **_who(invited))

    def sorry(self, why: Why, base: str) -> str:
        """Why there is nothing to see, and what to do."""
        return self._drawn("sorry.html", base, why=str(why))

    def report(self, report: Report, invited: Invitation, base: str, now: datetime) -> str:
        """All the numbers."""
        return self._drawn(
            "report.html",
            base,
            report=report,
            **_who(invited),
            now=tell(When(now, invited.zone)),
            link=partial(_link, base, report.asked),
            periods=_periods(report),
            votes=_votes(report.total),
            reasons=_reasons(report.total),
            columns={label: MEASURES[label] for label in COLUMNS},
            between={label: MEASURES[label] for label in BETWEEN},
        )

    def requests(self, behind: Behind, asked: Asked, base: str) -> str:
        """What stands behind a number."""
        link = partial(_link, base, asked)
        return self._drawn("requests.html", base, behind=behind, asked=asked, link=link)

    def _drawn(self, template: str, base: str, **known: Any) -> str:
        return self._templates.get_template(template).render(base=base, **known)


def _who(invited: Invitation) -> dict[str, str]:
    return {"name": invited.person.name, "until": tell(When(invited.until, invited.zone))}


def _link(base: str, asked: Asked, path: str, **other: str) -> str:
    """The address of a page about the same weeks and the same of whom, unless `other` says otherwise."""
    first, last = asked.days
    known = {"from": first.isoformat(), "to": last.isoformat(), "about": asked.about}
    return f"{base}{path}?{urlencode(known | {name.rstrip('_'): value for name, value in other.items()})}"


def _periods(report: Report) -> list[tuple[int, str]]:
    """How many weeks up to the same end, and their first day: up to those that hold all there is."""
    since = [(weeks, monday_of(weeks_back(report.asked.last, weeks)[0])) for weeks in PERIODS]
    all_of_it = next((at for at, (_, day) in enumerate(since) if day <= report.earliest), len(since))
    return [(weeks, day.isoformat()) for weeks, day in since[: all_of_it + 1]]


def _votes(total: Sums) -> list[Bar]:
    """How many gave each mark, the best first, and which share that is; nothing of too few."""
    if numbers.satisfaction(total) is None:
        return []
    marks = zip(SCALE, total.scores, strict=True)
    return [(f"{face.score} – {face.label}", votes, votes / total.votes) for face, votes in marks][::-1]


def _reasons(total: Sums) -> list[Bar]:
    """What fell short, the most frequent first, beside the most frequent."""
    often = sorted(total.reasons, key=lambda told: -told[1])
    return [(reason.capitalize(), count, count / often[0][1]) for reason, count in often]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
