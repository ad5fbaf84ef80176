"""Does a goal hold now, and until when without a new event? For what lasts only while true, and for progress."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from core.calendar import Period
from core.criteria.axis import HOUR, Axis
from core.criteria.criterion import Criterion, Entry, Number, Within
from core.criteria.tally import active, days_in, measure

FOREVER = 1 << 62


def held_until(c: Criterion, entries: Sequence[Entry], goal: Number, axis: Axis, now: int) -> int:
    """When the goal falls below without a new event (UTC microseconds): 0 if it does not hold now, FOREVER if never."""
    if c.within is not None:
        return _within(c, c.within, entries, goal, axis, now)
    if c.period is not None:
        return _period(c, c.period, entries, goal, axis, now)
    if c.streak is not None:
        return _streak(c, c.streak, entries, goal, axis, now)
    return FOREVER


def holds_again(c: Criterion, entries: Sequence[Entry], goal: Number, axis: Axis, now: int) -> int | None:
    """When a goal that does not hold now would hold again without a new event: once what voids its window is past."""
    if c.within is None or not axis.void:
        return None
    today = unit_now(c.within, axis, now)
    for unit in range(today + 1, today + c.within.length):
        clean = axis.void.isdisjoint(range(unit - c.within.length + 1, unit + 1))
        found = window(c, c.within, entries, axis, unit)
        if clean and found and measure(c, found) >= goal:
            return begins(c.within, unit, axis)
    return None


def unit_now(within: Within, axis: Axis, now: int) -> int:
    """The present hour or day."""
    return now // HOUR if within.unit == "hour" else axis.calendar.day(now)


def begins(within: Within, unit: int, axis: Axis) -> int:
    """When an hour or a local day begins."""
    return unit * HOUR if within.unit == "hour" else axis.calendar.first_instant(unit, "day")


def window(c: Criterion, within: Within, entries: Sequence[Entry], axis: Axis, unit: int) -> list[Entry]:
    """The events of the run that ends with this hour or day."""
    return [e for e in entries if unit - within.length < axis.unit(c, e) <= unit]


def _within(c: Criterion, within: Within, entries: Sequence[Entry], goal: Number, axis: Axis, now: int) -> int:
    unit = unit_now(within, axis, now)
    until = 0
    while unit <= unit_now(within, axis, now) + within.length:
        clean = axis.void.isdisjoint(range(unit - within.length + 1, unit + 1))
        found = window(c, within, entries, axis, unit)
        if not clean or not found or measure(c, found) < goal:
            return until
        unit += 1
        until = begins(within, unit, axis)
    return until


def _period(c: Criterion, period: Period, entries: Sequence[Entry], goal: Number, axis: Axis, now: int) -> int:
    calendar = axis.calendar
    index = calendar.period(calendar.day(now), period)
    here = [e for e in entries if calendar.period(e.day, period) == index]
    wanted = days_in(index, period, calendar) if c.every else goal
    holds = bool(here) and measure(c, here) >= wanted and not axis.barred(index, period)
    return calendar.first_instant(index + 1, period) if holds else 0


def _streak(c: Criterion, streak: Period, entries: Sequence[Entry], goal: Number, axis: Axis, now: int) -> int:
    there = [index for index, _ in active(c, streak, entries, axis)]
    today = axis.calendar.period(axis.calendar.day(now), streak)
    until, index, most = 0, today, today + 10_000  # far beyond any grace
    last = max(there, default=today)
    while index <= most and run_at(c, there, axis, index) >= goal:
        # What is forgiven after the last active period changes nothing, however long it is.
        index = max(index + 1, min(axis.forgiven_until(c, index), most + 1) if index > last else 0)
        until = axis.calendar.first_instant(index, streak)
    return until


def run_at(c: Criterion, there: Sequence[int], axis: Axis, present: int) -> int:
    """How many active periods the run of the present has: it survives until the present period ends, and misses up to
    the last finished one use up the grace."""
    run, missed, after = 0, 0, present
    for index in reversed(there):
        if index > present:
            continue
        if index != present or run:
            missed += axis.misses(c, index, after)
        if missed > c.grace:
            break
        run += 1
        after = index
    return run


def misses_left(c: Criterion, there: Sequence[int], axis: Axis, present: int) -> int:
    """How many more periods the run of the present may miss."""
    run = [i for i in there if i <= present][-run_at(c, there, axis, present) :] if there else []
    missed = sum(axis.misses(c, a, b) for a, b in pairwise(run))
    return max(0, c.grace - missed - (axis.misses(c, run[-1], present) if run else 0))
