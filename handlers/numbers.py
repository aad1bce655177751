"""Honest numbers: what each figure is, worked out from rows. `docs/numbers.md` defines them for people.

1. Filed: requests filed in the span.
2. Resolved: requests whose last resolution lies in the span; so each is resolved in one span at most.
3. Open: requests filed before a moment that had not ended by then.
4. First response and resolution: working time of the team from filing, of those resolved in the span; the
   median, and the 90th percentile by nearest rank: the smallest time that at least 90 % do not exceed.
5. On target: of the resolved that had a target, those resolved by then.
6. Promises kept: of the resolved whose owner had promised a date, those resolved by then.
7. Reopened: of the resolved, those that had been resolved before.
8. Response rate: of the polls given in the span, those with a vote; of anonymous ones, of which no day may
   be known, those of the weeks that ended in the span.
9. Satisfaction: the share of 4 and 5 among those votes, with their number and a 95 % interval (`wilson`).
10. Fell short: what was ticked beside a 1 or 2.
11. Recovered: of those who voted 1 or 2 with a name, those who voted 4 or 5 when they were asked once more.
12. Under five votes there is no figure for a person, and only votes with a name count for one. Confidential
    and anonymous votes enter a week's numbers from five of a service on; with fewer they are in none, not in
    those of its team or of everybody either, where they could be found by subtraction. So it is decided week
    by week (`of`), and numbers of several weeks are those of each, added up (`of_weeks`).

Private requests are in none of them.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from statistics import median
from typing import TypeVar

from handlers import worktime
from handlers.house import House
from handlers.may import ENOUGH_VOTES, may_tell_sum
from storage.numbers import Asked, Done, Recovered
from storage.records import AnonymousVote, PersonId, Privacy
from storage.sums import Sums as Sums
from storage.types import SECOND

HAPPY = 4
TOP = 5
NINETY = 0.9
Z95 = 1.959963984540054
"""The standard normal quantile for 97.5 %: a two-sided 95 % interval."""

Key = tuple[str, str, PersonId, str]
"""Team, service, person, privacy."""
Row = TypeVar("Row", Done, Asked, Recovered)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose numbers: a team's or a service's by key; with neither, everybody's."""

    team: str = ""
    service: str = ""

    def has(self, one: Sums | Done | Asked) -> bool:
        """Whether something belongs to it."""
        return self.team in ("", one.team) and self.service in ("", one.service)


EVERYBODY = Scope()


def of_requests(house: House, filed: dict[tuple[str, str], int], done: Iterable[Done]) -> list[Sums]:
    """The requests of a span as sums, one for each team, service and who resolved them."""
    sums = {key: _resolved(house, key, rows) for key, rows in _by_key(done).items()}
    for (team, service), number in filed.items():
        key = (team, service, "", str(Privacy.NAMED))
        sums[key] = replace(sums.get(key) or Sums(*key), filed=number)
    return list(sums.values())


def of_polls(
    asked: Iterable[Asked], unnamed: Iterable[AnonymousVote], recoveries: Iterable[Recovered]
) -> list[Sums]:
    """The polls of a span as sums, one for each team, service, who resolved, and who may know the votes.

    Anonymous votes are left out where there are too few of a service: they are carried on to a later week.
    """
    sums = {key: _voted(Sums(*key), polls) for key, polls in _by_key(asked).items()}
    for key, bad in _by_key(recoveries).items():
        better = sum(one.recovered for one in bad)
        sums[key] = replace(sums.get(key) or Sums(*key), recoveries=len(bad), recovered=better)
    return [*sums.values(), *_unnamed(unnamed)]


def _by_key(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for one in rows:
        privacy = Privacy.NAMED if isinstance(one, Done) else one.privacy
        found.setdefault((one.team, one.service, one.resolver or "", privacy), []).append(one)
    return found


def _unnamed(votes: Iterable[AnonymousVote]) -> list[Sums]:
    by_service: dict[tuple[str, str], list[AnonymousVote]] = {}
    for vote in votes:
        by_service.setdefault((vote.team, vote.service), []).append(vote)
    sums = (_voted(Sums(*key, "", Privacy.ANONYMOUS), theirs) for key, theirs in by_service.items())
    return [one for one in sums if may_tell_sum(one.privacy, one.votes)]


def _resolved(house: House, key: Key, rows: Sequence[Done]) -> Sums:
    calendar = house.hours_of(house.team(key[0]))
    owed = [one.resolved_at <= one.resolve_by for one in rows if one.resolve_by is not None]
    promised = [one.kept_promise for one in rows if one.promise is not None]

    def spans(until: Callable[[Done], int | None]) -> tuple[int, ...]:
        ends = [(one.filed_at, at) for one in rows if (at := until(one)) is not None]
        return tuple(sorted(round(span / SECOND) for span in worktime.between_all(calendar, ends)))

    return Sums(
        *key,
        resolved=len(rows),
        reopened=sum(one.resolutions > 1 for one in rows),
        targeted=len(owed),
        on_target=sum(owed),
        promised=len(promised),
        kept=sum(promised),
        responses=spans(lambda one: one.responded_at),
        resolutions=spans(lambda one: one.resolved_at),
    )


def _voted(sums: Sums, polls: Sequence[Asked] | Sequence[AnonymousVote]) -> Sums:
    votes = Counter(one.score for one in polls)
    told = Counter(reason for one in polls for reason in one.reasons)
    scores = tuple(votes[score] for score in range(1, TOP + 1))
    return replace(sums, asked=len(polls), scores=scores, reasons=tuple(sorted(told.items())))


def told(counted: Iterable[Sums]) -> list[Sums]:
    """What was counted in one span, without votes that not everybody may know: case 12."""
    rows = list(counted)
    votes = Counter[tuple[str, str, str]]()
    for one in rows:
        votes[one.team, one.service, one.privacy] += one.votes

    def known(one: Sums) -> bool:
        return may_tell_sum(one.privacy, votes[one.team, one.service, one.privacy])

    return [one if known(one) else without_votes(one) for one in rows]


def of(counted: Iterable[Sums], scope: Scope = EVERYBODY) -> Sums:
    """All that is told of a scope in one span, together."""
    return together([one for one in told(counted) if scope.has(one)])


def of_weeks(counted: Iterable[Iterable[Sums]], scope: Scope = EVERYBODY) -> Sums:
    """The same of several weeks: what each of them tells, added up."""
    return together([one for week in counted for one in told(week) if scope.has(one)])


def by_team(rows: Iterable[Sums]) -> dict[str, Sums]:
    """What is `told`, for each team that has any, by key; what is of no team has none."""
    return _split(rows, attrgetter("team"))


def by_service(rows: Iterable[Sums]) -> dict[str, Sums]:
    """What is `told`, for each service that has any, by key; what is of no service has none."""
    return _split(rows, attrgetter("service"))


def by_person(counted: Iterable[Sums]) -> dict[PersonId, Sums]:
    """What each person resolved, and how they were rated by name: who has five votes or more, nobody else."""
    named = (one for one in counted if one.person and one.privacy == Privacy.NAMED)
    found = _split(named, attrgetter("person"))
    return {person: sums for person, sums in found.items() if sums.votes >= ENOUGH_VOTES}


def _split(counted: Iterable[Sums], key: Callable[[Sums], str]) -> dict[str, Sums]:
    theirs: dict[str, list[Sums]] = {}
    for one in counted:
        theirs.setdefault(key(one), []).append(one)
    return {name: together(sums) for name, sums in sorted(theirs.items())}


def together(counted: Sequence[Sums]) -> Sums:
    """Several sums as one: of the same, where they all are of one team, service or person."""
    if len(counted) == 1:
        return counted[0]
    reasons = Counter[str]()
    for one in counted:
        if one.reasons:
            reasons.update(dict(one.reasons))
    return Sums(
        team=_common(one.team for one in counted),
        service=_common(one.service for one in counted),
        person=_common(one.person for one in counted),
        privacy=_common(one.privacy for one in counted) or Privacy.NAMED,
        scores=tuple(sum(column) for column in zip(*(one.scores for one in counted), strict=True))
        or Sums().scores,
        reasons=tuple(sorted(reasons.items())),
        responses=tuple(sorted(chain.from_iterable(one.responses for one in counted))),
        resolutions=tuple(sorted(chain.from_iterable(one.resolutions for one in counted))),
        **{name: sum(map(of_one, counted)) for name, of_one in _ADDED.items()},
    )


_ADDED = {
    name: attrgetter(name)
    for name in (
        "filed",
        "resolved",
        "reopened",
        "targeted",
        "on_target",
        "promised",
        "kept",
        "asked",
        "recoveries",
        "recovered",
    )
}


def without_votes(one: Sums) -> Sums:
    """The same, as if nobody had been asked."""
    return replace(one, asked=0, scores=Sums().scores, reasons=(), recoveries=0, recovered=0)


def middle(spans: Sequence[int]) -> float | None:
    """The median: the middle one, or halfway between the two in the middle. None of nothing."""
    return median(spans) if spans else None


def ninetieth(spans: Sequence[int]) -> int | None:
    """The 90th percentile by nearest rank, of times in order. None of nothing."""
    return spans[math.ceil(NINETY * len(spans)) - 1] if spans else None


def happy(counted: Sums) -> int:
    """How many voted 4 or 5."""
    return sum(counted.scores[HAPPY - 1 :])


def satisfaction(counted: Sums) -> tuple[float, float, float] | None:
    """The share of 4 and 5 and its interval, each from 0 to 1; None under five votes."""
    if counted.votes < ENOUGH_VOTES:
        return None
    return happy(counted) / counted.votes, *wilson(happy(counted), counted.votes)


def wilson(happy: int, votes: int) -> tuple[float, float]:
    """The 95 % interval of a share, from 0 to 1, for one vote or more.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212.
    """
    share, z2 = happy / votes, Z95 * Z95
    middle = share + z2 / (2 * votes)
    spread = Z95 * math.sqrt(share * (1 - share) / votes + z2 / (4 * votes * votes))
    scale = 1 + z2 / votes
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _common(names: Iterable[str]) -> str:
    found = set(names)
    return found.pop() if len(found) == 1 else ""
