"""What catch-up and imports find, beside what the log knows already (rules-exact 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.events import ASSERT, Fact, Statement, Value, resolve
from core.ports import Transaction

FLAGS = frozenset({"recovered", "at_is_approximate"})


def reconcile(tx: Transaction, statements: Sequence[Statement]) -> list[Statement | None]:
    """The statements to take; None for a fact that the log has just so. What is found alive although it was withdrawn
    came back after that: it is dated one microsecond later."""
    found = {(s.source, s.id) for s in statements if is_recovered(s)}
    if not found:
        return list(statements)
    said = tx.statements(found, 1 << 62)
    return [_beside(s, said.get((s.source, s.id), ())) if is_recovered(s) else s for s in statements]


def is_recovered(s: Statement) -> bool:
    """Was it found later, instead of being heard?"""
    return s.op == ASSERT and s.facts.get("recovered") is True


def _beside(s: Statement, said: Sequence[tuple[int, Statement]]) -> Statement | None:
    if not said:
        return s
    fact = resolve(said)
    approximate = s.facts.get("at_is_approximate") is True
    if fact is None:
        return replace(s, at=max(w.at for _, w in said) + 1) if approximate else s
    return None if (approximate or s.at == fact.at) and _says_the_same(s, fact) else s


def _says_the_same(s: Statement, fact: Fact) -> bool:
    """Nothing new but that it was found again; the log may know more, for it was stamped."""
    people = (s.type, s.actor, s.participants) == (fact.type, fact.actor, fact.participants)
    return people and _plain(s.facts).items() <= _plain(fact.facts).items()


def _plain(facts: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if name not in FLAGS}
