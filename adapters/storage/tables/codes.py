"""Codes that stand on a poster, and links whose visits count."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

code = sa.Table(
    "code",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True, comment="the code itself is shown once"),
    sa.Column("type", sa.Text, nullable=False, comment="of the event that a redemption is"),
    sa.Column("achievement", sa.Text, comment="a redemption gives it by hand; empty: rules count the event"),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("used", sa.Integer, nullable=False),
    sa.Column("opens", sa.BigInteger, nullable=False),
    sa.Column("closes", sa.BigInteger, nullable=False, comment="the first moment that is too late"),
    sa.Column("made_at", sa.BigInteger, nullable=False),
)

redemption = sa.Table(
    "redemption",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True, comment="its name"),
    sa.Column("member", sa.Text, primary_key=True, comment="the account that used it"),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="once per person",
)

confirmation = sa.Table(
    "confirmation",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, comment="the name of the code that the page had"),
    sa.Column("expires", sa.BigInteger, nullable=False),
    comment="what the page shows and the person types in the chat; gone once used",
)

guess = sa.Table(
    "guess",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("who", sa.Text, nullable=False, comment="a member with their community, or a masked address"),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="wrong codes of the last minutes",
)
sa.Index("guess_who", guess.c.who, guess.c.at)

link = sa.Table(
    "link",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("to", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False, comment="JSON: what each visit says"),
    sa.Column("visits", sa.Integer, nullable=False, comment="all of them, also those that say nothing about anybody"),
    sa.Column("made_at", sa.BigInteger, nullable=False),
)
