"""Conditions made of conditions: steps, all, any. One function says when any condition was met, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from core.criteria.axis import HOUR, Axis
from core.criteria.chains import completed, in_time
from core.criteria.criterion import Criterion, Days, Entry, Met, Within
from core.criteria.tally import Goal, chosen, goals

EntriesOf = Callable[[Criterion], list[Entry]]
AxisOf = Callable[[Criterion], Axis]


@dataclass(frozen=True, eq=False)
class Combination:
    """`goal`: how many parts `any` needs (all of them otherwise). `same`: the fact that all must agree on."""

    kind: Literal["all", "any", "steps"]
    parts: tuple[Condition, ...]
    goal: int
    same: str | None = None
    ordered: bool = True
    within: Within | None = None
    days: Days | None = None
    repeat: int = 0

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """Everything in it that counts events."""
        return tuple(leaf for part in self.parts for leaf in leaves(part))


Condition = Criterion | Combination


def leaves(condition: Condition | None) -> tuple[Criterion, ...]:
    """The criteria that a condition is made of."""
    if condition is None:
        return ()
    return (condition,) if isinstance(condition, Criterion) else condition.leaves


def reached(condition: Condition, entries_of: EntriesOf, axis_of: AxisOf) -> list[Goal]:
    """Every goal reached, each with its evidence, in order of time. `entries_of`: what counts, in order."""
    if isinstance(condition, Criterion):
        return goals(condition, entries_of(condition), axis_of(condition))
    found: list[Goal] = []
    for name, part_of in _scopes(condition, entries_of):
        evidence = _complete(condition, part_of, axis_of)
        if evidence is not None:
            last = evidence[-1]
            weight, latest = sum(e.weight for e in evidence), max(e.last for e in evidence)
            found.append((Met(name, None, last[:3], weight, latest, evidence[0].at, ""), evidence))
    found.sort(key=lambda m: (m[0].key, m[0].occurrence))
    return found


def awarded_once(condition: Condition, found: list[Goal]) -> list[Goal]:
    """What is awarded of the goals reached."""
    if isinstance(condition, Criterion):
        return chosen(condition, found)
    return found[: condition.repeat] if condition.repeat else [(m._replace(occurrence=""), e) for m, e in found[:1]]


def _scopes(condition: Combination, entries_of: EntriesOf) -> Iterator[tuple[str, EntriesOf]]:
    """Where all parts must be met together: inside one season, and about the same thing."""
    keys = {(_instance(condition, e), e.mark) for leaf in condition.leaves for e in entries_of(leaf)}
    if condition.same is None:
        keys = {(instance, None) for instance, _ in keys}
    for instance, mark in sorted(keys, key=lambda k: (k[0], k[1] or "")):
        name = "/".join(part for part in (instance, mark or "") if part)

        def part_of(leaf: Criterion, instance: str = instance, mark: str | None = mark) -> list[Entry]:
            there = (e for e in entries_of(leaf) if _instance(condition, e) == instance)
            return [e for e in there if condition.same is None or e.mark == mark]

        yield name, part_of


def _instance(condition: Combination, entry: Entry) -> str:
    days = condition.days
    return "" if days is None or days.season is None else str(days.instance(entry.day))


def _complete(condition: Combination, entries_of: EntriesOf, axis_of: AxisOf) -> list[Entry] | None:
    """The evidence of a combination, in order of time, or None."""
    if condition.kind == "steps":
        return _steps(condition, entries_of)
    met: list[tuple[tuple[int, str, str], int, list[Entry]]] = []
    for number, part in enumerate(condition.parts):
        first = awarded_once(part, reached(part, entries_of, axis_of))
        met += [(first[0][0].key, number, first[0][1])] if first else []
    if len(met) < condition.goal:
        return None
    met.sort(key=lambda m: (m[0][0], m[1]))
    return in_time(e for _, _, evidence in met[: condition.goal] for e in evidence)


def _steps(condition: Combination, entries_of: EntriesOf) -> list[Entry] | None:
    steps = condition.leaves
    found = [sorted(entries_of(step), key=lambda e: e[:3]) for step in steps]
    within = condition.within
    return completed(steps, found, condition.ordered, within.length if within else None, unit_of(within))


def unit_of(within: Within | None) -> Callable[[Entry], int]:
    """The hour or the day of an event, as a window counts them."""
    if within is not None and within.unit == "hour":
        return lambda e: e.at // HOUR
    return lambda e: e.day
