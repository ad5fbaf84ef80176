"""A rule made ready for deciding: names looked up, durations in microseconds, filters compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from core.calendar import Period
from core.events import Fact

Kind = Literal["achievement", "signal", "score"]
Number = int | Decimal
# The message-like things whose creation dates a signal (rules-exact 33).
DATED = frozenset({"message", "thread", "ticket", "issue", "pull_request", "object"})


class Entry(NamedTuple):
    """One counted event for one member. The first three order events; `weight` facts stand behind it (a signal: its
    marks), the latest of them at `last`; `made` is when its object was made, if known; `day` the local day."""

    at: int
    source: str
    id: str
    value: object
    weight: int
    last: int
    person: str | None
    thing: str
    made: int | None
    seq: int
    day: int


class Met(NamedTuple):
    """A goal that was reached. `key`: the event that reached it; `occurrence` tells repeated ones apart."""

    occurrence: str
    period: str | None
    key: tuple[int, str, str]
    evidence: int
    last: int
    since: int
    thing: str


@dataclass(frozen=True, slots=True)
class Caps:
    """`limit`, outermost first: month, week, day, hour, thing, person, slot. None: no such cap. `slot`: seconds."""

    month: int | None = None
    week: int | None = None
    day: int | None = None
    hour: int | None = None
    thing: int | None = None
    person: int | None = None
    slot: int | None = None

    @property
    def by_thing(self) -> bool:
        """Do all caps lie within one thing?"""
        return self.thing is not None and not (self.month or self.week or self.day or self.hour)


@dataclass(frozen=True, eq=False)
class Criterion:
    """One rule. `key` is `kind:id`. `types`: event types and signals that may count. `goal` is 0 for score rules."""

    key: str
    kind: Kind
    id: str
    types: frozenset[str]
    where: Callable[[Callable[[str], object]], bool] | None
    credit: str
    allow_self: bool
    each: str | None = None
    distinct: str | tuple[str, ...] | None = None
    sum: str | None = None
    goal: Number = 1
    period: Period | None = None
    streak: Period | None = None
    at_least: Number = 1
    grace: int = 0
    repeat: int = 0
    limit: Caps | None = None
    open_for: int | None = None
    give: int = 0

    @cached_property
    def plain(self) -> bool:
        """Does it look at nothing of an event but when it was?"""
        return not (self.each or self.distinct or self.sum or self.limit or self.open_for or self.kind == "signal")

    @cached_property
    def simple(self) -> bool:
        """Is its state one number, up to one goal?"""
        return self.plain and not (self.period or self.streak or self.repeat or self.kind == "score")

    @property
    def once(self) -> bool:
        """Is it over with the first goal reached?"""
        return self.kind == "achievement" and self.repeat == 0

    @property
    def grouped(self) -> bool:
        """Is it kept per thing?"""
        return self.each is not None


FOREVER = 1 << 62
Lookup = Callable[[str], object]


def order(fact: Fact) -> tuple[int, str, str]:
    return fact.at, fact.source, fact.id
