"""Signing in at GitHub to prove an account: from the link in the chat to the last word on the page."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

sign_in = sa.Table(
    "sign_in",
    metadata,
    sa.Column("mark", sa.LargeBinary, primary_key=True, comment="SHA-256 of what the link holds"),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False, comment="the token of the code that this proves"),
    sa.Column("browser", sa.LargeBinary, comment="SHA-256 of the cookie of the browser that began"),
    sa.Column("asked", sa.Boolean, nullable=False, comment="GitHub has sent the browser back"),
    sa.Column("account", sa.Text, comment="who signed in there"),
    sa.Column("name", sa.Text, comment="as GitHub shows them"),
    sa.Column("expires", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("community", "browser"),
    comment="gone once used",
)
