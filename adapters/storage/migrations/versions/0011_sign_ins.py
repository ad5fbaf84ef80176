"""Signing in at GitHub to prove an account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("mark", sa.LargeBinary(), nullable=False, comment="SHA-256 of what the link holds"),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="the token of the code that this proves"),
        sa.Column(
            "browser", sa.LargeBinary(), nullable=True, comment="SHA-256 of the cookie of the browser that began"
        ),
        sa.Column("asked", sa.Boolean(), nullable=False, comment="GitHub has sent the browser back"),
        sa.Column("account", sa.Text(), nullable=True, comment="who signed in there"),
        sa.Column("name", sa.Text(), nullable=True, comment="as GitHub shows them"),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sa.UniqueConstraint("community", "browser"),
        comment="gone once used",
    )
