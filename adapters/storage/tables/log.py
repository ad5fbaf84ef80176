"""The log, what waits before it and what was left out of it."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

statement = sa.Table(
    "statement",
    metadata,
    sa.Column("seq", row_id, primary_key=True),
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

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", row_id, primary_key=True),
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
    sa.Column("id", row_id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("statement", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("community", "hash"),
)

request_seen = sa.Table(
    "request_seen",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("delivery", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="ids of signed webhook requests, against replay",
)
