"""Steps: events of several kinds, one after the other or in any order, for one member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from core.criteria.criterion import Criterion, Entry

Unit = Callable[[Entry], int]


def completed(
    steps: Sequence[Criterion], found: Sequence[Sequence[Entry]], ordered: bool, length: int | None, unit: Unit
) -> list[Entry] | None:
    """The events that complete all steps at the earliest, in order of time; None if they are not complete.

    `found`: the events of each step, in order. `length`: in how many hours or days in a row (`unit` of an event) they
    must lie. Among chains that end with the same event: the one whose events come earliest.
    """
    goals = [int(step.goal) for step in steps]
    complete = _chain if ordered else _checklist
    if length is None:
        return complete(found, goals)
    best: list[Entry] | None = None
    for start in sorted({unit(e) for events in (found[:1] if ordered else found) for e in events}):
        inside = [[e for e in events if start <= unit(e) < start + length] for events in found]
        chain = complete(inside, goals)
        if chain is not None and (best is None or chain[-1][:3] < best[-1][:3]):
            best = chain
    return best


def reached_steps(steps: Sequence[Criterion], found: Sequence[Sequence[Entry]], ordered: bool) -> int:
    """How many steps are done so far, of the longest beginning that fits."""
    goals = [int(step.goal) for step in steps]
    if not ordered:
        return sum(len(events) >= goal for events, goal in zip(found, goals, strict=True))
    done = 0
    while done < len(goals) and _chain(found[: done + 1], goals[: done + 1]) is not None:
        done += 1
    return done


def _chain(found: Sequence[Sequence[Entry]], goals: Sequence[int]) -> list[Entry] | None:
    """Each step's events are all strictly later than the last event of the step before (rules-exact 36)."""
    taken: list[Entry] = []
    after: int | None = None
    for events, goal in zip(found, goals, strict=True):
        fit = [e for e in events if after is None or e.at > after][:goal]
        if len(fit) < goal:
            return None
        taken += fit
        after = fit[-1].at
    return taken


def _checklist(found: Sequence[Sequence[Entry]], goals: Sequence[int]) -> list[Entry] | None:
    """One event may tick several steps (rules-exact 37)."""
    taken: list[Entry] = []
    for events, goal in zip(found, goals, strict=True):
        if len(events) < goal:
            return None
        taken += events[:goal]
    return in_time(taken)


def in_time(entries: Iterable[Entry]) -> list[Entry]:
    """Each event once, in order of time."""
    return sorted({(e.source, e.id): e for e in entries}.values(), key=lambda e: e[:3])
