"""One achievement as it is decided: its condition, and what is asked beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.catalogue import ENGINE
from core.compiling import condition
from core.criteria.combining import Combination, Condition, leaves
from core.criteria.criterion import Criterion
from core.rules.book import Achievement
from core.rules.durations import Duration

GRANT = "grant.made"
ENGINE_TYPES = frozenset(ENGINE)
"""What Plaudit itself makes of a member's history, and rules may count again."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """One achievement of the book. `condition` is None where it is only given by hand or only needs others.
    `keep_after`: once held this long (microseconds), withdrawn facts no longer take it (0: at once, None: never).
    `derived`: it rests on other awards or on levels; `plainly`: a goal reached is an award, nothing else is asked.
    `overlapping`: two of its events may rest on the same fact."""

    id: str
    rule: Achievement
    condition: Condition | None
    needs: tuple[str, ...]
    needed: int
    settle: int
    keep_after: int | None
    derived: bool
    plainly: bool
    overlapping: bool

    @property
    def shadow(self) -> bool:
        return self.rule.status == "shadow"

    @property
    def criterion(self) -> Criterion | None:
        """The condition where it counts events by itself and is no combination."""
        return self.condition if isinstance(self.condition, Criterion) else None

    @property
    def leaves(self) -> tuple[Criterion, ...]:
        """Everything in its condition that counts events."""
        return leaves(self.condition)

    @property
    def by_facts(self) -> bool:
        """Is its evidence told by the different facts behind its events? Else by how many stand behind each."""
        return self.overlapping or bool(self.needs) or isinstance(self.condition, Combination)

    @property
    def shared(self) -> bool:
        """Do others decide too who gets it: a team, the community, a ranking, the first so many?"""
        rule = self.rule
        return rule.for_ != "member" or rule.top is not None or rule.first is not None

    def points(self, tier: str) -> int:
        """What one award is worth."""
        return points_of(self.rule, tier)


def points_of(rule: Achievement, tier: str) -> int:
    """What one award of it is worth. `tier`: "" without."""
    rung = (rule.tiers or {}).get(tier)
    return rule.points if rung is None or rung.points is None else rung.points


def wanted_of(name: str, rule: Achievement, signals: dict[str, Criterion]) -> Wanted:
    keep: int | None
    match rule.if_undone:
        case "keep":
            keep = 0
        case "revoke":
            keep = None
        case Duration() as span:
            keep = span.microseconds
    found = condition(name, rule)
    by_level = rule.who is not None and rule.who.level is not None
    extra = rule.needs or rule.who or rule.ask or rule.retired or rule.cohort is not None or rule.cooldown
    lapses = rule.lasts != "forever" or any(t.member_for for t in (rule.tiers or {}).values())
    shared = rule.for_ != "member" or rule.first is not None or rule.top is not None
    reset = rule.progress == "reset"
    overlapping = any(_overlaps(c, signals) for c in leaves(found))
    return Wanted(
        name,
        rule,
        found,
        rule.needs.of if rule.needs else (),
        rule.needs.at_least if rule.needs else 0,
        rule.settle.microseconds,
        keep,
        by_level or any(not ENGINE_TYPES.isdisjoint(_raw(c, signals)) for c in leaves(found)),
        not (extra or lapses or shared or reset or overlapping or isinstance(found, Combination)),
        overlapping,
    )


def _overlaps(c: Criterion, signals: dict[str, Criterion]) -> bool:
    """May one fact stand behind two events that a rule counts, itself and in a signal, or in two signals?"""
    parts = [raw_types([t], signals) for t in sorted(c.types)]
    shared = sum(len(part) for part in parts) > len(frozenset().union(*parts))
    several = c.whose != "member" and not c.types.isdisjoint(signals)  # the same signal speaks of several members
    return shared or several or any(_overlaps(signals[t], signals) for t in c.types & signals.keys())


def raw_types(types: Iterable[str], signals: dict[str, Criterion]) -> frozenset[str]:
    """The event types of the log that these types rest on, through signals and what cancels them."""
    found: set[str] = set()
    for type_ in types:
        c = signals.get(type_)
        found |= {type_} if c is None else raw_types((*c.types, *(c.unless.types if c.unless else ())), signals)
    return frozenset(found)


def may_be_cancelled(criteria: Iterable[Criterion], signals: dict[str, Criterion]) -> bool:
    """Does one of these, or a signal below it, have an `unless`?"""
    return any(
        c.unless is not None or may_be_cancelled((signals[t] for t in c.types & signals.keys()), signals)
        for c in criteria
    )


def rests_on(
    wanted: Wanted, all_: dict[str, Wanted], signals: dict[str, Criterion], scores: Sequence[Criterion]
) -> frozenset[str]:
    """The event types of the log that an achievement rests on, also through those that it needs or counts."""
    own = (_raw(c, signals) for c in leaves(wanted.condition))
    needed = (rests_on(all_[name], all_, signals, scores) for name in wanted.needs if name in all_)
    found = frozenset({GRANT} if wanted.needs else ()).union(*own, *needed)
    if found.isdisjoint(ENGINE_TYPES):
        return found
    plain = (rests_on(w, all_, signals, scores) for w in all_.values() if not w.derived and not w.shadow)
    return found.union({GRANT}, *plain, *(_raw(c, signals) for c in scores))


def asks_membership(rule: Achievement) -> bool:
    who = rule.who
    asks = who and (who.team or who.member_for or who.joined_before or who.joined_after)
    return bool(asks) or any(tier.member_for for tier in (rule.tiers or {}).values())


def asks_level(wanted: Wanted, signals: dict[str, Criterion]) -> bool:
    who = wanted.rule.who
    by_event = any("level.reached" in _raw(c, signals) for c in leaves(wanted.condition))
    return by_event or (who is not None and who.level is not None)


def _raw(c: Criterion, signals: dict[str, Criterion]) -> frozenset[str]:
    return raw_types((*c.types, *(c.unless.types if c.unless else ())), signals)
