"""Who serves whom: what the people of one team asked of another, and how that went.

1. The asker is the requester; theirs is the first team by key whose member they are, else one that they lead.
2. A week that is closed keeps the teams as they were then. What a team asks of itself is not among it.
3. Satisfaction is made of votes with a name alone: of others nobody may know who gave them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from sqlalchemy import Connection

from handlers import numbers
from handlers.house import House
from handlers.isoweeks import bounds
from handlers.may import may_tell_vote
from handlers.serving import team_of_each
from storage import relations as kept
from storage import sums
from storage.records import PersonId
from storage.relations import Filed, Relation, Resolved, Voted
from storage.sums import Part, Sums


def count(
    teams: Mapping[PersonId, str],
    filed: Iterable[Filed],
    resolved: Iterable[Resolved],
    voted: Iterable[Voted],
) -> list[Relation]:
    """The rows of a span by who asked whom; `teams` says where each person belongs."""
    tally: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def of(row: Filed | Resolved | Voted) -> Counter[str]:
        return tally[teams.get(row.person, ""), row.team]

    for came in filed:
        of(came)["filed"] += came.filed
    for done in resolved:
        theirs = of(done)
        theirs["resolved"] += done.resolved
        theirs["targeted"] += done.targeted
        theirs["on_target"] += done.on_target
    for vote in voted:
        if may_tell_vote(vote.privacy):
            of(vote)[str(vote.score)] += vote.votes
    return [_relation(*pair, counts) for pair, counts in tally.items() if pair[0] != pair[1] and counts]


def _relation(asker: str, team: str, counts: Counter[str]) -> Relation:
    scores = tuple(counts[str(score)] for score in range(1, numbers.TOP + 1))
    counted = Sums(
        team=team,
        filed=counts["filed"],
        resolved=counts["resolved"],
        targeted=counts["targeted"],
        on_target=counts["on_target"],
        asked=sum(scores) + counts[str(None)],
        scores=scores,
    )
    return Relation(asker, team, counted)


def of_part(tx: Connection, house: House, week: str, part: Part) -> list[Relation]:
    """Those of a part of a week, counted from the requests."""
    span = house.org, *bounds(week, house.zone)
    teams = team_of_each(tx, house)
    if part is Part.POLLS:
        return count(teams, (), (), kept.voted(tx, *span))
    return count(teams, kept.filed(tx, *span), kept.resolved(tx, *span), ())


def of_weeks(tx: Connection, house: House, weeks: Sequence[str]) -> list[Relation]:
    """Those of several weeks together, those between which most was asked first."""
    closed = sums.closed(tx, house.org)
    found = kept.of_weeks(tx, house.org, weeks)
    for week, part in product(weeks, Part):
        found += [] if (week, part) in closed else of_part(tx, house, week, part)
    return sorted(_added_up(found), key=lambda one: (-one.counted.filed, one.asker, one.team))


def _added_up(found: Iterable[Relation]) -> list[Relation]:
    added: dict[tuple[str, str], list[Sums]] = {}
    for one in found:
        added.setdefault((one.asker, one.team), []).append(one.counted)
    return [Relation(*pair, numbers.together(sums)) for pair, sums in added.items()]
