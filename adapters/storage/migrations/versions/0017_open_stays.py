"""Who is in a voice channel, a huddle or an event right now"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stay",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False, comment="voice:CHANNEL or event:EVENT/START"),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False, comment="channel or huddle"),
        sa.Column("seen_at", sa.BigInteger(), nullable=False, comment="up to when it is counted"),
        sa.Column("counted", sa.BigInteger(), nullable=False, comment="microseconds that count"),
        sa.Column("hears", sa.Boolean(), nullable=False, comment="is there, and can hear"),
        sa.Column("ended_at", sa.BigInteger(), comment="over; until then its fact may not be in the log"),
        sa.Column("facts", sa.Text(), nullable=False, comment="JSON: of the channel or event"),
        sa.PrimaryKeyConstraint("community", "account", "thing", "began_at"),
        comment="open voice sessions and visits of events; gone as soon as they are in the log",
    )
    op.create_index("stay_source", "stay", ["community", "source"])
