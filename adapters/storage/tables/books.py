"""Rule books and the versions of their rules."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

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
