"""What is kept about a member so that one more event costs little: counts per rule, and per thing for `each`.

Everything here can be thrown away and rebuilt from the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from core.calendar import Calendar
from core.criteria.axis import Axis
from core.criteria.caps import admitted
from core.criteria.combining import Combination
from core.criteria.criterion import Cancel, Criterion, Entry
from core.criteria.steps import State, rebuild
from core.events import content_of, fact_from
from core.members import Member
from core.plan import Plan, Way
from core.signals import SignalEvent
from core.wanted import ENGINE_TYPES

Key = tuple[Member, str]
Blob = dict[str, State]
WHOLE = ""
_SHORT = 6


class States(Protocol):
    """Blobs by (member, shard): a dict of rule key -> state. What is changed must be marked."""

    def get(self, key: Key) -> Blob: ...

    def changed(self, key: Key) -> None: ...

    def load(self, tx: Blobs, keys: Iterable[Key]) -> None:
        """Make sure that these are here."""
        ...

    def save(self, tx: Blobs) -> None:
        """Write what was changed."""
        ...


class Blobs(Protocol):
    """Where blobs are kept, as bytes."""

    def blobs(self, keys: Iterable[Key]) -> dict[Key, bytes]: ...

    def save_blobs(self, rows: Mapping[Key, bytes]) -> None: ...


@dataclass(slots=True)
class Shard:
    """The entries of one rule for one thing (and period), and what a signal said about it last."""

    entries: list[Entry] = field(default_factory=list)
    said: SignalEvent | None = None


def way_of(c: Criterion, plan: Plan) -> Way:
    """The cheapest way that is exact for a rule."""
    found = plan.ways.get(c.key)
    if found is None:
        found = plan.ways[c.key] = _way_of(c, plan)
    return found


def is_straight(c: Criterion, plan: Plan) -> bool:
    """Is a rule kept as one state that nothing else must be asked for? Then its events are taken one by one as they
    come, all rules of a member together."""
    found = plan.straight.get(c.key)
    if found is None:
        alone = c.unless is None and c.types.isdisjoint(plan.signals)
        found = plan.straight[c.key] = alone and way_of(c, plan) == "whole"
    return found


def _way_of(c: Criterion, plan: Plan) -> Way:
    if not c.types.isdisjoint(ENGINE_TYPES) or _from_log(c):
        return "log"
    if c.top is not None:
        return "closing"
    if c.parent is not None:
        return _part_way(c, plan)
    if c.whose != "member":
        return "log" if c.grouped or not c.types.isdisjoint(plan.signals) else "whole"
    if c.kind == "score":
        return "whole" if c.limit is not None else "sum"
    if c.kind != "signal" and not c.grouped:
        return "whole"
    wide = c.limit is not None and not c.limit.by_thing  # its caps reach over several things
    return "log" if wide or not c.types.isdisjoint(plan.signals) else "shards"


def _part_way(c: Criterion, plan: Plan) -> Way:
    """How a part of a combination is kept."""
    whole = plan.wanted[c.id].condition
    flat = isinstance(whole, Combination) and all(isinstance(part, Criterion) for part in whole.parts)
    if not isinstance(whole, Combination) or not flat or c.seasonal or c.whose != "member":
        return "log"
    if whole.same is not None:
        return (
            "log" if any(leaf.limit or not leaf.types.isdisjoint(plan.signals) for leaf in whole.leaves) else "shards"
        )
    if whole.kind == "steps" and (whole.ordered or whole.within):
        return "run"
    return "log" if c.grouped else "whole"


def _from_log(c: Criterion) -> bool:
    asked = (c.unless is not None and not _cancelled_cheaply(c, c.unless)) or c.absence is not None or c.own_zone
    lasting = c.holds and c.framed
    layered = bool(c.tiers) and (c.period is not None or bool(c.repeat) or c.seasonal)
    seasonal = c.seasonal and c.framed
    return asked or lasting or layered or seasonal or (c.kind == "score" and c.streak is not None)


def _cancelled_cheaply(c: Criterion, unless: Cancel) -> bool:
    """Can a state go on although something may cancel what it counted? Then only that is looked up."""
    alone = c.kind == "achievement" and c.parent is None and c.each is None and c.whose == "member" and c.top is None
    if unless.match == "object":
        return alone and (c.limit is None or c.limit.thing is None)
    return alone and unless.match == "window" and (c.period is not None or c.streak is not None)


def shard_name(c: Criterion, entry: Entry, calendar: Calendar) -> str:
    """Which part of a grouped rule's state an event belongs to; never the whole."""
    if c.same is not None:
        return f"{entry.mark}\n"
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
    return Shard([_entry(c, row) for row in state.get("q", ())], _said(c, state.get("x")))


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
    """All of an entry; of one that only counts no more than tells it from others."""
    value = e.value
    if value is True and e.weight == 1 and e.last == e.at and e.person is None and e.made is None and e.mark is None:
        return [e.at, e.source, e.id, e.thing, e.seq, e.day]
    row: list[Any] = [*e]
    if isinstance(value, Decimal):
        row[3] = str(value)
    return row


def _entry(c: Criterion, row: list[Any]) -> Entry:
    if len(row) == _SHORT:
        at, source, id_, thing, seq, day = row
        return Entry(at, source, id_, True, 1, at, None, thing, None, seq, day)
    if c.sum is not None and isinstance(row[3], str):
        row = [*row[:3], Decimal(row[3]), *row[4:]]
    return Entry(*row)


def rebuilt(c: Criterion, entries: Iterable[Entry], axis: Axis) -> State:
    """The state of a rule that is kept whole, after all its events."""
    return rebuild(c, sorted(entries, key=lambda e: e[:3]), axis)


def shards(c: Criterion, entries: Iterable[Entry], calendar: Calendar) -> dict[str, list[Entry]]:
    """Entries by shard, in order."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: e[:3]):
        found.setdefault(shard_name(c, entry, calendar), []).append(entry)
    return found


def counted_in(c: Criterion, shard: Shard, calendar: Calendar) -> list[Entry]:
    shard.entries.sort(key=lambda e: e[:3])
    return admitted(c.limit, shard.entries, calendar)
