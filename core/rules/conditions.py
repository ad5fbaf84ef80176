"""Rules: achievements, signals and score rules, with every key under its name in the file.

Where Python has the word already, the attribute ends with an underscore: self_, from_, for_, all_, any_.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from core.rules.durations import NOTHING, Duration
from core.rules.filters import Filter
from core.rules.grammar import (
    DATED,
    Amount,
    Announce,
    Count,
    Date,
    Elapsed,
    Flag,
    Goal,
    IfUndone,
    Lasts,
    Limit,
    MonthDay,
    NeedsWritten,
    Period,
    Person,
    Repeat,
    Share,
    Status,
    Steps,
    Table,
    Text,
    Texts,
    Tiers,
    UnlessWritten,
    Weekday,
    Where,
    Who,
    Whole,
    Whose,
)
from core.rules.noise import Importance

MOST_DAYS: dict[Period, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


class Source(Table):
    """Which events count, and for whom. `when` is empty where a rule has another head."""

    when: Texts = ()
    where: Where = ()
    credit: Person = "actor"
    self_: Flag = Field(False, alias="self")
    limit: Limit | None = None
    streak: Period | None = None


class Counting(Source):
    """Events counted up to a goal.

    At most one measure (distinct, sum, best) and one frame (in_one, within, streak).
    """

    goal: Goal = 1
    distinct: Text | None = None
    sum: Text | None = None
    best: Text | None = None
    each: Text | None = None
    in_one: Period | None = None
    within: Elapsed | None = None
    at_least: Count = 1
    grace: Whole = 0
    rest_days: tuple[Weekday, ...] = ()
    unless: UnlessWritten | None = None

    @property
    def target(self) -> int | Decimal:
        """The goal as a number: with goal = "all", how many values the list has; with "every", the most days that
        the period can have."""
        if self.goal == "every":
            return MOST_DAYS[self.in_one or "month"]
        return len(self.listed or ()) if self.goal == "all" else self.goal

    @property
    def listed(self) -> tuple[object, ...] | None:
        """The values that `where` allows for the fact `distinct` counts, or None if any value may come."""
        return allowed(self.where, self.distinct) if self.distinct else None


def allowed(where: tuple[Filter, ...], fact: str) -> tuple[object, ...] | None:
    """The values that the first list (or single value) in `where` leaves for a fact, or None."""
    for f in where:
        if f.fact == fact and f.comparison == "one_of" and isinstance(f.value, tuple):
            return f.value
        if f.fact == fact and f.comparison == "equal":
            return (f.value,)
    return None


class Condition(Counting):
    """A condition with any head: exactly one of when, steps, all, any."""

    after_absence: Elapsed | None = None
    steps: Steps | None = None
    any_order: Flag = False
    same: Text | None = None
    all_: tuple[Part, ...] | None = Field(None, alias="all", min_length=1)
    any_: tuple[Part, ...] | None = Field(None, alias="any", min_length=1)


class Part(Condition):
    """One condition of `all` or `any`."""


class Achievement(Condition):
    """What members can earn. Values of `[defaults]` are already in it."""

    name: Text
    description: Text | None = None
    emoji: Text | None = None
    category: Text | None = None
    purpose: Text | None = None
    tiers: Tiers | None = None
    needs: NeedsWritten | None = None
    who: Who | None = None
    for_: Literal["member", "team", "community"] = Field("member", alias="for")
    first: Count | None = None
    top: Count | None = None
    from_: Date | None = Field(None, alias="from")
    until: Date | None = None
    season: tuple[MonthDay, MonthDay] | None = None
    repeat: Repeat = False
    cooldown: Elapsed | None = None
    announce: Announce = "thread"
    importance: Importance = "normal"
    status: Status = "active"
    only_in: Texts | None = None
    cohort: Share | None = None
    settle: Elapsed = NOTHING
    if_undone: IfUndone = Duration(14, "day")
    lasts: Lasts = "forever"
    manual: Texts | None = None
    ask: Flag = False
    two_people: Flag = False
    secret: Flag = False
    points: Whole = 0
    gives_role: Text | None = None
    duty: Text | None = None
    timezone: Whose = "community"
    version: Count = 1
    existing: Literal["keep", "recheck"] = "keep"
    progress: Literal["recount", "reset"] = "recount"
    retired: Date | None = None
    enabled: Flag = True

    @property
    def repeats(self) -> bool:
        """Whether it can be earned more than once (`repeat = true` or a cap)."""
        return self.repeat is not False

    @property
    def most_awards(self) -> int | None:
        """The cap of `repeat = N`; None without one."""
        return None if isinstance(self.repeat, bool) else self.repeat

    @property
    def counts(self) -> bool:
        """Whether events make it progress: not where it is only given by hand or only needs others."""
        return bool(self.when or self.steps or self.all_ or self.any_)

    @property
    def on(self) -> bool:
        """Whether it is evaluated at all: neither `enabled = false` nor `status = "off"`."""
        return self.enabled and self.status != "off"


class Signal(Counting):
    """An own word for what counts. `open_for`: how long a thing collects marks, None if it has no date."""

    describe: Text | None = None
    open_for: Elapsed | None = None

    @property
    def dated(self) -> bool:
        """Whether its events have a date that no later mark can move: a period, or a thing with a date."""
        return self.in_one is not None or self.each in DATED


class ScoreRule(Source):
    """So many points of score for each counted event."""

    give: Amount
    name: Text | None = None


class Level(Table):
    """A step of the ladder over the score."""

    name: Text
    at: Count
    gives_role: Text | None = None
    needs: NeedsWritten | None = None


Part.model_rebuild()
Condition.model_rebuild()
Achievement.model_rebuild()
