"""One event as a rule looks at it: its local day, its people, its facts, and whether `where` holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from core.events import Statement
from tests.oracle.facts import EPOCH, PEOPLE, Event, kind_of, live_facts, names_from

FAULTS = frozenset({"utc days", "no tombstones", "arrival order", "no grace", "repetitions count", "edits move"})


class Looking:
    def __init__(
        self,
        book: dict[str, Any],
        statements: Sequence[Statement],
        now: int,
        links: Iterable[Sequence[str]],
        faults: frozenset[str],
    ) -> None:
        assert faults <= FAULTS
        self.book, self.now, self.faults = book, now, faults
        community = book.get("community", {})
        self.zone = ZoneInfo("UTC" if "utc days" in faults else community.get("timezone", "UTC"))
        hours, minutes = community.get("day_starts", "00:00").split(":")
        self.start = dt.timedelta(hours=int(hours), minutes=int(minutes))
        self.sunday = community.get("week_starts", "monday") == "sunday"
        self.community = community
        self.names = names_from([tuple(line) for line in links])
        self.facts = live_facts(statements, faults)

    # ---- days and periods

    def day(self, at: int) -> dt.date:
        local = (EPOCH + dt.timedelta(microseconds=at)).astimezone(self.zone).replace(tzinfo=None)
        return (local - self.start).date()

    def period(self, at: int, kind: str) -> tuple[int, str]:
        """A number that grows by one from period to period, and the period's name."""
        day = self.day(at)
        if kind == "day":
            return day.toordinal(), day.isoformat()
        if kind == "week":
            monday = day - dt.timedelta(days=day.weekday())
            if self.sunday:
                monday = day + dt.timedelta(days=1) if day.weekday() == 6 else monday
            year, week, _ = monday.isocalendar()
            return monday.toordinal() // 7, f"{year}-W{week:02}"
        months = day.year * 12 + day.month - 1
        if kind == "month":
            return months, f"{day.year}-{day.month:02}"
        if kind == "quarter":
            return months // 3, f"{day.year}-Q{(day.month + 2) // 3}"
        return day.year, f"{day.year}"

    def first_instant(self, at: int, kind: str) -> int:
        """By trying: the earliest second with the same period, found by halving."""
        number, _ = self.period(at, kind)
        low, high = at // 10**6 - 400 * 86_400, at // 10**6
        while high - low > 1:
            middle = (low + high) // 2
            if self.period(middle * 10**6, kind)[0] >= number:
                high = middle
            else:
                low = middle
        return high * 10**6

    # ---- people and facts

    def member(self, account: str) -> str:
        return self.names.get(account, account)

    def tracked(self, member: str, at: int) -> bool:
        """Opted out of everything: from such a choice until the next one the other way (ties: opted out)."""
        before = [
            (f.at, f.facts.get("tracking") == "off")
            for f in self.facts
            if f.type == "member.settings_changed" and f.actor and self.member(f.actor) == member and f.at <= at
        ]
        return not any(off for t, off in before if t == max(before)[0])

    def look_up(self, e: Event, name: str) -> Any:
        if name in e.facts:
            return e.facts[name]
        if name in ("id", "type", "source", "actor", "author", "target", "participants"):
            return getattr(e, name) or None
        if name == "object":
            return e.thing
        day = self.day(e.at)
        local = (EPOCH + dt.timedelta(microseconds=e.at)).astimezone(self.zone)
        derived: dict[str, Any] = {
            "date": day.isoformat()[5:],
            "day": day.isoformat(),
            "weekday": day.strftime("%A").lower(),
            "day_of_month": day.day,
            "day_of_year": int(day.strftime("%j")),
            "hour": local.hour,
            "time": local.strftime("%H:%M"),
        }
        return derived.get(name)

    def eligible(self, e: Event) -> bool:
        if e.facts.get("bot") is True:
            return False
        if e.facts.get("private") is True and not self.community.get("count_private", False):
            return False
        where = {e.facts.get("channel"), e.facts.get("channel_id")} - {None}
        if where & set(self.community.get("ignore_channels", ())):
            return False
        only = set(self.community.get("only_channels", ()))
        return not only or not where or bool(where & only)

    def value(self, e: Event, name: str) -> Any:
        """A value as it is told apart from others: people as members."""
        found = self.look_up(e, name)
        if found is None:
            return None
        if name in PEOPLE:
            return self.member(found)
        return type(found).__name__ if isinstance(found, bool) else "", found

    # ---- where

    def words(self, wanted: Any) -> list[Any]:
        items = wanted if isinstance(wanted, list) else [wanted]
        found: list[Any] = []
        for item in items:
            found += self.book["words"][item[1:]] if isinstance(item, str) and item.startswith("@") else [item]
        return found

    def fulfils(self, test: Any, value: Any) -> bool:
        if not isinstance(test, dict):
            return self.one_of(value, self.words(test))
        return all(self.compares(word, operand, value) for word, operand in test.items())

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
