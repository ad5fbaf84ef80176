"""What the oracle comes to: awards as rows that can be compared, score, points and levels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.facts import Event, Key

Row = tuple[str, str, str, str, str, int, int]


@dataclass(frozen=True)
class Won:
    """One award. `last`: the latest time among its facts; `number`: which period it lies in."""

    achievement: str
    member: str
    tier: str
    period: str
    earned_at: int
    last: int
    keys: frozenset[Key]
    order: tuple[Any, ...]
    evidence: tuple[Event, ...] = ()
    number: int | None = None
    due_at: int = 0
    state: str = "awarded"

    @property
    def row(self) -> Row:
        return (
            self.achievement,
            self.member,
            self.tier,
            self.period,
            self.state,
            self.earned_at,
            len(self.keys),
        )


@dataclass
class Verdict:
    awards: list[Won] = field(default_factory=list)
    score: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    levels: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """(achievement, member, tier, period, state, earned_at, evidence); "" where there is no tier or period."""
        return sorted(w.row for w in self.awards)
