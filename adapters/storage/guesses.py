"""Wrong codes of the last minutes, so that nobody guesses for long."""

from __future__ import annotations

import sqlalchemy as sa

from core.claim_codes import MOST_WRONG, WATCHED

_WRONG = "INSERT INTO guess (who, at) VALUES (?, ?)"
_FORGET = "DELETE FROM guess WHERE at <= ?"
_GUESSES = "SELECT COUNT(*), MAX(at) FROM guess WHERE who = ? AND at > ?"
_LATEST = "SELECT at FROM guess WHERE who = ? ORDER BY at DESC, id DESC LIMIT ?"


def is_locked(db: sa.Connection, who: str, now: int) -> bool:
    """Five wrong ones in ten minutes: then nothing counts for ten minutes, right or wrong."""
    number, last = db.exec_driver_sql(_GUESSES, (who, now - 2 * WATCHED)).one()
    if number < MOST_WRONG or last <= now - WATCHED:
        return False
    latest = [int(row[0]) for row in db.exec_driver_sql(_LATEST, (who, MOST_WRONG))]
    return len(latest) == MOST_WRONG and latest[0] - latest[-1] < WATCHED


def note_wrong(db: sa.Connection, who: str, now: int) -> None:
    db.exec_driver_sql(_FORGET, (now - 2 * WATCHED,))
    db.exec_driver_sql(_WRONG, (who, now))
