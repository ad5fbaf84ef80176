"""Erasure, and a chain of hashes over the ledger"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from adapters.storage.chain import FIRST, Entry, link

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LEDGER = "SELECT id, community, member, award, points, at, cause FROM ledger ORDER BY id"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False, comment="what stands in the place of the account: random"),
        sa.Column("mark", sa.LargeBinary(), nullable=False, comment="HMAC-SHA256 of community and account"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lifted", sa.Boolean(), nullable=False, comment="the person asked to be counted again"),
        sa.Column(
            "swept", sa.Boolean(), nullable=False, comment="the file was rewritten since, so that no byte is left"
        ),
        sa.PrimaryKeyConstraint("community", "pseudonym"),
        comment="accounts that were erased: nothing brings them back before the person says so",
    )
    op.create_table(
        "identity",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "member"),
        sa.UniqueConstraint("token"),
        comment="the random name by which the ledger's chain of hashes knows a member",
    )
    token = sa.Column(
        "token",
        sa.Text(),
        nullable=False,
        server_default="",
        comment="the member's random name, as the table identity has it",
    )
    hash_ = sa.Column(
        "hash",
        sa.LargeBinary(),
        nullable=False,
        server_default=sa.text("x''"),
        comment="over the entry before and this one; no personal data",
    )
    anonymous: sa.Column[bool] = sa.Column(
        "anonymous", sa.Boolean(), nullable=False, server_default=sa.false(), comment="on boards, but without a name"
    )
    op.add_column("choice", anonymous)
    op.add_column("ledger", token)
    op.add_column("ledger", hash_)
    _chain(op.get_bind())


def _chain(connection: sa.Connection) -> None:
    """Give every entry that there is its place in the chain."""
    tokens: dict[tuple[str, str], str] = {}
    before = FIRST
    for id_, community, member, award, points, at, cause in connection.exec_driver_sql(_LEDGER).all():
        token = tokens.setdefault((community, member), secrets.token_hex(16))
        before = link(before, Entry(id_, community, token, award, points, at, cause))
        connection.exec_driver_sql("UPDATE ledger SET token = ?, hash = ? WHERE id = ?", (token, before, id_))
    for (community, member), token in tokens.items():
        connection.exec_driver_sql("INSERT INTO identity VALUES (?, ?, ?)", (community, member, token))
