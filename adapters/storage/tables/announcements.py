"""What was told aloud where, and what waits for a quieter moment. It names awards, nobody by name."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

announcement = sa.Table(
    "announcement",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("award", sa.BigInteger, nullable=False, comment="its id"),
    sa.Column("decided_at", sa.BigInteger, nullable=False, comment="of the award: later, it is another story"),
    sa.Column("state", sa.Text, nullable=False, comment="told, waiting, digest, weekly (told there) or dropped"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="when it was told, or is to be"),
    sa.Column("message", sa.Text, nullable=False, comment="which one told it; empty before"),
    comment="badges told aloud in a channel, and those that wait there or for the digest",
)
_c = announcement.c
sa.Index("announcement_room", _c.community, _c.source, _c.channel, _c.at)
sa.Index("announcement_state", _c.community, _c.state, _c.at)
