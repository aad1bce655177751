"""Colleagues are away for a while, and others cover for them. Only adds."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns."""
    op.add_column("people", sa.Column("away_until", types.Instant(), nullable=True))
    op.add_column("people", sa.Column("cover", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them, and what is in them."""
    with op.batch_alter_table("people") as people:
        people.drop_column("cover")
        people.drop_column("away_until")
