"""What members took for their points, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

payout = sa.Table(
    "payout",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, comment="counted up within the community: people read it"),
    sa.Column("key", sa.Text, nullable=False, comment="of the question that was answered with yes"),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("reward", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False, comment="what the reward was called then"),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("team", sa.Text, comment="of the person then; its cap counts it"),
    sa.Column("channel", sa.Text, comment="where it was asked for: answers are shown there"),
    sa.Column("state", sa.Text, nullable=False, comment="asked, open, handed out, declined, refunded"),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("by", sa.Text, comment="who decided last"),
    sa.Column("reason", sa.Text),
    sa.Column("decided_at", sa.BigInteger),
    sa.UniqueConstraint("community", "key"),
    comment="rewards that were redeemed; the log and the ledger say the same",
)
sa.Index("payout_at", payout.c.community, payout.c.at)
sa.Index("payout_account", payout.c.community, payout.c.account)
