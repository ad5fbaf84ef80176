"""What is told aloud in a channel, and when; own digests and the newsletter as people's own choices"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("award", sa.BigInteger(), nullable=False, comment="its id"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="of the award: later, it is another story"),
        sa.Column("state", sa.Text(), nullable=False, comment="told, waiting, digest, weekly (told there) or dropped"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it was told, or is to be"),
        sa.Column("message", sa.Text(), nullable=False, comment="which one told it; empty before"),
        sa.PrimaryKeyConstraint("id"),
        comment="badges told aloud in a channel, and those that wait there or for the digest",
    )
    op.create_index("announcement_room", "announcement", ["community", "source", "channel", "at"])
    op.create_index("announcement_state", "announcement", ["community", "state", "at"])
    with op.batch_alter_table("choice") as choice:
        for name, says in (("digest", "whether the own digest comes by direct message"), ("named", "in newsletters")):
            choice.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false(), comment=says))
