"""What a history gives, as the black-box contract writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.awards import Deserved
from core.times import write_time


@dataclass(slots=True)
class Replay:
    """What a history gives: awards (as the contract's objects), progress, score and points by member. `counted`: for
    boards, by member and signal."""

    awards: list[dict[str, Any]] = field(default_factory=list)
    progress: list[dict[str, Any]] = field(default_factory=list)
    score: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    ignored: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: Replay) -> None:
        """With what another share of the same history gives."""
        self.awards += other.awards
        self.progress += other.progress
        self.score |= other.score
        self.points |= other.points
        self.counted |= other.counted
        self.sort()

    def sort(self) -> None:
        """In the order of the contract."""
        self.awards.sort(key=_award_order)
        self.progress.sort(key=lambda p: (p["achievement"], p["member"]))
        self.score = dict(sorted(self.score.items()))
        self.points = dict(sorted(self.points.items()))

    def as_json(self) -> dict[str, Any]:
        return {
            "awards": self.awards,
            "progress": self.progress,
            "score": self.score,
            "points": self.points,
            "ignored": self.ignored,
        }


def award_json(d: Deserved, now: int) -> dict[str, Any]:
    """One award as the contract writes it."""
    return {
        "achievement": d.achievement,
        "version": d.version,
        "member": d.member,
        "tier": d.tier or None,
        "period": d.period,
        "state": d.state(now),
        "earned_at": moment(d.earned_at),
        "evidence": d.evidence,
    }


def moment(at: int) -> str:
    """A time as awards carry it: 2026-03-02T09:15:00+00:00."""
    return write_time(at).removesuffix("Z") + "+00:00"


def _award_order(a: dict[str, Any]) -> tuple[object, ...]:
    tier, period = a["tier"], a["period"]
    return (
        a["achievement"],
        a["member"],
        (tier is not None, tier or ""),
        (period is not None, period or ""),
        a["earned_at"],
        a["evidence"],
    )
