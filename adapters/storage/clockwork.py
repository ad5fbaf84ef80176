"""What the log knows for the clock: who joined when, what was said already, which messages have grown old."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.storage.history import SqlHistory, as_json
from core.clockwork import MESSAGES, aged_id
from core.events import Fact, Statement, fact_from
from core.plan import LEFT, MEMBERSHIP
from core.sifting import CLOCK

_SAID = """
SELECT s.id, s.at FROM json_each(?) j CROSS JOIN statement s ON s.community = ? AND s.source = ? AND s.id = j.value
"""
_OLD = """
SELECT DISTINCT s.source, s.id, p.at, s.body, p.seq
FROM party p CROSS JOIN statement s ON s.seq = p.seq
WHERE p.community = ? AND p.type IN (?, ?) AND p.at <= ? AND p.account NOT LIKE '*%' AND NOT EXISTS (
    SELECT 1 FROM statement c WHERE c.community = p.community AND c.source = ? AND c.id = ? || s.source || '/' || s.id
)
ORDER BY p.at, p.seq LIMIT ?
"""


def joins(db: sa.Connection, community: str) -> list[Fact]:
    """Every live membership, and who left by a roster."""
    return SqlHistory(db, community).live([MEMBERSHIP, LEFT])


def unsaid(db: sa.Connection, community: str, statements: Sequence[Statement]) -> list[Statement]:
    """Those that the log does not hold yet, in order of time."""
    ids = as_json(s.id for s in statements)
    known = {(row[0], row[1]) for row in db.exec_driver_sql(_SAID, (ids, community, CLOCK))}
    return sorted((s for s in statements if (s.id, s.at) not in known), key=lambda s: (s.at, s.id))


def grown_old(db: sa.Connection, community: str, age: int, before: int, limit: int) -> list[Fact]:
    """Live messages from `before` (UTC microseconds) or earlier of which the clock has not said that they reached this
    age (seconds), oldest first."""
    name = aged_id("", "", age).removesuffix("/")
    rows = db.exec_driver_sql(_OLD, (community, *MESSAGES, before, CLOCK, name, limit))
    return [fact_from(*row) for row in rows]
