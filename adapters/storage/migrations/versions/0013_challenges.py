"""Challenges that are being made"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge_draft",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="who makes it"),
        sa.Column("wish", sa.Text(), nullable=False, comment="JSON: what was filled in so far"),
        sa.Column("challenge", sa.Text(), nullable=True, comment="the challenge that is to be changed"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it was last filled in"),
        sa.PrimaryKeyConstraint("community", "id"),
        comment="challenges that somebody has filled in and not started; the log holds those that were started",
    )
