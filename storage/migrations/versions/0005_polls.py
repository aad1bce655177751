"""The whole life of a poll: who may know, when to remind and to close, votes without a name, recoveries.

Only adds, with defaults: the code of 0004 goes on asking beside it. What it asks is named, closes after
seven days, and is not reminded of.
"""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add nine columns and two tables."""
    for column in (
        sa.Column("team", sa.Text(), nullable=False, server_default=""),
        sa.Column("service", sa.Text(), nullable=False, server_default=""),
        sa.Column("privacy", sa.Text(), nullable=False, server_default="named"),
        sa.Column("put_at", types.Instant(), nullable=True),
        sa.Column("remind_at", types.Instant(), nullable=True),
        sa.Column("reminded_at", types.Instant(), nullable=True),
        sa.Column("close_at", types.Instant(), nullable=True),
        sa.Column("closed_why", sa.Text(), nullable=False, server_default=""),
        sa.Column("quotable", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("polls", column)
    _index("ix_polls_remind", "polls", "remind_at", "remind_at IS NOT NULL")
    op.create_table(
        "anonymous_votes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reasons", types.Names(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "org", "team", "service", "week", "score", "reasons", name=op.f("pk_anonymous_votes")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recoveries",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("poll", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("check_at", types.Instant(), nullable=True),
        sa.Column("nudged_at", types.Instant(), nullable=True),
        sa.Column("made_good_at", types.Instant(), nullable=True),
        sa.Column("made_good_by", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "poll", name=op.f("pk_recoveries")),
    )
    op.create_index("ix_recoveries_number", "recoveries", ["org", "number"], unique=False)
    _index("ix_recoveries_check", "recoveries", "check_at", "check_at IS NOT NULL")


def downgrade() -> None:
    """Drop them, and what is in them."""
    op.drop_table("recoveries")
    op.drop_table("anonymous_votes")
    op.drop_index("ix_polls_remind", table_name="polls")
    with op.batch_alter_table("polls") as polls:
        for column in (
            "quotable",
            "closed_why",
            "close_at",
            "reminded_at",
            "remind_at",
            "put_at",
            "privacy",
            "service",
            "team",
        ):
            polls.drop_column(column)


def _index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(
        name,
        table,
        ["org", column],
        unique=False,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
