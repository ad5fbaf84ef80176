"""Closed periods of boards"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False, comment="id in the rule book"),
        sa.Column("period", sa.Text(), nullable=False, comment="week, month, quarter, year or season"),
        sa.Column("name", sa.Text(), nullable=False, comment="which one, as 2026-W11 or 2026"),
        sa.Column("first_day", sa.Integer(), nullable=False, comment="proleptic ordinal of the local day"),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False, comment="how many had a place, also beyond those kept"),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False, comment="of everybody's amounts, also of those not listed"),
        sa.Column("differs_at", sa.BigInteger(), nullable=True, comment="when late facts were first seen to differ"),
        sa.PrimaryKeyConstraint("community", "board", "period", "name"),
        comment="periods of boards that are over: what was read then is never written again",
    )
    op.create_table(
        "standing",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False, comment="'' on a board of teams"),
        sa.Column("team", sa.Text(), nullable=False, comment="'' on a board of members"),
        sa.Column("place", sa.Integer(), nullable=False, comment="ties share one"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "board", "period", "name", "member", "team"),
        comment="who stood where when a period of a board was closed",
        sqlite_with_rowid=False,
    )
