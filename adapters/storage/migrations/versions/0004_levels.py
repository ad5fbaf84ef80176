"""Which levels of the ladder members hold"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "level",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="when it was noticed; 0 for old history"),
        sa.PrimaryKeyConstraint("community", "member", "name"),
        comment="levels that members hold by their score",
        sqlite_with_rowid=False,
    )
