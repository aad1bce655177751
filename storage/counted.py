"""The tables of what is counted and told once a week: closed weeks, and who wants the digest.

They stand apart from `storage.tables`, which takes them in, for room alone.
"""

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

from storage.types import Counts, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

weeks = Table(
    "weeks",
    metadata,
    Column("org", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("privacy", Text, primary_key=True),
    Column("week", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("filed", Integer, nullable=False),
    Column("resolved", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("targeted", Integer, nullable=False),
    Column("on_target", Integer, nullable=False),
    Column("promised", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("scores", Counts, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("recoveries", Integer, nullable=False),
    Column("recovered", Integer, nullable=False),
    Column("responses", Counts, nullable=False),
    Column("resolutions", Counts, nullable=False),
    Index("ix_weeks_week", "org", "week"),
)

relations = Table(
    "relations",
    metadata,
    Column("org", Text, primary_key=True),
    Column("week", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("asker", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("filed", Integer, nullable=False),
    Column("resolved", Integer, nullable=False),
    Column("targeted", Integer, nullable=False),
    Column("on_target", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("scores", Counts, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("org", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("weekday", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("stopped", Text, nullable=False),
)
