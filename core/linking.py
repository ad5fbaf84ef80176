"""Accounts that become one member, or cease to be: who is who, and whose history counts differently from then on.

A link has no time: it joins whole histories, and taking it back parts them again as if it had never been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.changes import Change
from core.effects import Telling, role_changes
from core.events import Account, Fact, accounts
from core.members import Member, join, links_in
from core.plan import LINKED
from core.ports import History, Transaction
from core.serving import Served


@dataclass(frozen=True, slots=True)
class Regrouped:
    """`members`: the names by which the accounts concerned were known or are known now. `parted`: of these, who
    lost an account. `others`: whom they had to do
    with, so that what counts different people counts anew."""

    members: frozenset[Member] = frozenset()
    parted: frozenset[Member] = frozenset()
    others: frozenset[Member] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.members)


NOTHING = Regrouped()


def note_links(history: History, served: Served) -> None:
    """Who is who, as the log has it."""
    served.people.regroup((), join(links_in(history.of_type([LINKED]))))


def follow_links(history: History, served: Served, changes: Iterable[Change]) -> Regrouped:
    """Take up the links that were made or taken back."""
    facts = (f for c in changes for f in (c.before, c.after) if f is not None and f.type == LINKED)
    named = {account for fact in facts for account in accounts(fact)}
    if not named:
        return NOTHING
    people = served.people
    around, links = _connected(history, {a for n in named for a in people.accounts(people.member(n))})
    before = {a: people.member(a) for a in around}
    together = {m: people.accounts(m) for m in before.values()}
    people.regroup(around, join(links_in(links)))
    renamed = [a for a in around if before[a] != people.member(a)]
    names = {n for a in renamed for n in (before[a], people.member(a))}
    names |= {m for m, there in together.items() if there != people.accounts(m)}
    for member, achievement in list(served.by_hand):
        served.by_hand |= {(people.member(a), achievement) for a in together.get(member, ())}
    others = {people.member(a) for fact in history.facts(renamed, None) for a in accounts(fact)}
    parted = {m for m, there in together.items() if not set(there) <= set(people.accounts(people.member(m)))}
    return Regrouped(frozenset(names), frozenset(parted), frozenset(others - names))


def send_roles(tx: Transaction, served: Served, members: Iterable[Member], telling: Telling) -> None:
    """What a member has on one platform they have on all: bring the roles of these to what they should be."""
    plan = served.plan
    rules, levels = plan.book.achievements.values(), plan.book.levels
    if telling.roles and (any(r.gives_role for r in rules) or any(level.gives_role for level in levels)):
        own = [m for m in sorted(members) if served.people.member(m) == m]
        tx.send([out for m in own for out in role_changes(f"linked:{m}:{telling.now}", m, plan, telling)])


def _connected(history: History, some: set[Account]) -> tuple[set[Account], Sequence[Fact]]:
    """Every account that these are linked with, over however many links, and the links."""
    around, new = set(some), set(some)
    links: dict[tuple[str, str], Fact] = {}
    while new:
        found = history.facts(new, [LINKED])
        links.update(((f.source, f.id), f) for f in found)
        new = {a for f in found for a in accounts(f)} - around
        around |= new
    return around, list(links.values())
