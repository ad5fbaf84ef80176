"""Challenges that are being made. Those that were started are in the log."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

challenge_draft = sa.Table(
    "challenge_draft",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, comment="who makes it"),
    sa.Column("wish", sa.Text, nullable=False, comment="JSON: what was filled in so far"),
    sa.Column("challenge", sa.Text, comment="the challenge that is to be changed"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="when it was last filled in"),
    comment="challenges that somebody has filled in and not started; the log holds those that were started",
)
