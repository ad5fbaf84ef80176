"""Who has what: counts, awards, points, scores and levels. All but the ledger can be rebuilt from the log."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("thing", sa.Text, primary_key=True, comment="'' or the value that rules with `each` count for"),
    sa.Column("state", sa.LargeBinary, nullable=False),
    comment="with rowids: a page of such a table has room for four times as long a state",
)

award = sa.Table(
    "award",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("achievement", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("tier", sa.Text, nullable=False, comment="'' without tiers"),
    sa.Column(
        "occurrence", sa.Text, nullable=False, comment="'' when earned once; else period, thing, number or grant"
    ),
    sa.Column("period", sa.Text),
    sa.Column("state", sa.Text, nullable=False, comment="pending, awarded or revoked"),
    sa.Column("kept", sa.Boolean, nullable=False, comment="no longer supported by facts, kept by if_undone"),
    sa.Column("earned_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False, comment="when it stops settling"),
    sa.Column("evidence", sa.Integer, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False, comment="time of the first fact of the evidence"),
    sa.Column("place", sa.LargeBinary, comment="JSON: where it was earned (source, channel, message, thread, private)"),
    sa.Column("by", sa.Text, comment="who granted it"),
    sa.Column("note", sa.Text, comment="what the giver said"),
    sa.Column("decided_at", sa.BigInteger, nullable=False, comment="when the bot last changed the state"),
    sa.Column("reason", sa.Text, comment="why it was revoked"),
    sa.UniqueConstraint("community", "member", "achievement", "version", "tier", "occurrence"),
)
sa.Index("award_due", award.c.due_at, sqlite_where=award.c.state == "pending")
sa.Index(
    "award_settles_again",
    award.c.community,
    award.c.due_at,
    sqlite_where=sa.and_(award.c.state == "awarded", award.c.decided_at < award.c.due_at),
)
sa.Index("award_decided", award.c.community, award.c.decided_at)

sa.Index("award_of", award.c.community, award.c.achievement)

wake = sa.Table(
    "wake",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True, comment="empty: for everybody"),
    sa.Column("achievement", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
    comment="when to look at an award again although nothing happened: it lapses, or time served opens it",
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("award", sa.BigInteger, sa.ForeignKey("award.id"), comment="empty: it is about a reward"),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("cause", sa.Text, nullable=False, comment="awarded, revoked, revived, or as reward:17:redeemed"),
    sa.Column(
        "token",
        sa.Text,
        nullable=False,
        server_default="",
        comment="the member's random name, as the table identity has it",
    ),
    sa.Column(
        "hash",
        sa.LargeBinary,
        nullable=False,
        server_default=sa.text("x''"),
        comment="over the entry before and this one; no personal data",
    ),
)
sa.Index("ledger_member", ledger.c.community, ledger.c.member)
sa.Index("ledger_award", ledger.c.award)

score = sa.Table(
    "score",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, comment="proleptic ordinal of the local day"),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("score_member", score.c.community, score.c.member, score.c.rule)

level = sa.Table(
    "level",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, nullable=False, comment="when it was noticed; 0 for old history"),
    sqlite_with_rowid=False,
    comment="levels that members hold by their score",
)
