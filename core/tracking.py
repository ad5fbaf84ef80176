"""What a rule book makes Plaudit look at: kinds of events, which facts of them, and for which badges and scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from core.plan import Plan
from core.rules.conditions import Counting
from core.rules.filters import Filter
from core.wanted import raw_types, rests_on

_PEOPLE = frozenset({"actor", "author", "target", "participants"})


@dataclass(frozen=True, slots=True)
class Tracked:
    """One kind of event. `facts`: names that rules look at, people and times apart; `uses`: names of what it counts
    for; `purposes`: what those are for, as the book says."""

    type: str
    facts: tuple[str, ...]
    uses: tuple[str, ...]
    purposes: tuple[str, ...]


def tracked(plan: Plan) -> list[Tracked]:
    """Every kind that a live rule rests on, those with the most uses first."""
    found: dict[str, tuple[set[str], set[str], set[str]]] = {}
    for types, facts, use, purpose in _rules(plan):
        for type_ in types:
            there = found.setdefault(type_, (set(), set(), set()))
            there[0].update(facts)
            there[1].add(use)
            there[2].update({purpose} if purpose else ())
    rows = [Tracked(t, *(tuple(sorted(part)) for part in parts)) for t, parts in found.items()]
    return sorted(rows, key=lambda row: (-len(row.uses), row.type))


HIDDEN = "a secret badge"
TRIAL = "a rule on trial"


def _rules(plan: Plan) -> Iterator[tuple[frozenset[str], set[str], str, str | None]]:
    """Of each rule: event types, facts, what it is called, its purpose. What is secret keeps its name to itself."""
    for wanted in plan.wanted.values():
        rule, types = wanted.rule, rests_on(wanted, plan.wanted, plan.signals, plan.scores)
        hidden = TRIAL if wanted.shadow else HIDDEN if rule.secret else None
        yield types, _facts_of(plan, rule), hidden or rule.name, None if hidden else rule.purpose
    for name, score in plan.book.scores.items():
        yield raw_types(score.when, plan.signals), _facts_of(plan, score), score.name or name, None
    for board in (b for b in plan.book.boards.values() if b.kind == "signal"):
        yield raw_types((board.what,), plan.signals), _facts_of(plan, plan.book.signals[board.what]), board.name, None


def _facts_of(plan: Plan, rule: BaseModel) -> set[str]:
    """Names of facts that a rule looks at, those of its signals included."""
    found = set(_named(rule))
    for name in _signals(plan, rule):
        found |= _facts_of(plan, plan.book.signals[name])
    return found - _PEOPLE


def _signals(plan: Plan, rule: object) -> set[str]:
    return {t for part in _parts(rule) for t in getattr(part, "when", ()) if t in plan.book.signals}


def _named(rule: object) -> Iterator[str]:
    for part in _parts(rule):
        if isinstance(part, Filter):
            yield part.fact
        elif isinstance(part, Counting):
            yield from (name for name in (part.distinct, part.sum, part.best, part.each) if name)


def _parts(value: object) -> Iterator[object]:
    """The rule and everything inside it."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))
    elif isinstance(value, Filter):
        yield value
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _parts(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _parts(inner)
