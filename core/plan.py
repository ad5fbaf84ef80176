"""A rule book made ready for deciding: criteria by event type, signals before what uses them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from decimal import Decimal

from core.calendar import Calendar
from core.catalogue import KNOWN
from core.criteria.criterion import FOREVER, Caps, Criterion, Kind
from core.criteria.matching import Scope
from core.rules.book import Achievement, RuleBook, ScoreRule, Signal
from core.rules.durations import Duration
from core.rules.grammar import Limit
from core.rules.where import compile_where

# Statements that are about the bot's own bookkeeping; rules may name them too, as any type.
GRANT = "grant.made"
REVOCATION = "award.revoked"
CHOICE = "member.settings_changed"
MEMBERSHIP = "member.joined"
BY_HAND = frozenset({GRANT, REVOCATION})
OWN_TYPES = frozenset({GRANT, REVOCATION, CHOICE, MEMBERSHIP, "member.linked", "action.validated"})


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """One achievement of the book. `criterion` is None where it is only given by hand or only needs others.
    `keep_after`: once held this long (microseconds), withdrawn facts no longer take it (0: at once, None: never)."""

    id: str
    rule: Achievement
    criterion: Criterion | None
    needs: tuple[str, ...]
    needed: int
    settle: int
    keep_after: int | None

    @property
    def shadow(self) -> bool:
        return self.rule.status == "shadow"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """`by_type`: criteria that an event of this type (or this signal) touches. `order`: signals before their users.
    `wanted`: achievements that are on, those that others need before these."""

    book: RuleBook
    scope: Scope
    by_type: dict[str, tuple[Criterion, ...]]
    order: tuple[Criterion, ...]
    signals: dict[str, Criterion]
    scores: tuple[Criterion, ...]
    wanted: dict[str, Wanted]
    dependents: dict[str, tuple[str, ...]]
    known: frozenset[str]
    raw_types: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def community(self) -> str:
        return self.book.community.id

    @property
    def calendar(self) -> Calendar:
        return self.scope.calendar

    def unknown(self, type_: str) -> str:
        """Why a statement of this type is not taken."""
        near = difflib.get_close_matches(type_, sorted(self.known), 1, 0.8)
        return f"unknown type {type_}" + (f"; did you mean {near[0]}?" if near else "")


def compile_plan(book: RuleBook) -> Plan:
    """Raises nothing: a loaded book is sound."""
    signals = {name: _signal(name, s) for name, s in book.signals.items()}
    achievements = {name: a for name, a in book.achievements.items() if a.on}
    scores = tuple(_score(name, s) for name, s in book.scores.items())
    wanted = {name: _wanted(name, achievements[name]) for name in _by_need(achievements)}
    order = (
        *(signals[name] for name in _by_use(signals)),
        *(w.criterion for w in wanted.values() if w.criterion is not None),
        *scores,
    )
    by_type: dict[str, list[Criterion]] = {}
    for criterion in order:
        for type_ in criterion.types:
            by_type.setdefault(type_, []).append(criterion)
    return Plan(
        book,
        _scope(book),
        {type_: tuple(found) for type_, found in by_type.items()},
        order,
        signals,
        scores,
        wanted,
        _dependents(wanted),
        _known_types(book),
        {c.key: raw_types(c, signals) for c in order},
    )


def _known_types(book: RuleBook) -> frozenset[str]:
    """Catalogued, declared by the book, or named by one of its rules, also one that is off."""
    rules = (*book.signals.values(), *book.achievements.values(), *book.scores.values())
    named = {type_ for rule in rules for type_ in rule.when} - book.signals.keys()
    return frozenset(KNOWN | OWN_TYPES | set(book.types.known) | named)


def raw_types(criterion: Criterion, signals: dict[str, Criterion]) -> frozenset[str]:
    """The event types of the log that a rule rests on, through its signals."""
    found: set[str] = set()
    for type_ in criterion.types:
        found |= raw_types(signals[type_], signals) if type_ in signals else {type_}
    return frozenset(found)


def _scope(book: RuleBook) -> Scope:
    community = book.community
    calendar = Calendar(community.timezone, community.day_starts, community.week_starts)
    return Scope(
        calendar,
        frozenset(community.ignore_channels),
        frozenset(community.only_channels),
        community.count_private,
    )


def _base(kind: Kind, name: str, rule: Signal | Achievement | ScoreRule) -> Criterion:
    return Criterion(
        key=f"{kind}:{name}",
        kind=kind,
        id=name,
        types=frozenset(rule.when),
        where=compile_where(rule.where) if rule.where else None,
        credit=rule.credit,
        allow_self=rule.self_,
        limit=_caps(rule.limit),
    )


def _counting(kind: Kind, name: str, rule: Signal | Achievement) -> Criterion:
    base = _base(kind, name, rule)
    return Criterion(
        key=base.key,
        kind=kind,
        id=name,
        types=base.types,
        where=base.where,
        credit=base.credit,
        allow_self=base.allow_self,
        limit=base.limit,
        each=rule.each,
        distinct=rule.distinct,
        sum=rule.sum,
        goal=rule.target,
        period=rule.in_one,
        streak=rule.streak,
        at_least=rule.at_least,
        grace=rule.grace,
        repeat=_repeats(rule),
        open_for=rule.open_for.microseconds if isinstance(rule, Signal) and rule.open_for else None,
    )


def _repeats(rule: Signal | Achievement) -> int:
    if isinstance(rule, Signal) or not rule.repeats:
        return 0
    return rule.most_awards or FOREVER


def _signal(name: str, rule: Signal) -> Criterion:
    return _counting("signal", name, rule)


def _score(name: str, rule: ScoreRule) -> Criterion:
    base = _base("score", name, rule)
    return Criterion(
        key=base.key,
        kind="score",
        id=name,
        types=base.types,
        where=base.where,
        credit=base.credit,
        allow_self=base.allow_self,
        limit=base.limit,
        give=rule.give,
        goal=Decimal(0),
    )


def _caps(limit: Limit | None) -> Caps | None:
    if limit is None:
        return None
    return Caps(
        month=limit.per_month,
        week=limit.per_week,
        day=limit.per_day,
        hour=limit.per_hour,
        thing=limit.per_object,
        # per_person is counted inside the smallest frame given: the thing, else the day, else a lifetime
        person=limit.per_person,
        slot=limit.one_per.seconds if limit.one_per else None,
    )


def _wanted(name: str, rule: Achievement) -> Wanted:
    keep: int | None
    match rule.if_undone:
        case "keep":
            keep = 0
        case "revoke":
            keep = None
        case Duration() as span:
            keep = span.microseconds
    return Wanted(
        name,
        rule,
        _counting("achievement", name, rule) if rule.counts else None,
        rule.needs.of if rule.needs else (),
        rule.needs.at_least if rule.needs else 0,
        rule.settle.microseconds,
        keep,
    )


def _by_need(rules: dict[str, Achievement]) -> list[str]:
    return _sorted_by({name: set(r.needs.of if r.needs else ()) & rules.keys() for name, r in rules.items()})


def _by_use(signals: dict[str, Criterion]) -> list[str]:
    return _sorted_by({name: set(c.types) & signals.keys() for name, c in signals.items()})


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
    found: dict[str, list[str]] = {}
    for w in wanted.values():
        for needed in w.needs:
            found.setdefault(needed, []).append(w.id)
    return {name: tuple(users) for name, users in found.items()}
