"""Late and withdrawn events: what a kept state can say exactly about them. Where it cannot, the log is asked."""

from __future__ import annotations

from typing import Any

from core.calendar import Period
from core.criteria.axis import Axis
from core.criteria.caps import give_back
from core.criteria.criterion import Criterion, Entry
from core.criteria.steps import State, fill, frame_of, is_over, number
from core.criteria.tally import number_of


def late(c: Criterion, state: State, entry: Entry, axis: Axis) -> bool:
    """An event that is not in order: True if the state says exactly what it changes (and now holds it)."""
    if is_over(state, entry):
        return True
    if not _countable(c, state, entry, 1):
        return False
    cell = _cell_of(c, state, entry, axis)
    if cell is None or _after(c, cell, entry, 1) >= _next_goal(c, state):
        return False
    since = cell[3]
    fill(c, cell, entry)
    cell[3] = min(since, entry.at)
    return True


def drop(c: Criterion, state: State, entry: Entry, axis: Axis) -> bool:
    """A withdrawn event: True if the state says exactly what that changes (and no longer holds it)."""
    if is_over(state, entry):
        return True
    if c.within is not None:
        return _drop_from_window(c, state, entry)
    if c.streak is not None:
        return _drop_from_streak(c, c.streak, state, entry, axis)
    if not _countable(c, state, entry, -1) or "x" in state:
        return False
    if c.kind != "score" and not _drop_from_count(c, state, entry, axis):
        return False
    if c.limit is not None:
        give_back(c.limit, state.get("l", {}), entry, axis.calendar)
    if c.kind == "score":
        state["n"] = state.get("n", 0) - 1
    return True


def _drop_from_count(c: Criterion, state: State, entry: Entry, axis: Axis) -> bool:
    if (c.period is not None or c.seasonal) and _closed(c, state, entry, axis):
        return True
    cell = _cell_of(c, state, entry, axis)
    if cell is None or entry.last >= max(cell[2], entry.at + 1):
        return False  # a mark that decides when it settles: which one does then, only the log knows
    _take(c, cell, entry)
    if entry.at <= cell[3]:
        cell[3] = 0
    return True


def _countable(c: Criterion, state: State, entry: Entry, sign: int) -> bool:
    """Is it one open count, whose reached tiers all lie before the entry?"""
    if c.within or c.streak or c.best or c.every or "d" in state or (c.limit and sign > 0):
        return False
    if c.sum is not None and (sign > 0 or number_of(entry) < 0):
        return False  # where numbers may be negative, the goal may have been met between
    end = state.get("e")
    return end is None or entry.at > end


def _drop_from_streak(c: Criterion, streak: Period, state: State, entry: Entry, axis: Axis) -> bool:
    """One of several events of a period that counts with one; nothing was reached yet."""
    plain = c.at_least == 1 and not (c.distinct or c.sum or c.best or c.limit or c.rest or axis.paused or axis.void)
    if not plain or "d" in state or "t" in state:
        return False
    index, rows = axis.calendar.period(entry.day, streak), state.get("w", [])
    if rows and index < rows[0][0]:
        return len(rows) == int(c.rungs[-1].goal)  # of the periods before the last so many nothing is asked again
    row = next((r for r in rows if r[0] == index), None)
    if row is None or entry.last != entry.at or (row[4] == 1 and len(rows) == int(c.rungs[-1].goal)):
        return False  # an earlier period, long forgotten, may count again in its place
    row[4] -= 1
    if entry.at <= row[3]:
        row[3] = 0
    if not row[4]:
        rows.remove(row)
        state.pop("p", None)
    return True


def _cell_of(c: Criterion, state: State, entry: Entry, axis: Axis) -> list[Any] | None:
    """The open count that holds the entry; None where it is not open."""
    if c.period is None and not c.seasonal:
        cell: list[Any] | None = state.get("c")
        return cell
    period = state.get("p")
    return period[1] if period is not None and period[0] == frame_of(c, entry, axis) else None


def _closed(c: Criterion, state: State, entry: Entry, axis: Axis) -> bool:
    """Does it lie in an earlier period that never reached the goal? Then nothing rests on it."""
    period, index = state.get("p"), frame_of(c, entry, axis)
    return period is not None and index < period[0] and index not in state.get("g", ())


def _next_goal(c: Criterion, state: State) -> Any:
    if c.repeat and c.period is None and not c.seasonal:
        return c.goal * (state.get("r", 0) + 1)
    return c.rungs[state.get("t", 0)].goal


def _after(c: Criterion, cell: list[Any], entry: Entry, sign: int) -> Any:
    """What the count would stand at with (or without) the entry."""
    value = number(cell[0])
    if c.sum is not None:
        return value + sign * entry.value  # type: ignore[operator] # values of a sum are numbers
    if c.distinct is not None and str(entry.value) in cell[4]:
        return value
    return value + sign


def _take(c: Criterion, cell: list[Any], entry: Entry) -> None:
    if c.distinct is not None:
        value = str(entry.value)
        cell[4][value] -= 1
        if cell[4][value]:
            return
        del cell[4][value]
    if c.sum is not None:
        cell[0] = str(_after(c, cell, entry, -1))
    else:
        cell[0] -= 1
    cell[1] -= entry.weight


def _drop_from_window(c: Criterion, state: State, entry: Entry) -> bool:
    if "t" in state or "d" in state or c.limit is not None:
        return False
    if c.sum is not None:
        return False  # numbers may be negative: without one the window may have reached the goal, or another does
    key = list(entry[:3])
    state["b"] = [row for row in state.get("b", ()) if row[4:7] != key]
    return True
