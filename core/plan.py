"""A rule book made ready for deciding: criteria by event type, signals before what uses them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from core.calendar import Calendar
from core.catalogue import CLOCK, KNOWN
from core.compiling import score, signal, tally
from core.criteria.axis import Axis
from core.criteria.combining import leaves
from core.criteria.criterion import Criterion, Number
from core.criteria.matching import Scope
from core.rules.boards import counted_signals
from core.rules.book import Achievement, RuleBook, conditions, types_named
from core.wanted import GRANT, Wanted, asks_level, asks_membership, raw_types, rests_on, wanted_of

# Statements that are about the bot's own bookkeeping; rules may name them too, as any type.
REVOCATION = "award.revoked"
CONFIRMED = "award.confirmed"
DECLINED = "award.declined"
CHOICE = "member.settings_changed"
MEMBERSHIP = "member.joined"
ZONE = "member.zone_set"
PAUSED = "member.paused"
FROZEN = "streak.frozen"
DEAF = "bot.deaf"
TEAM = "team.joined"
LEFT = "member.left"
RULE_CHANGED = "rule.changed"
LINKED = "member.linked"
BANNED = "member.banned"
BY_HAND = frozenset({GRANT, REVOCATION, CONFIRMED, DECLINED})
LIFE = frozenset({CHOICE, ZONE, PAUSED, FROZEN})
"""What a member says about themselves: who they are to the rules, not what they did."""
OWN_TYPES = frozenset({*BY_HAND, *LIFE, MEMBERSHIP, DEAF, TEAM, LEFT, RULE_CHANGED, LINKED, BANNED, "action.validated"})


Way = Literal["sum", "whole", "shards", "run", "closing", "log"]
"""How a rule is kept: not at all, as one state, as events by thing, as one state for all steps, not before its period
closes, or in the log."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Criteria of one event type: those that look at every event, and those that want certain values of a fact."""

    always: tuple[Criterion, ...]
    by_fact: tuple[tuple[str, dict[object, tuple[Criterion, ...]]], ...]


def _dispatched(criteria: Iterable[Criterion]) -> Dispatch:
    always: list[Criterion] = []
    by_fact: dict[str, dict[object, tuple[Criterion, ...]]] = {}
    for c in criteria:
        if c.only is None:
            always.append(c)
            continue
        there = by_fact.setdefault(c.only[0], {})
        for value in c.only[1]:
            there[value] = (*there.get(value, ()), c)
    return Dispatch(tuple(always), tuple(by_fact.items()))


def _brief(c: Criterion) -> bool:
    framed = c.framed or c.seasonal or c.each is not None or c.limit is not None
    asked = c.unless is not None or c.absence is not None or c.own_zone or c.parent is not None
    return c.kind == "achievement" and c.once and c.whose == "member" and not (framed or asked)


@dataclass(frozen=True, eq=False)
class Plan:
    """`by_type`: criteria that an event of this type (or this signal) touches. `order`: signals before their users.
    `cancels`: criteria whose `unless` names this type. `wanted`: achievements that are on, those that others need
    before these. `ways`, `straight`: what `core.progress` found out about rules. `open`: types of which every fact must
    be found without knowing whom it names. `things`: types whose facts are found by what they are about.
    `silence_of_others`: a rule with after_absence counts what others did."""

    book: RuleBook
    scope: Scope
    by_type: dict[str, tuple[Criterion, ...]]
    cancels: dict[str, tuple[Criterion, ...]]
    order: tuple[Criterion, ...]
    signals: dict[str, Criterion]
    scores: tuple[Criterion, ...]
    wanted: dict[str, Wanted]
    dependents: dict[str, tuple[str, ...]]
    known: frozenset[str]
    open: frozenset[str]
    things: frozenset[str]
    by_membership: tuple[str, ...]
    by_role: tuple[str, ...]
    by_silence: tuple[str, ...]
    silence_of_others: bool
    by_level: tuple[str, ...]
    raw_types: dict[str, frozenset[str]] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    straight: dict[str, bool] = field(default_factory=dict)
    _resting: dict[str, frozenset[str]] = field(default_factory=dict)
    _calendars: dict[str, Calendar] = field(default_factory=dict)

    @property
    def community(self) -> str:
        return self.book.community.id

    @property
    def calendar(self) -> Calendar:
        return self.scope.calendar

    @cached_property
    def _dispatch(self) -> dict[str, Dispatch]:
        return {type_: _dispatched(there) for type_, there in self.by_type.items()}

    def touched(self, type_: str, get: Callable[[str], object]) -> Sequence[Criterion]:
        """The criteria that an event may count for, by its type and then by the most selective filter of each."""
        found = self._dispatch.get(type_)
        if found is None:
            return ()
        if not found.by_fact:
            return found.always
        fitting = [*found.always]
        for name, by_value in found.by_fact:
            value = get(name)
            if isinstance(value, tuple | list):
                fitting += dict.fromkeys(c for v in value for c in by_value.get(v, ()))
            else:
                fitting += by_value.get(value, ())
        return fitting

    @cached_property
    def ranks(self) -> dict[str, tuple[int, Criterion]]:
        """By key of a rule: its place in the order, and the rule."""
        return {c.key: (n, c) for n, c in enumerate(self.order)}

    @cached_property
    def brief(self) -> dict[str, Number]:
        """Rules whose first events alone decide: with the measure at which nothing that comes later matters."""
        reset = {name for name, a in self.book.achievements.items() if a.progress == "reset"}
        own = (c for c in self.order if c.id not in reset and c.types.isdisjoint(self.signals))
        return {c.key: c.rungs[-1].goal for c in own if _brief(c)}

    @cached_property
    def axis(self) -> Axis:
        """The time line of rules on which nothing weighs but the calendar."""
        return Axis(self.calendar)

    @property
    def watches(self) -> bool:
        """Does any rule ask about members beside what they are credited for?"""
        return bool(self.by_membership or self.by_role or self.by_silence)

    def resting_on(self, signal: str) -> frozenset[str]:
        """Achievements that count this signal, directly or through another one."""
        found = self._resting.get(signal)
        if found is None:
            users = self.by_type.get(signal, ())
            own = {c.id for c in users if c.kind == "achievement"}
            found = frozenset(own.union(*(self.resting_on(c.id) for c in users if c.kind == "signal")))
            self._resting[signal] = found
        return found

    def calendar_in(self, zone: str) -> Calendar:
        """The community's days and weeks in another zone. Raises ValueError for an unknown one."""
        found = self._calendars.get(zone)
        if found is None:
            c = self.book.community
            found = self._calendars[zone] = Calendar(zone, c.day_starts, c.week_starts)
        return found

    def unknown(self, type_: str) -> str:
        """Why a statement of this type is not taken."""
        near = difflib.get_close_matches(type_, sorted(self.known), 1, 0.8)
        return f"unknown type {type_}" + (f"; did you mean {near[0]}?" if near else "")


def compile_plan(book: RuleBook) -> Plan:
    """Raises nothing: a loaded book is sound."""
    signals = {name: signal(name, s) for name, s in book.signals.items()}
    achievements = {name: a for name, a in book.achievements.items() if a.on}
    scores = tuple(score(name, s) for name, s in book.scores.items())
    wanted = _by_rank({name: wanted_of(name, achievements[name], signals) for name in _by_need(achievements)})
    order = (
        *(signals[name] for name in _by_use(signals)),
        *(leaf for w in wanted.values() for leaf in leaves(w.condition)),
        *scores,
        *(tally(name) for name in counted_signals(book.boards)),
    )
    raw = {c.key: raw_types(c.types, signals) for c in order}
    return Plan(
        book,
        _scope(book),
        _by_type(order, lambda c: c.types),
        _by_type(order, lambda c: c.unless.types if c.unless else frozenset()),
        order,
        signals,
        scores,
        wanted,
        _dependents(wanted),
        _known_types(book),
        _open_types(wanted, order, signals, scores),
        frozenset().union(*(raw_types((*c.types, *c.unless.types), signals) for c in order if c.unless)),
        tuple(w.id for w in wanted.values() if asks_membership(w.rule)),
        tuple(w.id for w in wanted.values() if w.rule.who and (w.rule.who.role or w.rule.who.not_role)),
        tuple({c.id: None for c in order if c.absence is not None}),
        any(c.absence is not None and (c.credit != "actor" or not c.types.isdisjoint(CLOCK)) for c in order),
        tuple(w.id for w in wanted.values() if asks_level(w, signals)),
        raw,
    )


def _by_type(
    order: Iterable[Criterion], types: Callable[[Criterion], frozenset[str]]
) -> dict[str, tuple[Criterion, ...]]:
    found: dict[str, list[Criterion]] = {}
    for criterion in order:
        for type_ in types(criterion):
            found.setdefault(type_, []).append(criterion)
    return {type_: tuple(there) for type_, there in found.items()}


def _known_types(book: RuleBook) -> frozenset[str]:
    """Catalogued, declared by the book, or named by one of its rules, also one that is off."""
    parts = [part for rule in book.achievements.values() for part in conditions(rule)]
    named = {t for rule in (*book.signals.values(), *book.scores.values(), *parts) for t in types_named(rule)}
    named -= book.signals.keys()
    return frozenset(KNOWN | OWN_TYPES | set(book.types.known) | named)


def _scope(book: RuleBook) -> Scope:
    community = book.community
    return Scope(
        community.calendar,
        frozenset(community.ignore_channels),
        frozenset(community.only_channels),
        community.count_private,
    )


def _open_types(
    wanted: dict[str, Wanted], order: Iterable[Criterion], signals: dict[str, Criterion], scores: Sequence[Criterion]
) -> frozenset[str]:
    """Types of which every fact must be found: those of shared rules, and of signals that cancel things of others."""
    shared = (rests_on(w, wanted, signals, scores) for w in wanted.values() if w.shared)
    found = {DEAF, RULE_CHANGED, LINKED}.union(*shared)
    objects = (c.unless for c in order if c.unless is not None and c.unless.match == "object")
    return frozenset(found.union(*(raw_types(u.types & signals.keys(), signals) for u in objects)))


def _by_rank(wanted: dict[str, Wanted]) -> dict[str, Wanted]:
    """What rests on other awards comes after these; the order is otherwise kept."""
    late = {name for name, w in wanted.items() if w.derived}
    for name, w in wanted.items():  # those needed come first, so one pass finds all
        if not late.isdisjoint(w.needs):
            late.add(name)
    return {n: w for n, w in wanted.items() if n not in late} | {n: w for n, w in wanted.items() if n in late}


def _by_need(rules: dict[str, Achievement]) -> list[str]:
    return _sorted_by({name: set(r.needs.of if r.needs else ()) & rules.keys() for name, r in rules.items()})


def _by_use(signals: dict[str, Criterion]) -> list[str]:
    uses = {name: c.types | (c.unless.types if c.unless else frozenset()) for name, c in signals.items()}
    return _sorted_by({name: set(types) & signals.keys() for name, types in uses.items()})


def _sorted_by(before: dict[str, set[str]]) -> list[str]:
    """Names with everything in `before` ahead of them; loading refuses circles."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in done:
            for other in sorted(before[name]):
                visit(other)
            done[name] = None

    for name in before:
        visit(name)
    return list(done)


def _dependents(wanted: dict[str, Wanted]) -> dict[str, tuple[str, ...]]:
    """Which achievements to look at again when a member's award of this one changes."""
    found: dict[str, list[str]] = {}
    derived = [w.id for w in wanted.values() if w.derived]
    for w in wanted.values():
        for needed in w.needs:
            found.setdefault(needed, []).append(w.id)
    for w in wanted.values():
        if not w.derived and not w.shadow and derived:
            users = found.setdefault(w.id, [])
            users += [name for name in derived if name not in users]
    return {name: tuple(users) for name, users in found.items()}
