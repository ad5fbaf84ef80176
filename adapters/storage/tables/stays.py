"""Who is where right now."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

stay = sa.Table(
    "stay",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("thing", sa.Text, primary_key=True, comment="voice:CHANNEL or event:EVENT/START"),
    sa.Column("began_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("room", sa.Text, nullable=False, comment="channel or huddle"),
    sa.Column("seen_at", sa.BigInteger, nullable=False, comment="up to when it is counted"),
    sa.Column("counted", sa.BigInteger, nullable=False, comment="microseconds that count"),
    sa.Column("hears", sa.Boolean, nullable=False, comment="is there, and can hear"),
    sa.Column("ended_at", sa.BigInteger, comment="over; until then its fact may not be in the log"),
    sa.Column("facts", sa.Text, nullable=False, comment="JSON: of the channel or event"),
    comment="open voice sessions and visits of events; gone as soon as they are in the log",
)
sa.Index("stay_source", stay.c.community, stay.c.source)
