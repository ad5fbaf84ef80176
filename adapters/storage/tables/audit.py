"""The audit trail."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

act = sa.Table(
    "act",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False, comment="when it was taken up"),
    sa.Column("by", sa.Text, nullable=False, comment="account of whoever did it, or operator"),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False, comment="an account, a rule book, a code"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    comment="who did what, when, why: only ever added to",
)
sa.Index("act_at", act.c.community, act.c.at)
