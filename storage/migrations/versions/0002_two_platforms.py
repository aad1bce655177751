"""One organisation on two platforms: how to address a place, and accounts of one person.

Only adds, with defaults: the code of 0001 goes on writing people beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and three columns."""
    op.create_table(
        "conversations",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("service_url", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "place", name=op.f("pk_conversations")),
    )
    op.add_column("people", sa.Column("email", sa.Text(), nullable=False, server_default=""))
    op.add_column("people", sa.Column("same_as", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("reach", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_people_email",
        "people",
        ["org", "email"],
        unique=False,
        sqlite_where=sa.text("email != ''"),
        postgresql_where=sa.text("email != ''"),
    )
    op.create_index(
        "ix_people_same_as",
        "people",
        ["org", "same_as"],
        unique=False,
        sqlite_where=sa.text("same_as IS NOT NULL"),
        postgresql_where=sa.text("same_as IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop what was added, and what is in it."""
    op.drop_index("ix_people_same_as", table_name="people")
    op.drop_index("ix_people_email", table_name="people")
    with op.batch_alter_table("people") as people:
        people.drop_column("reach")
        people.drop_column("same_as")
        people.drop_column("email")
    op.drop_table("conversations")
