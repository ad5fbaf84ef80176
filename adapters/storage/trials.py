"""What rules on trial would have done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.storage.history import SqlHistory
from core.events import Account

WEEK = 7 * 24 * 3600 * 1_000_000
_HOLDERS = """
SELECT COUNT(DISTINCT member) FROM award WHERE community = ? AND achievement = ? AND state = 'shadow'
"""
_WEEKS = """
SELECT (? - earned_at) / ? AS week, COUNT(DISTINCT member) FROM award
WHERE community = ? AND achievement = ? AND state = 'shadow' AND earned_at > ? AND earned_at <= ? GROUP BY week
"""
_LATEST = """
SELECT w.member, COALESCE(a.name, w.member), MAX(w.earned_at) AS at FROM award w
LEFT JOIN account a ON a.community = w.community AND a.account = w.member
WHERE w.community = ? AND w.achievement = ? AND w.state = 'shadow' GROUP BY w.member ORDER BY at DESC, w.member LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody whom a rule on trial would have reached, last at `earned_at` (UTC microseconds)."""

    account: Account
    name: str
    earned_at: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule on trial: how many people would have it, and by week how many it would have reached, this week first."""

    achievement: str
    people: int
    weeks: tuple[int, ...]
    examples: tuple[Example, ...]


def trials(history: SqlHistory, achievements: Iterable[str], now: int, weeks: int, examples: int) -> list[Trial]:
    """These rules, for the so many weeks up to `now`, with so many of the latest as examples."""
    return [_trial(history, name, now, weeks, examples) for name in achievements]


def _trial(history: SqlHistory, name: str, now: int, weeks: int, examples: int) -> Trial:
    key = (history.community, name)
    people = int(history.rows(_HOLDERS, key)[0][0])
    found = dict(tuple(row) for row in history.rows(_WEEKS, (now, WEEK, *key, now - weeks * WEEK, now)))
    latest = tuple(Example(*row) for row in history.rows(_LATEST, (*key, examples)))
    return Trial(name, people, tuple(int(found.get(week, 0)) for week in range(weeks)), latest)
