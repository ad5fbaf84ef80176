"""Under which names a live fact is found: the people it names, and for some rules what it is about, or its type."""

from __future__ import annotations

from collections.abc import Iterable

from core.criteria.matching import thing
from core.events import Fact
from core.events import accounts as people_of
from core.plan import Plan

Place = tuple[str, str, int, int]
EVERYTHING = "*"
"""The name of every fact of a type that must be found whomever it names. No account begins with a star."""


def about_thing(name: str) -> str:
    """The name of every fact that is about this thing."""
    return f"*{name}"


def places(fact: Fact, plan: Plan) -> list[Place]:
    """Where a live fact is kept: (name, type, at, seq)."""
    names = people_of(fact)
    if fact.type in plan.open or not names:
        names.add(EVERYTHING)
    if fact.type in plan.things:
        names.add(about_thing(thing(fact)))
    return [(name, fact.type, fact.at, fact.seq) for name in names]


def former_places(fact: Fact) -> list[Place]:
    """Where a fact may have been kept by this rule book or an earlier one."""
    names = {*people_of(fact), EVERYTHING, about_thing(thing(fact))}
    return [(name, fact.type, fact.at, fact.seq) for name in names]


def extra_places(facts: Iterable[Fact], plan: Plan) -> list[Place]:
    """The places beside those of people, as a new rule book asks for."""
    return [place for fact in facts for place in places(fact, plan) if place[0].startswith(EVERYTHING)]
