"""The ladder over the score, as it is stored: totals, and who holds which level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.storage.history import SqlHistory, as_json
from core.members import Member

LADDER = "ladder:"
"""How the note begins that says after whom a changed ladder is still to be brought."""
# By the member: left to itself SQLite goes through everybody's scores, for each of them.
_TOTALS = """
SELECT j.value, COALESCE((
    SELECT SUM(s.amount) FROM score s INDEXED BY score_member
    WHERE s.community = ? AND s.member = j.value AND s.rule NOT GLOB 'signal:*'), 0)
FROM json_each(?) j
"""
_HELD = """
SELECT l.member, l.name FROM json_each(?) j CROSS JOIN level l ON l.community = ? AND l.member = j.value
"""
_CLIMBERS = """
SELECT member FROM score WHERE community = ? AND member > ?
UNION SELECT member FROM level WHERE community = ? AND member > ? ORDER BY member LIMIT ?
"""
_REACH = "INSERT INTO level (community, member, name, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_FALL = "DELETE FROM level WHERE community = ? AND member = ? AND name = ?"
_READ = "SELECT value FROM notebook WHERE key = ?"
_KEEP = "INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_FORGET = "DELETE FROM notebook WHERE key = ?"


class SqlLadder(SqlHistory):
    """That part of core.ports.Transaction."""

    def totals(self, members: Iterable[Member]) -> dict[Member, int]:
        rows = self.rows(_TOTALS, (self.community, as_json(members)))
        return {row[0]: int(row[1]) for row in rows}

    def levels(self, members: Iterable[Member]) -> dict[Member, frozenset[str]]:
        found: dict[Member, set[str]] = {}
        for member, name in self.rows(_HELD, (as_json(members), self.community)):
            found.setdefault(member, set()).add(name)
        return {member: frozenset(names) for member, names in found.items()}

    def climbers(self, after: Member, most: int) -> list[Member]:
        return [row[0] for row in self.rows(_CLIMBERS, (self.community, after, self.community, after, most))]

    def set_levels(self, reached: Mapping[tuple[Member, str], int], fallen: Iterable[tuple[Member, str]]) -> None:
        new = [(self.community, *key, since) for key, since in reached.items()]
        gone = [(self.community, *key) for key in fallen]
        if new:
            self._db.exec_driver_sql(_REACH, new)
        if gone:
            self._db.exec_driver_sql(_FALL, gone)

    def forget_levels(self) -> None:
        self._db.exec_driver_sql("DELETE FROM level WHERE community = ?", (self.community,))


def waiting_after(history: SqlHistory) -> Member | None:
    """After whom a changed ladder is still to be brought to people; None where nobody waits."""
    found = history.rows(_READ, (_key(history.community),))
    return str(found[0][0]) if found else None


def wait_after(tx: SqlHistory, member: Member | None) -> None:
    """Note that."""
    if member is None:
        tx.rows(_FORGET, (_key(tx.community),))
    else:
        tx.rows(_KEEP, (_key(tx.community), member))


def _key(community: str) -> str:
    return f"{LADDER}{community}"
