"""Codes that link accounts, and who was taken for whom"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "link_code",
        sa.Column("token", sa.Text(), nullable=False, comment="how buttons name it"),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="who asked for it"),
        sa.Column("way", sa.Text(), nullable=False, comment="chat, email or forge: where it is to be shown"),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="the code itself is shown once"),
        sa.Column("other", sa.Text(), nullable=True, comment="the account that is to be linked, once it is known"),
        sa.Column("channel", sa.Text(), nullable=True, comment="where to tell whoever asked"),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
        sa.UniqueConstraint("community", "account", "way"),
        sa.UniqueConstraint("community", "hash"),
        comment="gone once used",
    )
    op.create_table(
        "link_mail",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False, comment="of an account, or of an address"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="mails of the last hour",
    )
    op.create_index("link_mail_mark", "link_mail", ["mark", "at"])
    op.create_table(
        "match",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False, comment="the chat account that was suggested"),
        sa.Column("state", sa.Text(), nullable=False, comment="confirmed, rejected, agreed or differed"),
        sa.Column("confidence", sa.Integer(), nullable=False, comment="percent"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "account", "candidate"),
        comment="what became of suggestions",
    )
    op.create_table(
        "stranger",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "account"),
        comment="unknown people of whom moderators were told",
    )
