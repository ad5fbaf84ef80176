"""Which words of one rule go together: one head, one measure, one frame, and what each of them needs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pydantic import BaseModel

from core.rules.conditions import Achievement, Condition, Counting, Signal, Source
from core.rules.faults import Fault, coded
from core.rules.grammar import DATED
from core.rules.locations import Path

HEADS = ("when", "steps", "all_", "any_")
MEASURES = ("distinct", "sum", "best")
FRAMES = ("in_one", "within", "streak")
_DAY = 86_400

# What may stand beside a head that is no `when`; the rest of a condition's words belong to `when`.
_BESIDE = {
    "steps": frozenset({"any_order", "same", "within"}),
    "all_": frozenset({"same"}),
    "any_": frozenset({"same", "goal"}),
}
_OF_CONDITIONS = tuple(name for name in Condition.model_fields if name not in HEADS)
_NEEDS_STREAK = ("at_least", "grace", "rest_days")


def shape_faults(path: Path, rule: object) -> Iterator[Fault]:
    """What is wrong inside one condition, whatever the rest of the book says."""
    if isinstance(rule, Condition):
        yield from _head_faults(path, rule)
    elif isinstance(rule, Source) and not rule.when:
        yield Fault(path, 'say what counts: when = "message.posted"')
    if isinstance(rule, Counting):
        yield from _counting_faults(path, rule)
    if isinstance(rule, Achievement):
        yield from _achievement_faults(path, rule)
    if isinstance(rule, Signal) and rule.open_for is not None and rule.each not in DATED:
        things = ", ".join(sorted(DATED))
        yield Fault((*path, "open_for"), f"only things with a date can close; it needs each = one of {things}")
    if isinstance(rule, Source) and rule.limit and rule.limit.one_per:
        if rule.limit.one_per.seconds >= _DAY:
            yield Fault((*path, "limit", "one_per"), "write less than a day; for days there is per_day")
        if rule.limit.one_per.seconds == 0:
            yield Fault((*path, "limit", "one_per"), "write more than nothing")


def _head_faults(path: Path, rule: Condition) -> Iterator[Fault]:
    heads = [name for name in HEADS if getattr(rule, name)]
    if len(heads) > 1:
        yield Fault(path, f"use only one of {_names(rule, heads)}")
        return
    needs, manual = getattr(rule, "needs", None), getattr(rule, "manual", None)
    if not heads and needs is None and manual is None:
        alone = ", any, needs or manual" if isinstance(rule, Achievement) else " or any"
        yield Fault(path, f"say how it is earned: when, steps, all{alone}")
        return
    if manual is not None and (heads or needs):
        other = _key(rule, heads[0]) if heads else "needs"
        yield Fault((*path, "manual"), f"manual stands alone; leave out manual or {other}")
    head = heads[0] if heads else None
    for name in _misplaced(rule, head):
        yield Fault((*path, _key(rule, name)), _misplaced_text(rule, name, head))


def _misplaced(rule: Condition, head: str | None) -> list[str]:
    """Words that say something (more than their default) and do not belong beside this head."""
    said = [name for name in _OF_CONDITIONS if getattr(rule, name) != type(rule).model_fields[name].default]
    if head == "when":
        return [name for name in said if name in ("any_order", "same")]
    fitting = _BESIDE.get(head or "", frozenset())
    return [name for name in said if name not in fitting and name not in _NEEDS_STREAK]


def _misplaced_text(rule: Condition, name: str, head: str | None) -> str:
    if name == "any_order":
        return "any_order goes with steps"
    if name == "same":
        return "same goes with steps, all or any"
    there = f" here there is {_key(rule, head)}" if head else " there is none here"
    return f"{_key(rule, name)} goes with when, and{there}; leave it out"


def _counting_faults(path: Path, rule: Counting) -> Iterator[Fault]:
    for group in (MEASURES, FRAMES):
        found = [name for name in group if getattr(rule, name)]
        if len(found) > 1:
            yield Fault((*path, found[1]), f"use only one of {_names(rule, found)}")
    if rule.streak is None:
        for name in _NEEDS_STREAK:
            if getattr(rule, name) != type(rule).model_fields[name].default:
                yield Fault((*path, name), f'{name} goes with streak, as streak = "week"')
    yield from coded("R9", _goal_faults(path, rule))
    windowed = rule.unless is not None and rule.unless.match == "window"
    if windowed and not any(getattr(rule, name) for name in FRAMES):
        yield Fault((*path, "unless", "match"), 'match = "window" needs in_one, within or streak')
    if rule.within is not None and rule.within.seconds == 0:
        yield Fault((*path, "within"), "write more than nothing")


def _goal_faults(path: Path, rule: Counting) -> Iterator[Fault]:
    if rule.goal == "all" and rule.distinct is None:
        yield Fault((*path, "goal"), 'goal = "all" needs distinct = X and where.X = [the full list]')
    elif rule.goal == "all" and rule.listed is None:
        fact = rule.distinct
        yield Fault((*path, "goal"), f'goal = "all" needs the full list: where.{fact} = ["…", "…"]')
    if rule.goal == "every" and (rule.in_one in (None, "day") or rule.distinct != "day"):
        text = 'goal = "every" means every day of a period; add distinct = "day" and in_one = "month" (or another)'
        yield Fault((*path, "goal"), text)
    if isinstance(rule.goal, Decimal) and (not (rule.sum or rule.best) or rule.streak):
        yield Fault((*path, "goal"), "write a whole number; only sum and best may have decimals")


def _achievement_faults(path: Path, rule: Achievement) -> Iterator[Fault]:
    yield from coded("R5", _tier_faults(path, rule))
    if rule.top is not None and rule.in_one is None:
        yield Fault((*path, "top"), 'top needs a period, as in_one = "month"', code="R6")
    if rule.repeats and rule.first is not None:
        yield Fault((*path, "repeat"), "first and repeat exclude each other; leave out one of them")
    if rule.cooldown is not None and not rule.repeats:
        yield Fault((*path, "cooldown"), "cooldown goes with repeat; add repeat = true")
    if rule.from_ is not None and rule.until is not None and rule.until < rule.from_:
        yield Fault((*path, "until"), f"until lies before from; write {rule.from_} or later", code="R11")
    if rule.same is not None and any(_shares(part) for part in (*(rule.all_ or ()), *(rule.any_ or ()))):
        yield Fault((*path, "same"), "same stands once, at the outermost steps, all or any; leave out the inner one")
    if rule.after_absence is not None and rule.for_ != "member":
        yield Fault((*path, "after_absence"), "after_absence is about one member; leave it out, or leave out for")
    yield from _repeat_faults(path, rule)


def _shares(part: Condition) -> bool:
    return part.same is not None or any(_shares(p) for p in (*(part.all_ or ()), *(part.any_ or ())))


def _tier_faults(path: Path, rule: Achievement) -> Iterator[Fault]:
    if rule.tiers is None:
        return
    if not rule.when:
        yield Fault((*path, "tiers"), "tiers goes with when")
    if rule.goal != 1:
        yield Fault((*path, "goal"), "tiers replace goal; leave out goal")
    if not rule.tiers:
        yield Fault((*path, "tiers"), "write at least one tier, as tiers = { Bronze = 1, Silver = 10 }")
    for (_, lower), (name, higher) in pairwise(rule.tiers.items()):
        if higher.goal <= lower.goal:
            yield Fault((*path, "tiers", name), f"tiers must rise; write more than {lower.goal}")


def _repeat_faults(path: Path, rule: Achievement) -> Iterator[Fault]:
    """Without a period or a thing the k-th award comes at k times the goal, which not everything can reach."""
    if not rule.repeats or rule.in_one or rule.each or rule.season:
        return
    if not rule.counts and rule.manual is None:
        yield Fault((*path, "repeat"), "an achievement that only needs others is earned once; leave repeat out")
    if (rule.steps or rule.all_ or rule.any_) and rule.same is None:
        text = 'repeat needs to know what is new each time; add same (as same = "thread"), season, or leave repeat out'
        yield Fault((*path, "repeat"), text)
    for name in ("within", "streak", "best"):
        if getattr(rule, name) and not rule.steps:
            text = f"repeat does not go with {name}; leave out repeat, or add in_one, each or season"
            yield Fault((*path, "repeat"), text)


def _key(rule: BaseModel, name: str) -> str:
    return type(rule).model_fields[name].alias or name


def _names(rule: BaseModel, fields: list[str]) -> str:
    return " / ".join(_key(rule, name) for name in fields)
