"""What changes when facts change: counts, scores, and which awards to look at again. Pure; the log is asked only where
the kept counts cannot say exactly what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core import sharding, stepping
from core.batch import Step
from core.changes import Change, Move, Outcome, order_of, time_of
from core.court import EVERYBODY, Court
from core.criteria.axis import Axis
from core.criteria.criterion import Criterion, Entry, Met
from core.criteria.steps import State, in_order, is_open, is_over, step
from core.criteria.undoing import drop, late
from core.events import Fact
from core.judgement import Judgement
from core.members import Member, People
from core.plan import Plan
from core.ports import History
from core.progress import WHOLE, Blob, Key, States, rebuilt, shard_name, way_of
from core.signals import SignalEvent
from core.spreading import spread, spread_signal
from core.timelines import axis_of
from core.touching import TEAM_MARK, rank, uncancelled
from core.watching import silent_before, watch


@dataclass(slots=True)
class Evaluation:
    """One batch of changed facts against one rule book."""

    plan: Plan
    people: People
    states: States
    history: History
    now: int
    outcome: Outcome = field(default_factory=Outcome)
    court: Court = field(init=False)
    moves: dict[str, list[Move]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    _changes: list[Change] = field(default_factory=list)
    _wholes: dict[Member, Blob] = field(default_factory=dict)
    _written: set[Member] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.court = Court(self.plan, self.people, self.history, self.now)

    def judgement(self, member: Member) -> Judgement:
        """The member as the log shows them now."""
        return self.court.member(member)

    def collect(self, changes: Iterable[Change]) -> set[Key]:
        """Find out what the changes move. Returns the states that `decide` will ask for first."""
        self._changes = sorted(changes, key=time_of)
        for change in self._changes:
            spread(self, change.before, change.after)
        found = {(step[1], WHOLE) for step in self.steps}
        for key, moves in self.moves.items():
            found |= self._keys(self.plan.ranks[key][1], moves)
        if self.plan.watches:
            found |= {(self.people.member(a), WHOLE) for ch in self._changes for a in ch.actors}
        return found

    def decide(self) -> Outcome:
        """Apply what was collected: signals first, then the rules that use them."""
        if self.plan.watches:
            watch(self, self._changes)
        self._apply_straight()
        ranks = self.plan.ranks
        while self.moves:
            c = min(map(ranks.__getitem__, self.moves))[1]
            self._apply(c, self.moves.pop(c.key))
        if self.plan.by_level:
            scored = {m for m, _, _ in self.outcome.amounts} | {m for m, _ in self.outcome.scores}
            self.outcome.again |= {(m, name) for m in scored for name in self.plan.by_level}
        return self.outcome

    def tell(self, before: SignalEvent | None, after: SignalEvent | None) -> None:
        """Pass a signal's event on to the rules that use it."""
        spread_signal(self, before, after)

    # ---- how each rule is kept

    def _keys(self, c: Criterion, moves: list[Move]) -> set[Key]:
        way = way_of(c, self.plan)
        if way in ("sum", "closing"):
            return set()
        if way in ("whole", "run", "log"):
            return {(m.member, WHOLE) for m in moves}
        both = ((m.member, e) for m in moves for e in (m.old, m.new) if e is not None)
        keys = {(member, shard_name(c, e, self.plan.calendar)) for member, e in both}
        if c.kind == "signal":  # the rules that use it are kept with the member, and are asked next
            keys |= {(m.member, WHOLE) for m in moves}
        return keys

    def _apply(self, c: Criterion, moves: list[Move]) -> None:
        if not c.types.isdisjoint(self.plan.signals):  # the others come in order from `collect`
            moves.sort(key=order_of)
        match way_of(c, self.plan):
            case "run":
                self._step_all(c, moves)
            case "sum":
                self._add_amounts(c, moves)
            case "shards":
                sharding.apply(self, c, moves)
            case "log":
                self._from_log(c, {m.member for m in moves if self._may_count(c, m)})
            case "closing":
                rank(self, c, moves)
            case "whole":
                self._apply_whole(c, moves)

    def _step_all(self, c: Criterion, moves: list[Move]) -> None:
        """The moves of all steps of an achievement, whichever of them comes first."""
        leaves = self.plan.wanted[c.id].leaves
        stepped = [(leaves.index(c), move) for move in moves]
        stepped += [(n, move) for n, leaf in enumerate(leaves) for move in self.moves.pop(leaf.key, ())]
        stepping.apply(self, c, stepped)

    def _add_amounts(self, c: Criterion, moves: list[Move]) -> None:
        """Scores without a limit are plain sums."""
        amounts = self.outcome.amounts
        for move in moves:
            if move.old is not None:
                key = (move.member, c.id, move.old.day)
                amounts[key] = amounts.get(key, 0) - c.give
            if move.new is not None:
                key = (move.member, c.id, move.new.day)
                amounts[key] = amounts.get(key, 0) + c.give

    def _may_count(self, c: Criterion, move: Move) -> bool:
        """What came after no silence counts for no rule that asks for one; days that came or went were looked at."""
        if c.absence is None or c.own_zone:
            return True
        blob = self.states.get((move.member, WHOLE))
        return any(silent_before(blob, e.day, c.absence) for e in (move.old, move.new) if e is not None)

    def _from_log(self, c: Criterion, members: Iterable[Member]) -> None:
        """Rules whose kept counts would not be exact: from the log, at every change."""
        for member in sorted(members):
            self.outcome.recounts += 1
            if c.kind == "signal":
                sharding.say_all(self, c, member)
            elif c.kind == "score":
                self.outcome.scores[member, c.id] = self.judgement(member).score(c)
            else:
                self.again(member, c)

    def again(self, member: Member, c: Criterion) -> None:
        """The awards that rest on this condition must be judged from the log."""
        wanted = self.plan.wanted[c.id]
        alone = wanted.rule.for_ == "member" and wanted.rule.top is None
        self.outcome.again.add((member if alone else EVERYBODY, c.id))

    # ---- rules kept whole: step where the event is the latest, else ask the log

    def _apply_straight(self) -> None:
        """All rules of a member together: what is kept about them lies in the processor's cache then."""
        self._walk(self.steps)
        self.steps.clear()

    def _apply_whole(self, c: Criterion, moves: list[Move]) -> None:
        self._walk((c, *move) for move in (uncancelled(self, c, moves) if c.unless is not None else moves))

    def _walk(self, steps: Iterable[Step]) -> None:
        unsure: dict[tuple[Member, str], Criterion] = {}
        wholes = self._wholes
        for move in steps:
            c, member, old, new, _ = move
            blob = wholes.get(member)
            if blob is None:
                blob = wholes[member] = self.states.get((member, WHOLE))
            state = blob.get(c.key)
            if state is None:
                state = blob[c.key] = {}
            elif "d" in state and old is None and new is not None and is_over(state, new):
                continue  # earned long ago: nothing to keep, so nothing to write
            if unsure and (member, c.key) in unsure:
                continue
            if not self._step(move, state):
                unsure[member, c.key] = c
        for (member, _), c in sorted(unsure.items(), key=lambda u: u[0]):
            self._recount(c, member)

    def _step(self, move: Step, state: State) -> bool:
        c, member, old, new, fact = move
        if member not in self._written:
            self._written.add(member)
            self.states.changed((member, WHOLE))
        axis = self.plan.axis if c.streak is None and "v" not in state else self._axis(c, member, state)
        if old is not None and not drop(c, state, old, axis):
            return False
        if old is not None and c.kind == "score":
            self._give(c, member, old, -1)
        if new is None:
            return old is not None  # neither: something cancelled what it counted, and only the log knows what
        if not in_order(state, new):
            return late(c, state, new, axis)
        before = state.get("n") if c.kind == "score" else None
        mets = step(c, state, new, axis)
        if c.kind == "score" and state.get("n") != before:
            self._give(c, member, new, 1)
        elif mets:
            self._gain(c, member, fact, mets)
        return True

    def _axis(self, c: Criterion, member: Member, state: State) -> Axis:
        return axis_of(self.plan, self.people, member, c, self.now, state.get("v", ()))

    def _give(self, c: Criterion, member: Member, entry: Entry, sign: int) -> None:
        key = (member, c.id, entry.day)
        self.outcome.amounts[key] = self.outcome.amounts.get(key, 0) + sign * c.give

    def _gain(self, c: Criterion, member: Member, fact: Fact | None, mets: list[Met]) -> None:
        if c.parent is not None or any(met.since == 0 for met in mets):
            self.again(member, c)
        else:
            self.outcome.gained.setdefault((member, c.id), []).extend((met, fact) for met in mets)

    def from_log(self, c: Criterion, member: Member) -> State:
        """The state of a rule that is kept whole: a member's, or that of a team or the community."""
        if c.whose == "member":
            judgement = self.judgement(member)
            return rebuilt(c, judgement.entries(c), judgement.axis(c))
        group = member.removeprefix(TEAM_MARK)
        return rebuilt(c, self.court.uncapped(c, group), self.court.axis(c, group))

    def _recount(self, c: Criterion, member: Member) -> None:
        self.outcome.recounts += 1
        judgement = self.judgement(member)
        key = (member, WHOLE)
        self.states.get(key)[c.key] = self.from_log(c, member)
        self.states.changed(key)
        if c.kind == "score":
            for amount in [k for k in self.outcome.amounts if k[0] == member and k[1] == c.id]:
                del self.outcome.amounts[amount]
            self.outcome.scores[member, c.id] = judgement.score(c)
        else:
            self.outcome.gained.pop((member, c.id), None)
            self.again(member, c)
            if c.parent is None and is_open(self.states.get(key)[c.key]):
                self.outcome.nothing.add((member, c.id))
