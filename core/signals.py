"""Signal events: what a signal says while its goal is met, dated at the thing it is about (rules-exact 33, 34)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.calendar import Calendar
from core.criteria.axis import Axis
from core.criteria.criterion import DATED, Criterion, Entry
from core.criteria.tally import by_period, goal_met
from core.events import Fact, Value
from core.members import Member


@dataclass(frozen=True, slots=True)
class SignalEvent:
    """One event of a signal. `weight` marks made it, the latest at `last`; `marks`: the entries up to the goal."""

    fact: Fact
    weight: int
    last: int
    marks: tuple[Entry, ...]


def emitted(
    c: Criterion,
    member: Member,
    counted: Sequence[Entry],
    facts: Mapping[tuple[str, str], Fact],
    axis: Axis,
) -> list[SignalEvent]:
    """The events of a signal for one member, from its counted entries (in order) and the facts behind them."""
    groups: dict[str, list[Entry]] = {}
    for entry in counted:
        groups.setdefault(entry.thing if c.each is not None else "", []).append(entry)
    found: list[SignalEvent] = []
    for thing, group in groups.items():
        if c.period is None:
            parts: Iterable[tuple[int | None, list[Entry]]] = [(None, group)]
        else:
            parts = by_period(group, axis.calendar, c.period).items()
        found += [e for i, part in parts if (e := _event(c, member, thing, i, part, facts, axis)) is not None]
    return found


def _event(
    c: Criterion,
    member: Member,
    thing: str,
    index: int | None,
    group: list[Entry],
    facts: Mapping[tuple[str, str], Fact],
    axis: Axis,
) -> SignalEvent | None:
    marks = goal_met(c, group, axis)
    if marks is None:
        return None
    name = "" if index is None or c.period is None else axis.calendar.name(index, c.period)
    shared = agreed(facts[(e.source, e.id)].facts for e in group)
    if c.each is not None:
        shared.setdefault(c.each, thing)
        shared["object"] = thing.removeprefix(
            "\0"
        )  # what the event is about, whatever else its marks agree on (rules-exact 6)
    sources = {_origin(facts[e.source, e.id]) for e in group}
    if len(sources) == 1:
        shared["source"] = sources.pop()
    fact = Fact(
        source=c.id,
        id=f"{thing}/{name}" if name else thing,
        type=c.id,
        at=_date(c, index, group, marks, axis.calendar),
        actor=member,
        author=None,
        target=None,
        participants=(),
        facts=shared,
    )
    return SignalEvent(fact, sum(e.weight for e in marks), max(e.last for e in marks), tuple(marks))


def _origin(fact: Fact) -> str:
    """The source of a fact; a signal event carries that of its marks as a fact."""
    return str(fact.facts.get("source", fact.source))


def _date(c: Criterion, index: int | None, group: list[Entry], marks: list[Entry], calendar: Calendar) -> int:
    """Where the event lies in time: never where the last mark happened to arrive."""
    if index is not None and c.period is not None:
        return calendar.first_instant(index, c.period)
    if c.each in DATED:
        made = [e.made for e in group if e.made is not None]
        return min(made) if made else min(e.at for e in group)
    return marks[-1].at


def agreed(facts: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """The facts on which all agree."""
    shared: dict[str, Value] | None = None
    for each in facts:
        together = each if shared is None else shared
        shared = {k: v for k, v in together.items() if k in each and each[k] == v}
    return shared or {}
