"""What is known of people: names for display, and their own choices."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

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
    sa.Column("announce", sa.Text, comment="channel, private, digest, none, dm; empty: as the rule says"),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("tracked", sa.Boolean, nullable=False),
    sa.Column(
        "anonymous", sa.Boolean, nullable=False, server_default=sa.false(), comment="on boards, but without a name"
    ),
    sa.Column(
        "digest",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="whether the own digest comes by direct message",
    ),
    sa.Column("named", sa.Boolean, nullable=False, server_default=sa.false(), comment="in newsletters"),
    comment="what people chose for themselves: the latest member.settings_changed of the log",
)
