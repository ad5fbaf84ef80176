"""One event as a rule looks at it: its local day, its people, its facts, and whether `where` holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from core.events import Statement
from tests.oracle.calendars import Calendar
from tests.oracle.facts import PEOPLE, SECONDS, Event, kind_of, live_facts, names_from, people_of, seconds
from tests.oracle.wrong import FAULTS

Rule = dict[str, Any]
TIMES = ("delay", "age", "idle")
Subject = tuple[str, str]  # ("member", account), ("team", name) or ("community", "")


@dataclass(frozen=True)
class Case:
    """Who is asked about for which rule, and what all events must have: one season, the same values."""

    kind: str
    name: str
    subject: Subject
    season: int | None = None
    same: tuple[tuple[str, Any], ...] = ()


class Looking:
    def __init__(
        self,
        book: dict[str, Any],
        statements: Sequence[Statement],
        now: int,
        links: Iterable[Sequence[str]],
        faults: frozenset[str],
    ) -> None:
        assert faults <= FAULTS.keys()
        self.book, self.now, self.faults = with_defaults(book), now, faults
        self.community = book.get("community", {})
        hours, minutes = self.community.get("day_starts", "00:00").split(":")
        self.start = dt.timedelta(hours=int(hours), minutes=int(minutes))
        self.sunday = self.community.get("week_starts", "monday") == "sunday"
        self.facts = live_facts([s for s in statements if s.at <= now], faults)
        linked = [(f.actor, f.target) for f in self.facts if f.type == "member.linked"]
        self.names = names_from([*map(tuple, links), *((a, b) for a, b in linked if a is not None and b is not None)])
        self.by_type: dict[str, list[Event]] = defaultdict(list)
        for fact in self.facts:
            self.by_type[fact.type].append(fact)
        self.calendars: dict[str, Calendar] = {}
        self.choices: dict[str, list[tuple[int, bool]]] = {}

    # ---- who and when

    def member(self, account: str) -> str:
        return self.names.get(account, account)

    @cached_property
    def members(self) -> list[str]:
        return sorted({self.member(a) for f in self.facts for a in people_of(f)})

    def acts(self, type_: str, member: str) -> list[Event]:
        """Live facts of a type by a member, in order."""
        return [f for f in self.by_type[type_] if f.actor is not None and self.member(f.actor) == member]

    def calendar(self, case: Case) -> Calendar:
        """M1: the member's own for `timezone = "member"`, otherwise the community's."""
        own = self.rule(case).get("timezone") == "member" and case.kind == "achievement"
        if not own or case.subject[0] != "member" or "no member zones" in self.faults:
            return self.home
        member = case.subject[1]
        if member not in self.calendars:
            said = [(f.at, zone_of(f.facts.get("timezone"))) for f in self.acts("member.zone_set", member)]
            moves = [(at, zone) for at, zone in said if zone is not None]
            self.calendars[member] = Calendar(self.home.home, self.start, self.sunday, moves)
        return self.calendars[member]

    @cached_property
    def home(self) -> Calendar:
        zone = "UTC" if "utc days" in self.faults else self.community.get("timezone", "UTC")
        return Calendar(ZoneInfo(zone), self.start, self.sunday)

    def rule(self, case: Case) -> Rule:
        found: Rule = self.book[case.kind][case.name]
        return found

    def tracked(self, member: str, at: int) -> bool:
        """Opted out of everything: from such a choice until the next one the other way (ties: opted out). With
        `opt_in`, everybody has before their first one."""
        if member not in self.choices:
            said = self.acts("member.settings_changed", member)
            self.choices[member] = [(f.at, f.facts.get("tracking") == "off") for f in said]
        before = [c for c in self.choices[member] if c[0] <= at]
        if not before:
            return not self.community.get("opt_in", False)
        return not any(off for t, off in before if t == max(before)[0])

    def allowed_here(self, e: Event) -> bool:
        """Neither private nor in a channel that does not count."""
        if e.facts.get("private") is True and not self.community.get("count_private", False):
            return False
        where = {e.facts.get("channel"), e.facts.get("channel_id")} - {None}
        if where & set(self.community.get("ignore_channels", ())):
            return False
        only = set(self.community.get("only_channels", ()))
        return not only or not where or bool(where & only)

    def eligible(self, e: Event) -> bool:
        return self.allowed_here(e) and (e.facts.get("bot") is not True or "bots count" in self.faults)

    # ---- facts

    def look_up(self, e: Event, name: str, calendar: Calendar) -> Any:
        if name in e.facts:
            return e.facts[name]
        if name in ("id", "type", "source", "actor", "author", "target", "participants"):
            return getattr(e, name) or None
        if name == "object":
            return e.thing
        if name not in ("date", "day", "weekday", "day_of_month", "day_of_year", "hour", "time"):
            return None
        day, clock = calendar.day(e.at), calendar.clock(e.at)
        return {
            "date": day.isoformat()[5:],
            "day": day.isoformat(),
            "weekday": day.strftime("%A").lower(),
            "day_of_month": day.day,
            "day_of_year": int(day.strftime("%j")),
            "hour": clock.hour,
            "time": clock.strftime("%H:%M"),
        }[name]

    def value(self, e: Event, name: str, calendar: Calendar) -> Any:
        """A value as it is told apart from others: people as members, lists whatever their order."""
        found = self.look_up(e, name, calendar)
        if found is None:
            return None
        if name in PEOPLE:
            return self.member(found)
        if isinstance(found, tuple):
            return tuple(sorted({self.member(v) for v in found} if name == "participants" else found))
        return type(found).__name__ if isinstance(found, bool) else "", found

    # ---- where

    def passes(self, where: dict[str, Any], e: Event, calendar: Calendar) -> bool:
        return all(self.fulfils(name, test, self.look_up(e, name, calendar)) for name, test in where.items())

    def words(self, wanted: Any) -> list[Any]:
        items = wanted if isinstance(wanted, list) else [wanted]
        found: list[Any] = []
        for item in items:
            found += self.book["words"][item[1:]] if isinstance(item, str) and item.startswith("@") else [item]
        return found

    def fulfils(self, name: str, test: Any, value: Any) -> bool:
        if not isinstance(test, dict):
            return self.one_of(value, self.words(test))
        return all(self.compares(word, in_seconds(name, word, operand), value) for word, operand in test.items())

    def one_of(self, value: Any, wanted: list[Any]) -> bool:
        if isinstance(value, tuple):
            return any(v in wanted for v in value)
        return any(kind_of(w) == kind_of(value) and w == value for w in wanted)

    def compares(self, word: str, operand: Any, value: Any) -> bool:
        if word == "exists":
            return (value is not None) is operand
        if word == "not":
            return not self.one_of(value, self.words(operand))
        if value is None:
            return False
        if word == "contains":
            parts = value if isinstance(value, tuple) else (value,)
            return any(isinstance(v, str) and w in v for v in parts for w in self.words(operand))
        if word in ("starts_with", "ends_with"):
            ask = str.startswith if word == "starts_with" else str.endswith
            return isinstance(value, str) and any(ask(value, w) for w in self.words(operand))
        return self.measures(word, operand, value)

    def measures(self, word: str, operand: Any, value: Any) -> bool:
        bounds = operand if word == "between" else [operand]
        if any(kind_of(b) != kind_of(value) or kind_of(b) == "bool" for b in bounds):
            return False
        return bool(
            {
                "at_least": lambda: value >= operand,
                "at_most": lambda: value <= operand,
                "more_than": lambda: value > operand,
                "less_than": lambda: value < operand,
                "between": lambda: operand[0] <= value <= operand[1],
            }[word]()
        )


def in_seconds(name: str, word: str, operand: Any) -> Any:
    """A length of time as the seconds that a fact is compared with (rules-exact 42)."""
    if word not in ("at_least", "at_most", "more_than", "less_than", "between") and name not in TIMES:
        return operand
    if isinstance(operand, list):
        return [in_seconds(name, word, o) for o in operand]
    timed = isinstance(operand, str) and operand.split(" ")[-1].removesuffix("s") in SECONDS
    return seconds(operand) if timed else operand


def zone_of(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        return None


def with_defaults(book: dict[str, Any]) -> dict[str, Any]:
    """The book with `[defaults]` in every rule that does not say otherwise."""
    defaults = book.get("defaults", {})
    filled = {"achievement": {}, "signal": {}, "score": {}, **book}
    for section in ("achievement", "signal", "score"):
        words = ("settle", "timezone") if section == "achievement" else ()
        filled[section] = {
            name: {
                **{w: defaults[w] for w in words if w in defaults},
                **({"limit": defaults["limit"]} if "limit" in defaults and "when" in rule else {}),
                **({"open_for": defaults.get("open_for", "90 days")} if section == "signal" else {}),
                **rule,
            }
            for name, rule in filled[section].items()
        }
    return filled
