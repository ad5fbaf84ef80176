"""A rule made ready for deciding: names looked up, durations in microseconds, filters compiled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from core.calendar import Period
from core.events import Fact

Kind = Literal["achievement", "signal", "score"]
Number = int | Decimal
Whose = Literal["member", "team", "community"]
# The message-like things whose creation dates a signal (rules-exact 33).
DATED = frozenset({"message", "thread", "ticket", "issue", "pull_request", "object"})


class Entry(NamedTuple):
    """One counted event for one member. The first three order events; `weight` facts stand behind it (a signal: its
    marks), the latest of them at `last`; `made` is when its object was made, if known; `day` the local day; `mark` the
    value that all parts of a combination must share (`same`)."""

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
    mark: str | None = None


class Met(NamedTuple):
    """A goal that was reached. `key`: the event that reached it; `occurrence` tells repeated ones apart."""

    occurrence: str
    period: str | None
    key: tuple[int, str, str]
    evidence: int
    last: int
    since: int
    thing: str
    tier: str = ""


class Rung(NamedTuple):
    """One goal to reach: a tier's, or the only one with an empty name."""

    tier: str
    goal: Number


class Within(NamedTuple):
    """A run of so many hours or whole local days."""

    unit: Literal["hour", "day"]
    length: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """`unless`: what cancels, and how much of it."""

    types: frozenset[str]
    where: Callable[[Callable[[str], object]], bool] | None
    match: Literal["object", "window", "ever"]


@dataclass(frozen=True, slots=True)
class Days:
    """Local days that count: ordinals from and until (inclusive), and a season as (month, day) from and until."""

    first: int | None = None
    last: int | None = None
    season: tuple[tuple[int, int], tuple[int, int]] | None = None

    def has(self, day: int) -> bool:
        """Does an event on this day count?"""
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return False
        return self.season is None or self.instance(day) is not None

    def instance(self, day: int) -> int | None:
        """Which year's season a day lies in, by the year of its start; None outside, 0 without a season."""
        if self.season is None:
            return 0
        start, end = self.season
        date = dt.date.fromordinal(day)
        here = (date.month, date.day)
        if start <= end:
            return date.year if start <= here <= end else None
        if here >= start:
            return date.year
        return date.year - 1 if here <= end else None


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
    """One rule, or one part of a combined one. `key` is the id, for signals and scores `kind:id`. `types`: event types
    and signals that may count.

    `goal` is 0 for score rules. `days`, `only_in`: which events count at all; `absence`: whole days of silence before.
    `whose`: who makes progress together. `own_zone`: the member's calendar. `holds`: held only while true. `cooldown`:
    microseconds. `first_only`: nothing after the first goal matters. `parent`: the achievement this is a part of.
    `only`: a fact and the texts it must be one of, where `where` says so: events with another are not even looked at.
    """

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
    best: str | None = None
    tiers: tuple[Rung, ...] = ()
    every: bool = False
    listed: tuple[object, ...] = ()
    within: Within | None = None
    rest: frozenset[int] = frozenset()
    days: Days | None = None
    only_in: frozenset[str] | None = None
    unless: Cancel | None = None
    absence: int | None = None
    same: str | None = None
    whose: Whose = "member"
    top: int | None = None
    own_zone: bool = False
    holds: bool = False
    cooldown: int = 0
    first_only: bool = True
    parent: str | None = None
    only: tuple[str, frozenset[str]] | None = None

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """Every goal, rising."""
        return self.tiers or (Rung("", self.goal),)

    @cached_property
    def plain(self) -> bool:
        """Does it look at nothing of an event but when it was?"""
        return self.lean and not (self.distinct or self.sum or self.best)

    @cached_property
    def lean(self) -> bool:
        """Does it look at nothing of an event but when it was, and at the value that it measures?"""
        bounded = self.each or self.same or self.limit or self.open_for or self.days or self.only_in or self.rest
        return not (bounded or self.kind == "signal" or self.unless or self.own_zone)

    @cached_property
    def bare(self) -> bool:
        """Does every event of its types count for it, as the same entry?"""
        return self.plain and self.where is None

    @cached_property
    def credits(self) -> tuple[str, bool]:
        """Whom an event is credited to."""
        return self.credit, self.allow_self

    @cached_property
    def simple(self) -> bool:
        """Is its state one number, up to one goal?"""
        framed = self.period or self.streak or self.within or self.repeat or self.tiers or self.absence
        return self.plain and self.once and not (framed or self.kind == "score")

    @property
    def once(self) -> bool:
        """Is it over with the first goal reached?"""
        return self.kind == "achievement" and self.repeat == 0 and (self.first_only or self.period is None)

    @cached_property
    def framed(self) -> bool:
        """Has it a time frame?"""
        return bool(self.period or self.streak or self.within)

    @cached_property
    def seasonal(self) -> bool:
        """Must its goal be reached inside one season?"""
        return self.days is not None and self.days.season is not None

    @property
    def grouped(self) -> bool:
        """Is it kept per thing?"""
        return self.each is not None


FOREVER = 1 << 62
Lookup = Callable[[str], object]


def order(fact: Fact) -> tuple[int, str, str]:
    return fact.at, fact.source, fact.id
