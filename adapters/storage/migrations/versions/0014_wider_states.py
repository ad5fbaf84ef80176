"""States of members in rows of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
_COLUMNS = "community, member, thing, state"


def upgrade() -> None:
    op.rename_table("progress", "progress_before")
    op.create_table(
        "progress",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False, comment="'' or the value that rules with `each` count for"),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("community", "member", "thing"),
        comment="with rowids: a page of such a table has room for four times as long a state",
    )
    op.execute(f"INSERT INTO progress ({_COLUMNS}) SELECT {_COLUMNS} FROM progress_before")  # noqa: S608 - names of columns, no values
    op.drop_table("progress_before")
