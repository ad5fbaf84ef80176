"""One more event for a rule, later than all it has seen: the fast way to what `tally` says.

The state is plain JSON. Keys: `k` the latest event seen, `d` the event that finished a rule earned once, `l` counters
of the limit, `c` the open count, `p` the open period with its count, `w` the active periods of a streak, `r` goals
reached, `n` events that a score rule counted. An open count is [number, weight, last, since, values].
Whatever cannot be said exactly here is recounted from the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.calendar import Calendar, Period
from core.criteria.caps import admit, prune
from core.criteria.criterion import Criterion, Entry, Met, Number

State = dict[str, Any]


def in_order(state: State, entry: Entry) -> bool:
    """Is the entry later than everything this state has seen?"""
    latest = state.get("d") or state.get("k")
    return latest is None or entry[:3] > (latest[0], latest[1], latest[2])


def step(c: Criterion, state: State, entry: Entry, calendar: Calendar) -> list[Met]:
    """Count one more event, which must be in order. Returns the goals that it reached."""
    if "d" in state:
        return []
    state["k"] = entry[:3]
    if c.simple:
        return _simple_step(c, state, entry)
    if not _admitted(c, state, entry, calendar):
        return []
    if c.kind == "score":
        state["n"] = state.get("n", 0) + 1
        return []
    if c.streak is not None:
        return _streak(c, c.streak, state, entry, calendar)
    if c.period is not None:
        return _periods(c, c.period, state, entry, calendar)
    return _plain(c, state, entry)


def rebuild(c: Criterion, entries: Iterable[Entry], calendar: Calendar) -> State:
    """The state after all these events, in order of (at, source, id)."""
    state: State = {}
    for entry in entries:
        step(c, state, entry, calendar)
    return state


def late(c: Criterion, state: State, entry: Entry) -> bool:
    """An event that is not in order: True if the state says exactly what it changes (and now holds it)."""
    if is_over(state, entry):
        return True
    cell = state.get("c")
    if not _simple(c) or cell is None or "d" in state or cell[0] + 1 >= c.goal:
        return False
    _count(cell, entry, 1)
    cell[3] = min(cell[3], entry.at)
    return True


def drop(c: Criterion, state: State, entry: Entry) -> bool:
    """A withdrawn event: True if the state says exactly what that changes (and no longer holds it)."""
    if is_over(state, entry):
        return True
    cell = state.get("c")
    if not _simple(c) or cell is None or "d" in state:
        return False
    if entry.at <= cell[3] or entry.last >= cell[2]:
        return False  # the first or the latest goes: what comes in its place, only the log knows
    _count(cell, entry, -1)
    return True


def is_over(state: State, entry: Entry) -> bool:
    """Does the entry lie after the event that finished the rule? Then neither its coming nor its going matters."""
    end = state.get("d")
    return end is not None and entry[:3] > (end[0], end[1], end[2])


def _simple(c: Criterion) -> bool:
    return not (c.distinct or c.sum or c.period or c.streak or c.limit or c.repeat)


def _admitted(c: Criterion, state: State, entry: Entry, calendar: Calendar) -> bool:
    if c.limit is None:
        return True
    counters = state.setdefault("l", {})
    prune(c.limit, counters, entry, calendar)
    return admit(c.limit, counters, entry, calendar)


def _cell(entry: Entry) -> list[Any]:
    return [0, 0, entry.last, entry.at, {}]


def _count(cell: list[Any], entry: Entry, sign: int) -> None:
    cell[0] += sign
    cell[1] += sign * entry.weight
    cell[2] = max(cell[2], entry.last)


def _number(written: int | str) -> Number:
    return Decimal(written) if isinstance(written, str) else written


def _fill(c: Criterion, cell: list[Any], entry: Entry) -> Number:
    """Add an event to an open count; what it then stands at. A value that was there before adds nothing."""
    if c.distinct is not None:
        value = str(entry.value)
        if value in cell[4]:
            return _number(cell[0])
        cell[4][value] = 1
    cell[1] += entry.weight
    cell[2] = max(cell[2], entry.last)
    if c.sum is None:
        cell[0] += 1
        return int(cell[0])
    total = _number(cell[0]) + entry.value  # type: ignore[operator] # values of a sum are numbers
    cell[0] = str(total)
    return total


def _simple_step(c: Criterion, state: State, entry: Entry) -> list[Met]:
    """`_plain` for the rules that only count, which are most."""
    cell = state.get("c")
    if cell is None:
        cell = state["c"] = [0, 0, entry.last, entry.at, {}]
    cell[0] += 1
    cell[1] += entry.weight
    if entry.last > cell[2]:
        cell[2] = entry.last
    if cell[0] < c.goal:
        return []
    _finish(c, state, entry)
    return [Met("", None, entry[:3], cell[1], cell[2], cell[3], "")]


def _plain(c: Criterion, state: State, entry: Entry) -> list[Met]:
    cell = state.get("c") or state.setdefault("c", _cell(entry))
    total = _fill(c, cell, entry)
    if not c.repeat:
        return [_met("", None, cell, entry)] * _finish(c, state, entry) if total >= c.goal else []
    found = []
    while total >= c.goal * (state.get("r", 0) + 1) and state.get("r", 0) < c.repeat:
        state["r"] = state.get("r", 0) + 1
        found.append(_met(str(state["r"]), None, cell, entry))
    return found


def _finish(c: Criterion, state: State, entry: Entry) -> int:
    """A rule that is earned once has nothing more to count."""
    state.clear()
    state["d"] = entry[:3]
    return 1


def _met(occurrence: str, period: str | None, cell: list[Any], entry: Entry) -> Met:
    return Met(occurrence, period, entry[:3], cell[1], cell[2], cell[3], "")


def _periods(c: Criterion, period: Period, state: State, entry: Entry, calendar: Calendar) -> list[Met]:
    index = calendar.period(entry.day, period)
    cell = _open(state, index, entry)
    if cell is None or _fill(c, cell, entry) < c.goal:
        return []
    name = calendar.name(index, period)
    state["p"][1] = None
    if c.once:
        _finish(c, state, entry)
        return [_met("", name, cell, entry)]
    state["r"] = state.get("r", 0) + 1
    if state["r"] >= c.repeat:
        _finish(c, state, entry)
    return [_met(name, name, cell, entry)]


def _open(state: State, index: int, entry: Entry) -> list[Any] | None:
    """The open count of the event's period; None when its goal is reached already."""
    period = state.get("p")
    if period is None or period[0] != index:
        period = state["p"] = [index, _cell(entry)]
    cell: list[Any] | None = period[1]
    return cell


def _streak(c: Criterion, streak: Period, state: State, entry: Entry, calendar: Calendar) -> list[Met]:
    index = calendar.period(entry.day, streak)
    cell = _open(state, index, entry)
    if cell is None or _fill(c, cell, entry) < c.at_least:
        return []
    state["p"][1] = None
    goal = int(c.goal)
    run = state["w"] = [*state.get("w", []), [index, cell[1], cell[2], cell[3]]][-goal:]
    if len(run) < goal or index - run[0][0] + 1 - goal > c.grace:
        return []
    _finish(c, state, entry)
    weight, last = sum(p[1] for p in run), max(p[2] for p in run)
    return [Met("", calendar.name(index, streak), entry[:3], weight, last, run[0][3], "")]
