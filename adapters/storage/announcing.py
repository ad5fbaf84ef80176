"""What was said in which channel, and what waits there: core.noise.Rooms in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

import sqlalchemy as sa

from adapters.storage.history import SqlHistory
from core.awards import Award
from core.noise import HOUR, Announcement, Heard, Room, State

_COLUMNS = tuple(field.name for field in fields(Award))
_NAMES = ", ".join(f'w."{name}"' for name in _COLUMNS)
_SAID = """
SELECT DISTINCT at, message FROM announcement
WHERE community = ? AND source = ? AND channel = ? AND at > ? AND at <= ? AND state = 'told'
"""
_WAITS = """
SELECT MIN(at) FROM announcement WHERE community = ? AND source = ? AND channel = ? AND state = 'waiting'
"""
_NOTE = """
INSERT INTO announcement (community, source, channel, award, decided_at, state, at, message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_DUE = "SELECT 1 FROM announcement WHERE community = ? AND state = 'waiting' AND at <= ? LIMIT 1"
# The names put into this text are our own columns, nothing else.
_WAITING = f"""
SELECT n.source, n.channel, n.id, {_NAMES} FROM announcement n
LEFT JOIN award w ON w.id = n.award AND w.community = n.community AND w.decided_at = n.decided_at
    AND w.state = 'awarded'
WHERE n.community = ? AND n.state = 'waiting' AND EXISTS (
    SELECT 1 FROM announcement d WHERE d.community = n.community AND d.state = 'waiting' AND d.at <= ?
    AND d.source = n.source AND d.channel = n.channel)
ORDER BY n.id
"""  # noqa: S608 - names of columns, no values
_TOLD = "UPDATE announcement SET state = ?, at = ?, message = ? WHERE id = ?"
_IN_DIGEST = """
UPDATE announcement SET state = 'weekly', at = ?, message = ?
WHERE community = ? AND state = 'digest' AND decided_at < ?
"""
_FORGET = "DELETE FROM announcement WHERE state IN ('told', 'weekly', 'dropped') AND at < ?"
_KEPT_FOR = 30 * 24 * HOUR
_AHEAD = 2 * HOUR  # what a clock said later than this was wrong, and silences nobody


class SqlRooms(SqlHistory):
    """That part of core.ports.Transaction."""

    def heard(self, rooms: Iterable[Room], since: int) -> dict[Room, Heard]:
        found = {}
        for room in rooms:
            said = self.rows(_SAID, (self.community, *room, since, since + _AHEAD))
            waits = self.rows(_WAITS, (self.community, *room))[0][0]
            found[room] = Heard(tuple(int(row[0]) for row in said), waits)
        return found

    def announce(self, rows: Sequence[Announcement]) -> None:
        for a in rows:
            row = (self.community, *a.room, a.award, a.decided_at, a.state, a.at, a.message)
            self._db.exec_driver_sql(_NOTE, row)

    def waiting(self, now: int) -> dict[Room, list[tuple[int, Award | None]]]:
        found: dict[Room, list[tuple[int, Award | None]]] = {}
        for source, channel, number, *values in self.rows(_WAITING, (self.community, now)):
            award = None if values[0] is None else _award(values)
            found.setdefault(Room(source, channel), []).append((int(number), award))
        return found

    def told(self, numbers: Iterable[int], state: State, at: int, message: str = "") -> None:
        for number in numbers:
            self._db.exec_driver_sql(_TOLD, (state, at, message, number))


def is_due(db: sa.Connection, community: str, now: int) -> bool:
    """Does anything wait whose time has come?"""
    return db.exec_driver_sql(_DUE, (community, now)).first() is not None


def told_by_digest(db: sa.Connection, community: str, period: str, end: int, now: int) -> None:
    """The digest of this period tells everything that was held back before its end."""
    db.exec_driver_sql(_IN_DIGEST, (now, f"digest:{period}", community, end))


def forget(db: sa.Connection, now: int) -> int:
    """Let go of what was told a month ago. Returns how many rows that were."""
    return db.exec_driver_sql(_FORGET, (now - _KEPT_FOR,)).rowcount


def _award(values: Sequence[object]) -> Award:
    row = dict(zip(_COLUMNS, values, strict=True))
    return Award(**row | {"kept": bool(row["kept"])})  # type: ignore[arg-type] # columns of the table, in its types
