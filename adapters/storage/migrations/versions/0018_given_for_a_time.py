"""What was given by hand ends with its time as well: look at it once more"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Whoever looks sets the alarm for the end, or finds that it is past. A moment before all others: at the next start.
_LOOK = """
INSERT INTO wake (community, at, member, achievement)
SELECT DISTINCT community, 0, member, achievement FROM award WHERE state = 'awarded' AND "by" IS NOT NULL
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute(_LOOK)
