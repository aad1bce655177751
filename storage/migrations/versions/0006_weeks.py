"""Closed weeks and what teams ask of each other in them; who wants the digest; who looks at a report.

Only adds: the code of 0005 goes on beside it, and posts to whom the settings name.
"""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBERS = (
    "filed",
    "resolved",
    "reopened",
    "targeted",
    "on_target",
    "promised",
    "kept",
    "asked",
)


def upgrade() -> None:
    """Add five tables and an index."""
    op.create_table(
        "weeks",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("org", "team", "service", "person", "privacy", "week", "part")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _NUMBERS),
        sa.Column("scores", types.Counts(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("recoveries", sa.Integer(), nullable=False),
        sa.Column("recovered", sa.Integer(), nullable=False),
        sa.Column("responses", types.Counts(), nullable=False),
        sa.Column("resolutions", types.Counts(), nullable=False),
        sa.PrimaryKeyConstraint(
            "org", "team", "service", "person", "privacy", "week", "part", name=op.f("pk_weeks")
        ),
    )
    op.create_index("ix_weeks_week", "weeks", ["org", "week"], unique=False)
    op.create_table(
        "relations",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("org", "week", "part", "asker", "team")),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("filed", "resolved", "targeted", "on_target", "asked")
        ),
        sa.Column("scores", types.Counts(), nullable=False),
        sa.PrimaryKeyConstraint("org", "week", "part", "asker", "team", name=op.f("pk_relations")),
    )
    op.create_table(
        "report_keys",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", name=op.f("pk_report_keys")),
    )
    op.create_table(
        "report_visits",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("org", "link", "person", "browser")),
        sa.Column("until", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("org", "link", name=op.f("pk_report_visits")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "place", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        "ix_requests_ended",
        "requests",
        ["org", "ended_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them, and what is in them."""
    op.drop_index("ix_requests_ended", table_name="requests")
    op.drop_table("subscriptions")
    op.drop_table("report_visits")
    op.drop_table("report_keys")
    op.drop_table("relations")
    op.drop_index("ix_weeks_week", table_name="weeks")
    op.drop_table("weeks")
