"""Rules kept per thing: signals, and what is counted for each message or ticket. Few events each, all looked at."""

from __future__ import annotations

from core.batch import Batch
from core.changes import Move
from core.court import EVERYBODY
from core.criteria.combining import Combination, reached
from core.criteria.criterion import Criterion, Entry
from core.criteria.tally import Goal, chosen, goal_met, tally
from core.members import Member
from core.progress import WHOLE, Blob, Key, Shard, counted_in, pack, read_shard, shard_name, unpack, write_shard
from core.signals import SignalEvent, emitted
from core.timelines import axis_of

Pair = tuple[Entry | None, Entry | None]


def apply(ev: Batch, c: Criterion, moves: list[Move]) -> None:
    """Bring the shards that these moves touch up to date."""
    touched: dict[Key, list[Pair]] = {}
    for m in moves:
        if m.old is not None:
            touched.setdefault((m.member, shard_name(c, m.old, ev.plan.calendar)), []).append((m.old, None))
        if m.new is not None:
            touched.setdefault((m.member, shard_name(c, m.new, ev.plan.calendar)), []).append((None, m.new))
    for key, changes in touched.items():
        _apply_shard(ev, c, key, changes)


def _apply_shard(ev: Batch, c: Criterion, key: Key, changes: list[Pair]) -> None:
    blob = ev.states.get(key)
    shard = read_shard(c, blob.get(c.key, {}))
    held = None if c.kind == "signal" else _held(ev, c, key[0], shard, blob)
    marks = _marks(ev, c, key[0], shard) if _concerned(ev, c) else None
    gone = {(e.source, e.id) for pair in changes for e in pair if e is not None}
    shard.entries = [e for e in shard.entries if (e.source, e.id) not in gone]
    shard.entries += {(e.source, e.id): e for _, e in changes if e is not None}.values()
    if c.kind == "signal":
        _say(ev, c, key[0], shard)
        if marks is not None and _marks(ev, c, key[0], shard) != marks:
            _look_again(ev, c, key[0])
    elif _held(ev, c, key[0], shard, blob) != held:
        ev.again(key[0], c)
        ev.outcome.recounts += 1
    blob[c.key] = write_shard(shard)
    ev.states.changed(key)


def _held(ev: Batch, c: Criterion, member: Member, shard: Shard, blob: Blob) -> list[Goal]:
    whole = ev.plan.wanted[c.id].condition
    if isinstance(whole, Combination):
        return reached(whole, lambda leaf: _kept(leaf, c, shard, blob), lambda leaf: ev.judgement(member).axis(leaf))
    found = tally(c, shard.entries, axis_of(ev.plan, ev.people, member, c, ev.now))
    return chosen(c, found) if c.first_only else found


def _kept(leaf: Criterion, c: Criterion, shard: Shard, blob: Blob) -> list[Entry]:
    """What is kept for one part of a combination about the same thing."""
    entries = shard.entries if leaf is c else read_shard(leaf, blob.get(leaf.key, {})).entries
    return sorted(entries, key=lambda e: e[:3])


def _say(ev: Batch, c: Criterion, member: Member, shard: Shard) -> None:
    axis = axis_of(ev.plan, ev.people, member, c, ev.now)
    counted = counted_in(c, shard, ev.plan.calendar)
    event: SignalEvent | None = None
    if goal_met(c, counted, axis) is not None:
        facts = {(f.source, f.id): f for f in ev.history.by_seq([(e.seq, e.at) for e in counted])}
        event = emitted(c, member, counted, facts, axis)[0]
    ev.tell(shard.said, event)
    shard.said = event


def _marks(ev: Batch, c: Criterion, member: Member, shard: Shard) -> list[Entry] | None:
    axis = axis_of(ev.plan, ev.people, member, c, ev.now)
    return goal_met(c, counted_in(c, shard, ev.plan.calendar), axis)


def _concerned(ev: Batch, signal: Criterion) -> list[str]:
    """Achievements that rest on this signal and for which it matters which facts made its event."""
    if signal.kind != "signal":
        return []
    plan = ev.plan
    return [name for name in plan.resting_on(signal.id) if name in plan.dependents or plan.wanted[name].by_facts]


def _look_again(ev: Batch, signal: Criterion, member: Member) -> None:
    """The same event of other marks: what rests on it has other facts behind it."""
    for name in _concerned(ev, signal):
        rule = ev.plan.wanted[name].rule
        ev.outcome.again.add((member if rule.for_ == "member" and rule.top is None else EVERYBODY, name))


def say_all(ev: Batch, c: Criterion, member: Member) -> None:
    """All events of a signal from the log, passed on where they changed."""
    key = (member, WHOLE)
    blob = ev.states.get(key)
    before = {row[0]: unpack(c.id, row) for row in blob.get(c.key, {}).get("x", ())}
    after = {e.fact.id: e for e in ev.judgement(member).events(c.id)}
    for name in sorted(before.keys() | after.keys()):
        ev.tell(before.get(name), after.get(name))
    blob[c.key] = {"x": [pack(e) for e in after.values()]}
    ev.states.changed(key)
    _look_again(ev, c, member)
