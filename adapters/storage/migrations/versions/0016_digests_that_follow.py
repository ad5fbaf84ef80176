"""Until when a digest told, so that the next one goes on from there"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("until", sa.BigInteger(), nullable=True, comment="the end of what a digest told"))
