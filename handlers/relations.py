"""Who serves whom: what the people of one team asked of another, and how that went.

1. The asker is the requester; theirs is the first team by key whose member they are, else one that they lead.
2. A week that is closed keeps the teams as they were then. What a team asks of itself is not among it.
3. Satisfaction is made of votes with a name alone: of others nobody may know who gave them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from sqlalchemy import Connection

from handlers import numbers
from handlers.house import House
from handlers.isoweeks import bounds
from handlers.may import may_tell_vote
from handlers.serving import team_of_each
from storage import numbers as kept
from storage import relations as between
from storage import sums
from storage.numbers import Asked, Done
from storage.records import PersonId
from storage.relations import Relation
from storage.sums import Sums


def count(
    teams: Mapping[PersonId, str],
    filed: Iterable[tuple[PersonId, str, int]],
    done: Iterable[Done],
    asked: Iterable[Asked],
) -> list[Relation]:
    """The rows of a span by who asked whom; `teams` says where each person belongs."""
    asked_by_name = (poll for poll in asked if may_tell_vote(poll.privacy))
    rows = chain(
        ((person, Sums(team=team, filed=number)) for person, team, number in filed),
        ((one.requester, _resolved(one)) for one in done),
        ((poll.person, _voted(poll)) for poll in asked_by_name),
    )
    found = (Relation(teams.get(person, ""), counted.team, counted) for person, counted in rows)
    return _added_up(one for one in found if one.asker != one.team)


def of_week(tx: Connection, house: House, week: str) -> list[Relation]:
    """Those of a week, counted from the requests."""
    start, end = bounds(week, house.zone)
    return count(
        team_of_each(tx, house),
        between.filed(tx, house.org, start, end),
        kept.done(tx, house.org, start, end),
        kept.asked(tx, house.org, start, end),
    )


def of_weeks(tx: Connection, house: House, weeks: Sequence[str]) -> list[Relation]:
    """Those of several weeks together, those between which most was asked first."""
    closed = sums.closed(tx, house.org)
    found = between.of_weeks(tx, house.org, [week for week in weeks if week in closed])
    for week in weeks:
        found += [] if week in closed else of_week(tx, house, week)
    return sorted(_added_up(found), key=lambda one: (-one.counted.filed, one.asker, one.team))


def _added_up(found: Iterable[Relation]) -> list[Relation]:
    added: dict[tuple[str, str], list[Sums]] = {}
    for one in found:
        added.setdefault((one.asker, one.team), []).append(one.counted)
    return [Relation(*pair, numbers.together(sums)) for pair, sums in added.items()]


def _resolved(one: Done) -> Sums:
    on_target = one.resolve_by is not None and one.resolved_at <= one.resolve_by
    return Sums(team=one.team, resolved=1, targeted=int(one.resolve_by is not None), on_target=int(on_target))


def _voted(poll: Asked) -> Sums:
    scores = tuple(int(poll.score == score) for score in range(1, numbers.TOP + 1))
    return replace(Sums(team=poll.team), asked=1, scores=scores)
