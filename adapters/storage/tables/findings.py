"""What fairness found and moderators were shown."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

finding = sa.Table(
    "finding",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, comment="counted in the community, as moderators read it"),
    sa.Column("kind", sa.Text, nullable=False, comment="ring, burst, newcomer or lockstep"),
    sa.Column("people", sa.Text, nullable=False, comment="JSON list of the members, sorted"),
    sa.Column("size", sa.Integer, nullable=False, comment="how many facts it rested on when it was last shown"),
    sa.Column("shown_at", sa.BigInteger, nullable=False),
    sa.Column("fine", sa.Integer, comment="how many facts a moderator called fine"),
    sa.Column("by", sa.Text, comment="account of that moderator"),
    sa.UniqueConstraint("community", "kind", "people"),
    comment="what moderators were asked to look at",
)
