"""Versions of rules, and the book in force"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="proposed, in force, replaced or refused"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False, comment="the revision in force that it was compared with"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it got its state"),
        sa.Column(
            "replaces",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the file to be replaced; empty once the file holds this text",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was refused"),
        sa.PrimaryKeyConstraint("community", "revision"),
        comment="every rule book that was in force; whatever a file says, this is what decides",
    )
    with op.batch_alter_table("rule") as rule:
        rule.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        rule.add_column(sa.Column("brings", sa.Text(), nullable=False, server_default=""))
        rule.add_column(sa.Column("left_at", sa.BigInteger(), nullable=True))
    # What an achievement brings stood behind its fingerprint; version 0 says that nobody knows which one it was.
    op.execute("UPDATE rule SET fingerprint = substr(fingerprint, 1, 16) WHERE rule LIKE 'achievement:%'")
