"""Closed periods of boards as they were read when they closed: only the names of the erased are changed in them."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

snapshot = sa.Table(
    "snapshot",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("board", sa.Text, primary_key=True, comment="id in the rule book"),
    sa.Column("period", sa.Text, primary_key=True, comment="week, month, quarter, year or season"),
    sa.Column("name", sa.Text, primary_key=True, comment="which one, as 2026-W11 or 2026"),
    sa.Column("first_day", sa.Integer, nullable=False, comment="proleptic ordinal of the local day"),
    sa.Column("last_day", sa.Integer, nullable=False),
    sa.Column("listed", sa.Integer, nullable=False, comment="how many had a place, also beyond those kept"),
    sa.Column("closed_at", sa.BigInteger, nullable=False),
    sa.Column("checksum", sa.Text, nullable=False, comment="of everybody's amounts, also of those not listed"),
    sa.Column("differs_at", sa.BigInteger, comment="when late facts were first seen to differ"),
    comment="periods of boards that are over: what was read then is never written again",
)

standing = sa.Table(
    "standing",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("board", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True, comment="'' on a board of teams"),
    sa.Column("team", sa.Text, primary_key=True, comment="'' on a board of members"),
    sa.Column("place", sa.Integer, nullable=False, comment="ties share one"),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="who stood where when a period of a board was closed",
)
