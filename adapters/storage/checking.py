"""What `plaudit verify` reads, and the checks of the database itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from adapters.storage.history import SqlHistory, as_json

_AWARDS = """
SELECT achievement, member, tier, COALESCE(period, ''), earned_at, evidence FROM award
WHERE community = ? AND state IN ('pending', 'awarded') AND NOT kept
"""
_LOOSE = """
SELECT COUNT(*) FROM party p LEFT JOIN statement s ON s.seq = p.seq WHERE p.community = ? AND s.seq IS NULL
"""
_POINTS = """
SELECT l.member, SUM(l.points) FROM ledger l LEFT JOIN award a ON a.id = l.award
WHERE l.community = ? AND (l.award IS NULL OR a.achievement IN (SELECT value FROM json_each(?))) GROUP BY l.member
"""
_PAYOUTS = """
SELECT p.id, p.account, p.state, (
    SELECT COALESCE(SUM(l.points), 0) FROM ledger l WHERE l.community = p.community AND l.member = p.account
    AND l.award IS NULL AND l.cause LIKE 'reward:' || p.id || ':%'
) FROM payout p WHERE p.community = ? ORDER BY p.id
"""
_STRAY = """
SELECT l.id, l.cause FROM ledger l LEFT JOIN payout p
    ON p.community = l.community AND p.id = CAST(SUBSTR(l.cause, LENGTH('reward:') + 1) AS INTEGER)
WHERE l.community = ? AND l.award IS NULL AND (p.id IS NULL OR l.cause NOT LIKE 'reward:' || p.id || ':%')
"""
_PARKED = "SELECT COUNT(*), reason FROM inbox WHERE community = ? AND state = 'parked' GROUP BY reason"
_WAITS = """
SELECT MIN(at) FROM (
    SELECT MIN(at) AS at FROM wake WHERE community = :c AND at BETWEEN 1 AND :now
    UNION ALL
    SELECT MIN(due_at) FROM award WHERE community = :c AND due_at <= :now AND (
        state = 'pending' AND achievement IN (SELECT value FROM json_each(:wanted))
        OR state = 'awarded' AND decided_at < due_at AND achievement IN (SELECT value FROM json_each(:awaited))
    )
)
"""
_UNPAID = """
SELECT l.award, SUM(l.points) FROM ledger l JOIN award a ON a.id = l.award
WHERE l.community = ? AND a.state = 'revoked' GROUP BY l.award HAVING SUM(l.points) <> 0
"""


class Check:
    """Reads of one community, all at the same moment."""

    def __init__(self, history: SqlHistory) -> None:
        self.history = history

    def database(self) -> Iterator[str]:
        """Faults of the file, of references between tables, of the ledger."""
        result = self.history.rows("PRAGMA integrity_check", ())[0][0]
        if result != "ok":
            yield f"the database file is damaged: {result}; restore a backup"
        for row in self.history.rows("PRAGMA foreign_key_check", ()):
            yield f"a row of {row[0]} refers to a row of {row[2]} that is not there"
        loose = self.history.rows(_LOOSE, (self.history.community,))[0][0]
        if loose:
            yield f"{loose} entries of the index of people point nowhere"
        for row in self.history.rows(_PARKED, (self.history.community,)):
            yield f"parked, not decided: {row[0]} ({row[1]}); restart the bot to try again, and report it"
        for row in self.history.rows(_UNPAID, (self.history.community,)):
            yield f"award {row[0]} was revoked, but {row[1]} points of it were not taken back"
        for row in self.history.rows(_STRAY, (self.history.community,)):
            yield f"entry {row[0]} of the ledger ({row[1]}) is about a reward that nobody redeemed"

    def awards(self) -> set[tuple[str, str, str, str, int, int]]:
        """Pending and awarded ones that facts support."""
        return {tuple(row) for row in self.history.rows(_AWARDS, (self.history.community,))}

    def waits_since(self, now: int, wanted: Iterable[str], awaited: Iterable[str]) -> int | None:
        """When the first of what is due by now fell due and was not brought about yet (UTC microseconds); None where
        nothing waits. `wanted`: achievements of the book; `awaited`: those that others need once they have settled."""
        of = {"c": self.history.community, "now": now, "wanted": as_json(wanted), "awaited": as_json(awaited)}
        found = self.history.named_rows(_WAITS, of)[0][0]
        return None if found is None else int(found)

    def alarms(self, now: int) -> frozenset[tuple[str, str]]:
        """Achievements and members at whom the bot is to look, and has not yet."""
        query = "SELECT achievement, member FROM wake WHERE community = ? AND at <= ?"
        return frozenset((row[0], row[1]) for row in self.history.rows(query, (self.history.community, now)))

    def scores(self) -> dict[str, int]:
        query = "SELECT member, SUM(amount) FROM score WHERE community = ? AND rule NOT GLOB 'signal:*' GROUP BY member"
        return {row[0]: int(row[1]) for row in self.history.rows(query, (self.history.community,))}

    def counted(self) -> dict[str, int]:
        """What is counted for boards, by member and signal."""
        query = """SELECT member || ' (' || rule || ')', SUM(amount) FROM score
                   WHERE community = ? AND rule GLOB 'signal:*' GROUP BY member, rule HAVING SUM(amount) <> 0"""
        return {row[0]: int(row[1]) for row in self.history.rows(query, (self.history.community,))}

    def levels(self) -> set[tuple[str, str]]:
        """Who holds which level."""
        query = "SELECT member, name FROM level WHERE community = ?"
        return {(row[0], row[1]) for row in self.history.rows(query, (self.history.community,))}

    def points(self, achievements: Iterable[str]) -> dict[str, int]:
        """The balance of the ledger, for these achievements (and for entries of none)."""
        rows = self.history.rows(_POINTS, (self.history.community, json.dumps(list(achievements))))
        return {row[0]: int(row[1]) for row in rows}

    def payouts(self) -> dict[int, tuple[str, str, int]]:
        """Rewards as they are stored: whose, in which state, and what the ledger has of each."""
        rows = self.history.rows(_PAYOUTS, (self.history.community,))
        return {row[0]: (row[1], row[2], int(row[3])) for row in rows}

    def kept_members(self) -> frozenset[str]:
        """Members with an award that stands although its facts are gone, or settle anew: their points stand too."""
        query = """SELECT DISTINCT member FROM award
                   WHERE community = ? AND (kept OR state = 'awarded' AND decided_at < due_at)"""
        return frozenset(row[0] for row in self.history.rows(query, (self.history.community,)))
