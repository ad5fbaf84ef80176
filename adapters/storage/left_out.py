"""What connectors left out: once for each source, kind and reason. Rows of what the log could not take lie beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage.history import SqlHistory
from core.events import digest
from core.times import write_time

_INSERT = """
INSERT INTO ignored (community, source, statement, hash, reason, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_ALL = "SELECT source, statement, reason, at FROM ignored WHERE community = ? ORDER BY id"


def leave_out(db: sa.Connection, community: str, source: str, left: Sequence[tuple[str, str]], at: int) -> None:
    """Keep (kind, reason) of what a source sent; what is known already is not written again."""
    for kind, reason in left:
        body = orjson.dumps({"source": source, "kind": kind}, option=orjson.OPT_SORT_KEYS)
        hash_ = digest(body + b"\0" + reason.encode())
        db.exec_driver_sql(_INSERT, (community, source, body, hash_, reason, at))


def left_out(history: SqlHistory, community: str) -> Iterator[dict[str, Any]]:
    """What was ignored, in order: when it first came, from where, why, and the statement or the kind of event."""
    for source, statement, reason, at in history.rows(_ALL, (community,)):
        yield {"at": write_time(at), "source": source, "reason": reason, "ignored": orjson.loads(statement)}
