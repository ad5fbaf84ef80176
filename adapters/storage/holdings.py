"""Who holds what although no fact supports it, and what people are called: for comparing books."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.storage.history import SqlHistory
from core.events import Account

_KEPT = """
SELECT achievement, member, tier, period, earned_at, evidence FROM award
WHERE community = ? AND state = 'awarded' AND kept
"""
_NAMES = "SELECT account, name FROM account WHERE community = ?"


@dataclass(frozen=True, slots=True)
class Kept:
    """An award that stands by an earlier version, or because it was held long. `earned_at`: UTC microseconds."""

    achievement: str
    member: str
    tier: str
    period: str | None
    earned_at: int
    evidence: int


def kept(history: SqlHistory) -> list[Kept]:
    """Awards that the log alone would not give."""
    return [Kept(*row) for row in history.rows(_KEPT, (history.community,))]


def names(history: SqlHistory) -> dict[Account, str]:
    """What everybody is called, as far as it is known."""
    return {row[0]: row[1] for row in history.rows(_NAMES, (history.community,))}
