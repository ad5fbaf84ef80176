"""Who was erased, without saying who: marks that only the key beside the database can make, and random names."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.tables.base import metadata

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("pseudonym", sa.Text, primary_key=True, comment="what stands in the place of the account: random"),
    sa.Column("mark", sa.LargeBinary, nullable=False, comment="HMAC-SHA256 of community and account"),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("lifted", sa.Boolean, nullable=False, comment="the person asked to be counted again"),
    sa.Column("swept", sa.Boolean, nullable=False, comment="the file was rewritten since, so that no byte is left"),
    comment="accounts that were erased: nothing brings them back before the person says so",
)

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, nullable=False, unique=True),
    comment="the random name by which the ledger's chain of hashes knows a member",
)
