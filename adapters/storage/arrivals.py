"""When a signed request came for the first time."""

from __future__ import annotations

import sqlalchemy as sa

_ARRIVED = "SELECT at FROM request_seen WHERE source = ? AND delivery = ?"
_NOTE = "INSERT INTO request_seen (source, delivery, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def arrived(db: sa.Connection, source: str, delivery: str) -> int | None:
    """UTC microseconds; None for one that was never taken."""
    found: int | None = db.exec_driver_sql(_ARRIVED, (source, delivery)).scalar_one_or_none()
    return found


def note(db: sa.Connection, source: str, delivery: str, at: int) -> bool:
    """Remember it; True if it was remembered before."""
    return db.exec_driver_sql(_NOTE, (source, delivery, at)).rowcount == 0
