"""Every table. The log (`statement`) and the ledger are append-only; what else says who has what can be rebuilt.

Times are UTC microseconds. Every table carries the community, and every unique key includes it.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
# SQLite counts rowids only for INTEGER; on other databases this is a BIGINT.
_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

statement = sa.Table(
    "statement",
    metadata,
    sa.Column("seq", _id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("about", sa.Text, comment="the message that this fact is about, where it is about another one"),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="JSON: type, people, facts, reason, by"),
    sa.UniqueConstraint("community", "source", "id", "op", "at", "hash"),
)
sa.Index(
    "statement_about",
    statement.c.community,
    statement.c.source,
    statement.c.about,
    sqlite_where=statement.c.about.is_not(None),
)

party = sa.Table(
    "party",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, comment="the statement that holds the live content"),
    sqlite_with_rowid=False,
    comment="live facts by the people they name",
)

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("thing", sa.Text, primary_key=True, comment="'' or the value that rules with `each` count for"),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

award = sa.Table(
    "award",
    metadata,
    sa.Column("id", _id, primary_key=True),
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
    sa.Column("id", _id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("award", sa.BigInteger, sa.ForeignKey("award.id"), nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("cause", sa.Text, nullable=False, comment="awarded, revoked, revived"),
)
sa.Index("ledger_member", ledger.c.community, ledger.c.member)

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

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False, comment="what made it, as award:17:awarded:1 or digest:2026-W11"),
    sa.Column("source", sa.Text, nullable=False, comment="the platform it goes to"),
    sa.Column("destination", sa.Text, nullable=False, comment="JSON of core.ports.Destination, or of a role change"),
    sa.Column("kind", sa.Text, nullable=False, comment="card or roles"),
    sa.Column("card", sa.LargeBinary, comment="JSON of core.cards.Card"),
    sa.Column("state", sa.Text, nullable=False, comment="waiting, leased, held, sent, failed"),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("done_at", sa.BigInteger),
    sa.Column("error", sa.Text),
    sa.Column("receipt", sa.Text),
    sa.UniqueConstraint("community", "cause", "destination"),
)
sa.Index("outbox_due", outbox.c.due_at, sqlite_where=outbox.c.state.in_(("waiting", "leased")))

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("statement", sa.LargeBinary, nullable=False, comment="JSON line"),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, comment="unstamped, parked or done"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text),
    sa.UniqueConstraint("community", "hash"),
)

ignored = sa.Table(
    "ignored",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("statement", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("community", "hash"),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bot", sa.Boolean, nullable=False),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("timezone", sa.Text),
    sa.Column("roles", sa.Text, nullable=False, comment="JSON list of names"),
)

choice = sa.Table(
    "choice",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("announce", sa.Text, comment="channel, private, digest, none; empty: as the rule says"),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("tracked", sa.Boolean, nullable=False),
    comment="what people chose for themselves: the latest member.settings_changed of the log",
)

rule = sa.Table(
    "rule",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True, comment="signal:x, achievement:x or score:x; community: its scope"),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, comment="0 where there is none, or from before they were kept"),
    sa.Column("brings", sa.Text, nullable=False, comment="JSON: what else changes awards without a new version"),
    sa.Column("since", sa.BigInteger, nullable=False, comment="when this version came into force"),
    sa.Column("left_at", sa.BigInteger, comment="when an achievement left the book: it is retired"),
)

book = sa.Table(
    "book",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, comment="proposed, in force, replaced or refused"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("base", sa.Integer, nullable=False, comment="the revision in force that it was compared with"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="when it got its state"),
    sa.Column("replaces", sa.Text, comment="SHA-256 of the file to be replaced; empty once the file holds this text"),
    sa.Column("reason", sa.Text, comment="why it was refused"),
    comment="every rule book that was in force; whatever a file says, this is what decides",
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="claims: whoever inserts the row does the job of that period",
)

notebook = sa.Table(
    "notebook",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

request_seen = sa.Table(
    "request_seen",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("delivery", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="ids of signed webhook requests, against replay",
)
