"""When the goals of one rule were reached by one member, from all events at once. This is the meaning of the rules;
`step` is only a faster way to the same result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.calendar import Calendar, Period
from core.criteria.caps import admitted
from core.criteria.criterion import Criterion, Entry, Met, Number


def counted(criterion: Criterion, entries: Iterable[Entry], calendar: Calendar) -> list[Entry]:
    """The events that count under the limits, in order of (at, source, id)."""
    return admitted(criterion.limit, sorted(entries, key=lambda e: e[:3]), calendar)


def tally(criterion: Criterion, entries: Iterable[Entry], calendar: Calendar) -> list[tuple[Met, list[Entry]]]:
    """Goals reached, each with the events that are its evidence, in order of time; `repeat` applied."""
    found: list[tuple[Met, list[Entry]]] = []
    for thing, group in _groups(criterion, counted(criterion, entries, calendar)).items():
        found += [(_met(o, p, thing, e), e) for o, p, e in _reached(criterion, group, calendar)]
    found.sort(key=lambda m: (m[0].key, m[0].occurrence))
    return _repeated(criterion, found)


def _groups(criterion: Criterion, entries: list[Entry]) -> dict[str, list[Entry]]:
    if criterion.each is None:
        return {"": entries} if entries else {}
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.thing, []).append(entry)
    return groups


def _repeated(criterion: Criterion, found: list[tuple[Met, list[Entry]]]) -> list[tuple[Met, list[Entry]]]:
    if criterion.kind == "signal":
        return found
    if criterion.repeat:
        return found[: criterion.repeat]
    return [(m._replace(occurrence=""), e) for m, e in found[:1]]


def _met(occurrence: str, period: str | None, thing: str, evidence: list[Entry]) -> Met:
    name = "/".join(part for part in (thing, occurrence) if part)
    last = evidence[-1]
    return Met(
        name,
        period,
        (last.at, last.source, last.id),
        sum(e.weight for e in evidence),
        max(e.last for e in evidence),
        evidence[0].at,
        thing,
    )


def _reached(c: Criterion, entries: list[Entry], calendar: Calendar) -> Iterator[tuple[str, str | None, list[Entry]]]:
    if c.streak is not None:
        yield from _streak(c, entries, calendar)
    elif c.period is not None:
        for index, group in sorted(by_period(entries, calendar, c.period).items()):
            evidence = reach(c, group, c.goal)
            if evidence is not None:
                name = calendar.name(index, c.period)
                yield name, name, evidence
    elif c.kind == "achievement" and c.repeat and c.each is None:
        yield from _multiples(c, entries)
    else:
        evidence = reach(c, entries, c.goal)
        if evidence is not None:
            yield "", None, evidence


def by_period(entries: Iterable[Entry], calendar: Calendar, period: Period) -> dict[int, list[Entry]]:
    """Entries by the calendar period they lie in, in order inside each."""
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(calendar.period(entry.day, period), []).append(entry)
    return groups


def measure(c: Criterion, entries: Iterable[Entry]) -> Number:
    """What the events add up to: their number, the different values, or the sum."""
    entries = list(entries)
    if c.distinct is not None:
        return len({e.value for e in entries})
    if c.sum is not None:
        return sum((_number(e) for e in entries), Decimal(0))
    return len(entries)


def _number(entry: Entry) -> Number:
    value = entry.value
    return value if isinstance(value, int | Decimal) else Decimal(0)


def reach(c: Criterion, entries: Iterable[Entry], goal: Number) -> list[Entry] | None:
    """The events that moved the progress to the goal, or None if it is not reached.

    With distinct: the first of each value.
    """
    evidence: list[Entry] = []
    seen: set[object] = set()
    total: Number = 0
    for entry in entries:
        if c.distinct is not None:
            if entry.value in seen:
                continue
            seen.add(entry.value)
        evidence.append(entry)
        total += _number(entry) if c.sum is not None else 1
        if total >= goal:
            return evidence
    return None


def _multiples(c: Criterion, entries: list[Entry]) -> Iterator[tuple[str, str | None, list[Entry]]]:
    """The k-th award comes when the progress reaches k times the goal (rules-exact 13)."""
    k = 1
    while (evidence := reach(c, entries, c.goal * k)) is not None and k <= c.repeat:
        yield str(k), None, evidence
        k += 1


def _streak(c: Criterion, entries: list[Entry], calendar: Calendar) -> Iterator[tuple[str, str | None, list[Entry]]]:
    if c.streak is None:
        return
    active: list[tuple[int, list[Entry]]] = []
    for index, group in sorted(by_period(entries, calendar, c.streak).items()):
        evidence = reach(c, group, c.at_least)
        if evidence is not None:
            active.append((index, evidence))
    goal = int(c.goal)
    for end in range(goal, len(active) + 1):
        run = active[end - goal : end]
        if run[-1][0] - run[0][0] + 1 - goal <= c.grace:
            yield "", calendar.name(run[-1][0], c.streak), [e for _, part in run for e in part]
            return
