"""The tables of the poll: questions, the emoji put on them, votes without a name, and what follows a bad one.

They stand apart from `storage.tables`, which takes them in, for room alone.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, false, literal_column

from storage.counted import metadata
from storage.types import Instant, Names

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("resolution", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("resolver", Text),
    Column("asked_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("score", Integer),
    Column("voted_at", Instant),
    Column("comment", Text, nullable=False),
    Column("reasons", Names, nullable=False),
    Column("team", Text, nullable=False, server_default=""),
    Column("service", Text, nullable=False, server_default=""),
    Column("privacy", Text, nullable=False, server_default="named"),
    Column("put_at", Instant),
    Column("remind_at", Instant),
    Column("reminded_at", Instant),
    Column("close_at", Instant),
    Column("closed_why", Text, nullable=False, server_default=""),
    Column("quotable", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("org", "number", "resolution"),
    Index("ix_polls_asked", "org", "asked_at"),
    Index("ix_polls_person", "org", "person", "asked_at"),
)
Index(
    "ix_polls_open",
    polls.c.org,
    polls.c.asked_at,
    sqlite_where=polls.c.closed_at.is_(None),
    postgresql_where=polls.c.closed_at.is_(None),
)
Index(
    "ix_polls_remind",
    polls.c.org,
    polls.c.remind_at,
    sqlite_where=polls.c.remind_at.is_not(None),
    postgresql_where=polls.c.remind_at.is_not(None),
)
ANONYMOUS = polls.c.privacy == literal_column("'anonymous'")

ballots = Table(
    "ballots",
    metadata,
    Column("org", Text, primary_key=True),
    Column("poll", Integer, primary_key=True),
    Column("mark", Text, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("present", Boolean, nullable=False),
)

anonymous_votes = Table(
    "anonymous_votes",
    metadata,
    Column("org", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("week", Text, primary_key=True),
    Column("score", Integer, primary_key=True, autoincrement=False),  # 0 where nobody answered
    Column("reasons", Names, primary_key=True),
    Column("votes", Integer, nullable=False),
    sqlite_with_rowid=False,  # a row's number would tell the order in which they came
)

recoveries = Table(
    "recoveries",
    metadata,
    Column("org", Text, primary_key=True),
    Column("poll", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("check_at", Instant),
    Column("nudged_at", Instant),
    Column("made_good_at", Instant),
    Column("made_good_by", Text),
    Column("what", Text, nullable=False),
    Index("ix_recoveries_number", "org", "number"),
)
Index(
    "ix_recoveries_check",
    recoveries.c.org,
    recoveries.c.check_at,
    sqlite_where=recoveries.c.check_at.is_not(None),
    postgresql_where=recoveries.c.check_at.is_not(None),
)
