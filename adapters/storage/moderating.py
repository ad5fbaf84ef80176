"""What moderators are told about one week."""

from __future__ import annotations

from adapters.storage.history import SqlHistory
from core.moderation_digest import Backlog, ModerationFacts, Waiting
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
_CLAIMS = """
SELECT question IS NOT NULL AND answer IS NULL, COUNT(*), MIN(opened_at) FROM claim
WHERE community = ? AND state = 'open' GROUP BY 1
"""
_DAY = 24 * 3600 * 1_000_000


def moderation(history: SqlHistory, start: int, end: int, now: int) -> ModerationFacts:
    """About [start, end); what waits at `now`, however long. UTC microseconds. Quiet rules are for others to find."""
    week = (history.community, start, end)
    waiting = [_waiting(*row) for row in history.rows(_WAITING, (history.community, UNKNOWN))]
    trials = {row[0]: int(row[1]) for row in history.rows(_TRIALS, week)}
    given = {row[0]: int(row[1]) for row in history.rows(_GIVEN, week)}
    return ModerationFacts(waiting, trials, given, claims=_backlog(history, now))


def _backlog(history: SqlHistory, now: int) -> Backlog:
    found = {
        bool(asked): (int(number), int(oldest)) for asked, number, oldest in history.rows(_CLAIMS, (history.community,))
    }
    number, oldest = found.get(False, (0, now))
    return Backlog(number, max(0, now - oldest) // _DAY, found.get(True, (0, 0))[0])


def _waiting(achievement: str, tier: str, member: str, name: str | None) -> Waiting:
    return Waiting(achievement, tier, PersonRow(member, name or member.partition("/")[2] or member))
