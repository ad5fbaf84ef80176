"""Indexes for what is asked all the time"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "award_settles_again",
        "award",
        ["community", "due_at"],
        sqlite_where=sa.text("state = 'awarded' AND decided_at < due_at"),
    )
    op.create_index("ledger_award", "ledger", ["award"])
    op.create_index("outbox_held", "outbox", ["community"], sqlite_where=sa.text("state = 'held'"))
