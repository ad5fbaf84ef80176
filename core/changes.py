"""What changes: facts, then entries of rules, then what is to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from core.awards import Happened
from core.criteria.criterion import Entry, Met
from core.events import Account, Fact
from core.members import Member


@dataclass(frozen=True, slots=True)
class Change:
    """A fact before and after: None where it is not alive."""

    before: Fact | None
    after: Fact | None

    @property
    def actors(self) -> set[Account]:
        """Who did it, before and after."""
        return {f.actor for f in (self.before, self.after) if f is not None and f.actor is not None}


class Move(NamedTuple):
    """An entry that a member loses, gains, or that is replaced by another."""

    member: Member
    old: Entry | None
    new: Entry | None
    fact: Fact | None


@dataclass(slots=True)
class Outcome:
    """`gained`: goals reached, to be added. `again`: achievements to be judged from the log; `nothing`: of these, where
    no goal is reached. `amounts`: score to add by (member, rule, day); `scores`: the whole score of a rule, by day.
    `closings`: when to decide a ranking, by achievement. `recounts`: how often the log was asked.
    `regrouped`: members whose accounts are others now; `parted`: of these, who lost one. `happened`: what became of
    awards."""

    gained: dict[tuple[Member, str], list[tuple[Met, Fact | None]]] = field(default_factory=dict)
    again: set[tuple[Member, str]] = field(default_factory=set)
    amounts: dict[tuple[Member, str, int], int] = field(default_factory=dict)
    scores: dict[tuple[Member, str], dict[int, int]] = field(default_factory=dict)
    nothing: set[tuple[Member, str]] = field(default_factory=set)
    closings: set[tuple[str, int]] = field(default_factory=set)
    regrouped: frozenset[Member] = frozenset()
    parted: frozenset[Member] = frozenset()
    happened: list[Happened] = field(default_factory=list)
    recounts: int = 0


def order_of(move: Move) -> tuple[int, str, str]:
    """Where a move stands in time."""
    entry = move.new or move.old
    return (0, "", "") if entry is None else entry[:3]


def time_of(change: Change) -> tuple[int, str, str]:
    """Where a change stands in time."""
    fact = change.after or change.before
    return (0, "", "") if fact is None else (fact.at, fact.source, fact.id)
