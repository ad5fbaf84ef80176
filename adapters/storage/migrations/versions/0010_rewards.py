"""Rewards: what members took for their points. The ledger has entries that are about no award."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payout",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False, comment="counted up within the community: people read it"),
        sa.Column("key", sa.Text(), nullable=False, comment="of the question that was answered with yes"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="what the reward was called then"),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True, comment="of the person then; its cap counts it"),
        sa.Column("channel", sa.Text(), nullable=True, comment="where it was asked for: answers are shown there"),
        sa.Column("state", sa.Text(), nullable=False, comment="asked, open, handed out, declined, refunded"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True, comment="who decided last"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("community", "id"),
        sa.UniqueConstraint("community", "key"),
        comment="rewards that were redeemed; the log and the ledger say the same",
    )
    op.create_index("payout_at", "payout", ["community", "at"])
    op.create_index("payout_account", "payout", ["community", "account"])
    with op.batch_alter_table("ledger") as ledger:
        ledger.alter_column("award", existing_type=sa.BigInteger(), nullable=True)
