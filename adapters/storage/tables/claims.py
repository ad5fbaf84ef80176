"""What people say they did elsewhere, what moderators answered, and what they were asked to think over."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, comment="counted up within the community: people read it"),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("achievement", sa.Text, comment="empty: something that no badge is named for"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("by_hand", sa.Boolean, nullable=False, comment="a yes is a grant; else a validated action"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="when it happened, as the person says"),
    sa.Column("proof", sa.Text),
    sa.Column("note", sa.Text, comment="in the person's words; here only, never in the log"),
    sa.Column("channel", sa.Text, comment="where it was claimed: answers are shown there"),
    sa.Column("state", sa.Text, nullable=False, comment="open, approved, declined"),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("question", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("decided_at", sa.BigInteger),
    sa.Column("proposal", sa.Text, comment="source and id of the machine's statement; empty for people's claims"),
    sa.Column("confidence", sa.Text, comment="exact decimal from 0 to 1"),
    sa.Column("explanation", sa.Text),
    sa.UniqueConstraint("community", "proposal"),
    comment="claims; whoever turns an open one into another state decides",
)
sa.Index("claim_open", claim.c.community, claim.c.opened_at, sqlite_where=claim.c.state == "open")
sa.Index("claim_member", claim.c.community, claim.c.member)

appeal = sa.Table(
    "appeal",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("decision", sa.Text, nullable=False, comment="what it is about, as claim:17 or award:helper:1700000000"),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False, comment="in the person's words; here only, never in the log"),
    sa.Column("channel", sa.Text),
    sa.Column("state", sa.Text, nullable=False, comment="open, restored, kept"),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("decided_at", sa.BigInteger),
    sa.UniqueConstraint("community", "member", "decision"),
    comment="one for each decision",
)
