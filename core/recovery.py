"""What catch-up and imports find, beside what the log knows already (rules-exact 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.bans import BY_BAN
from core.events import ASSERT, WITHDRAW, Fact, Statement, Value, resolve
from core.ports import Transaction

NOT_COUNTED = "moderators did not count it"
"""Reason of a withdrawal that stands although the platform shows the thing still."""
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
    fact = resolve(said) or _banned(said)
    approximate = s.facts.get("at_is_approximate") is True
    if fact is None:
        last = max((w for _, w in said), key=lambda w: w.at)
        if last.reason == NOT_COUNTED:
            return None
        return replace(s, at=last.at + 1) if approximate else s
    if (approximate or s.at == fact.at) and _says_the_same(s, fact):
        return None
    return replace(s, facts={**_known(s, fact), **s.facts})


def _known(s: Statement, fact: Fact) -> Mapping[str, Value]:
    """What the log says beyond a statement that was found: an export knows nobody's roles, and nothing that the log has
    of this moment may get lost by it."""
    if s.at == fact.at:
        return fact.facts
    return {name: value for name, value in fact.facts.items() if name == "actor_role"}


def _banned(said: Sequence[tuple[int, Statement]]) -> Fact | None:
    """What the fact says although whoever did it was banned: found on the platform as ever, it is no news."""
    return resolve([(seq, s) for seq, s in said if s.op != WITHDRAW or s.reason != BY_BAN])


def _says_the_same(s: Statement, fact: Fact) -> bool:
    """Nothing new but that it was found again; the log may know more, for it was stamped."""
    people = (s.type, s.actor, s.participants) == (fact.type, fact.actor, fact.participants)
    return people and _plain(s.facts).items() <= _plain(fact.facts).items()


def _plain(facts: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if name not in FLAGS}
