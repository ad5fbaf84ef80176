"""When the goals of one rule were reached by one member, from all events at once. This is the meaning of the rules;
`step` is only a faster way to the same result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter

from core.calendar import Calendar, Period
from core.criteria.axis import Axis
from core.criteria.caps import admitted
from core.criteria.criterion import Criterion, Entry, Met, Number

_when = itemgetter(0, 1, 2)
Goal = tuple[Met, list[Entry]]
Found = tuple[str, str | None, list[Entry]]


def counted(criterion: Criterion, entries: Iterable[Entry], calendar: Calendar) -> list[Entry]:
    """The events that count under the limits, in order of (at, source, id)."""
    return admitted(criterion.limit, sorted(entries, key=_when), calendar)


def tally(criterion: Criterion, entries: Iterable[Entry], axis: Axis) -> list[Goal]:
    """Every goal reached, each with the events that are its evidence, in order of time. See `chosen`."""
    return goals(criterion, counted(criterion, entries, axis.calendar), axis)


def goals(criterion: Criterion, entries: list[Entry], axis: Axis) -> list[Goal]:
    """As `tally`, of events that count under the limits, in order."""
    found: list[Goal] = []
    for instance, season in seasons(criterion, entries).items():
        for thing, group in _groups(criterion, season).items():
            for rung in criterion.rungs:
                found += [
                    (_met(rung.tier, (instance, thing, o), p, thing, e), e)
                    for o, p, e in _reached(criterion, group, rung.goal, axis)
                ]
    found.sort(key=lambda m: (m[0].key, m[0].occurrence))
    return found


def chosen(criterion: Criterion, found: list[Goal]) -> list[Goal]:
    """What is awarded of the goals reached: for each tier the earliest, or with `repeat` as often as it says."""
    by_tier: dict[str, list[Goal]] = {}
    for goal in found:
        by_tier.setdefault(goal[0].tier, []).append(goal)
    kept: list[Goal] = []
    for there in by_tier.values():
        kept += _repeated(criterion, there)
    return kept if len(by_tier) < 2 else sorted(kept, key=lambda m: (m[0].key, m[0].occurrence))


def _repeated(criterion: Criterion, found: list[Goal]) -> list[Goal]:
    if not criterion.repeat:
        return [(m._replace(occurrence=""), e) for m, e in found[:1]]
    if not criterion.cooldown:
        return found[: criterion.repeat]
    taken: list[Goal] = []
    for goal in found:
        if not taken or goal[0].key[0] - taken[-1][0].key[0] >= criterion.cooldown:
            taken.append(goal)
    return taken[: criterion.repeat]


def seasons(criterion: Criterion, entries: list[Entry]) -> dict[str, list[Entry]]:
    """Events by the season they lie in, named by the year of its start; one without a name where there is no season."""
    days = criterion.days
    if days is None or days.season is None:
        return {"": entries} if entries else {}
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(str(days.instance(entry.day)), []).append(entry)
    return found


def _groups(criterion: Criterion, entries: list[Entry]) -> dict[str, list[Entry]]:
    if criterion.each is None:
        return {"": entries} if entries else {}
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.thing, []).append(entry)
    return groups


def _met(tier: str, names: Iterable[str], period: str | None, thing: str, evidence: list[Entry]) -> Met:
    last = evidence[-1]
    return Met(
        "/".join(part for part in names if part),
        period,
        (last.at, last.source, last.id),
        sum(e.weight for e in evidence),
        max(e.last for e in evidence),
        evidence[0].at,
        thing,
        tier,
    )


def _reached(c: Criterion, entries: list[Entry], goal: Number, axis: Axis) -> Iterator[Found]:
    if c.own_zone and (c.streak or c.within) and _travelled(entries):
        yield from _one_by_one(c, entries, goal, axis)
    elif c.streak is not None:
        yield from _streak(c, c.streak, entries, goal, axis)
    elif c.period is not None:
        yield from _periods(c, c.period, entries, goal, axis)
    elif c.within is not None:
        yield from _within(c, c.within.length, entries, goal, axis)
    elif c.kind == "achievement" and c.repeat and c.each is None and not c.seasonal:
        yield from _multiples(c, entries, goal)
    else:
        evidence = reach(c, entries, goal)
        if evidence is not None:
            yield "", None, evidence


def _periods(c: Criterion, period: Period, entries: list[Entry], goal: Number, axis: Axis) -> Iterator[Found]:
    for index, group in sorted(by_period(entries, axis.calendar, period).items()):
        evidence = reach(c, group, days_in(index, period, axis.calendar) if c.every else goal)
        if evidence is not None and not axis.barred(index, period):
            name = axis.calendar.name(index, period)
            yield name, name, evidence


def goal_met(c: Criterion, entries: list[Entry], axis: Axis) -> list[Entry] | None:
    """The evidence of the first goal reached by these events, or None."""
    return next((evidence for _, _, evidence in _reached(c, entries, c.goal, axis)), None)


def days_in(index: int, period: Period, calendar: Calendar) -> int:
    """How many local days a period has."""
    return calendar.first_day(index + 1, period) - calendar.first_day(index, period)


def by_period(entries: Iterable[Entry], calendar: Calendar, period: Period) -> dict[int, list[Entry]]:
    """Entries by the calendar period they lie in, in order inside each."""
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(calendar.period(entry.day, period), []).append(entry)
    return groups


def measure(c: Criterion, entries: Iterable[Entry]) -> Number:
    """What the events add up to: their number, the different values, the sum, or the best value (0 without any)."""
    entries = list(entries)
    if c.distinct is not None:
        return len({e.value for e in entries})
    if c.sum is not None:
        return sum((number_of(e) for e in entries), Decimal(0))
    if c.best is not None:
        return max((number_of(e) for e in entries), default=0)
    return len(entries)


def number_of(entry: Entry) -> Number:
    """The value of an event that sum or best looks at."""
    value = entry.value
    return value if isinstance(value, int | Decimal) else Decimal(0)


def reach(c: Criterion, entries: Iterable[Entry], goal: Number) -> list[Entry] | None:
    """The events that moved the progress to the goal, or None if it is not reached.

    With distinct: the first of each value; with best: the one event.
    """
    if c.best is not None:
        return next(([e] for e in entries if number_of(e) >= goal), None)
    evidence: list[Entry] = []
    seen: set[object] = set()
    total: Number = 0
    for entry in entries:
        if c.distinct is not None:
            if entry.value in seen:
                continue
            seen.add(entry.value)
        evidence.append(entry)
        total += number_of(entry) if c.sum is not None else 1
        if total >= goal:
            return evidence
    return None


def _multiples(c: Criterion, entries: list[Entry], goal: Number) -> Iterator[Found]:
    """The k-th award comes when the progress reaches k times the goal (rules-exact 13)."""
    k = 1
    while (evidence := reach(c, entries, goal * k)) is not None:
        yield str(k), None, evidence
        k += 1


def active(c: Criterion, streak: Period, entries: Iterable[Entry], axis: Axis) -> list[tuple[int, list[Entry]]]:
    """The periods of a streak that count, each with the events that make it count, in order."""
    found: list[tuple[int, list[Entry]]] = []
    working = (e for e in entries if not axis.resting(c, e.day)) if c.rest or axis.paused else entries
    for index, group in sorted(by_period(working, axis.calendar, streak).items()):
        evidence = reach(c, group, c.at_least)
        if evidence is not None and not axis.barred(index, streak):
            found.append((index, evidence))
    return found


def _streak(c: Criterion, streak: Period, entries: list[Entry], goal: Number, axis: Axis) -> Iterator[Found]:
    """The run that is complete first: so many active periods, with at most `grace` missed between them."""
    there = active(c, streak, entries, axis)
    length = int(goal)
    gaps = [axis.misses(c, a[0], b[0]) for a, b in pairwise(there)]
    for end in range(length, len(there) + 1):
        if sum(gaps[end - length : end - 1]) <= c.grace:
            run = there[end - length : end]
            yield "", axis.calendar.name(run[-1][0], streak), [e for _, part in run for e in part]
            return


def _travelled(entries: list[Entry]) -> bool:
    """Does a later event lie on an earlier day, as for somebody who flies west?"""
    return any(a.day > b.day for a, b in pairwise(entries))


def _one_by_one(c: Criterion, entries: list[Entry], goal: Number, axis: Axis) -> Iterator[Found]:
    """The earliest event with which the goal is reached, where days do not follow the time."""
    for number in range(1, len(entries) + 1):
        so_far = entries[:number]
        if c.streak is not None:
            found = next(_streak(c, c.streak, so_far, goal, axis), None)
        else:
            found = _run_around(c, so_far, goal, axis)
        if found is not None:
            yield found[0], found[1], sorted(found[2], key=_when)
            return


def _run_around(c: Criterion, entries: list[Entry], goal: Number, axis: Axis) -> Found | None:
    """The first run of days (hours) around the last of these events that reaches the goal."""
    length = c.within.length if c.within else 1
    unit = axis.unit(c, entries[-1])
    for start in range(unit - length + 1, unit + 1):
        if axis.void.isdisjoint(range(start, start + length)):
            evidence = reach(c, [e for e in entries if start <= axis.unit(c, e) < start + length], goal)
            if evidence is not None:
                return "", None, evidence
    return None


def _within(c: Criterion, length: int, entries: list[Entry], goal: Number, axis: Axis) -> Iterator[Found]:
    """The earliest event at which some run of days (hours) that nothing makes void reaches the goal."""
    units = [axis.unit(c, e) for e in entries]
    low = 0
    for high, unit in enumerate(units):
        while units[low] <= unit - length:
            low += 1
        if c.distinct is None and c.sum is None and c.best is None and high - low + 1 < goal:
            continue
        for start in _starts(c, unit, length, axis):
            frame = [e for e, u in zip(entries[low : high + 1], units[low : high + 1], strict=True) if u >= start]
            evidence = reach(c, frame, goal)
            if evidence is not None:
                yield "", None, evidence
                return


def _starts(c: Criterion, unit: int, length: int, axis: Axis) -> Iterator[int]:
    """Where runs begin that hold this unit and nothing void. Only with void days, or sums that may fall, is a later
    beginning ever better."""
    if not axis.void and c.sum is None:
        yield unit - length + 1
        return
    for start in range(unit - length + 1, unit + 1):
        if axis.void.isdisjoint(range(start, start + length)):
            yield start
