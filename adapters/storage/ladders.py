"""The ladder over the score, as it is stored: totals, and who holds which level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.storage.history import SqlHistory, as_json
from core.members import Member

_TOTALS = """
SELECT j.value, COALESCE((
    SELECT SUM(s.amount) FROM score s
    WHERE s.community = ? AND s.member = j.value AND s.rule NOT GLOB 'signal:*'), 0)
FROM json_each(?) j
"""
_HELD = """
SELECT l.member, l.name FROM json_each(?) j CROSS JOIN level l ON l.community = ? AND l.member = j.value
"""
_CLIMBERS = """
SELECT member FROM score WHERE community = ? UNION SELECT member FROM level WHERE community = ?
"""
_REACH = "INSERT INTO level (community, member, name, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_FALL = "DELETE FROM level WHERE community = ? AND member = ? AND name = ?"


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

    def climbers(self) -> list[Member]:
        return [row[0] for row in self.rows(_CLIMBERS, (self.community, self.community))]

    def set_levels(self, reached: Mapping[tuple[Member, str], int], fallen: Iterable[tuple[Member, str]]) -> None:
        for key, since in reached.items():
            self._db.exec_driver_sql(_REACH, (self.community, *key, since))
        for key in fallen:
            self._db.exec_driver_sql(_FALL, (self.community, *key))
