"""What one member deserves, from the live facts alone. Replay, recount, `verify` and explanations all ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.awards import Deserved, FactKey, occurrence_of
from core.criteria.axis import Axis
from core.criteria.combining import reached
from core.criteria.criterion import Criterion, Entry, Met, order
from core.criteria.tally import counted
from core.engine import Reached, award_facts, given, level_facts, levels_reached
from core.events import Fact
from core.gating import finished, for_its_time
from core.members import Member, People
from core.plan import BY_HAND, REVOCATION, Plan
from core.ports import History
from core.sifting import Sieve
from core.signals import SignalEvent, emitted
from core.timelines import axis_of
from core.wanted import ENGINE_TYPES, GRANT, Wanted

FactsOf = Callable[[Iterable[str]], list[Fact]]


class Shared(Protocol):
    """Answers what others decide too: teams, the community, rankings, the first so many."""

    def awards(self, achievement: str, member: Member) -> list[Deserved]: ...

    def things(self, signal: str) -> frozenset[str]:
        """What events of a signal are about, of any member."""
        ...


@dataclass(slots=True)
class Judgement:
    """One member looked at once: everything read from the history is kept for the next question."""

    plan: Plan
    people: People
    history: History
    member: Member
    now: int
    shared: Shared
    sieve: Sieve = field(init=False)
    _signals: dict[str, list[SignalEvent]] = field(default_factory=dict)
    _counted: dict[str, list[Entry]] = field(default_factory=dict)
    _deserved: dict[str, list[Deserved]] = field(default_factory=dict)
    _engine: dict[str, list[Fact]] | None = None
    _levels: list[tuple[int, int]] | None = None
    _turns: dict[str, set[int]] = field(default_factory=dict)
    _axes: dict[str, Axis] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sieve = Sieve(self.plan, self.people, self.history, self.member)

    # ---- awards

    def deserved(self, achievement: str) -> list[Deserved]:
        """The awards of one achievement, in order of earning; empty for one that is off."""
        found = self._deserved.get(achievement)
        if found is None:
            wanted = self.plan.wanted.get(achievement)
            found = self._deserved[achievement] = [] if wanted is None else self._judge(wanted)
        return found

    def held(self, achievement: str) -> Deserved | None:
        """The earliest award in force, which is what other achievements need."""
        wanted = self.plan.wanted.get(achievement)
        if wanted is None or wanted.shadow:
            return None
        held = [d for d in self.deserved(achievement) if d.state(self.now) == "awarded"]
        return min(held, key=lambda d: d.earned_at, default=None)

    def turns(self, achievement: str) -> set[int]:
        """When the awards of an achievement become others without a new event; UTC microseconds, all after now."""
        return {at for at in self._turns.get(achievement, ()) if at > self.now}

    def turn(self, achievement: str, at: int) -> None:
        """Note such a moment."""
        self._turns.setdefault(achievement, set()).add(at)

    def candidates(self, wanted: Wanted) -> list[Deserved]:
        """What the member's own history earns, whoever else is faster."""
        if wanted.condition is None:
            own = finished(self, wanted, None) if wanted.needs else None
            return [own] if own is not None else []
        found = [self.earned(wanted, m, e) for m, e in reached(wanted.condition, self.counted, self.axis)]
        if not wanted.plainly:
            found = [done for one in found if (done := finished(self, wanted, one)) is not None]
        return choose(wanted, found)

    def _judge(self, wanted: Wanted) -> list[Deserved]:
        own = list(self.shared.awards(wanted.id, self.member)) if wanted.shared else self.candidates(wanted)
        if not self._touched_by_hand():
            return own
        own += [for_its_time(self, wanted, d) for d in self._by_hand(wanted)]
        taken = max((f.at for f in self.about(REVOCATION, wanted.id)), default=None)
        return choose(wanted, [d for d in own if taken is None or d.earned_at > taken], cooled=False)

    def earned(self, wanted: Wanted, met: Met, evidence: list[Entry]) -> Deserved:
        """An award for a goal that was reached, before anything else is asked."""
        at = met.key[0]
        alone = isinstance(wanted.condition, Criterion) and not wanted.overlapping
        facts = self.behind(evidence) if not alone or wanted.needs or wanted.id in self.plan.dependents else NOTHING
        return Deserved(
            wanted.id,
            wanted.rule.version,
            self.member,
            met.occurrence,
            met.period,
            at,
            max(at, met.last) + wanted.settle,
            met.evidence if alone else len(facts),
            met.since,
            facts,
            self._fact(evidence[-1]),
            tier=met.tier,
            thing=met.thing,
        )

    # ---- by hand

    def look_at_all(self) -> None:
        """Read the member's whole history at once: cheaper where every rule will be asked."""
        self.sieve.read_all()

    def _touched_by_hand(self) -> bool:
        return self.sieve.has(BY_HAND)

    def _by_hand(self, wanted: Wanted) -> list[Deserved]:
        found = []
        for fact in self.about(GRANT, wanted.id):
            note, tier = fact.facts.get("note") or fact.facts.get("reason"), fact.facts.get("tier")
            found.append(
                Deserved(
                    wanted.id,
                    wanted.rule.version,
                    self.member,
                    occurrence_of(fact),
                    None,
                    fact.at,
                    fact.at,
                    1,
                    fact.at,
                    frozenset({(fact.source, fact.id)}),
                    fact,
                    str(fact.actor or ""),
                    None if note is None else str(note),
                    str(tier) if tier in (wanted.rule.tiers or {}) else "",
                )
            )
        return found

    def about(self, type_: str, achievement: str) -> list[Fact]:
        return [f for f in self.sieve.facts([type_]) if self._names(f) and f.facts.get("achievement") == achievement]

    def _names(self, fact: Fact) -> bool:
        if fact.target is None or self.people.member(fact.target) != self.member:
            return False
        return fact.type != GRANT or self.people.tracked(self.member, fact.at)

    # ---- what counts

    def counted(self, c: Criterion) -> list[Entry]:
        """The events that count for a rule, in order."""
        found = self._counted.get(c.key)
        if found is None:
            calendar = self.sieve.calendar_now(c, self.now)
            found = self._counted[c.key] = counted(c, self.entries(c), calendar)
        return found

    def entries(self, c: Criterion) -> list[Entry]:
        """What may count for a rule, before its limits."""
        kept = self.sieve.matched.get(c.key) if self.sieve.whole and not c.own_zone else None
        if kept is None:
            return self.sieve.entries(c, self.raw(c), self._cancelling(c), self.shared.things)
        made = c.types & (self.plan.signals.keys() | ENGINE_TYPES)
        if made:
            kept = kept + self.sieve.match(c, self._events_of(made, self.sieve.facts))
        return self.sieve.sift(c, kept, self._cancelling(c), self.shared.things)

    def axis(self, c: Criterion) -> Axis:
        """The time line of a rule for this member."""
        found = self._axes.get(c.key)
        if found is None:
            void = self.sieve.void(c, self._cancelling(c)) if c.unless is not None else ()
            found = self._axes[c.key] = axis_of(self.plan, self.people, self.member, c, self.now, void)
        return found

    def events(self, signal: str) -> list[SignalEvent]:
        """What a signal says about this member, in order of time."""
        found = self._signals.get(signal)
        if found is None:
            c = self.plan.signals[signal]
            by_key = {(f.source, f.id): f for f, _, _ in self.raw(c)}
            found = emitted(c, self.member, self.counted(c), by_key, self.axis(c))
            found.sort(key=lambda e: order(e.fact))
            self._signals[signal] = found
        return found

    def raw(self, c: Criterion) -> list[tuple[Fact, int, int]]:
        """Events for a criterion with the number of facts behind each and the time of the latest of these."""
        return self._events_of(c.types, self.sieve.facts)

    def _cancelling(self, c: Criterion) -> list[Fact]:
        """Events of `unless` that name the member, signals among them."""
        if c.unless is None or c.unless.match == "object":
            return []
        return [f for f, _, _ in self._events_of(c.unless.types, self.sieve.named)]

    def _events_of(self, types: frozenset[str], facts: FactsOf) -> list[tuple[Fact, int, int]]:
        signals, engine = types & self.plan.signals.keys(), types & ENGINE_TYPES
        found = [(f, 1, f.at) for f in facts(types - signals - engine)]
        for signal in sorted(signals):
            found += [(e.fact, e.weight, e.last) for e in self.events(signal)]
        return found + [(f, 1, f.at) for f in self.made(engine)]

    def made(self, types: Iterable[str]) -> list[Fact]:
        """What the engine makes of the member's awards and score."""
        return [f for type_ in sorted(types) for f in self._made().get(type_, ())]

    # ---- score, levels, and what the engine makes of awards

    def score(self, criterion: Criterion) -> dict[int, int]:
        """What a score rule gives, by local day."""
        days: dict[int, int] = {}
        for entry in given(criterion, self.counted(criterion), self.axis(criterion)):
            days[entry.day] = days.get(entry.day, 0) + criterion.give
        return days

    def levels(self, at: int) -> list[Reached]:
        """The levels held at a moment."""
        if self._levels is None:
            self._levels = [(e.at, c.give) for c in self.plan.scores for e in given(c, self.counted(c), self.axis(c))]
        needed = {name for level in self.plan.book.levels if level.needs for name in level.needs.of}
        held = {name: d.earned_at for name in needed if self._plain(name) and (d := self.held(name)) is not None}
        return levels_reached(self.plan, self._levels, held, at)

    def _plain(self, achievement: str) -> bool:
        wanted = self.plan.wanted.get(achievement)
        return wanted is not None and not wanted.derived and not wanted.shadow

    def _made(self) -> dict[str, list[Fact]]:
        if self._engine is None:
            self._engine = {}
            names = [name for name in self.plan.wanted if self._plain(name)]
            held = [d for name in names for d in self.deserved(name) if d.state(self.now) == "awarded"]
            for fact in award_facts(self.plan, held):
                self._engine.setdefault(fact.type, []).append(fact)
            self._engine["level.reached"] = level_facts(self.member, self.levels(self.now))
        return self._engine

    # ---- the facts behind

    def behind(self, evidence: Iterable[Entry]) -> frozenset[FactKey]:
        """The facts of the log behind some entries: for a signal event the marks that made it."""
        found: set[FactKey] = set()
        for entry in evidence:
            event = self._said(entry)
            found |= self.behind(event.marks) if event is not None else {(entry.source, entry.id)}
        return frozenset(found)

    def _said(self, entry: Entry) -> SignalEvent | None:
        if entry.seq or entry.source not in self.plan.signals:
            return None
        return next((e for e in self.events(entry.source) if e.fact.id == entry.id), None)

    def _fact(self, entry: Entry) -> Fact | None:
        event = self._said(entry)
        return event.fact if event is not None else self.sieve.found(entry.source, entry.id)


NOTHING: frozenset[FactKey] = frozenset()


def choose(wanted: Wanted, found: list[Deserved], cooled: bool = True) -> list[Deserved]:
    """What is awarded of what was earned: for each tier the earliest, or with `repeat` as often as it says."""
    found = sorted(found, key=lambda d: d.earned_at)
    by_tier: dict[str, list[Deserved]] = {}
    for d in found:
        by_tier.setdefault(d.tier, []).append(d)
    kept = [d for there in by_tier.values() for d in _repeated(wanted, there, cooled)]
    return kept if len(by_tier) < 2 else sorted(kept, key=lambda d: d.earned_at)


def _repeated(wanted: Wanted, found: list[Deserved], cooled: bool) -> list[Deserved]:
    rule = wanted.rule
    if not rule.repeats:
        return [replace(d, occurrence="") if d.occurrence else d for d in found[:1]]
    if rule.cooldown is None or not cooled:
        return found[: rule.most_awards]
    taken: list[Deserved] = []
    for d in found:
        if not taken or d.earned_at - taken[-1].earned_at >= rule.cooldown.microseconds:
            taken.append(d)
    return taken[: rule.most_awards]
