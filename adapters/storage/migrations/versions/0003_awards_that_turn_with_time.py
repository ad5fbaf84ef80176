"""Awards that come or go with time alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wake",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False, comment="empty: for everybody"),
        sa.Column("achievement", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "at", "member", "achievement"),
        comment="when to look at an award again although nothing happened: it lapses, or time served opens it",
        sqlite_with_rowid=False,
    )
    op.create_index("award_of", "award", ["community", "achievement"])
