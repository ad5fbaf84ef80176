"""What a community's database says at one moment: who holds what, and what still waits. The playground's board."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.storage.history import SqlHistory
from core.members import Member

_AWARDS = """
SELECT member, achievement, tier, occurrence, COALESCE(period, ''), version, state, earned_at, evidence FROM award
WHERE community = ? AND state IN ('pending', 'awarded')
ORDER BY earned_at, member, achievement, tier, occurrence, version
"""
_SCORES = """
SELECT member, SUM(amount) FROM score WHERE community = ? AND rule NOT GLOB 'signal:*'
GROUP BY member HAVING SUM(amount) <> 0 ORDER BY 1
"""
_FACTS = "SELECT COUNT(DISTINCT seq) FROM party WHERE community = ?"
_WAITING = """
SELECT (SELECT COUNT(*) FROM inbox WHERE community = :name AND state = 'unstamped')
     + (SELECT COUNT(*) FROM outbox WHERE community = :name AND state IN ('waiting', 'leased'))
"""


@dataclass(frozen=True, slots=True)
class HeldBadge:
    """A live award as it is stored. `earned_at`: UTC microseconds."""

    member: Member
    achievement: str
    tier: str
    occurrence: str
    period: str
    version: int
    state: str
    earned_at: int
    evidence: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`facts`: how many live facts count. `waiting`: what arrived or must go out and was not done yet."""

    badges: tuple[HeldBadge, ...]
    scores: tuple[tuple[Member, int], ...]
    facts: int
    waiting: int


def overview(history: SqlHistory) -> Overview:
    """All of it as of the same moment."""
    mine = (history.community,)
    return Overview(
        tuple(HeldBadge(*row) for row in history.rows(_AWARDS, mine)),
        tuple((row[0], int(row[1])) for row in history.rows(_SCORES, mine)),
        int(history.rows(_FACTS, mine)[0][0]),
        int(history.named_rows(_WAITING, {"name": history.community})[0][0]),
    )
