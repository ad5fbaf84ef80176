"""What moderators are told about one week."""

from __future__ import annotations

from adapters.storage.history import SqlHistory
from core.moderation_digest import ModerationFacts, Waiting
from core.passing import UNKNOWN
from core.records import PersonRow

_WAITING = """
SELECT w.achievement, w.tier, w.member, a.name FROM award w
LEFT JOIN account a ON a.community = w.community AND a.account = w.member
LEFT JOIN choice c ON c.community = w.community AND c.member = w.member
WHERE w.community = ? AND w.state = 'pending' AND w.due_at = ? AND COALESCE(a.present, 1) AND COALESCE(c.tracked, 1)
ORDER BY w.achievement, w.earned_at, w.id
"""
_TRIALS = """
SELECT achievement, COUNT(DISTINCT member) FROM award
WHERE community = ? AND state = 'shadow' AND earned_at >= ? AND earned_at < ? GROUP BY achievement
"""
_GIVEN = """
SELECT achievement, COUNT(*) FROM award
WHERE community = ? AND state = 'awarded' AND decided_at >= ? AND decided_at < ? GROUP BY achievement
"""


def moderation(history: SqlHistory, start: int, end: int) -> ModerationFacts:
    """About [start, end), UTC microseconds; what waits now, however long. Quiet rules are for others to find."""
    week = (history.community, start, end)
    waiting = [_waiting(*row) for row in history.rows(_WAITING, (history.community, UNKNOWN))]
    trials = {row[0]: int(row[1]) for row in history.rows(_TRIALS, week)}
    return ModerationFacts(waiting, trials, {row[0]: int(row[1]) for row in history.rows(_GIVEN, week)})


def _waiting(achievement: str, tier: str, member: str, name: str | None) -> Waiting:
    return Waiting(achievement, tier, PersonRow(member, name or member.partition("/")[2] or member))
