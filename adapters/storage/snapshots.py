"""Closed periods of boards: written once, read by whom they still may show, and never rewritten."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.amounts import Amounts
from adapters.storage.audit import note
from adapters.storage.discretion import erased_of
from adapters.storage.history import SqlHistory
from adapters.storage.transactions import SqlTransaction
from core.audit import Act
from core.boards import MOST_KEPT, Reading, Snapshot, Window
from core.leaderboards import Board, Standing

BY = "clock"
DIFFERS = "board.differs"
_CLAIM = """
INSERT INTO snapshot (community, board, period, name, first_day, last_day, listed, closed_at, checksum)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_LINE = """
INSERT INTO standing (community, board, period, name, member, team, place, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_READ = """
SELECT first_day, last_day, listed, closed_at, differs_at FROM snapshot
WHERE community = ? AND board = ? AND period = ? AND name = ?
"""
_LINES = """
SELECT member, team, place, amount FROM standing WHERE community = ? AND board = ? AND period = ? AND name = ?
ORDER BY place, member, team
"""
_LAST = "SELECT MAX(name) FROM snapshot WHERE community = ? AND board = ? AND period = ?"
_OPEN = """
SELECT board, period, name, first_day, last_day, checksum FROM snapshot
WHERE community = ? AND differs_at IS NULL AND closed_at > ? ORDER BY closed_at, board, name
"""
_DIFFERS = """
UPDATE snapshot SET differs_at = ? WHERE community = ? AND board = ? AND period = ? AND name = ? AND differs_at IS NULL
"""


def keep(db: sa.Connection, community: str, reading: Reading, board: Board, checksum: str, now: int) -> bool:
    """Store a period with its lines. False where somebody did already, or a member was erased since it was read: then
    nothing is written."""
    window, together = reading.window, reading.rule.for_ == "team"
    key = (community, reading.board, window.period, window.name)
    first = board.first(MOST_KEPT)
    if not together and erased_of(SqlHistory(db, community), {s.key for s in first}):
        return False
    claim = (*key, window.first, window.last, len(board), now, checksum)
    if db.exec_driver_sql(_CLAIM, claim).rowcount == 0:
        return False
    lines = [(*key, *(("", s.key) if together else (s.key, "")), s.place, s.amount) for s in first]
    if lines:
        db.exec_driver_sql(_LINE, lines)
    return True


def read(amounts: Amounts) -> Snapshot | None:
    """The window of the reading as it was closed, without those who are not shown any more."""
    reading, window = amounts.reading, amounts.reading.window
    key = (amounts.community, reading.board, window.period, window.name)
    found = amounts.db.execute(_READ, key).fetchone()
    if found is None:
        return None
    rows = amounts.db.execute(_LINES, key).fetchall()
    members = [amounts.known.member(row[0]) if row[0] else "" for row in rows]  # who is who now: links came later
    shown = amounts.shown({member for member in members if member})
    standings = tuple(
        Standing(row[2], member or row[1], row[3], bool(member) and shown[member].anonymous)
        for row, member in zip(rows, members, strict=True)
        if not member or member in shown
    )
    first, last_, listed, closed_at, differs_at = found
    return Snapshot(Window(window.period, first, last_, window.name), standings, listed, closed_at, differs_at)


def last(db: sa.Connection, community: str, board: str, period: str) -> str | None:
    """The name of the latest window that was closed."""
    found: str | None = db.exec_driver_sql(_LAST, (community, board, period)).scalar_one()
    return found


def open_ones(db: sa.Connection, community: str, since: int) -> list[tuple[str, Window, str]]:
    """Board, window and checksum of what was closed since then and was not seen to differ."""
    rows = db.exec_driver_sql(_OPEN, (community, since))
    return [(row[0], Window(row[1], row[3], row[4], row[2]), row[5]) for row in rows]


def note_difference(db: sa.Connection, community: str, board: str, window: Window, now: int) -> bool:
    """Say in the audit trail that late facts would have changed it. False where that was said before."""
    if db.exec_driver_sql(_DIFFERS, (now, community, board, window.period, window.name)).rowcount == 0:
        return False
    about = " ".join(part for part in ("board", board, window.name) if part)
    act = Act(now, BY, DIFFERS, about, "late facts, or a changed rule")
    note(SqlTransaction(db, community).many, community, [act])
    return True
