"""What others decide too: goals of a team or the community, rankings, the first so many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from core.awards import Deserved
from core.criteria.axis import HOUR, Axis
from core.criteria.combining import leaves, reached
from core.criteria.criterion import Criterion, Entry, Met
from core.criteria.matching import View, eligible, in_scope, match, thing
from core.criteria.tally import counted
from core.doubles import without_doubles
from core.events import Fact, accounts
from core.gating import finished
from core.judgement import Judgement, choose
from core.members import Member, People
from core.plan import Plan
from core.ports import History
from core.ranking import ranked
from core.sifting import cancelled
from core.timelines import axis_of
from core.wanted import ENGINE_TYPES, Wanted, raw_types, rests_on

EVERYBODY = ""
"""The group of a community goal, and the name under which its progress is kept."""


FEW = 64


@dataclass(frozen=True, slots=True)
class Credit:
    """An event that counts for a group, and the members it is credited to."""

    entry: Entry
    members: tuple[Member, ...]
    fact: Fact
    team: str


@dataclass(slots=True)
class Court:
    """All members of a community at one moment. `places`: who is among the first, where that is known: by achievement,
    as (member, tier). `keep`: remember every member looked at, and not only the last few."""

    plan: Plan
    people: People
    history: History
    now: int
    keep: bool = True
    places: dict[str, frozenset[tuple[Member, str]]] = field(default_factory=dict)
    _members: dict[Member, Judgement] = field(default_factory=dict)
    _awards: dict[str, dict[Member, list[Deserved]]] = field(default_factory=dict)
    _things: dict[str, frozenset[str]] = field(default_factory=dict)
    _credits: dict[str, list[Credit]] = field(default_factory=dict)

    def member(self, member: Member) -> Judgement:
        """The member as the log shows them."""
        found = self._members.get(member)
        if found is None:
            if not self.keep and len(self._members) >= FEW:
                self._members.clear()
            found = self._members[member] = Judgement(self.plan, self.people, self.history, member, self.now, self)
        return found

    def awards(self, achievement: str, member: Member) -> list[Deserved]:
        """A member's awards of a shared achievement, before what moderators gave and took."""
        places = self.places.get(achievement)
        if places is not None:
            own = self.member(member).candidates(self.plan.wanted[achievement])
            return [d for d in own if (member, d.tier) in places]
        return self.all_awards(achievement).get(member, [])

    def all_awards(self, achievement: str) -> dict[Member, list[Deserved]]:
        """Everybody's awards of a shared achievement."""
        found = self._awards.get(achievement)
        if found is None:
            wanted = self.plan.wanted[achievement]
            found = self._awards[achievement] = self._decide(wanted)
        return found

    def taken(self, achievement: str) -> int:
        """How many places of the first so many are taken."""
        known = self.places.get(achievement)
        return len(known) if known is not None else sum(map(len, self.all_awards(achievement).values()))

    def _decide(self, wanted: Wanted) -> dict[Member, list[Deserved]]:
        if wanted.rule.top is not None and wanted.criterion is not None:
            found = ranked(self, wanted, wanted.criterion, wanted.rule.top)
        elif wanted.rule.for_ != "member":
            found = self._together(wanted)
        else:
            found = {m: self.member(m).candidates(wanted) for m in self.concerned(wanted)}
        return _first(found, wanted.rule.first) if wanted.rule.first is not None else found

    def things(self, signal: str) -> frozenset[str]:
        """What a signal's events are about, of all members."""
        found = self._things.get(signal)
        if found is None:
            members = self._named(raw_types([signal], self.plan.signals))
            events = (e for m in members for e in self.member(m).events(signal))
            found = self._things[signal] = frozenset(thing(e.fact) for e in events)
        return found

    def members_about(self, signal: str, name: str) -> set[Member]:
        """Whose events of a signal are about this thing."""
        members = self._named(raw_types([signal], self.plan.signals))
        return {m for m in members if any(thing(e.fact) == name for e in self.member(m).events(signal))}

    # ---- one progress for many

    def _together(self, wanted: Wanted) -> dict[Member, list[Deserved]]:
        found: dict[Member, list[Deserved]] = {}
        for group in self.groups(wanted):
            members = self.credited(wanted, group)
            for met, evidence in self.goals(wanted, group):
                behind = {m for e in evidence for m in members[e.source, e.id]}
                for m in sorted(behind):
                    d = finished(self.member(m), wanted, self._given(wanted, m, group, met, evidence))
                    if d is not None:
                        found.setdefault(m, []).append(d)
        return {m: choose(wanted, there) for m, there in found.items()}

    def goals(self, wanted: Wanted, group: str) -> list[tuple[Met, list[Entry]]]:
        """Every goal that a team (or the community) reached."""
        condition = wanted.condition
        if condition is None:
            return []
        return reached(condition, lambda c: self.entries(c, group), lambda c: self.axis(c, group))

    def groups(self, wanted: Wanted) -> list[str]:
        """The teams that made progress, or the community."""
        if wanted.rule.for_ == "community":
            return [EVERYBODY]
        return sorted({credit.team for c in leaves(wanted.condition) for credit in self.credits(c) if credit.team})

    def entries(self, c: Criterion, group: str) -> list[Entry]:
        """What counts for a group, in order."""
        return counted(c, self.uncapped(c, group), self.plan.calendar)

    def uncapped(self, c: Criterion, group: str) -> list[Entry]:
        """What may count for a group, before its limits."""
        return [credit.entry for credit in self.credits(c) if c.whose == "community" or credit.team == group]

    def credited(self, wanted: Wanted, group: str) -> dict[tuple[str, str], tuple[Member, ...]]:
        """Who is credited by each event that counts for a group."""
        return {
            (credit.entry.source, credit.entry.id): credit.members
            for c in leaves(wanted.condition)
            for credit in self.credits(c)
            if wanted.rule.for_ == "community" or credit.team == group
        }

    def axis(self, c: Criterion, group: str) -> Axis:
        days: set[int] = set()
        if c.unless is not None and c.unless.match == "window":
            hours = c.within is not None and c.within.unit == "hour"
            against = [k.fact for k in self._against(c) if c.whose == "community" or k.team == group]
            days = {f.at // HOUR if hours else self.plan.calendar.day(f.at) for f in against}
        return axis_of(self.plan, self.people, EVERYBODY, c, self.now, days)

    def _given(self, wanted: Wanted, member: Member, group: str, met: Met, evidence: list[Entry]) -> Deserved:
        at = met.key[0]
        there = {(k.entry.source, k.entry.id): k for leaf in leaves(wanted.condition) for k in self.credits(leaf)}
        facts = frozenset().union(*(self._facts_behind(there[e.source, e.id]) for e in evidence))
        alone = isinstance(wanted.condition, Criterion) and not wanted.overlapping
        return Deserved(
            wanted.id,
            wanted.rule.version,
            member,
            "/".join(part for part in (group, met.occurrence) if part),
            met.period,
            at,
            max(at, met.last) + wanted.settle,
            met.evidence if alone else len(facts),
            met.since,
            facts,
            there[evidence[-1].source, evidence[-1].id].fact,
            tier=met.tier,
        )

    def _facts_behind(self, credit: Credit) -> frozenset[tuple[str, str]]:
        if credit.entry.source in self.plan.signals and credit.entry.seq == 0:
            member = credit.members[0]
            return self.member(member).behind([credit.entry._replace(id=credit.fact.id)])
        return frozenset({(credit.entry.source, credit.entry.id)})

    def credits(self, c: Criterion) -> list[Credit]:
        """Every event that counts for a rule, whomever it is credited to, before its limits."""
        found = self._credits.get(c.key)
        if found is None:
            found = self._credits[c.key] = self._uncancelled(c, list(self._matched(c, c.types, bots=False)))
        return found

    def _matched(self, c: Criterion, types: frozenset[str], *, bots: bool) -> Iterator[Credit]:
        signals, made = types & self.plan.signals.keys(), types & ENGINE_TYPES
        scope = self.plan.scope
        facts = self.history.of_type(types - signals - made)
        for fact in without_doubles(facts, self.people, self.plan.calendar):
            if in_scope(fact, scope) if bots else eligible(fact, scope):
                yield from self._credit(c, fact, fact.id)
        for m in self.concerned(self.plan.wanted[c.id]) if made else ():
            for fact in self.member(m).made(made):
                yield from self._credit(c, fact, f"{fact.id}\0{m}")
        for signal in sorted(signals):
            for m in self._named(raw_types([signal], self.plan.signals)):
                for e in self.member(m).events(signal):
                    # Events of several members may share an id: the member tells them apart.
                    yield from self._credit(c, e.fact, f"{e.fact.id}\0{m}", e.weight, e.last)

    def _credit(self, c: Criterion, fact: Fact, id_: str, weight: int = 1, last: int | None = None) -> Iterator[Credit]:
        view = View(fact, self.people, self.plan.scope)
        matched = match(c, view, weight, last)
        if matched is not None:
            team = view.get("team")
            entry = matched[1] if id_ == fact.id else matched[1]._replace(id=id_)
            yield Credit(entry, matched[0], fact, team if isinstance(team, str) else "")

    def _uncancelled(self, c: Criterion, found: list[Credit]) -> list[Credit]:
        unless = c.unless
        if unless is None or unless.match == "window" or not found:
            return found
        if unless.match == "ever":
            against = {credit.team for credit in self._against(c)}
            return (
                [credit for credit in found if not against]
                if c.whose == "community"
                else [credit for credit in found if credit.team not in against]
            )
        things = {thing(credit.fact) for credit in found}
        gone = cancelled(
            self.plan, self.history, unless, things, self.things, lambda f: View(f, self.people, self.plan.scope)
        )
        return [credit for credit in found if thing(credit.fact) not in gone]

    def _against(self, c: Criterion) -> list[Credit]:
        """What cancels windows: events that credit anybody by the rule's own words."""
        if c.unless is None:
            return []
        against = replace(
            c,
            types=c.unless.types,
            where=c.unless.where,
            unless=None,
            days=None,
            only_in=None,
            each=None,
            distinct=None,
            sum=None,
            best=None,
            limit=None,
            same=None,
        )
        return list(self._matched(against, against.types, bots=True))

    # ---- who

    def concerned(self, wanted: Wanted) -> list[Member]:
        """Whoever may have it: members named by a fact that it rests on."""
        return self._named(rests_on(wanted, self.plan.wanted, self.plan.signals, self.plan.scores))

    def _named(self, types: frozenset[str]) -> list[Member]:
        """Members that a fact of these types names."""
        return sorted({self.people.member(a) for f in self.history.of_type(types) for a in accounts(f)})


def _first(found: dict[Member, list[Deserved]], places: int) -> dict[Member, list[Deserved]]:
    """For each tier the first so many, by time, then by account."""
    by_tier: dict[str, list[Deserved]] = {}
    for there in found.values():
        for d in there:
            by_tier.setdefault(d.tier, []).append(d)
    kept: dict[Member, list[Deserved]] = {}
    for there in by_tier.values():
        for d in sorted(there, key=lambda d: (d.earned_at, d.member))[:places]:
            kept.setdefault(d.member, []).append(d)
    return {m: sorted(there, key=lambda d: d.earned_at) for m, there in kept.items()}
