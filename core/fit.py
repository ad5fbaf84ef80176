"""Does one event fit the rules that name its type, and if not, which word of the rule stands against it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core import reasons
from core.compiling import days_of
from core.criteria.criterion import Days
from core.criteria.matching import View
from core.members import Member
from core.reasons import Reason
from core.rules.book import RuleBook, conditions
from core.rules.conditions import Counting, Signal, Source
from core.rules.durations import Duration
from core.rules.filters import Filter
from core.rules.grammar import Step, Unless
from core.times import read_time

Rule = Source | Step | Unless


@dataclass(frozen=True, slots=True)
class Fit:
    """`rule`: as "achievement helper, step 2". `members`: whom it counts for, nobody for `unless`. `against`: the word
    of the rule that keeps it from counting, and what the event says instead; None if it counts."""

    rule: str
    members: tuple[Member, ...]
    against: str | None


def fits(view: View, book: RuleBook) -> list[Fit]:
    """One for each rule, part, step and `unless` that names the event's type. Caps, frames and goals are not asked."""
    return [_fit(name, rule, days, view) for name, rule, days in _rules(book) if view.fact.type in rule.when]


def _rules(book: RuleBook) -> Iterator[tuple[str, Rule, Days | None]]:
    for section, sources in (("signal", book.signals), ("score", book.scores)):
        for name, source in sources.items():
            yield from ((place, rule, None) for place, rule in _parts(f"{section} {name}", source))
    for name, achievement in book.achievements.items():
        if achievement.on:
            days = days_of(achievement)
            for n, condition in enumerate(conditions(achievement)):
                found = _parts(f"achievement {name}" + (f", part {n}" if n else ""), condition)
                yield from ((place, rule, days) for place, rule in found)


def _parts(name: str, source: Source) -> Iterator[tuple[str, Rule]]:
    yield name, source
    if isinstance(source, Counting) and source.unless is not None:
        yield f"{name}, unless", source.unless
    for n, step in enumerate(getattr(source, "steps", None) or (), 1):
        yield f"{name}, step {n}", step


def _fit(name: str, rule: Rule, days: Days | None, view: View) -> Fit:
    if isinstance(rule, Unless):
        return Fit(name, (), _written(reasons.out_of_scope(view)) or _filtered(rule.where, view))
    against = _written(reasons.by_a_bot(view) or reasons.out_of_scope(view)) or _filtered(rule.where, view)
    against = against or _uncredited(rule, view) or _written(_unmeasured(rule, view) or _untimely(rule, days, view))
    return Fit(name, () if against else view.credited(rule.credit, rule.self_), against)


def _written(reason: Reason | None) -> str | None:
    return None if reason is None else reason.written


def _filtered(where: tuple[Filter, ...], view: View) -> str | None:
    failed = reasons.failed(where, view)
    if failed is None:
        return None
    value = view.get(failed.fact)
    there = "it has none" if value is None else f"it is {written(value)}"
    return f"{_condition(failed)}, and {there}"


def _uncredited(rule: Source | Step, view: View) -> str | None:
    if view.credited(rule.credit, rule.self_):
        return None
    if not view.get(rule.credit):
        return f'credit = "{rule.credit}", and it names none'
    if rule.credit != "actor" and not rule.self_ and view.credited(rule.credit, True):
        return reasons.own("their").written
    return reasons.OPTED_OUT.written


def _unmeasured(rule: Source | Step, view: View) -> Reason | None:
    for key in ("each", "distinct", "sum", "best"):
        fact = getattr(rule, key, None)
        if fact is not None and view.get(fact) is None:
            return reasons.lacking(fact, key)
    return None


def _untimely(rule: Source | Step, days: Days | None, view: View) -> Reason | None:
    if (outside := reasons.outside(days, view)) is not None:
        return outside
    made = view.facts.get("object_at")
    if isinstance(rule, Signal) and rule.open_for is not None and _later(view.fact.at, made, rule.open_for):
        return reasons.late(rule.open_for, made)
    return None


def _later(at: int, made: object, open_for: Duration) -> bool:
    """Is it that long after? Never, where nobody knows when it was made."""
    try:
        return at > read_time(str(made)) + open_for.microseconds
    except ValueError:
        return False


def _condition(filter_: Filter) -> str:
    plain = filter_.comparison in ("equal", "one_of")
    return f"where.{filter_.fact}{'' if plain else '.' + filter_.comparison} = {written(filter_.value)}"


def written(value: object) -> str:
    """A value as the rule book writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case Decimal():
            return f"{value:f}"
        case tuple() | list():
            return f"[{', '.join(written(item) for item in value)}]"
        case _:
            return str(value)
