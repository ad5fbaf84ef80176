"""Steps one after the other, event by event: the fast way to what `completed` says.

The state is plain JSON: `k` the latest event seen, `d` the event that completed all, `s` the step that is next with `n`
of its events and `a` when the step before was done; with `within` instead `q`, the events of the window as rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.criteria.chains import completed
from core.criteria.combining import Combination, unit_of
from core.criteria.criterion import Entry
from core.criteria.steps import State

Event = tuple[int, Entry]
"""Which step an event is for, and the event."""


def advance(c: Combination, state: State, step: int, entry: Entry) -> bool:
    """Take one more event, which must be in order. True if it completes all steps."""
    if "d" in state:
        return False
    state["k"] = entry[:3]
    done = _in_window(c, state, step, entry) if c.within is not None else _next(c, state, step, entry)
    if done:
        state.clear()
        state["d"] = entry[:3]
    return done


def in_order(state: State, entry: Entry) -> bool:
    """Is the entry later than everything this state has seen?"""
    latest = state.get("d") or state.get("k")
    return latest is None or entry[:3] > tuple(latest)


def is_over(state: State, entry: Entry) -> bool:
    """Does the entry lie after the event that completed all?"""
    end = state.get("d")
    return end is not None and entry[:3] > tuple(end)


def rebuild(c: Combination, events: Iterable[Event]) -> State:
    """The state after all these events."""
    state: State = {}
    for step, entry in sorted(events, key=lambda e: (e[1][:3], e[0])):
        advance(c, state, step, entry)
    return state


def _next(c: Combination, state: State, step: int, entry: Entry) -> bool:
    at = state.get("s", 0)
    if step != at or entry.at <= state.get("a", entry.at - 1):
        return False
    state["n"] = state.get("n", 0) + 1
    if int(state["n"]) < c.leaves[at].goal:
        return False
    state.update(s=at + 1, n=0, a=entry.at)
    return bool(at + 1 == len(c.leaves))


def _in_window(c: Combination, state: State, step: int, entry: Entry) -> bool:
    unit, within = unit_of(c.within), c.within
    if within is None:
        return False
    first = unit(entry) - within.length
    rows = [row for row in state.get("q", ()) if row[1] > first]
    state["q"] = [*rows, [step, unit(entry), *entry[:3]]]
    found: list[list[Entry]] = [[] for _ in c.leaves]
    for number, day, at, source, id_ in state["q"]:
        found[number].append(Entry(at, source, id_, True, 1, at, None, "", None, 0, day))
    if any(len(there) < leaf.goal for there, leaf in zip(found, c.leaves, strict=True)):
        return False
    return completed(c.leaves, found, c.ordered, within.length, lambda e: e.day) is not None
