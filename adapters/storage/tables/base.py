"""What all tables share."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
# SQLite counts rowids only for INTEGER; on other databases this is a BIGINT.
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
