"""What is to be sent, which jobs are done, and what the edges remember."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False, comment="what made it, as award:17:awarded:1 or digest:2026-W11"),
    sa.Column("source", sa.Text, nullable=False, comment="the platform it goes to, or webhook: and its name"),
    sa.Column("destination", sa.Text, nullable=False, comment="JSON of core.ports.Destination, or of a role change"),
    sa.Column("kind", sa.Text, nullable=False, comment="card, roles or webhook"),
    sa.Column("card", sa.LargeBinary, comment="JSON of core.cards.Card, or of what a webhook is sent"),
    sa.Column("state", sa.Text, nullable=False, comment="waiting, leased, held, sent, failed"),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("done_at", sa.BigInteger),
    sa.Column("error", sa.Text),
    sa.Column("receipt", sa.Text),
    sa.UniqueConstraint("community", "cause", "destination"),
)
sa.Index("outbox_held", outbox.c.community, sqlite_where=outbox.c.state == "held")
sa.Index("outbox_due", outbox.c.due_at, sqlite_where=outbox.c.state.in_(("waiting", "leased")))

run = sa.Table(
    "run",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("until", sa.BigInteger, comment="the end of what a digest told"),
    comment="claims: whoever inserts the row does the job of that period",
)

notebook = sa.Table(
    "notebook",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
