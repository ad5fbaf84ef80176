"""Does an event count for a rule, for whom, and with what value?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from core.calendar import Calendar
from core.criteria.criterion import DATED, Criterion, Entry
from core.events import Fact, Statement
from core.members import Member, People
from core.times import read_time

# What a fact is about, in this order (rules-exact 6).
THINGS = ("object", "ticket", "pull_request", "issue", "message", "thread")
PEOPLE = frozenset({"actor", "author", "target"})
ENVELOPE = frozenset({"id", "type", "source", "actor", "author", "target", "participants"})
DERIVED = frozenset({"date", "day", "weekday", "day_of_month", "day_of_year", "hour", "time"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a community's facts counts at all."""

    calendar: Calendar
    ignore_channels: frozenset[str] = frozenset()
    only_channels: frozenset[str] = frozenset()
    count_private: bool = False


def eligible(fact: Fact, scope: Scope) -> bool:
    """Bots credit nobody; private and ignored channels do not count. Decided by the facts as stamped."""
    return fact.facts.get("bot") is not True and in_scope(fact, scope)


def in_scope(fact: Fact, scope: Scope) -> bool:
    """Is it neither in a private nor in an ignored channel, whoever did it?"""
    facts = fact.facts
    if facts.get("private") is True and not scope.count_private:
        return False
    return _open(facts.get("channel"), facts.get("channel_id"), scope)


def _open(channel: object, channel_id: object, scope: Scope) -> bool:
    if channel is None and channel_id is None:
        return True
    names = {channel, channel_id}
    if names & scope.ignore_channels:
        return False
    return not scope.only_channels or bool(names & scope.only_channels)


def thing(fact: Fact | Statement) -> str:
    """The thing of an event: what it is about, else the event itself."""
    for name in THINGS:
        value = fact.facts.get(name)
        if value is not None:
            return str(value)
    return f"{fact.source}\n{fact.id}"


Match = tuple[tuple[Member, ...], Entry]


class View:
    """One fact as rules look at it: named facts, and whom it may be credited to, found out once for all rules."""

    __slots__ = ("_credited", "_day", "_plain", "fact", "facts", "people", "scope")

    def __init__(self, fact: Fact, people: People, scope: Scope) -> None:
        self.fact = fact
        self.facts = fact.facts
        self.people = people
        self.scope = scope
        self._day: int | None = None
        self._plain: Entry | None = None
        self._credited: dict[tuple[str, bool], tuple[Member, ...]] = {}

    def inside(self, calendar: Calendar) -> View:
        """The same fact on another calendar."""
        same = calendar is self.scope.calendar
        return self if same else View(self.fact, self.people, replace(self.scope, calendar=calendar))

    def get(self, name: str) -> object:
        """A named fact: stamped ones first, then the envelope and those derived from its time; None without one."""
        value = self.facts.get(name)
        if value is not None:
            return value
        if name in ENVELOPE:
            return getattr(self.fact, name) or None
        if name in DERIVED:
            return self.scope.calendar.derive(name, self.fact.at)
        return thing(self.fact) if name == "object" else None

    @property
    def day(self) -> int:
        """The local day of the fact."""
        if self._day is None:
            self._day = self.scope.calendar.day(self.fact.at)
        return self._day

    @property
    def plain(self) -> Entry:
        """The entry for a rule that only counts: the same for all of them."""
        if self._plain is None:
            f = self.fact
            self._plain = Entry(f.at, f.source, f.id, True, 1, f.at, None, "", None, f.seq, self.day)
        return self._plain

    def credited(self, credit: str, allow_self: bool) -> tuple[Member, ...]:
        """The members whom `credit` names, without the actor's own unless that is allowed."""
        return self.members((credit, allow_self))

    def members(self, credits_: tuple[str, bool]) -> tuple[Member, ...]:
        """As `credited`, for a criterion's `credits`."""
        found = self._credited.get(credits_)
        if found is None:
            found = self._credited[credits_] = _credited(*credits_, self.fact, self.people)
        return found


def match(c: Criterion, view: View, weight: int = 1, last: int | None = None) -> Match | None:
    """Whom this event counts for, and as what; None if it does not. The fact is eligible and of the right type.

    `weight` and `last`: for a signal event, the number of its marks and the time of the latest.
    """
    members = view.members(c.credits)
    entry = entry_of(c, view, weight, last) if members else None
    return None if entry is None else (members, entry)


def entry_of(c: Criterion, view: View, weight: int = 1, last: int | None = None) -> Entry | None:
    """As `match`, for an event that is credited to somebody."""
    if c.where is not None and not c.where(view.get):
        return None
    if c.lean and last is None:
        return view.plain if c.plain else _measured(c, view)
    if c.days is not None and not c.days.has(view.day):
        return None
    if c.only_in is not None and not _inside(c.only_in, view):
        return None
    value: object = True
    if c.sum is not None or c.distinct is not None or c.best is not None:
        value = _value(c, view.get, view.people)
    group: str | None = ""
    if c.each is not None or c.limit is not None or c.unless is not None:
        group = _group(c, view)
    mark: str | None = None if c.same is None else comparable(view.get(c.same), c.same, view.people)
    if value is None or group is None or (c.same is not None and mark is None):
        return None
    fact = view.fact
    made = _made(fact) if c.open_for is not None or (c.kind == "signal" and c.each in DATED) else None
    if c.open_for is not None and made is not None and fact.at > made + c.open_for:
        return None
    person = _person(c, fact, view.people, view.members(c.credits)) if c.limit is not None else None
    at = fact.at
    late = at if last is None else last
    return Entry(at, fact.source, fact.id, value, weight, late, person, group, made, fact.seq, view.day, mark)


def _measured(c: Criterion, view: View) -> Entry | None:
    """The entry of an event of which a rule looks at one value."""
    value = _value(c, view.get, view.people)
    if value is None:
        return None
    f = view.fact
    return Entry(f.at, f.source, f.id, value, 1, f.at, None, "", None, f.seq, view.day)


def _inside(places: frozenset[str], view: View) -> bool:
    """Is the event in one of these channels or teams?"""
    return any(view.get(name) in places for name in ("channel", "channel_id", "team"))


def _value(criterion: Criterion, get: Callable[[str], object], people: People) -> object | None:
    measured = criterion.sum or criterion.best
    if measured is not None:
        number = get(measured)
        return number if isinstance(number, int | Decimal) and not isinstance(number, bool) else None
    if criterion.distinct is None:
        return True
    if isinstance(criterion.distinct, str):
        return comparable(get(criterion.distinct), criterion.distinct, people)
    values = [comparable(get(name), name, people) for name in criterion.distinct]
    return None if None in values else "\n".join(str(v) for v in values)


def comparable(value: object, name: str, people: People) -> str | None:
    """A value as it is told apart from others: people as members, lists as one text."""
    if value is None:
        return None
    if name in PEOPLE:
        return people.member(str(value))
    if isinstance(value, tuple | list):
        return "\n".join(sorted(people.member(v) if name == "participants" else v for v in value)) or None
    if isinstance(value, str):
        return value
    # No text may hold NUL, so a number or a truth never equals a text; 1 and 1.0 are the same number.
    number = not isinstance(value, bool) and isinstance(value, int | Decimal)
    return f"\0{Decimal(value).normalize()}" if number else f"\0{value}"  # type: ignore[arg-type] # a number


def _group(criterion: Criterion, view: View) -> str | None:
    """The thing this event counts for: `each`, or what per_object caps."""
    if criterion.each is not None:
        return comparable(view.get(criterion.each), criterion.each, view.people)
    capped = criterion.limit is not None and criterion.limit.thing is not None
    return thing(view.fact) if capped or criterion.unless is not None else ""


def _credited(credit: str, allow_self: bool, fact: Fact, people: People) -> tuple[Member, ...]:
    if credit == "participants":
        accounts: tuple[str, ...] = fact.participants
    else:
        account = getattr(fact, credit)
        accounts = () if account is None else (account,)
    own = people.member(fact.actor) if fact.actor and credit != "actor" and not allow_self else None
    members = dict.fromkeys([people.member(a) for a in accounts])
    return tuple([m for m in members if m != own and people.tracked(m, fact.at)])


def _person(c: Criterion, fact: Fact, people: People, members: tuple[Member, ...]) -> str | None:
    """Who a cap per person counts: the actor when somebody else is credited, else target, author, nobody."""
    other = c.credit != "actor" and (fact.actor is None or members != (people.member(fact.actor),))
    account = fact.actor if other else fact.target or fact.author
    return None if account is None else people.member(account)


def _made(fact: Fact) -> int | None:
    value = fact.facts.get("object_at")
    return _time(value) if isinstance(value, str) else None


@lru_cache(maxsize=65536)
def _time(text: str) -> int | None:
    try:
        return read_time(text)
    except ValueError:
        return None
