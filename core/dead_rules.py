"""Rules that went quiet: their events stopped, or go on and earn nothing. Decided from weekly numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

from core.criteria.combining import leaves
from core.plan import Plan
from core.wanted import ENGINE_TYPES, Wanted, raw_types

WEEK = 7 * 24 * 3600 * 1_000_000
DAY = WEEK // 7
WEEKS_BACK = 60
GAPS = 4  # so many times the usual gap without an event is no accident
SHORTEST_DAYS = 14
LATELY = 4  # weeks; compared with the `BEFORE` weeks before these
BEFORE = 12
EXPECTED = 4.0  # awards: with so many expected, none at all happens by chance once in fifty times
FEWEST_WEEKS = 3  # before that many weeks had something, nothing is usual


@dataclass(frozen=True, slots=True)
class Pulse:
    """What happened in each week, by how many weeks ago it was (0: the last seven days). `last`: the time of the
    latest, UTC microseconds, or None."""

    weeks: Mapping[int, int] = field(default_factory=dict)
    last: int | None = None

    def total(self, start: int, end: int) -> int:
        """How many in the weeks [start, end)."""
        return sum(n for week, n in self.weeks.items() if start <= week < end)


NOTHING = Pulse()


@dataclass(frozen=True, slots=True)
class Activity:
    """Events by type and awards by achievement (granted ones apart) up to a moment."""

    now: int
    events: Mapping[str, Pulse] = field(default_factory=dict)
    awards: Mapping[str, Pulse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A rule that needs a look. `stopped`: no event for `days`, where the usual gap was `usual` days. `unearned`: its
    events go on, nobody earned it for `days`; before, `usual` awards a week. `types`: the events it counts."""

    achievement: str
    what: Literal["stopped", "unearned"]
    days: int
    usual: float
    types: tuple[str, ...]


def quiet_rules(plan: Plan, activity: Activity) -> list[Quiet]:
    """Rules whose events stopped or whose hit rate collapsed, in the order of the book."""
    today = plan.calendar.day(activity.now)
    open_ = (plan.wanted[name] for name in plan.book.achievements if name in plan.wanted)
    found = (_judge(plan, wanted, activity) for wanted in open_ if _expected_to_live(wanted, today))
    return [quiet for quiet in found if quiet is not None]


def types_of(plan: Plan, wanted: Wanted) -> frozenset[str]:
    """The event types of the log that a rule counts, through signals."""
    named = frozenset[str]().union(*(leaf.types for leaf in leaves(wanted.condition)))
    return raw_types(named, plan.signals) - ENGINE_TYPES


def _expected_to_live(wanted: Wanted, today: int) -> bool:
    """Not what is over, has its season, or has given all its places."""
    rule = wanted.rule
    ended = [day for day in (rule.until, rule.retired) if day is not None]
    return not rule.season and rule.first is None and all(day.toordinal() > today for day in ended)


def _judge(plan: Plan, wanted: Wanted, activity: Activity) -> Quiet | None:
    types = types_of(plan, wanted)
    events = _together(activity.events.get(t, NOTHING) for t in types)
    if events.last is None:
        return None
    names, silence = tuple(sorted(types)), (activity.now - events.last) // DAY
    usual = usual_gap(events)
    if usual is not None and silence >= max(SHORTEST_DAYS, GAPS * usual):
        return Quiet(wanted.id, "stopped", silence, usual, names)
    return _unearned(wanted.id, events, activity.awards.get(wanted.id, NOTHING), activity.now, names)


def usual_gap(events: Pulse) -> float | None:
    """Days that usually lie between two events; None where too little happened to say.

    From weeks alone: where most weeks have some, a week by the number in it; else the distance of weeks that do.
    """
    busy = sorted(week for week, n in events.weeks.items() if n)
    if len(busy) < FEWEST_WEEKS:
        return None
    distance = median(b - a for a, b in pairwise(busy))
    return 7 * distance if distance > 1 else 7 / median(events.weeks[week] for week in busy)


def _unearned(achievement: str, events: Pulse, awards: Pulse, now: int, types: tuple[str, ...]) -> Quiet | None:
    """As many events as before would have brought several awards, and brought none."""
    span = LATELY, LATELY + BEFORE
    earned, seen = awards.total(*span), events.total(*span)
    weeks = sum(1 for week, n in awards.weeks.items() if n and span[0] <= week < span[1])
    if awards.last is None or awards.total(0, LATELY) or weeks < FEWEST_WEEKS or not seen:
        return None
    if earned / seen * events.total(0, LATELY) < EXPECTED:
        return None
    return Quiet(achievement, "unearned", (now - awards.last) // DAY, earned / BEFORE, types)


def _together(pulses: Iterable[Pulse]) -> Pulse:
    weeks: dict[int, int] = {}
    last: int | None = None
    for pulse in pulses:
        for week, n in pulse.weeks.items():
            weeks[week] = weeks.get(week, 0) + n
        if pulse.last is not None:
            last = pulse.last if last is None else max(last, pulse.last)
    return Pulse(weeks, last)
