"""Codes that link accounts, and who was taken for whom."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata, row_id

link_code = sa.Table(
    "link_code",
    metadata,
    sa.Column("token", sa.Text, primary_key=True, comment="how buttons name it"),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False, comment="who asked for it"),
    sa.Column("way", sa.Text, nullable=False, comment="chat, email or forge: where it is to be shown"),
    sa.Column("hash", sa.LargeBinary, nullable=False, comment="the code itself is shown once"),
    sa.Column("other", sa.Text, comment="the account that is to be linked, once it is known"),
    sa.Column("channel", sa.Text, comment="where to tell whoever asked"),
    sa.Column("expires", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("community", "account", "way"),
    sa.UniqueConstraint("community", "hash"),
    comment="gone once used",
)

link_mail = sa.Table(
    "link_mail",
    metadata,
    sa.Column("id", row_id, primary_key=True),
    sa.Column("mark", sa.LargeBinary, nullable=False, comment="of an account, or of an address"),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="mails of the last hour",
)
sa.Index("link_mail_mark", link_mail.c.mark, link_mail.c.at)

match = sa.Table(
    "match",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("candidate", sa.Text, primary_key=True, comment="the chat account that was suggested"),
    sa.Column("state", sa.Text, nullable=False, comment="confirmed, rejected, agreed or differed"),
    sa.Column("confidence", sa.Integer, nullable=False, comment="percent"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    comment="what became of suggestions",
)

stranger = sa.Table(
    "stranger",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("told_at", sa.BigInteger, nullable=False),
    comment="unknown people of whom moderators were told",
)
