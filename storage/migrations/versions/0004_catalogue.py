"""Teams and services, and what a request keeps of them.

Only adds, with defaults: the code of 0003 goes on filing requests, and counting them, beside it.
"""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add four tables and six columns."""
    op.create_table(
        "channels",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "place", name=op.f("pk_channels")),
    )
    op.create_table(
        "teams",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("days_off", types.Names(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rota", types.Names(), nullable=False),
        sa.Column("rota_from", sa.Text(), nullable=False),
        sa.Column("slots", types.Names(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("served_last", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("org", "key", name=op.f("pk_teams")),
    )
    op.create_table(
        "swaps",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("monday", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "team", "monday", name=op.f("pk_swaps")),
    )
    op.create_table(
        "services",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("form", types.Names(), nullable=False),
        sa.Column("targets", types.Names(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("sampling", sa.Integer(), nullable=False),
        sa.Column("privacy", sa.Text(), nullable=False),
        sa.Column("retention", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "key", name=op.f("pk_services")),
    )
    op.add_column("counters", sa.Column("catalogue", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("people", sa.Column("absent_until", types.Instant(), nullable=True))
    op.add_column("requests", sa.Column("team", sa.Text(), nullable=False, server_default=""))
    op.add_column("requests", sa.Column("service", sa.Text(), nullable=False, server_default=""))
    op.add_column("requests", sa.Column("answers", types.Pairs(), nullable=False, server_default="[]"))
    op.add_column("requests", sa.Column("homeless", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_requests_homeless",
        "requests",
        ["org", "team"],
        unique=False,
        sqlite_where=sa.text("homeless != ''"),
        postgresql_where=sa.text("homeless != ''"),
    )


def downgrade() -> None:
    """Drop them, and what is in them."""
    op.drop_index("ix_requests_homeless", table_name="requests")
    with op.batch_alter_table("requests") as requests:
        for column in ("homeless", "answers", "service", "team"):
            requests.drop_column(column)
    with op.batch_alter_table("people") as people:
        people.drop_column("absent_until")
    with op.batch_alter_table("counters") as counters:
        counters.drop_column("catalogue")
    for table in ("services", "swaps", "teams", "channels"):
        op.drop_table(table)
