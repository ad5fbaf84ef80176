"""Why somebody has an achievement, or why not: what counted, what did not and for which one reason, what is missing.

Everything comes from the live facts, as `Judgement` reads them; only what was withdrawn must be handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.announcements import Place, place_of
from core.awards import Deserved
from core.court import Court
from core.criteria.chains import reached_steps
from core.criteria.combining import Combination, Condition, leaves
from core.criteria.criterion import Criterion, Entry
from core.events import Fact
from core.grounds import grounds
from core.judgement import Judgement
from core.language import ENGLISH, Language
from core.members import Member
from core.objections import Key, Objections, Rule, against, among, elsewhere, key_of, out_of_turn, short
from core.obstacles import is_over, obstacles
from core.rules.book import RuleBook, Signal
from core.rules.conditions import Condition as Written
from core.rules.explain import Clock, next_step, nothing_yet, objected, progress_text, sentence
from core.rules.explain.english import number
from core.rules.explain.misses import Objection
from core.rules.explain.nouns import Forms, nouns
from core.rules.explain.sentences import step_text
from core.rules.explain.words import events, units
from core.standing import Standing
from core.standings import Sight, present, standing, steps_now
from core.wanted import ENGINE_TYPES, Wanted, raw_types

MOST_SHOWN = 10
MOST_LOOKED_AT = 2_000
"""Facts of one rule that are explained: the newest. What counts is found among all of them."""

# The order in which reasons are told: first what surprises, last what nobody expected to count.
_RANKS = ("withdrawn", "cancelled", "self", "bot", "cap", "repeat", "late", "ignored", "private", "short", "where")
_LAST = ("frame", "thing", "others")


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as it may be shown: when (UTC microseconds), what, and where. `channel` is None where nobody may know."""

    at: int
    what: str
    place: Place
    channel: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Uncounted:
    """So many facts that do not count, for the same reason: "3 reactions were your own"."""

    number: int
    noun: str
    reason: str
    kind: str

    @property
    def text(self) -> str:
        """As a clause."""
        return f"{number(self.number)} {self.noun} {self.reason}"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`awards`: those the live facts support now, the earliest first. `grounds`: what the latest of them rests on.
    `counted`: what makes up the present number, of `counted_in_all`; both the newest first, at most ten. `progress`:
    the number in words. `obstacles`: what stands in the way beside the number, as clauses."""

    achievement: str
    member: Member
    rule: str
    version: int
    now: int
    awards: tuple[Deserved, ...]
    grounds: tuple[Shown, ...]
    standing: Standing
    progress: str
    next_step: str | None
    counted: tuple[Shown, ...]
    counted_in_all: int
    uncounted: tuple[Uncounted, ...]
    obstacles: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Is there an award in force?"""
        return any(d.state(self.now) == "awarded" for d in self.awards)


def diagnose(
    court: Court,
    member: Member,
    achievement: str,
    withdrawn: Sequence[Fact] = (),
    t: Language = ENGLISH,
    *,
    own: bool = True,
) -> Diagnosis | None:
    """Why a member has an achievement, or why not; None for one that is off or not in the book.

    `withdrawn`: facts that name the member and are no longer alive. `own`: it is told to the member; others are told
    nothing of private channels. `t`: the language of all texts.
    """
    wanted = court.plan.wanted.get(achievement)
    if wanted is None:
        return None
    judgement = court.member(member)
    found = _Look(court.plan.book, judgement, wanted, own, list(withdrawn), t)
    found.condition(wanted.condition, wanted.rule)
    counted = found.counted_facts()
    awards = tuple(judgement.deserved(achievement))
    stands = standing(court, judgement, achievement) or nothing_yet(court.plan.book, achievement)
    clock = Clock(court.now, judgement.sieve.calendar(wanted, court.now))
    return Diagnosis(
        achievement,
        member,
        sentence(court.plan.book, achievement, t),
        wanted.rule.version,
        court.now,
        awards,
        found.shown(grounds(court, judgement, wanted, awards[-1])) if awards else (),
        stands,
        # Who may ask has heard of it: secret ones are refused before.
        progress_text(court.plan.book, stands, clock, t, held=True),
        None if is_over(wanted, clock) else next_step(court.plan.book, stands, t),
        found.shown(counted),
        len(counted),
        tuple(found.uncounted()),
        tuple(obstacles(court, judgement, wanted, stands, t)),
    )


def not_counted(groups: Sequence[Uncounted], t: Language = ENGLISH) -> str:
    """ "Two reactions were your own, one came from a bot": what is counted is named once."""
    if not t.is_english:
        return "; ".join(
            f"{t.number(group.number)} × {group.noun}: {objected.objection(group.kind, t)}" for group in groups
        )
    texts: list[str] = []
    before = ""
    for group in groups:
        again = before.rstrip("s") == group.noun.rstrip("s")
        texts.append(f"{number(group.number)} {group.reason}" if again else group.text)
        before = group.noun
    return ("; " if any(", " in text for text in texts) else ", ").join(texts)


def types_of(court: Court, achievement: str) -> frozenset[str]:
    """Event types of the log that an achievement counts, through signals too."""
    wanted = court.plan.wanted.get(achievement)
    there = leaves(wanted.condition) if wanted is not None else ()
    return frozenset().union(*(raw_types(c.types, court.plan.signals) for c in there))


@dataclass(slots=True)
class _Look:
    """Everything of one achievement that names the member: what counts now, and what stands against the rest."""

    book: RuleBook
    judgement: Judgement
    wanted: Wanted
    own: bool
    withdrawn: list[Fact]
    t: Language = ENGLISH
    _here: dict[Key, Fact] = field(default_factory=dict)
    _told: list[tuple[Rule, Fact, Objection]] = field(default_factory=list)
    _nouns: dict[Key, str] = field(default_factory=dict)

    # ---- looking

    def condition(self, condition: Condition | None, rule: Written) -> None:
        if isinstance(condition, Criterion):
            self._criterion(condition, rule)
        elif condition is not None and condition.kind == "steps":
            self._steps(condition, rule)
        elif condition is not None:
            for part, written in zip(condition.parts, rule.all_ or rule.any_ or (), strict=True):
                self.condition(part, written)

    def _criterion(self, c: Criterion, rule: Written) -> None:
        j = self.judgement
        sight = Sight(self.wanted.id, j.counted(c), j.axis(c), j.now)
        if c.whose != "member":
            self._facts(c, rule, {}, sight.entries)
            return
        self._facts(c, rule, among(j, c, rule) | elsewhere(c, rule, sight), present(c, sight))

    def _steps(self, condition: Combination, rule: Written) -> None:
        now = steps_now(self.judgement, condition)
        done = reached_steps(condition.leaves, now, condition.ordered)
        early: list[Objections] = [{} for _ in now]
        if condition.ordered:
            names = [step_text(self.book, rule, n) for n in range(len(now))]
            early = out_of_turn(rule, now, done, names)
        for c, step, entries, found in zip(condition.leaves, rule.steps or (), now, early, strict=True):
            self._facts(c, step, found, [e for e in entries if key_of(e) not in found])

    def _facts(self, c: Criterion, rule: Rule, more: Objections, here: Iterable[Entry]) -> None:
        """All facts of the rule's types, newest first; then those of its signals."""
        facts = {key_of(fact): fact for fact in self._named(c)}
        for fact in sorted(facts.values(), key=lambda f: f.at, reverse=True)[:MOST_LOOKED_AT]:
            objection = against(self.judgement, c, rule, fact, self._whose) or more.get(key_of(fact))
            if objection is not None:
                self._told.append((rule, fact, objection))
        for entry in here:
            if key_of(entry) in facts:
                self._here[key_of(entry)] = facts[key_of(entry)]
                self._nouns[key_of(entry)] = self._noun(rule, facts[key_of(entry)])[0]
        self._withdrawn(c, rule)
        for name in sorted(c.types & self.judgement.plan.signals.keys()):
            signal = self.judgement.plan.signals[name]
            written = self.book.signals[name]
            self._facts(signal, written, self._marks(signal, written), ())

    def _named(self, c: Criterion) -> list[Fact]:
        """Those that may count, and those that name the member and cannot."""
        j = self.judgement
        types = c.types - j.plan.signals.keys() - ENGINE_TYPES
        return [*j.sieve.named(types), *(fact for fact, _, _ in j.raw(c))]

    def _marks(self, c: Criterion, rule: Signal) -> Objections:
        return among(self.judgement, c, rule) | short(self.judgement, c, rule)

    def _withdrawn(self, c: Criterion, rule: Rule) -> None:
        for fact in self.withdrawn:
            if fact.type in c.types and against(self.judgement, c, rule, fact, self._whose) is None:
                self._told.append((rule, fact, _WITHDRAWN))

    @property
    def _whose(self) -> str:
        return "your" if self.own else "their"

    # ---- telling

    def _noun(self, rule: Rule, fact: Fact) -> Forms:
        return noun(self.book, rule, fact, self.t)

    def counted_facts(self) -> list[Fact]:
        return sorted(self._here.values(), key=lambda f: f.at, reverse=True)

    def shown(self, facts: Iterable[Fact]) -> tuple[Shown, ...]:
        told = [fact for fact in facts if self.own or fact.facts.get("private") is not True]
        return tuple(self._shown(fact) for fact in told[:MOST_SHOWN])

    def _shown(self, fact: Fact) -> Shown:
        private = fact.facts.get("private") is True
        source = str(fact.facts.get("source", fact.source))
        place = Place(source, private=True) if private else place_of(source, fact.facts)
        channel = None if private else fact.facts.get("channel")
        what = self._nouns.get(key_of(fact)) or self._noun(self.wanted.rule, fact)[0]
        if isinstance(minutes := fact.facts.get("minutes"), int):  # of a voice session, a visit, a meeting
            what = f"{what} ({units(minutes, 'minute', self.t)})"
        return Shown(fact.at, what, place, str(channel) if channel is not None else None, private)

    def uncounted(self) -> list[Uncounted]:
        """Equal reasons together, what surprises first."""
        groups: dict[tuple[str, str, str], list[tuple[Forms, Objection]]] = {}
        seen: set[tuple[Key, str]] = set()
        for rule, fact, objection in self._told:
            if not self.own and fact.facts.get("private") is True:
                continue
            forms = self._noun(rule, fact)
            if (key_of(fact), objection.kind) not in seen:
                seen.add((key_of(fact), objection.kind))
                groups.setdefault((forms[0], objection.kind, objection.general), []).append((forms, objection))
        return sorted(map(_together, groups.values()), key=lambda u: (_rank(u.kind), -u.number, u.reason))


_WITHDRAWN = Objection("withdrawn", "was withdrawn", "were withdrawn", "were withdrawn")


def _together(group: list[tuple[Forms, Objection]]) -> Uncounted:
    (one, many), first = group[0]
    if len(group) == 1:
        return Uncounted(1, one, first.one, first.kind)
    agree = all(objection.many == first.many for _, objection in group)
    return Uncounted(len(group), many, first.many if agree else first.general, first.kind)


def _rank(kind: str) -> int:
    word = kind.partition(" ")[0]
    if word in _LAST:
        return 100 + _LAST.index(word)
    return _RANKS.index(word) if word in _RANKS else 50


def noun(book: RuleBook, rule: Rule, fact: Fact, t: Language = ENGLISH) -> Forms:
    """What a fact is called where a rule counts it."""
    there = rule.model_copy(update={"when": (fact.type,)})
    return nouns(book, there) if t.is_english else (events(book, there, t), events(book, there, t))
