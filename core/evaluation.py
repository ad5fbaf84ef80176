"""What changes when facts change: counts, scores, and which awards to look at again. Pure; the log is asked only where
the kept counts cannot say exactly what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.changes import Change, Move, Outcome, order_of, time_of
from core.criteria.criterion import Criterion, Entry, Met
from core.criteria.matching import Match, View, eligible, match
from core.criteria.steps import drop, in_order, is_over, late, step
from core.criteria.tally import reach, tally
from core.events import Fact
from core.judgement import Judgement
from core.members import Member, People
from core.plan import Plan
from core.ports import History
from core.progress import (
    WHOLE,
    Key,
    Shard,
    States,
    counted_in,
    is_wide,
    pack,
    read_shard,
    rebuilt,
    shard_name,
    unpack,
    write_shard,
)
from core.signals import SignalEvent, emitted


@dataclass(slots=True)
class Evaluation:
    """One batch of changed facts against one rule book."""

    plan: Plan
    people: People
    states: States
    history: History
    now: int
    outcome: Outcome = field(default_factory=Outcome)
    _moves: dict[str, list[Move]] = field(default_factory=dict)
    _judgements: dict[Member, Judgement] = field(default_factory=dict)
    _wide: dict[str, bool] = field(default_factory=dict)
    _resting: dict[str, frozenset[str]] = field(default_factory=dict)

    def judgement(self, member: Member) -> Judgement:
        """The member as the log shows them now."""
        found = self._judgements.get(member)
        if found is None:
            found = Judgement(self.plan, self.people, self.history, member, self.now)
            self._judgements[member] = found
        return found

    def collect(self, changes: Iterable[Change]) -> set[Key]:
        """Find out what the changes move. Returns the states that `decide` will ask for first."""
        for change in sorted(changes, key=time_of):
            self._spread(change.before, change.after, 1, None, 1, None)
        found: set[Key] = set()
        for c in self.plan.order:
            moves = self._moves.get(c.key)
            if moves:
                found |= self._keys(c, moves)
        return found

    def decide(self) -> Outcome:
        """Apply what was collected: signals first, then the rules that use them."""
        for c in self.plan.order:
            moves = self._moves.pop(c.key, None)
            if moves:
                self._apply(c, moves)
        return self.outcome

    def _spread(
        self, before: Fact | None, after: Fact | None, w0: int, l0: int | None, w1: int, l1: int | None
    ) -> None:
        scope, people = self.plan.scope, self.people
        old = View(before, people, scope) if before is not None and eligible(before, scope) else None
        new = View(after, people, scope) if after is not None and eligible(after, scope) else None
        for c in self._touched(old, new):
            was = match(c, old, w0, l0) if old is not None and old.fact.type in c.types else None
            now = match(c, new, w1, l1) if new is not None and new.fact.type in c.types else None
            if was != now:
                self._move(c, was, now, after)

    def _move(self, c: Criterion, was: Match | None, now: Match | None, fact: Fact | None) -> None:
        moves = self._moves.get(c.key)
        if moves is None:
            moves = self._moves[c.key] = []
        if was is None and now is not None:
            for member in now[0]:
                moves.append(Move(member, None, now[1], fact))
            return
        lost, old = was or ((), None)
        gained, new = now or ((), None)
        for member in dict.fromkeys((*lost, *gained)):
            moves.append(Move(member, old if member in lost else None, new if member in gained else None, fact))

    def _touched(self, old: View | None, new: View | None) -> Iterable[Criterion]:
        by_type = self.plan.by_type
        if new is None:
            return () if old is None else by_type.get(old.fact.type, ())
        if old is None or old.fact.type == new.fact.type:
            return by_type.get(new.fact.type, ())
        return dict.fromkeys((*by_type.get(old.fact.type, ()), *by_type.get(new.fact.type, ())))

    def _keys(self, c: Criterion, moves: list[Move]) -> set[Key]:
        if c.kind == "score" and c.limit is None:
            return set()
        if self._is_wide(c) or not (c.kind == "signal" or c.grouped):
            return {(m.member, WHOLE) for m in moves}
        both = ((m.member, e) for m in moves for e in (m.old, m.new) if e is not None)
        keys = {(member, shard_name(c, e, self.plan.calendar)) for member, e in both}
        if c.kind == "signal":  # the rules that use it are kept with the member, and are asked next
            keys |= {(m.member, WHOLE) for m in moves}
        return keys

    def _is_wide(self, c: Criterion) -> bool:
        if c.key not in self._wide:
            self._wide[c.key] = is_wide(c, self.plan.signals)
        return self._wide[c.key]

    def _apply(self, c: Criterion, moves: list[Move]) -> None:
        if not c.types.isdisjoint(self.plan.signals):  # the others come in order from `collect`
            moves.sort(key=order_of)
        if c.kind == "score" and c.limit is None:
            self._add_amounts(c, moves)
        elif self._is_wide(c):
            self._apply_wide(c, moves)
        elif c.kind == "signal" or c.grouped:
            self._apply_shards(c, moves)
        else:
            self._apply_whole(c, moves)

    # ---- scores without a limit: plain sums

    def _add_amounts(self, c: Criterion, moves: list[Move]) -> None:
        amounts = self.outcome.amounts
        for move in moves:
            if move.old is not None:
                key = (move.member, c.id, move.old.day)
                amounts[key] = amounts.get(key, 0) - c.give
            if move.new is not None:
                key = (move.member, c.id, move.new.day)
                amounts[key] = amounts.get(key, 0) + c.give

    # ---- rules kept whole: step where the event is the latest, else ask the log

    def _apply_whole(self, c: Criterion, moves: list[Move]) -> None:
        unsure: set[Member] = set()
        for move in moves:
            if move.member not in unsure and not self._step(c, move):
                unsure.add(move.member)
        for member in sorted(unsure):
            self._recount(c, member)

    def _step(self, c: Criterion, move: Move) -> bool:
        key = (move.member, WHOLE)
        blob = self.states.get(key)
        state = blob.get(c.key)
        if state is None:
            state = blob[c.key] = {}
        elif "d" in state and move.new is not None and move.old is None and is_over(state, move.new):
            return True  # nothing to keep, so nothing to write
        self.states.changed(key)
        if move.old is not None and not drop(c, state, move.old):
            return False
        if move.new is None:
            return True
        if not in_order(state, move.new):
            return late(c, state, move.new)
        if c.kind == "score":
            before = state.get("n")
            step(c, state, move.new, self.plan.calendar)
            if state.get("n") != before:
                self._give(c, move.member, move.new)
        elif mets := step(c, state, move.new, self.plan.calendar):
            gained = self.outcome.gained.setdefault((move.member, c.id), [])
            gained += [(met, move.fact) for met in mets]
        return True

    def _give(self, c: Criterion, member: Member, entry: Entry) -> None:
        key = (member, c.id, entry.day)
        self.outcome.amounts[key] = self.outcome.amounts.get(key, 0) + c.give

    def _recount(self, c: Criterion, member: Member) -> None:
        self.outcome.recounts += 1
        judgement = self.judgement(member)
        key = (member, WHOLE)
        self.states.get(key)[c.key] = rebuilt(c, judgement.entries(c), self.plan.calendar)
        self.states.changed(key)
        if c.kind == "score":
            for amount in [k for k in self.outcome.amounts if k[0] == member and k[1] == c.id]:
                del self.outcome.amounts[amount]
            self.outcome.scores[member, c.id] = judgement.score(c)
        else:
            self.outcome.gained.pop((member, c.id), None)
            self.outcome.again.add((member, c.id))

    # ---- rules kept per thing: few events each, looked at as a whole

    def _apply_shards(self, c: Criterion, moves: list[Move]) -> None:
        touched: dict[Key, list[tuple[Entry | None, Entry | None]]] = {}
        for m in moves:
            if m.old is not None:
                key = (m.member, shard_name(c, m.old, self.plan.calendar))
                touched.setdefault(key, []).append((m.old, None))
            if m.new is not None:
                key = (m.member, shard_name(c, m.new, self.plan.calendar))
                touched.setdefault(key, []).append((None, m.new))
        for key, changes in touched.items():
            self._apply_shard(c, key, changes)

    def _apply_shard(self, c: Criterion, key: Key, changes: list[tuple[Entry | None, Entry | None]]) -> None:
        blob = self.states.get(key)
        shard = read_shard(c, blob.get(c.key, {}))
        held = None if c.kind == "signal" else self._held(c, shard)
        marks = self._marks(c, shard) if self._needed(c) else None
        gone = {(e.source, e.id) for pair in changes for e in pair if e is not None}
        shard.entries = [e for e in shard.entries if (e.source, e.id) not in gone]
        shard.entries += {(e.source, e.id): e for _, e in changes if e is not None}.values()
        if c.kind == "signal":
            self._say(c, key[0], shard)
            if marks is not None and self._marks(c, shard) != marks:
                self._look_again(c, key[0])
        elif self._held(c, shard) != held:
            self.outcome.again.add((key[0], c.id))
            self.outcome.recounts += 1
        blob[c.key] = write_shard(shard)
        self.states.changed(key)

    def _held(self, c: Criterion, shard: Shard) -> list[tuple[Met, list[Entry]]]:
        return tally(c, shard.entries, self.plan.calendar)

    def _say(self, c: Criterion, member: Member, shard: Shard) -> None:
        counted = counted_in(c, shard, self.plan.calendar)
        event: SignalEvent | None = None
        if reach(c, counted, c.goal) is not None:
            facts = {(f.source, f.id): f for f in self.history.by_seq([(e.seq, e.at) for e in counted])}
            event = emitted(c, member, counted, facts, self.plan.calendar)[0]
        self._tell(shard.said, event)
        shard.said = event

    def _marks(self, c: Criterion, shard: Shard) -> list[Entry] | None:
        return reach(c, counted_in(c, shard, self.plan.calendar), c.goal)

    def _needed(self, signal: Criterion) -> bool:
        """Does an achievement that others need rest on this signal?"""
        return signal.kind == "signal" and not self._resting_on(signal).isdisjoint(self.plan.dependents)

    def _look_again(self, signal: Criterion, member: Member) -> None:
        """The same event of other marks: what others need of it has other facts behind it."""
        self.outcome.again |= {(member, name) for name in self._resting_on(signal) & self.plan.dependents.keys()}

    def _resting_on(self, signal: Criterion) -> frozenset[str]:
        """Achievements that count this signal, directly or through another one."""
        found = self._resting.get(signal.id)
        if found is None:
            users = self.plan.by_type.get(signal.id, ())
            own = {c.id for c in users if c.kind == "achievement"}
            found = frozenset(own.union(*(self._resting_on(c) for c in users if c.kind == "signal")))
            self._resting[signal.id] = found
        return found

    def _tell(self, before: SignalEvent | None, after: SignalEvent | None) -> None:
        """Pass a signal's event on to the rules that use it."""
        self._spread(
            before.fact if before else None,
            after.fact if after else None,
            before.weight if before else 1,
            before.last if before else None,
            after.weight if after else 1,
            after.last if after else None,
        )

    # ---- grouped rules whose caps reach over things, or that rest on signals: always from the log

    def _apply_wide(self, c: Criterion, moves: list[Move]) -> None:
        for member in sorted({m.member for m in moves}):
            self.outcome.recounts += 1
            if c.kind == "signal":
                self._say_all(c, member)
            else:
                self.outcome.again.add((member, c.id))

    def _say_all(self, c: Criterion, member: Member) -> None:
        key = (member, WHOLE)
        blob = self.states.get(key)
        before = {row[0]: unpack(c.id, row) for row in blob.get(c.key, {}).get("x", ())}
        after = {e.fact.id: e for e in self.judgement(member).events(c.id)}
        for name in sorted(before.keys() | after.keys()):
            self._tell(before.get(name), after.get(name))
        blob[c.key] = {"x": [pack(e) for e in after.values()]}
        self.states.changed(key)
        if self._needed(c):
            self._look_again(c, member)
