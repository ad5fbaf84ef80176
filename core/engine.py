"""What Plaudit itself makes of a member's history and rules may count again: awards, points, levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.awards import Deserved
from core.criteria.axis import Axis
from core.criteria.criterion import Criterion, Entry
from core.criteria.tally import by_period
from core.events import Fact, Value
from core.members import Member
from core.plan import Plan
from core.rules.conditions import Level

SOURCE = "plaudit"


@dataclass(frozen=True, slots=True)
class Reached:
    """A level that the score reached first at `at`. `number`: from 1."""

    number: int
    level: Level
    at: int


def given(c: Criterion, counted: Sequence[Entry], axis: Axis) -> list[Entry]:
    """The events for which a score rule gives: with `streak` the first of each period that follows an active one."""
    if c.streak is None:
        return list(counted)
    periods = by_period((e for e in counted if not axis.resting(c, e.day)), axis.calendar, c.streak)
    return [group[0] for index, group in sorted(periods.items()) if index - 1 in periods]


def levels_reached(plan: Plan, gains: Iterable[tuple[int, int]], held: dict[str, int], until: int) -> list[Reached]:
    """Levels of a member at a moment. `gains`: (at, score) in any order; `held`: when needed achievements were earned.

    A level falls with the score.
    """
    steps = sorted(g for g in gains if g[0] <= until)
    total = sum(amount for _, amount in steps)
    found: list[Reached] = []
    for number, level in enumerate(plan.book.levels, 1):
        at = _first(steps, level.at)
        if at is None or total < level.at:
            continue
        if level.needs is not None:
            times = sorted(held[name] for name in level.needs.of if held.get(name, until + 1) <= until)
            if len(times) < level.needs.at_least:
                continue
            at = max(at, times[level.needs.at_least - 1])
        found.append(Reached(number, level, at))
    return found


def _first(steps: Iterable[tuple[int, int]], goal: int) -> int | None:
    total = 0
    for at, amount in steps:
        total += amount
        if total >= goal:
            return at
    return None


def award_facts(plan: Plan, awards: Iterable[Deserved]) -> list[Fact]:
    """achievement.earned and points.earned for awards that are held."""
    found: list[Fact] = []
    for d in awards:
        points = plan.wanted[d.achievement].points(d.tier)
        name = "/".join(part for part in (d.achievement, d.tier, d.occurrence) if part)
        about: dict[str, Value] = {"achievement": d.achievement}
        if d.tier:
            about["tier"] = d.tier
        if points:
            found.append(_fact("points.earned", f"points:{name}", d.earned_at, d.member, {**about, "amount": points}))
            about["points"] = points
        found.append(_fact("achievement.earned", f"achievement:{name}", d.earned_at, d.member, about))
    return found


def level_facts(member: Member, levels: Iterable[Reached]) -> list[Fact]:
    """level.reached for levels that are held."""
    return [
        _fact("level.reached", f"level:{r.number}", r.at, member, {"level": r.number, "name": r.level.name})
        for r in levels
    ]


def _fact(type_: str, id_: str, at: int, member: Member, facts: dict[str, Value]) -> Fact:
    return Fact(SOURCE, id_, type_, at, member, None, None, (), facts)
