"""Which of a member's facts count for a rule: what names them, what cancels it, and what came after a silence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.calendar import Calendar
from core.criteria.axis import HOUR
from core.criteria.criterion import Cancel, Criterion, Entry, Number
from core.criteria.matching import Scope, View, eligible, entry_of, in_scope, match, thing
from core.criteria.tally import number_of
from core.doubles import without_doubles
from core.events import Fact
from core.members import Member, People
from core.plan import FROZEN, LEFT, PAUSED, RULE_CHANGED, ZONE, Plan
from core.ports import History
from core.timelines import calendar_of
from core.wanted import Wanted

Event = tuple[Fact, int, int]
Pair = tuple[Entry, Fact]
ThingsOf = Callable[[str], frozenset[str]]
CLOCK = "clock"
_SAID_OF = frozenset({ZONE, PAUSED, FROZEN, LEFT})  # mostly by a platform or a moderator


@dataclass(slots=True)
class SoFar:
    """What the events of some rules add up to so far."""

    _numbers: dict[str, Number] = field(default_factory=dict)
    _values: dict[str, set[object]] = field(default_factory=dict)

    def reached(self, c: Criterion, entry: Entry, goal: Number) -> bool:
        """Count one more event; is the goal there?"""
        if c.best is not None:
            return number_of(entry) >= goal
        if c.distinct is not None:
            seen = self._values.setdefault(c.key, set())
            seen.add(entry.value)
            return len(seen) >= goal
        total = self._numbers.get(c.key, 0) + (1 if c.sum is None else number_of(entry))
        self._numbers[c.key] = total
        return total >= goal


@dataclass(slots=True)
class Sieve:
    """The facts that name one member, read once. `whole`: all were read, and `matched` holds what fulfils the words of
    each rule."""

    plan: Plan
    people: People
    history: History
    member: Member
    _named: dict[str, list[Fact]] = field(default_factory=dict)
    _counting: dict[str, list[Fact]] = field(default_factory=dict)
    matched: dict[str, list[Pair]] = field(default_factory=dict)
    whole: bool = False
    _acts: list[Fact] | None = None
    _scopes: dict[str, Scope] = field(default_factory=dict)

    def facts(self, types: Iterable[str]) -> list[Fact]:
        """Live facts of these types that name the member and count in this community."""
        return self._read(types, self._counting)

    def named(self, types: Iterable[str]) -> list[Fact]:
        """As `facts`, with what bots did and what lies in channels that do not count."""
        return self._read(types, self._named)

    def has(self, types: Iterable[str]) -> bool:
        """Is there any live fact of these types?"""
        return any(self._counting.get(t) for t in types) if self.whole else bool(self.facts(types))

    def read_all(self) -> None:
        """Everything that names the member, in one pass over all rules."""
        plan, member = self.plan, self.member
        self.whole, self._named, self._counting = True, {}, {}
        self.matched = {c.key: [] for c in plan.order}
        brief, so_far, over = plan.brief, SoFar(), set[str]()
        for fact in self._own(None):
            self._named.setdefault(fact.type, []).append(fact)
            if not eligible(fact, plan.scope):
                continue
            self._counting.setdefault(fact.type, []).append(fact)
            view = View(fact, self.people, plan.scope)
            for c in plan.touched(fact.type, view.get):
                key = c.key
                if key in over or member not in view.members(c.credits):
                    continue
                entry = view.plain if c.bare else entry_of(c, view)
                if entry is not None:
                    self.matched[key].append((entry, fact))
                    if key in brief and so_far.reached(c, entry, brief[key]):
                        over.add(key)

    def _read(self, types: Iterable[str], kept: dict[str, list[Fact]]) -> list[Fact]:
        wanted = sorted(types)
        missing = [t for t in wanted if t not in self._named]
        if self.whole:
            missing = []
        if missing:
            self._named.update((t, []) for t in missing)
            for fact in self._own(missing):
                self._named[fact.type].append(fact)
            scope = self.plan.scope
            self._counting.update((t, [f for f in self._named[t] if eligible(f, scope)]) for t in missing)
        return kept.get(wanted[0], []) if len(wanted) == 1 else [f for t in wanted for f in kept.get(t, ())]

    def _own(self, types: Iterable[str] | None) -> Sequence[Fact]:
        """Once what two accounts of the member did, and a person does once."""
        accounts = self.people.accounts(self.member)
        found = self.history.facts(accounts, types)
        return found if len(accounts) == 1 else without_doubles(found, self.people, self.plan.calendar)

    @property
    def acts(self) -> list[Fact]:
        """Every live fact with the member as actor, in order of time."""
        if self._acts is None:
            own = set(self.people.accounts(self.member))
            found = self.history.facts(own, None)
            self._acts = [f for f in found if f.actor in own]
        return self._acts

    def found(self, source: str, id_: str) -> Fact | None:
        """A fact that was read."""
        return next((f for there in self._named.values() for f in there if f.id == id_ and f.source == source), None)

    # ---- whose calendar

    def calendar(self, wanted: Wanted, at: int) -> Calendar:
        """The calendar of an achievement at a time."""
        own = wanted.rule.timezone == "member" and not wanted.shared
        return calendar_of(self.plan, self.people, self.member, at) if own else self.plan.calendar

    def calendar_now(self, c: Criterion, now: int) -> Calendar:
        """The calendar of a rule at the present moment."""
        return calendar_of(self.plan, self.people, self.member, now) if c.own_zone else self.plan.calendar

    def _scope(self, c: Criterion, at: int) -> Scope:
        if not c.own_zone or self.member not in self.people.lives:
            return self.plan.scope
        calendar = calendar_of(self.plan, self.people, self.member, at)
        found = self._scopes.get(calendar.timezone)
        if found is None:
            found = self._scopes[calendar.timezone] = replace(self.plan.scope, calendar=calendar)
        return found

    # ---- what counts

    def entries(
        self, c: Criterion, events: Iterable[Event], cancelling: Sequence[Fact], things: ThingsOf
    ) -> list[Entry]:
        """What may count for a rule, before its limits, in no order."""
        return self.sift(c, self.match(c, events), cancelling, things)

    def match(self, c: Criterion, events: Iterable[Event]) -> list[Pair]:
        """The events that fulfil a rule's own words, for this member."""
        found: list[Pair] = []
        for fact, weight, last in events:
            matched = match(c, self.view(c, fact), weight, last)
            if matched is not None and self.member in matched[0]:
                found.append((matched[1], fact))
        return found

    def sift(self, c: Criterion, found: list[Pair], cancelling: Sequence[Fact], things: ThingsOf) -> list[Entry]:
        """Without what is cancelled, came before a rule was set back, or after no silence."""
        since = self.since(c)
        if since is not None:
            found = [(e, f) for e, f in found if e.at >= since]
        if c.unless is not None and found:
            found = self._uncancelled(c.unless, c, found, cancelling, things)
        if c.absence is not None:
            return self._after_silence(c, c.absence, [e for e, _ in found])
        return [e for e, _ in found]

    def since(self, c: Criterion) -> int | None:
        """From when on a rule counts whose progress was set back with its version."""
        rule = self.plan.book.achievements.get(c.id) if c.kind == "achievement" else None
        if rule is None or rule.progress != "reset":
            return None
        said = [f for f in self.history.of_type([RULE_CHANGED]) if f.facts.get("achievement") == c.id]
        resets = (f.at for f in said if f.facts.get("version") == rule.version and f.facts.get("progress") == "reset")
        return max(resets, default=None)

    def _uncancelled(
        self,
        unless: Cancel,
        c: Criterion,
        found: list[tuple[Entry, Fact]],
        cancelling: Sequence[Fact],
        things: ThingsOf,
    ) -> list[tuple[Entry, Fact]]:
        if unless.match == "window":
            return found
        if unless.match == "ever":
            return [] if self._against(c, unless, cancelling) else found
        gone = cancelled(self.plan, self.history, unless, {thing(f) for _, f in found}, things, self._view)
        return [(e, f) for e, f in found if thing(f) not in gone]

    def void(self, c: Criterion, cancelling: Sequence[Fact]) -> frozenset[int]:
        """Days (hours, for `within` hours) on which something cancels their window."""
        if c.unless is None or c.unless.match != "window":
            return frozenset()
        hours = c.within is not None and c.within.unit == "hour"
        against = self._against(c, c.unless, cancelling)
        return frozenset(f.at // HOUR if hours else self._scope(c, f.at).calendar.day(f.at) for f in against)

    def _against(self, c: Criterion, unless: Cancel, facts: Iterable[Fact]) -> list[Fact]:
        """Events that cancel a window: they credit the same member by the rule's own words, bots' among them."""
        found = []
        for fact in facts:
            view = self.view(c, fact)
            fulfilled = unless.where is None or unless.where(view.get)
            if fulfilled and in_scope(fact, self.plan.scope) and self.member in view.credited(c.credit, c.allow_self):
                found.append(fact)
        return found

    def view(self, c: Criterion, fact: Fact) -> View:
        """A fact as a rule looks at it, on the calendar of the rule."""
        return View(fact, self.people, self._scope(c, fact.at))

    def _view(self, fact: Fact) -> View:
        return View(fact, self.people, self.plan.scope)

    def _after_silence(self, c: Criterion, absence: int, entries: list[Entry]) -> list[Entry]:
        """The first event of each day before which the member was silent long enough."""
        days = sorted({self._scope(c, f.at).calendar.day(f.at) for f in self.acts if is_act(f)})
        found: dict[int, Entry] = {}
        for entry in sorted(entries, key=lambda e: e[:3]):
            place = bisect_left(days, entry.day)
            if entry.day not in found and place and entry.day - days[place - 1] - 1 >= absence:
                found[entry.day] = entry
        return list(found.values())


def is_act(fact: Fact) -> bool:
    """Did the member do it, and neither a bot nor the clock? A zone, a pause or a freeze is only said of them."""
    return fact.source != CLOCK and fact.type not in _SAID_OF and fact.facts.get("bot") is not True


def cancelled(
    plan: Plan,
    history: History,
    unless: Cancel,
    things: set[str],
    said: ThingsOf,
    view: Callable[[Fact], View],
) -> set[str]:
    """Which of these things something cancels, whoever did it and whenever."""
    signals = unless.types & plan.signals.keys()
    gone = {t for signal in signals for t in said(signal)} & things
    facts = history.concerning(things, unless.types - signals) if unless.types - signals else ()
    fulfilled = (f for f in facts if unless.where is None or unless.where(view(f).get))
    return gone | {thing(f) for f in fulfilled if in_scope(f, plan.scope)}
