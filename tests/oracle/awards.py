"""What a member deserves."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.oracle.counting import Counting
from tests.oracle.facts import Event, Key, length, people_of


@dataclass(frozen=True)
class Won:
    achievement: str
    member: str
    period: str
    earned_at: int
    due_at: int
    keys: frozenset[Key]
    weight: int

    @property
    def row(self) -> tuple[str, str, str, int, int]:
        return self.achievement, self.member, self.period, self.earned_at, self.weight


@dataclass
class Verdict:
    awards: list[Won] = field(default_factory=list)
    score: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[str, str, str, int, int]]:
        return sorted(w.row for w in self.awards)


class Oracle(Counting):
    @cached_property
    def won(self) -> dict[tuple[str, str], list[Won]]:
        return {}

    def verdict(self) -> Verdict:
        result = Verdict()
        for member in sorted({self.member(a) for f in self.facts for a in people_of(f)}):
            for name, rule in self.book.get("achievement", {}).items():
                if rule.get("status") in ("off", "shadow") or rule.get("enabled") is False:
                    continue
                won = self.awards(name, member)
                result.awards += won
                points = sum(rule.get("points", 0) for w in won if w.due_at <= self.now)
                if points:
                    result.points[member] = result.points.get(member, 0) + points
            score = sum(len(self.counted(rule, member)) * rule["give"] for rule in self.book.get("score", {}).values())
            if score:
                result.score[member] = score
        return result

    # ---- awards

    def awards(self, name: str, member: str) -> list[Won]:
        if (name, member) not in self.won:
            self.won[name, member] = self._awards(name, member)
        return self.won[name, member]

    def _awards(self, name: str, member: str) -> list[Won]:
        rule = self.book["achievement"][name]
        settle = length(rule.get("settle", "0 minutes"))
        found: list[Won] = []
        for group in self.groups(rule, self.counted(rule, member)) if "when" in rule else ():
            for period, evidence in self.goals_met(rule, group):
                at = evidence[-1].at
                keys = frozenset().union(*(e.keys for e in evidence))
                weight = sum(len(e.keys) for e in evidence)
                found.append(Won(name, member, period, at, max(at, *(e.last for e in evidence)) + settle, keys, weight))
        found.sort(key=lambda w: w.earned_at)
        most = rule.get("repeat", False)
        if not most:
            found = found[:1]
        elif most is not True:
            found = found[:most]
        if "needs" in rule:
            found = self.gated(name, rule, member, found, settle)
        found = [*found, *self.granted(name, member)]
        found.sort(key=lambda w: w.earned_at)
        taken = [f.at for f in self.by_hand("award.revoked", name, member)]
        found = [w for w in found if not taken or w.earned_at > max(taken)]
        return found[:1] if not most else found if most is True else found[:most]

    def gated(self, name: str, rule: dict[str, Any], member: str, own: list[Won], settle: int) -> list[Won]:
        needs = rule["needs"]
        of, least = (needs["of"], needs["at_least"]) if isinstance(needs, dict) else (needs, None)
        of = [of] if isinstance(of, str) else of
        held = []
        for other in of:
            if self.book["achievement"][other].get("status") in ("shadow", "off"):
                continue
            standing = [w for w in self.awards(other, member) if w.due_at <= self.now]
            held += sorted(standing, key=lambda w: w.earned_at)[:1]
        held = sorted(held, key=lambda w: (w.earned_at, w.achievement))[: least or len(of)]
        if len(held) < (least or len(of)):
            return []
        result = []
        for one in own if "when" in rule else [None]:
            parts = [*held, *([one] if one else [])]
            at = max(w.earned_at for w in parts)
            keys = frozenset().union(*(w.keys for w in parts))
            settles = [length(self.book["achievement"][w.achievement].get("settle", "0 minutes")) for w in parts]
            # A grant settles at once, whatever the rule says.
            last = max(max(w.due_at - s, w.earned_at) for w, s in zip(parts, settles, strict=True))
            period = one.period if one else ""
            result.append(Won(name, member, period, at, max(at, last) + settle, keys, len(keys)))
        return result

    def granted(self, name: str, member: str) -> list[Won]:
        return [
            Won(name, member, "", f.at, f.at, f.keys, 1)
            for f in self.by_hand("grant.made", name, member)
            if self.tracked(member, f.at)
        ]

    def by_hand(self, type_: str, name: str, member: str) -> list[Event]:
        return [
            f
            for f in self.facts
            if f.type == type_
            and f.target is not None
            and self.member(f.target) == member
            and f.facts.get("achievement") == name
            and self.eligible(f)
        ]
