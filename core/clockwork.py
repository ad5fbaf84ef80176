"""What the clock says: anniversaries and milestones of members, closed periods, messages that have grown old.

Only what a rule of the book asks for is said. A name follows from what it is about, so saying it twice changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.calendar import Calendar, Period
from core.events import Account, Fact, Statement, Value, accounts
from core.members import People
from core.passing import later
from core.plan import LEFT, MEMBERSHIP
from core.rules.book import RuleBook, Source
from core.rules.conditions import Achievement, Counting
from core.rules.durations import Duration, Unit
from core.rules.filters import Filter
from core.sifting import CLOCK
from core.times import write_time

ANNIVERSARY, MILESTONE, CLOSED, AGED = "member.anniversary", "member.milestone", "period.closed", "message.aged"
MESSAGES = ("message.posted", "thread.replied")
PERIODS: tuple[Period, ...] = ("day", "week", "month", "quarter", "year")
LONGEST: Mapping[str, int] = {"days": 36_525, "months": 1_200, "age": 36_525 * 86_400}
"""Nobody waits longer than a century."""
_A_YEAR = 365 * 86_400
_SECOND = 1_000_000
_HEARSAY = frozenset({"recovered", "at_is_approximate", "delay", "idle"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules of a book want to hear from the clock. `monthly`: every whole month of a membership. `milestones`:
    single lengths of it. `ages`: of messages, in seconds."""

    anniversaries: bool = False
    monthly: bool = False
    milestones: tuple[Duration, ...] = ()
    periods: tuple[Period, ...] = ()
    ages: tuple[int, ...] = ()

    @property
    def of_members(self) -> bool:
        """Is anything asked that follows from who is a member since when?"""
        return bool(self.anniversaries or self.monthly or self.milestones or self.periods)


def asked(book: RuleBook) -> Asked:
    """What the rules that are on name, and which values of it they look at."""
    named = [_lengths(m) for m in _mentions(book, MILESTONE)]
    ages = [_values(m, "age") or {_A_YEAR} for m in _mentions(book, AGED)]
    periods = [_periods(m) for m in _mentions(book, CLOSED)]
    return Asked(
        anniversaries=any(True for _ in _mentions(book, ANNIVERSARY)),
        monthly=any(not lengths for lengths in named),
        milestones=tuple(sorted(set().union(*named), key=str)),
        periods=tuple(p for p in PERIODS if any(p in there for there in periods)),
        ages=tuple(sorted(set().union(*ages))),
    )


def memberships(joins: Iterable[Fact], people: People) -> dict[Account, int]:
    """Since when each member is one, by the account that came first. `joins`: live facts; bots are no members, nor is
    who left by a roster."""
    joins = list(joins)
    left = {people.member(account) for fact in joins if fact.type == LEFT for account in accounts(fact)}
    first: dict[str, tuple[int, Account]] = {}
    for fact in joins:
        if fact.type == MEMBERSHIP and fact.actor is not None and fact.facts.get("bot") is not True:
            member = people.member(fact.actor)
            first[member] = min(first.get(member, (fact.at, fact.actor)), (fact.at, fact.actor))
    return {account: at for member, (at, account) in first.items() if member not in left}


def of_members(wanted: Asked, calendar: Calendar, joined: Mapping[Account, int], now: int) -> Iterator[Statement]:
    """What is true by now of those who joined at these moments. Years and months keep the clock on the wall; days are
    24 hours."""
    for account, since in sorted(joined.items()):
        if wanted.anniversaries:
            for years, at in _counted(calendar, since, "year", now):
                yield _said(f"anniversary:{account}:{years}", at, ANNIVERSARY, account, {"years": years})
        yield from _milestones(wanted, calendar, account, since, now)
        for period in wanted.periods:
            for name, at in _closed(calendar, since, period, now):
                yield _said(f"closed:{account}:{name}", at, CLOSED, account, {"period": period, "name": name})


def aged(message: Fact, seconds: int) -> Statement:
    """A message has reached this age. It carries what the message says, and where it stands."""
    facts = {name: value for name, value in message.facts.items() if name not in _HEARSAY}
    kind = "reply" if message.type == "thread.replied" else "post"
    facts = {"message": message.id, "post_kind": kind, **facts}
    facts |= {"age": seconds, "object_at": write_time(message.at), "source": message.source}
    return _said(
        aged_id(message.source, message.id, seconds), message.at + seconds * _SECOND, AGED, message.actor, facts
    )


def aged_id(source: str, message: str, seconds: int) -> str:
    """How the fact is named that a message has reached an age."""
    return f"aged:{seconds}:{source}/{message}"


# ---- what is true of a membership


def _milestones(wanted: Asked, calendar: Calendar, account: Account, since: int, now: int) -> Iterator[Statement]:
    lengths = set(wanted.milestones)
    if wanted.monthly:
        lengths |= {Duration(months, "month") for months, _ in _counted(calendar, since, "month", now)}
    for length in sorted(lengths, key=lambda d: (d.unit, d.count)):
        at, unit = later(calendar, since, length), f"{length.unit}s"
        if at <= now:
            yield _said(f"milestone:{account}:{length.count} {unit}", at, MILESTONE, account, {unit: length.count})


def _counted(calendar: Calendar, since: int, unit: Unit, now: int) -> Iterator[tuple[int, int]]:
    """How many whole ones there were by now, and when each was over."""
    count = 1
    while (at := later(calendar, since, Duration(count, unit))) <= now:
        yield count, at
        count += 1


def _closed(calendar: Calendar, since: int, period: Period, now: int) -> Iterator[tuple[str, int]]:
    index = calendar.period(calendar.day(since), period)
    while (at := calendar.first_instant(index + 1, period)) <= now:
        yield calendar.name(index, period), at
        index += 1


def _said(id_: str, at: int, type_: str, account: Account | None, facts: Mapping[str, Value]) -> Statement:
    return Statement(CLOCK, id_, at, type_, actor=account, facts=facts)


# ---- what the rules look at


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place where a rule names a type: its filters, and the goals of `best` by the fact it looks at."""

    where: tuple[Filter, ...]
    best: str | None = None
    goals: tuple[int | Decimal, ...] = ()


def _mentions(book: RuleBook, type_: str) -> Iterator[_Mention]:
    for source in book.sources():
        if type_ in source.when:
            best = source.best if isinstance(source, Counting) else None
            yield _Mention(source.where, best, _goals(source) if best else ())
        unless = source.unless if isinstance(source, Counting) else None
        for more in (*((unless,) if unless else ()), *(getattr(source, "steps", None) or ())):
            if type_ in more.when:
                yield _Mention(more.where)


def _goals(source: Source) -> tuple[int | Decimal, ...]:
    if isinstance(source, Achievement) and source.tiers:
        return tuple(tier.goal for tier in source.tiers.values())
    return (source.target,) if isinstance(source, Counting) else ()


def _lengths(mention: _Mention) -> set[Duration]:
    days, months = _values(mention, "days"), _values(mention, "months")
    return {Duration(n, "day") for n in days} | {Duration(n, "month") for n in months}


def _values(mention: _Mention, fact: str) -> set[int]:
    """The whole numbers of a fact at which a comparison or a goal begins to hold, or last holds."""
    found: list[object] = [v for f in mention.where if f.fact == fact for v in _bounds(f)]
    found += mention.goals if mention.best == fact else ()
    numbers = (math.ceil(v) for v in found if isinstance(v, int | Decimal) and not isinstance(v, bool))
    return {n for n in numbers if 0 < n <= LONGEST[fact]}


def _bounds(f: Filter) -> tuple[object, ...]:
    values = f.value if isinstance(f.value, tuple) else (f.value,)
    if f.comparison in ("equal", "one_of", "at_least", "at_most", "between"):
        return values
    step = {"more_than": 1, "less_than": -1}.get(f.comparison)
    return () if step is None else tuple(v + step for v in values if isinstance(v, int | Decimal))


def _periods(mention: _Mention) -> frozenset[str]:
    """Without a filter all but days, which nobody counts by accident."""
    named = [f.value for f in mention.where if f.fact == "period" and f.comparison in ("equal", "one_of")]
    if not named:
        return frozenset(PERIODS) - {"day"}
    return frozenset(str(v) for value in named for v in (value if isinstance(value, tuple) else (value,)))
