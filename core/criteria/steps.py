"""One more event for a rule, later than all it has seen: the fast way to what `tally` says.

The state is plain JSON. Keys: `k` when the latest event was, `d` when the one was that finished a rule earned once,
`l` counters of the limit, `c` the open count, `p` the open period with its count, `g` periods that reached the goal,
`w` the active periods of a streak, `b` the events of a window, `t` how many tiers are reached and `e` when the last
was, `r` goals reached, `n` events that a score rule counted, `v` days that make their window void, `x` that a limit
refused something. An open count is [number, weight, last, since], with `distinct` also the values and how often each
was there. `last` is the latest mark of those that came later than their event, else 0; since is 0 where only the log
knows it. Whatever cannot be said exactly here is recounted from the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.calendar import Period
from core.criteria.axis import Axis
from core.criteria.caps import admit_next
from core.criteria.criterion import Criterion, Entry, Met, Number, Rung, Within
from core.criteria.tally import days_in, reach

State = dict[str, Any]


def in_order(state: State, entry: Entry) -> bool:
    """Is the entry surely later than everything this state has seen? Of two at the same instant nobody knows."""
    latest = state.get("k")
    if latest is None:
        latest = state.get("d")
    return latest is None or entry.at > latest


def step(c: Criterion, state: State, entry: Entry, axis: Axis) -> list[Met]:
    """Count one more event, which must be in order. Returns the goals that it reached."""
    if "d" in state:
        return []
    state["k"] = entry.at
    if c.simple:
        return _simple_step(state, entry, c.goal)
    if c.limit is not None and not _admitted(c, state, entry, axis):
        return []
    if c.kind == "score":
        state["n"] = state.get("n", 0) + 1
        return []
    if c.streak is not None:
        return _streak(c, c.streak, state, entry, axis)
    if c.period is not None or c.seasonal:
        return _periods(c, state, entry, axis)
    if c.within is not None:
        return _window(c, c.within, state, entry, axis)
    return _plain(c, state, entry)


def rebuild(c: Criterion, entries: Iterable[Entry], axis: Axis) -> State:
    """The state after all these events, in order of (at, source, id)."""
    state: State = {"v": sorted(axis.void)} if axis.void else {}
    for entry in entries:
        step(c, state, entry, axis)
    return state


def is_over(state: State, entry: Entry) -> bool:
    """Does the entry lie after the event that finished the rule? Then neither its coming nor its going matters."""
    end = state.get("d")
    return end is not None and entry.at > end


def is_open(state: State) -> bool:
    """Has no goal been reached?"""
    return not ("d" in state or "t" in state or "r" in state or "g" in state)


def _admitted(c: Criterion, state: State, entry: Entry, axis: Axis) -> bool:
    if c.limit is None:
        return True
    counters = state.setdefault("l", {})
    counts = admit_next(c.limit, counters, entry, axis.calendar)
    if not counts:
        state["x"] = 1
    return counts


def new_cell(c: Criterion, entry: Entry) -> list[Any]:
    """An open count that begins with this event, before it is counted."""
    return [0, 0, 0, entry.at] if c.distinct is None else [0, 0, 0, entry.at, {}]


def number(written: int | str) -> Number:
    """A count as a state keeps it."""
    return Decimal(written) if isinstance(written, str) else written


def fill(c: Criterion, cell: list[Any], entry: Entry) -> Number:
    """Add an event to an open count; what it then stands at. A value that was there before adds nothing."""
    if c.distinct is not None:
        value = str(entry.value)
        cell[4][value] = cell[4].get(value, 0) + 1
        if cell[4][value] > 1:
            return number(cell[0])
    if c.best is not None:
        return _better(cell, entry)
    cell[1] += entry.weight
    if entry.last > entry.at:
        cell[2] = max(cell[2], entry.last)
    if c.sum is None:
        cell[0] += 1
        return int(cell[0])
    total = number(cell[0]) + entry.value  # type: ignore[operator] # values of a sum are numbers
    cell[0] = str(total)
    return total


def _better(cell: list[Any], entry: Entry) -> Number:
    """With `best` one event alone is what counts: the latest, of which the rest is told."""
    cell[1:4] = [entry.weight, entry.last if entry.last > entry.at else 0, entry.at]
    value = entry.value
    cell[0] = str(value)
    return value if isinstance(value, int | Decimal) else Decimal(0)


def _simple_step(state: State, entry: Entry, goal: Number) -> list[Met]:
    """`_plain` for the rules that only count, which are most."""
    cell = state.get("c")
    if cell is None:
        cell = state["c"] = [0, 0, 0, entry.at]
    cell[0] += 1
    cell[1] += entry.weight
    if entry.last > entry.at and entry.last > cell[2]:
        cell[2] = entry.last
    if cell[0] < goal:
        return []
    _finish(state, entry)
    return [_met(cell, entry)]


def _plain(c: Criterion, state: State, entry: Entry) -> list[Met]:
    cell = state.get("c") or state.setdefault("c", new_cell(c, entry))
    total = fill(c, cell, entry)
    if total < _next_goal(c, state):
        return []
    if not c.repeat:
        return _climb(c, state, entry, lambda rung: _met(cell, entry, rung.tier) if total >= rung.goal else None)
    found = []
    while total >= c.goal * (state.get("r", 0) + 1) and state.get("r", 0) < c.repeat:
        state["r"], state["e"] = state.get("r", 0) + 1, entry.at
        found.append(_met(cell, entry)._replace(occurrence=str(state["r"])))
    return found


def _next_goal(c: Criterion, state: State) -> Number:
    """What is to be reached next, without a time frame."""
    return c.goal * (state.get("r", 0) + 1) if c.repeat else c.rungs[state.get("t", 0)].goal


def _climb(c: Criterion, state: State, entry: Entry, reached: Any) -> list[Met]:
    """The tiers that this event reaches, after those that are reached already; done with the last."""
    found: list[Met] = []
    for rung in c.rungs[state.get("t", 0) :]:
        met = reached(rung)
        if met is None:
            break
        found.append(met)
    if found:
        state["t"] = state.get("t", 0) + len(found)
        state["e"] = entry.at
        if state["t"] == len(c.rungs):
            _finish(state, entry)
    return found


def _finish(state: State, entry: Entry) -> None:
    """A rule that is earned once has nothing more to count."""
    state.clear()
    state["d"] = entry.at


def _met(cell: list[Any], entry: Entry, tier: str = "") -> Met:
    return Met("", None, entry[:3], cell[1], max(cell[2], entry.at), cell[3], "", tier)


def frame_of(c: Criterion, entry: Entry, axis: Axis) -> int:
    """The period or season that an event lies in."""
    if c.period is None:
        return (c.days.instance(entry.day) if c.days else 0) or 0
    return axis.calendar.period(entry.day, c.period)


def _periods(c: Criterion, state: State, entry: Entry, axis: Axis) -> list[Met]:
    index = frame_of(c, entry, axis)
    cell = _open(c, state, index, entry) if c.period is None or not axis.barred(index, c.period) else None
    goal = days_in(index, c.period, axis.calendar) if c.every and c.period else c.goal
    if cell is None or fill(c, cell, entry) < goal:
        return []
    name = axis.calendar.name(index, c.period) if c.period else str(index)
    met = _met(cell, entry)._replace(occurrence=name, period=name if c.period else None)
    state["p"][1] = None
    if c.once:
        _finish(state, entry)
        return [met._replace(occurrence="")]
    state["r"] = state.get("r", 0) + 1
    state.setdefault("g", []).append(index)
    if c.repeat and state["r"] >= c.repeat:
        _finish(state, entry)
    return [met]


def _open(c: Criterion, state: State, index: int, entry: Entry) -> list[Any] | None:
    """The open count of the event's period; None when its goal is reached already."""
    period = state.get("p")
    if period is None or period[0] != index:
        period = state["p"] = [index, new_cell(c, entry)]
    cell: list[Any] | None = period[1]
    return cell


def _streak(c: Criterion, streak: Period, state: State, entry: Entry, axis: Axis) -> list[Met]:
    if (c.rest or axis.paused) and axis.resting(c, entry.day):
        return []
    index = axis.calendar.period(entry.day, streak)
    cell = _open(c, state, index, entry) if not axis.barred(index, streak) else None
    if cell is None and state.get("w") and state["w"][-1][0] == index:
        state["w"][-1][4] += 1
    if cell is None or fill(c, cell, entry) < c.at_least:
        return []
    state["p"][1] = None
    most = int(c.rungs[-1].goal)
    run = state["w"] = [*state.get("w", []), [index, cell[1], cell[2], cell[3], 1]][-most:]
    if len(run) < c.rungs[state.get("t", 0)].goal:
        return []
    name = axis.calendar.name(index, streak)

    def reached(rung: Rung) -> Met | None:
        last = run[-int(rung.goal) :]
        if len(last) < rung.goal or not _unbroken(c, last, axis):
            return None
        weight, latest = sum(p[1] for p in last), max(entry.at, *(p[2] for p in last))
        return Met("", name, entry[:3], weight, latest, last[0][3], "", rung.tier)

    return _climb(c, state, entry, reached)


def _unbroken(c: Criterion, run: list[list[int]], axis: Axis) -> bool:
    missed = 0
    for before, after in zip(run, run[1:], strict=False):  # noqa: RUF007 - slices cost less than a tee here
        missed += axis.misses(c, before[0], after[0])
    return missed <= c.grace


def _window(c: Criterion, within: Within, state: State, entry: Entry, axis: Axis) -> list[Met]:
    unit = axis.unit(c, entry)
    value = str(entry.value) if not isinstance(entry.value, bool | int) else entry.value
    row = [unit, value, entry.weight, entry.last, *entry[:3]]
    rows = state["b"] = [*(r for r in state.get("b", ()) if r[0] > unit - within.length), row]
    if not _numerous(c, rows):
        return []

    def reached(rung: Rung) -> Met | None:
        evidence = reach(c, (_entry(c, r) for r in rows), rung.goal)
        if evidence is None:
            return None
        weight, latest = sum(e.weight for e in evidence), max(e.last for e in evidence)
        return Met("", None, entry[:3], weight, latest, evidence[0].at, "", rung.tier)

    return _climb(c, state, entry, reached)


def _numerous(c: Criterion, rows: list[Any]) -> bool:
    """May the lowest goal be reached by so many events?"""
    return c.sum is not None or c.best is not None or len(rows) >= c.rungs[0].goal


def _entry(c: Criterion, row: list[Any]) -> Entry:
    """An event of a window, as far as counting needs it."""
    value = Decimal(row[1]) if (c.sum or c.best) and isinstance(row[1], str) else row[1]
    return Entry(row[4], row[5], row[6], value, row[2], row[3], None, "", None, 0, row[0])
