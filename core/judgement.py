"""What one member deserves, from the live facts alone. Replay, recount, `verify` and explanations all ask here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.awards import Deserved, FactKey
from core.criteria.criterion import Criterion, Entry, Met, Number, order
from core.criteria.matching import View, eligible, match
from core.criteria.tally import by_period, counted, measure, reach, tally
from core.events import Fact
from core.members import Member, People
from core.plan import GRANT, REVOCATION, Plan, Wanted
from core.ports import History
from core.signals import SignalEvent, emitted


@dataclass(slots=True)
class Judgement:
    """One member looked at once: everything read from the history is kept for the next question."""

    plan: Plan
    people: People
    history: History
    member: Member
    now: int
    _facts: dict[str, list[Fact]] = field(default_factory=dict)
    _signals: dict[str, list[SignalEvent]] = field(default_factory=dict)
    _deserved: dict[str, list[Deserved]] = field(default_factory=dict)

    def deserved(self, achievement: str) -> list[Deserved]:
        """The awards of one achievement, in order of earning; empty for one that is off."""
        found = self._deserved.get(achievement)
        if found is None:
            wanted = self.plan.wanted.get(achievement)
            found = self._deserved[achievement] = [] if wanted is None else self._judge(wanted)
        return found

    def counted(self, criterion: Criterion) -> list[Entry]:
        """The events that count for a rule, in order."""
        return counted(criterion, self.entries(criterion), self.plan.calendar)

    def events(self, signal: str) -> list[SignalEvent]:
        """What a signal says about this member, in order of time."""
        found = self._signals.get(signal)
        if found is None:
            c = self.plan.signals[signal]
            by_key = {(f.source, f.id): f for f, _, _ in self._raw(c)}
            found = emitted(c, self.member, self.counted(c), by_key, self.plan.calendar)
            found.sort(key=lambda e: order(e.fact))
            self._signals[signal] = found
        return found

    def facts(self, types: Iterable[str]) -> list[Fact]:
        """Live facts of these types that name the member and count in this community, in order."""
        wanted = sorted(types)
        missing = [t for t in wanted if t not in self._facts]
        if missing:
            self._facts.update((t, []) for t in missing)
            for fact in self.history.facts(self.people.accounts(self.member), missing):
                if eligible(fact, self.plan.scope):
                    self._facts[fact.type].append(fact)
        return [f for t in wanted for f in self._facts[t]]

    def score(self, criterion: Criterion) -> dict[int, int]:
        """What a score rule gives, by local day."""
        days: dict[int, int] = {}
        for entry in self.counted(criterion):
            days[entry.day] = days.get(entry.day, 0) + criterion.give
        return days

    def _raw(self, c: Criterion) -> list[tuple[Fact, int, int]]:
        """Events for a criterion with the number of facts behind each and the time of the latest of these."""
        signals = c.types & self.plan.signals.keys()
        found = [(f, 1, f.at) for f in self.facts(c.types - signals)]
        for signal in sorted(signals):
            found += [(e.fact, e.weight, e.last) for e in self.events(signal)]
        return found

    def entries(self, c: Criterion) -> list[Entry]:
        """What may count for a rule, before its limits."""
        found = []
        for fact, weight, last in self._raw(c):
            matched = match(c, View(fact, self.people, self.plan.scope), weight, last)
            if matched is not None and self.member in matched[0]:
                found.append(matched[1])
        return found

    def _judge(self, wanted: Wanted) -> list[Deserved]:
        own = [*self._by_rule(wanted), *self._by_hand(wanted)]
        own.sort(key=lambda d: (d.earned_at, d.occurrence))
        taken = self._taken_back(wanted.id)
        standing = [d for d in own if taken is None or d.earned_at > taken]
        if wanted.rule.repeats:
            return standing[: wanted.rule.most_awards]
        return [replace(d, occurrence="") for d in standing[:1]]

    def _by_rule(self, wanted: Wanted) -> list[Deserved]:
        if wanted.criterion is not None:
            own = [self._earned(wanted, met.occurrence, met.period, e) for met, e in self._reached(wanted.criterion)]
            return [d for one in own for d in self._with_needs(wanted, one)] if wanted.needs else own
        return self._with_needs(wanted, None) if wanted.needs else []

    def _reached(self, c: Criterion) -> Sequence[tuple[Met, list[Entry]]]:
        return tally(c, self.entries(c), self.plan.calendar)

    def _earned(self, wanted: Wanted, occurrence: str, period: str | None, evidence: list[Entry]) -> Deserved:
        end = evidence[-1]
        last = max(e.last for e in evidence)
        return Deserved(
            wanted.id,
            wanted.rule.version,
            self.member,
            occurrence,
            period,
            end.at,
            max(end.at, last) + wanted.settle,
            sum(e.weight for e in evidence),
            evidence[0].at,
            self._behind(evidence) if wanted.needs or wanted.id in self.plan.dependents else frozenset(),
            self._fact(end),
        )

    def _with_needs(self, wanted: Wanted, own: Deserved | None) -> list[Deserved]:
        """Gate by the awards it needs: dated by the latest of its own goal and these, and settling from there."""
        held = [self._earliest(part) for part in wanted.needs]
        standing = sorted((d for d in held if d is not None), key=lambda d: (d.earned_at, d.achievement))
        used = standing[: wanted.needed]
        if len(used) < wanted.needed:
            return []
        parts = [*used, own] if own is not None else used
        facts = frozenset().union(*(d.facts for d in parts))
        at = max(d.earned_at for d in parts)
        last = max((self._latest(d) for d in parts), default=at)
        end = max(parts, key=lambda d: d.earned_at)
        return [
            Deserved(
                wanted.id,
                wanted.rule.version,
                self.member,
                own.occurrence if own else "",
                own.period if own else None,
                at,
                max(at, last) + wanted.settle,
                len(facts),
                min(d.since for d in parts),
                facts,
                end.fact,
            )
        ]

    def _latest(self, d: Deserved) -> int:
        """The time of the latest fact behind an award: what it is due at, less the settling."""
        wanted = self.plan.wanted[d.achievement]
        return d.due_at if d.by is not None else d.due_at - wanted.settle

    def _earliest(self, achievement: str) -> Deserved | None:
        wanted = self.plan.wanted.get(achievement)
        if wanted is None or wanted.shadow:
            return None
        held = [d for d in self.deserved(achievement) if d.due_at <= self.now]
        return min(held, key=lambda d: d.earned_at, default=None)

    def _by_hand(self, wanted: Wanted) -> list[Deserved]:
        found = []
        for fact in self._about(GRANT, wanted.id):
            by = str(fact.actor or "")
            note = fact.facts.get("reason") or fact.facts.get("note")
            found.append(
                Deserved(
                    wanted.id,
                    wanted.rule.version,
                    self.member,
                    f"grant:{fact.source}:{fact.id}",
                    None,
                    fact.at,
                    fact.at,
                    1,
                    fact.at,
                    frozenset({(fact.source, fact.id)}),
                    fact,
                    by,
                    None if note is None else str(note),
                )
            )
        return found

    def _taken_back(self, achievement: str) -> int | None:
        """When a moderator last revoked it: what was earned until then does not stand."""
        return max((f.at for f in self._about(REVOCATION, achievement)), default=None)

    def _about(self, type_: str, achievement: str) -> list[Fact]:
        return [f for f in self.facts([type_]) if self._names(f) and f.facts.get("achievement") == achievement]

    def _names(self, fact: Fact) -> bool:
        if fact.target is None or self.people.member(fact.target) != self.member:
            return False
        return fact.type != GRANT or self.people.tracked(self.member, fact.at)

    def _behind(self, evidence: Iterable[Entry]) -> frozenset[FactKey]:
        """The facts of the log behind some entries: for a signal event the marks that made it."""
        found: set[FactKey] = set()
        for entry in evidence:
            if entry.source in self.plan.signals and entry.seq == 0:
                marks = next(e.marks for e in self.events(entry.source) if e.fact.id == entry.id)
                found |= self._behind(marks)
            else:
                found.add((entry.source, entry.id))
        return frozenset(found)

    def _fact(self, entry: Entry) -> Fact | None:
        if entry.source in self.plan.signals and entry.seq == 0:
            return next((e.fact for e in self.events(entry.source) if e.fact.id == entry.id), None)
        found = (f for group in self._facts.values() for f in group if (f.source, f.id) == (entry.source, entry.id))
        return next(found, None)

    def progress(self, achievement: str) -> tuple[Number, Number] | None:
        """How far a rule has come: (value, goal), or None where there is nothing to count."""
        wanted = self.plan.wanted.get(achievement)
        if wanted is None:
            return None
        if wanted.criterion is None:
            return self._parts(wanted)
        c = wanted.criterion
        found = self.counted(c)
        return self._open_value(c, found), c.goal

    def missing(self, achievement: str) -> list[str]:
        """Needed achievements that are not held."""
        wanted = self.plan.wanted[achievement]
        return [part for part in wanted.needs if self._earliest(part) is None]

    def _parts(self, wanted: Wanted) -> tuple[Number, Number] | None:
        if not wanted.needs:
            return None
        return sum(self._earliest(part) is not None for part in wanted.needs), wanted.needed

    def _open_value(self, c: Criterion, found: list[Entry]) -> Number:
        """The value of the frame that is open now: today's count, the running streak, the best thing."""
        calendar = self.plan.calendar
        if c.each is not None:
            things: dict[str, list[Entry]] = {}
            for entry in found:
                things.setdefault(entry.thing, []).append(entry)
            return max((measure(c, group) for group in things.values()), default=0)
        if c.period is not None:
            today = calendar.period(calendar.day(self.now), c.period)
            return measure(c, [e for e in found if calendar.period(e.day, c.period) == today])
        if c.streak is not None:
            return self._run(c, found)
        return measure(c, found)

    def _run(self, c: Criterion, found: list[Entry]) -> int:
        """Active periods of the run of the present: it survives until the current period ends."""
        if c.streak is None:
            return 0
        calendar = self.plan.calendar
        today = calendar.period(calendar.day(self.now), c.streak)
        active = [i for i, g in sorted(by_period(found, calendar, c.streak).items()) if reach(c, g, c.at_least)]
        run, misses, expected = 0, 0, today
        for index in reversed(active):
            gap = expected - index - (1 if expected == today and index < today else 0)
            misses += max(0, gap)
            if misses > c.grace:
                break
            run += 1
            expected = index - 1
        return run
