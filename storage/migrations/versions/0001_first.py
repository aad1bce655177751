"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "ballots",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("poll", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "poll", "mark", name=op.f("pk_ballots")),
    )
    op.create_table(
        "counters",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("org", name=op.f("pk_counters")),
    )
    op.create_table(
        "members",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "place", "person", name=op.f("pk_members")),
    )
    op.create_table(
        "people",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.Column("quiet_days", types.Names(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_people")),
    )
    op.create_index("ix_people_handle", "people", ["org", "handle"], unique=False)
    op.create_table(
        "places",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("free_at", types.Instant(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "place", name=op.f("pk_places")),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("resolution", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("resolver", sa.Text(), nullable=True),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("voted_at", types.Instant(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reasons", types.Names(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("org", "number", "resolution", name=op.f("uq_polls_org_number_resolution")),
    )
    op.create_index("ix_polls_asked", "polls", ["org", "asked_at"], unique=False)
    op.create_index(
        "ix_polls_open",
        "polls",
        ["org", "asked_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_polls_person", "polls", ["org", "person", "asked_at"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("org", "key", name=op.f("uq_posts_org_key")),
    )
    op.create_index(
        "ix_posts_message",
        "posts",
        ["org", "message"],
        unique=False,
        sqlite_where=sa.text("message IS NOT NULL"),
        postgresql_where=sa.text("message IS NOT NULL"),
    )
    op.create_index("ix_posts_number", "posts", ["org", "number"], unique=False)
    op.create_index(
        "ix_posts_owed",
        "posts",
        ["org", "place", "id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "raised",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("post_key", sa.Text(), nullable=False),
        sa.Column("raised_at", types.Instant(), nullable=False),
        sa.Column("sent_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raised")),
    )
    op.create_index("ix_raised_number", "raised", ["org", "number", "raised_at"], unique=False)
    op.create_index("ix_raised_post_key", "raised", ["org", "post_key"], unique=False)
    op.create_table(
        "requests",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("needed_by", types.Wall(), nullable=True),
        sa.Column("promise", types.Wall(), nullable=True),
        sa.Column("filed_at", types.Instant(), nullable=False),
        sa.Column("moved_at", types.Instant(), nullable=False),
        sa.Column("respond_by", types.Instant(), nullable=True),
        sa.Column("resolve_by", types.Instant(), nullable=True),
        sa.Column("responded_at", types.Instant(), nullable=True),
        sa.Column("resolved_at", types.Instant(), nullable=True),
        sa.Column("resolutions", sa.Integer(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("paused_at", types.Instant(), nullable=True),
        sa.Column("waiting_on", sa.Text(), nullable=True),
        sa.Column("waiting_request", sa.Integer(), nullable=True),
        sa.Column("waiting_until", types.Instant(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("last_note", sa.Text(), nullable=False),
        sa.Column("last_note_by", sa.Text(), nullable=True),
        sa.Column("snoozed_until", types.Instant(), nullable=True),
        sa.Column("snooze_reason", sa.Text(), nullable=False),
        sa.Column("nudge_at", types.Instant(), nullable=True),
        sa.Column("escalated_at", types.Instant(), nullable=True),
        sa.Column("followers", types.Names(), nullable=False),
        sa.Column("searchable", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number", name=op.f("pk_requests")),
    )
    op.create_index(
        "ix_requests_chain",
        "requests",
        ["org", "waiting_request"],
        unique=False,
        sqlite_where=sa.text("waiting_request IS NOT NULL"),
        postgresql_where=sa.text("waiting_request IS NOT NULL"),
    )
    op.create_index("ix_requests_filed", "requests", ["org", "filed_at"], unique=False)
    op.create_index(
        "ix_requests_nudge",
        "requests",
        ["nudge_at", "org", "number"],
        unique=False,
        sqlite_where=sa.text("nudge_at IS NOT NULL"),
        postgresql_where=sa.text("nudge_at IS NOT NULL"),
    )
    op.create_index("ix_requests_requester", "requests", ["org", "requester", "filed_at"], unique=False)
    op.create_index(
        "ix_requests_resolved",
        "requests",
        ["org", "resolved_at"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NOT NULL"),
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
    )
    op.create_index(
        "ix_requests_unfinished",
        "requests",
        ["org", "owner", "filed_at", "number"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("team_only", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org", "number"], ["requests.org", "requests.number"], name=op.f("fk_history_org_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("org", "key", name=op.f("uq_history_org_key")),
    )
    op.create_index("ix_history_number", "history", ["org", "number", "id"], unique=False)


def downgrade() -> None:
    """Drop every table, and everything in them."""
    op.drop_table("history")
    op.drop_table("requests")
    op.drop_table("raised")
    op.drop_table("posts")
    op.drop_table("polls")
    op.drop_table("places")
    op.drop_table("people")
    op.drop_table("members")
    op.drop_table("counters")
    op.drop_table("ballots")
