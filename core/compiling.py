"""From a rule as it is written to a condition that is ready for deciding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.calendar import DERIVED
from core.criteria.combining import Combination, Condition
from core.criteria.criterion import FOREVER, Cancel, Caps, Criterion, Days, Rung, Within
from core.rules.conditions import Achievement, Counting, ScoreRule, Signal, Source
from core.rules.conditions import Condition as Written
from core.rules.durations import Duration
from core.rules.filters import Filter
from core.rules.grammar import Limit, Step
from core.rules.where import compile_where

TALLY = "signal:"
"""Before the id of a signal whose events are counted for a board; no id of a rule has a colon."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TWO_DAYS = 2 * 86_400
_HOUR = 3600
_DAY = 86_400


def signal(name: str, rule: Signal) -> Criterion:
    """A signal, ready for deciding."""
    open_for = rule.open_for.microseconds if rule.open_for else None
    return Criterion(
        key=f"signal:{name}", kind="signal", id=name, **_source(rule), **_counting(rule), open_for=open_for
    )


def score(name: str, rule: ScoreRule) -> Criterion:
    """A score rule, ready for deciding."""
    return Criterion(
        key=f"score:{name}",
        kind="score",
        id=name,
        **_source(rule),
        streak=rule.streak,
        give=rule.give,
        goal=Decimal(0),
    )


def tally(name: str) -> Criterion:
    """Counts the events of a signal for the boards; kept with the scores, and no part of anybody's score."""
    return score(f"{TALLY}{name}", ScoreRule(when=(name,), give=1))


def condition(name: str, rule: Achievement) -> Condition | None:
    """The condition of an achievement; None where it is only given by hand or only needs others."""
    if not rule.counts:
        return None
    return _condition(name, name, rule, rule, None)


def days_of(rule: Achievement) -> Days | None:
    """Which local days count: from, until and season; None for all."""
    if rule.from_ is None and rule.until is None and rule.season is None:
        return None
    first = rule.from_.toordinal() if rule.from_ else None
    last = rule.until.toordinal() if rule.until else None
    return Days(first, last, (_month_day(rule.season[0]), _month_day(rule.season[1])) if rule.season else None)


def _month_day(written: str) -> tuple[int, int]:
    return int(written[:2]), int(written[3:])


def _condition(key: str, name: str, rule: Written, whole: Achievement, same: str | None) -> Condition:
    if rule.when:
        return _leaf(key, name, rule, whole, same)
    same = rule.same or same
    found: list[Condition] = []
    if rule.steps:
        found = [_step(f"{key}/{n}", name, step, whole, same) for n, step in enumerate(rule.steps)]
    else:
        parts = rule.all_ or rule.any_ or ()
        found = [_condition(f"{key}/{n}", name, part, whole, same) for n, part in enumerate(parts)]
    goal = int(rule.target) if rule.any_ else len(found)
    return Combination(
        kind="steps" if rule.steps else "all" if rule.all_ else "any",
        parts=tuple(found),
        goal=goal,
        same=same,
        ordered=not rule.any_order,
        within=within(rule.within),
        days=days_of(whole),
        repeat=_repeats(whole, gated=True) if rule is whole else 0,
    )


def _leaf(key: str, name: str, rule: Written, whole: Achievement, same: str | None) -> Criterion:
    alone = rule is whole
    return Criterion(
        key=key,
        kind="achievement",
        id=name,
        **_source(rule),
        **_counting(rule),
        **_scope(whole),
        absence=-(-rule.after_absence.seconds // _DAY) if rule.after_absence else None,
        same=same,
        tiers=tuple(Rung(n, tier.goal) for n, tier in (whole.tiers or {}).items()) if alone else (),
        repeat=_repeats(whole, _gated(whole)) if alone else 0,
        cooldown=whole.cooldown.microseconds if alone and whole.cooldown else 0,
        whose=whole.for_,
        top=whole.top if alone else None,
        holds=whole.lasts == "while true",
        # What may be refused when it is due, or end and begin again, does not end with the first goal.
        first_only=not (whole.who or whole.lasts == "while true"),
        parent=None if alone else name,
    )


def _step(key: str, name: str, step: Step, whole: Achievement, same: str | None) -> Criterion:
    return Criterion(
        key=key,
        kind="achievement",
        id=name,
        types=frozenset(step.when),
        where=compile_where(step.where) if step.where else None,
        credit=step.credit,
        allow_self=step.self_,
        **_scope(whole),
        goal=step.goal,
        same=same,
        whose=whole.for_,
        first_only=False,
        parent=name,
    )


def _scope(whole: Achievement) -> dict[str, Any]:
    """What an achievement says about all its events."""
    return {
        "days": days_of(whole),
        "only_in": frozenset(whole.only_in) if whole.only_in else None,
        "own_zone": whole.timezone == "member" and whole.for_ == "member" and whole.top is None,
    }


def _source(rule: Source) -> dict[str, Any]:
    return {
        "types": frozenset(rule.when),
        "where": compile_where(rule.where) if rule.where else None,
        "credit": rule.credit,
        "allow_self": rule.self_,
        "limit": _caps(rule.limit),
        "only": _only(rule),
    }


def _only(rule: Source) -> tuple[str, frozenset[str]] | None:
    """The most selective filter that names texts: the one with the fewest."""
    found = [(f.fact, _texts(f)) for f in rule.where if f.comparison in ("equal", "one_of") and f.fact not in DERIVED]
    return min(((name, texts) for name, texts in found if texts), key=lambda f: len(f[1]), default=None)


def _texts(f: Filter) -> frozenset[str]:
    """The values of a filter if all are texts."""
    values = f.value if isinstance(f.value, tuple) else (f.value,)
    return (
        frozenset(v for v in values if isinstance(v, str)) if all(isinstance(v, str) for v in values) else frozenset()
    )


def _counting(rule: Counting) -> dict[str, Any]:
    return {
        "each": rule.each,
        "distinct": rule.distinct,
        "sum": rule.sum,
        "best": rule.best,
        "goal": rule.target,
        "every": rule.goal == "every",
        "listed": rule.listed or () if rule.goal == "all" else (),
        "period": rule.in_one,
        "within": within(rule.within),
        "streak": rule.streak,
        "at_least": rule.at_least,
        "grace": rule.grace,
        "rest": frozenset(_WEEKDAYS.index(day) for day in rule.rest_days),
        "unless": _cancel(rule),
    }


def _cancel(rule: Counting) -> Cancel | None:
    written = rule.unless
    if written is None:
        return None
    return Cancel(frozenset(written.when), compile_where(written.where) if written.where else None, written.match)


def within(written: Duration | None) -> Within | None:
    """Under two days: whole hours; else whole local days (rules-exact 19)."""
    if written is None:
        return None
    if written.seconds < _TWO_DAYS:
        return Within("hour", max(1, -(-written.seconds // _HOUR)))
    return Within("day", -(-written.seconds // _DAY))


def _repeats(rule: Achievement, gated: bool) -> int:
    """How often at most the goal is looked for; what may still be refused is counted after that."""
    return (FOREVER if gated else rule.most_awards or FOREVER) if rule.repeats else 0


def _gated(rule: Achievement) -> bool:
    """May a goal that is reached be no award?"""
    return bool(rule.cooldown or rule.who or rule.needs or rule.ask or rule.retired or rule.lasts != "forever")


def _caps(limit: Limit | None) -> Caps | None:
    if limit is None:
        return None
    return Caps(
        month=limit.per_month,
        week=limit.per_week,
        day=limit.per_day,
        hour=limit.per_hour,
        thing=limit.per_object,
        # per_person is counted inside the smallest frame given: the thing, else the day, else a lifetime
        person=limit.per_person,
        slot=limit.one_per.seconds if limit.one_per else None,
    )
