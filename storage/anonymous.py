"""Votes without a name: how many of each kind there were in a week, and nothing that leads back to anybody.

A count, not a row for each: rows come in the order in which the polls closed, and would tell it. Who is shown
a week that is over sees enough votes of a service or none: what was too little is carried on to the week of
the service's next one, until there is enough.
"""

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.polled import anonymous_votes as votes
from storage.records import AnonymousVote

SILENT = 0
"""The score of who was asked and did not answer."""
_KEY = ("org", "team", "service", "week", "score", "reasons")


def count(tx: Connection, org: str, vote: AnonymousVote, how_many: int = 1) -> None:
    """So many more of a kind."""
    score = SILENT if vote.score is None else vote.score
    key = (org, vote.team, vote.service, vote.week, score, vote.reasons)
    added = insert(votes).values(**dict(zip(_KEY, key, strict=True)), votes=how_many)
    more = {"votes": votes.c.votes + added.excluded.votes}
    tx.execute(added.on_conflict_do_update(index_elements=_KEY, set_=more))


def carry_on(tx: Connection, org: str, team: str, service: str, week: str, enough: int) -> None:
    """The last week before this one with fewer than `enough` votes of a service becomes part of this one."""
    theirs = votes.c.org == org, votes.c.team == team, votes.c.service == service
    last = tx.execute(select(func.max(votes.c.week)).where(*theirs, votes.c.week < week)).scalar()
    told = (*theirs, votes.c.week == last)
    answered = select(func.sum(votes.c.votes)).where(*told, votes.c.score > SILENT)
    if last is None or (tx.execute(answered).scalar() or 0) >= enough:
        return
    moved = tx.execute(delete(votes).where(*told).returning(votes.c.score, votes.c.reasons, votes.c.votes))
    for score, reasons, how_many in moved.all():
        count(tx, org, AnonymousVote(team, service, week, score or None, reasons), int(how_many))


def of_week(tx: Connection, org: str, week: str) -> list[AnonymousVote]:
    """The votes of a week, in no order that tells anything.

    Ask for weeks that are over, else who watches the sums sees one vote come after another. Who shows fewer
    than enough of a service shows whose they are.
    """
    named = [column for column in votes.c if column.name != "org"]
    rows = tx.execute(select(*named).where(votes.c.org == org, votes.c.week == week).order_by(*named))
    return [
        AnonymousVote(row.team, row.service, row.week, int(row.score) or None, row.reasons)
        for row in rows
        for _ in range(row.votes)
    ]
