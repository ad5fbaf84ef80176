"""What is kept about a member so that one more event costs little: counts per rule, and per thing for `each`.

Everything here can be thrown away and rebuilt from the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from core.calendar import Calendar
from core.criteria.caps import admitted
from core.criteria.criterion import Criterion, Entry
from core.criteria.steps import State, rebuild
from core.events import content_of, fact_from
from core.members import Member
from core.signals import SignalEvent

Key = tuple[Member, str]
Blob = dict[str, State]
WHOLE = ""


class States(Protocol):
    """Blobs by (member, shard): a dict of rule key -> state. What is changed must be marked."""

    def get(self, key: Key) -> Blob: ...

    def changed(self, key: Key) -> None: ...


@dataclass(slots=True)
class Shard:
    """The entries of one rule for one thing (and period), and what a signal said about it last."""

    entries: list[Entry] = field(default_factory=list)
    said: SignalEvent | None = None


def is_wide(c: Criterion, signals: Iterable[str]) -> bool:
    """Must it always be recounted from the log: do its caps reach over several things, or does it rest on signals?"""
    if not (c.kind == "signal" or c.grouped):
        return False
    return not c.types.isdisjoint(signals) or (c.limit is not None and not c.limit.by_thing)


def shard_name(c: Criterion, entry: Entry, calendar: Calendar) -> str:
    """Which part of a grouped rule's state an event belongs to; never the whole."""
    thing = entry.thing if c.each is not None else ""
    if c.period is None:
        return f"{thing}\n"
    return f"{thing}\n{calendar.period(entry.day, c.period)}"


def event_id(c: Criterion, shard: str, calendar: Calendar) -> str:
    """The id of the signal event that a shard makes."""
    thing, _, index = shard.rpartition("\n")
    thing = thing if c.each is not None else ""
    name = calendar.name(int(index), c.period) if c.period is not None else ""
    return f"{thing}/{name}" if name else thing


def read_shard(c: Criterion, state: State) -> Shard:
    rows = (_entry(c, row) for row in state.get("q", ()))
    return Shard(list(rows), _said(c, state.get("x")))


def write_shard(shard: Shard) -> State:
    state: State = {"q": [_row(e) for e in shard.entries]} if shard.entries else {}
    if shard.said is not None:
        state["x"] = pack(shard.said)
    return state


def pack(event: SignalEvent) -> list[Any]:
    """A signal event as JSON; its marks are not needed again."""
    f = event.fact
    return [f.id, f.at, f.actor, event.weight, event.last, content_of(f).decode()]


def unpack(signal: str, row: list[Any]) -> SignalEvent:
    return SignalEvent(fact_from(signal, row[0], row[1], row[5].encode()), row[3], row[4], ())


def _said(c: Criterion, row: list[Any] | None) -> SignalEvent | None:
    return None if row is None else unpack(c.id, row)


def _row(e: Entry) -> list[Any]:
    return [str(v) if isinstance(v, Decimal) else v for v in e]


def _entry(c: Criterion, row: list[Any]) -> Entry:
    if c.sum is not None and isinstance(row[3], str):
        row = [*row[:3], Decimal(row[3]), *row[4:]]
    return Entry(*row)


def rebuilt(c: Criterion, entries: Iterable[Entry], calendar: Calendar) -> State:
    """The state of a rule that is kept whole, after all its events."""
    return rebuild(c, sorted(entries, key=lambda e: e[:3]), calendar)


def shards(c: Criterion, entries: Iterable[Entry], calendar: Calendar) -> dict[str, list[Entry]]:
    """Entries by shard, in order."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: e[:3]):
        found.setdefault(shard_name(c, entry, calendar), []).append(entry)
    return found


def counted_in(c: Criterion, shard: Shard, calendar: Calendar) -> list[Entry]:
    shard.entries.sort(key=lambda e: e[:3])
    return admitted(c.limit, shard.entries, calendar)
