"""What fairness found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False, comment="counted in the community, as moderators read it"),
        sa.Column("kind", sa.Text(), nullable=False, comment="ring, burst, newcomer or lockstep"),
        sa.Column("people", sa.Text(), nullable=False, comment="JSON list of the members, sorted"),
        sa.Column("size", sa.Integer(), nullable=False, comment="how many facts it rested on when it was last shown"),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.Column("fine", sa.Integer(), nullable=True, comment="how many facts a moderator called fine"),
        sa.Column("by", sa.Text(), nullable=True, comment="account of that moderator"),
        sa.PrimaryKeyConstraint("community", "id"),
        sa.UniqueConstraint("community", "kind", "people"),
        comment="what moderators were asked to look at",
    )
