"""What counts for a rule, when its goal is reached, and what signals say of it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.oracle.facts import THINGS, Event, at_of, length
from tests.oracle.looking import Looking


class Counting(Looking):
    @cached_property
    def signal_events(self) -> dict[str, list[Event]]:
        return {}

    # ---- what counts for a rule

    def events(self, types: Any, member: str) -> list[Event]:
        wanted = [types] if isinstance(types, str) else list(types)
        found = [f for f in self.facts if f.type in wanted and self.eligible(f)]
        for name in wanted:
            if name in self.book.get("signal", {}):
                found += self.says(name, member)
        return found

    def credited(self, rule: dict[str, Any], e: Event) -> set[str]:
        credit = rule.get("credit", "actor")
        accounts = e.participants if credit == "participants" else (getattr(e, credit),)
        members = {self.member(a) for a in accounts if a is not None}
        if credit != "actor" and not rule.get("self", False) and e.actor is not None:
            members.discard(self.member(e.actor))
        return {m for m in members if self.tracked(m, e.at)}

    def counted(self, rule: dict[str, Any], member: str) -> list[Event]:
        """In order; after where, credit, open_for and limit."""
        found = [
            e
            for e in self.events(rule["when"], member)
            if all(self.fulfils(test, self.look_up(e, name)) for name, test in rule.get("where", {}).items())
            and member in self.credited(rule, e)
            and self.fits(rule, e)
        ]
        found.sort(key=lambda e: e.order)
        taken: list[Event] = []
        for e in found:
            if self.has_room(rule.get("limit", {}), rule, member, e, taken):
                taken.append(e)
        return taken

    def fits(self, rule: dict[str, Any], e: Event) -> bool:
        if "sum" in rule:
            number = self.look_up(e, rule["sum"])
            if isinstance(number, bool) or not isinstance(number, int | Decimal):
                return False
        if any(self.look_up(e, rule[word]) is None for word in ("distinct", "each") if word in rule):
            return False
        dated = rule.get("each") in (*THINGS,)
        if "goal" in rule and dated and rule in self.book.get("signal", {}).values() and "object_at" in e.facts:
            return e.at <= at_of(e.facts["object_at"]) + length(rule.get("open_for", "90 days"))
        return True

    def has_room(self, limit: dict[str, Any], rule: dict[str, Any], member: str, e: Event, taken: list[Event]) -> bool:
        def same(a: Event, word: str) -> bool:
            if word in ("per_month", "per_week", "per_day"):
                kind = word.removeprefix("per_")
                return self.period(a.at, kind) == self.period(e.at, kind)
            if word == "per_hour":
                return a.at // 3_600_000_000 == e.at // 3_600_000_000
            if word == "per_object":
                return self.group(rule, a) == self.group(rule, e)
            if word == "per_person":
                return self.person(rule, member, a) == self.person(rule, member, e)
            slot = a.at // length(limit["one_per"]) == e.at // length(limit["one_per"])
            return slot and self.person(rule, member, a) == self.person(rule, member, e)

        inside = taken
        for word in ("per_month", "per_week", "per_day", "per_hour", "per_object", "per_person", "one_per"):
            if word in limit:
                inside = [a for a in inside if same(a, word)]
                if len(inside) >= (1 if word == "one_per" else limit[word]):
                    return False
        return True

    def group(self, rule: dict[str, Any], e: Event) -> Any:
        return self.value(e, rule["each"]) if "each" in rule else e.thing

    def person(self, rule: dict[str, Any], member: str, e: Event) -> str | None:
        if rule.get("credit", "actor") != "actor" and (e.actor is None or self.member(e.actor) != member):
            return None if e.actor is None else self.member(e.actor)
        other = e.target or e.author
        return None if other is None else self.member(other)

    # ---- measures and goals

    def measure(self, rule: dict[str, Any], events: list[Event]) -> Any:
        if "distinct" in rule:
            return len({self.value(e, rule["distinct"]) for e in events})
        if "sum" in rule:
            return sum((self.look_up(e, rule["sum"]) for e in events), Decimal(0))
        return len(events)

    def goal(self, rule: dict[str, Any]) -> Any:
        goal = rule.get("goal", 1)
        if goal != "all":
            return goal
        listed = rule["where"][rule["distinct"]]
        return len(self.words(listed))

    def reached(self, rule: dict[str, Any], events: list[Event], goal: Any) -> list[Event] | None:
        """The evidence: the shortest beginning that meets the goal; with distinct the first of each value."""
        for n in range(1, len(events) + 1):
            if self.measure(rule, events[:n]) >= goal:
                first = events[:n]
                if "distinct" in rule:
                    values = [self.value(e, rule["distinct"]) for e in first]
                    first = [e for i, e in enumerate(first) if values[i] not in values[:i]]
                return first
        return None

    def groups(self, rule: dict[str, Any], events: list[Event]) -> list[list[Event]]:
        if "each" not in rule:
            return [events]
        by_value: dict[Any, list[Event]] = defaultdict(list)
        for e in events:
            by_value[self.value(e, rule["each"])].append(e)
        return list(by_value.values())

    def goals_met(self, rule: dict[str, Any], events: list[Event]) -> list[tuple[str, list[Event]]]:
        """(period, evidence) of every time that the goal was reached in these events."""
        if "streak" in rule:
            return self.streaks(rule, events)
        if "in_one" in rule:
            found = []
            for number in sorted({self.period(e.at, rule["in_one"]) for e in events}):
                inside = [e for e in events if self.period(e.at, rule["in_one"]) == number]
                evidence = self.reached(rule, inside, self.goal(rule))
                found += [(number[1], evidence)] if evidence else []
            return found
        times = 1
        if rule.get("repeat") and "each" not in rule:
            times = len(events) + 1 if "sum" not in rule else 1000
        found = []
        for k in range(1, times + 1):
            evidence = self.reached(rule, events, self.goal(rule) * k)
            if evidence is None:
                break
            found.append(("", evidence))
        return found

    def streaks(self, rule: dict[str, Any], events: list[Event]) -> list[tuple[str, list[Event]]]:
        """The first run of `goal` active periods with at most `grace` misses inside."""
        kind, goal = rule["streak"], self.goal(rule)
        grace = 0 if "no grace" in self.faults else rule.get("grace", 0)
        active = []
        for number in sorted({self.period(e.at, kind) for e in events}):
            inside = [e for e in events if self.period(e.at, kind) == number]
            evidence = self.reached(rule, inside, rule.get("at_least", 1))
            active += [(number, evidence)] if evidence else []
        for end in range(len(active)):
            for begin in range(end, -1, -1):
                run = active[begin : end + 1]
                misses = run[-1][0][0] - run[0][0][0] + 1 - len(run)
                if len(run) == goal and misses <= grace:
                    return [(run[-1][0][1], [e for _, evidence in run for e in evidence])]
        return []

    # ---- signals

    def says(self, name: str, member: str) -> list[Event]:
        known = f"{name}\n{member}"
        if known not in self.signal_events:
            rule = self.book["signal"][name]
            self.signal_events[known] = [
                self.signal_event(name, rule, member, group, part)
                for group in self.groups(rule, self.counted(rule, member))
                for part in self.frames(rule, group)
                if self.reached(rule, part, self.goal(rule))
            ]
        return self.signal_events[known]

    def frames(self, rule: dict[str, Any], events: list[Event]) -> list[list[Event]]:
        if "in_one" not in rule:
            return [events]
        numbers = sorted({self.period(e.at, rule["in_one"]) for e in events})
        return [[e for e in events if self.period(e.at, rule["in_one"]) == n] for n in numbers]

    def signal_event(
        self, name: str, rule: dict[str, Any], member: str, group: list[Event], part: list[Event]
    ) -> Event:
        marks = self.reached(rule, part, self.goal(rule)) or []
        facts = {k: v for k, v in part[0].facts.items() if all(k in e.facts and e.facts[k] == v for e in part)}
        thing = str(self.look_up(group[0], rule["each"])) if "each" in rule else ""
        if "each" in rule:
            facts.setdefault(rule["each"], self.look_up(part[0], rule["each"]))
        period = self.period(part[0].at, rule["in_one"])[1] if "in_one" in rule else ""
        keys = frozenset().union(*(e.keys for e in marks))
        id_ = f"{thing}/{period}" if period else thing
        at, last = self.signal_date(rule, part, marks), max(e.last for e in marks)
        return Event(at, name, id_, name, member, None, None, (), facts, thing or f"{name}\n{id_}", keys, last)

    def signal_date(self, rule: dict[str, Any], part: list[Event], marks: list[Event]) -> int:
        if "in_one" in rule:
            return self.first_instant(part[0].at, rule["in_one"])
        if rule.get("each") in THINGS:
            made = [at_of(e.facts["object_at"]) for e in part if "object_at" in e.facts]
            return min(made) if made else min(e.at for e in part)
        return marks[-1].at
