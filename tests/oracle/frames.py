"""When goals are reached: measures, calendar periods, runs of days, streaks. Every beginning of the events is tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.oracle.counting import Counting
from tests.oracle.facts import Event, at_of, seconds
from tests.oracle.looking import Case, Rule

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Reach:
    """A goal that was reached. `number`: which period it lies in, where it has one."""

    at: int
    evidence: tuple[Event, ...]
    people: frozenset[str]
    period: str = ""
    number: int | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        """By time; of two at the same time, by the events that completed them."""
        return self.at, max((e.order for e in self.evidence), default=())


class Frames(Counting):
    # ---- measures

    def measure(self, case: Case, rule: Rule, events: Iterable[Event]) -> Any:
        calendar = self.calendar(case)
        if "distinct" in rule:
            return len({self.value(e, rule["distinct"], calendar) for e in events})
        if "sum" in rule:
            return sum((self.look_up(e, rule["sum"], calendar) for e in events), Decimal(0))
        if "best" in rule:
            return max((self.look_up(e, rule["best"], calendar) for e in events), default=Decimal("-Infinity"))
        return len(list(events))

    def moving(self, case: Case, rule: Rule, events: list[Event]) -> list[Event]:
        """Those that made the value: with distinct the first of each, with best the first of the best (8)."""
        calendar = self.calendar(case)
        if "distinct" in rule:
            values = [self.value(e, rule["distinct"], calendar) for e in events]
            return [e for i, e in enumerate(events) if values[i] not in values[:i]]
        if "best" in rule:
            return [max(events, key=lambda e: self.look_up(e, rule["best"], calendar))]
        return events

    def reached(self, case: Case, rule: Rule, events: list[Event], goal: Any) -> list[Event] | None:
        """The evidence: of the shortest beginning that meets the goal."""
        for n in range(1, len(events) + 1):
            if self.measure(case, rule, events[:n]) >= goal:
                return self.moving(case, rule, events[:n])
        return None

    def goal(self, case: Case, rule: Rule, events: list[Event]) -> Any:
        goal = rule.get("goal", 1)
        if goal == "all":
            return len(self.words(rule["where"][rule["distinct"]]))
        if goal == "every":  # M17; without events there is nothing to reach
            return self.calendar(case).days_in(events[0].at, rule["in_one"]) if events else 1
        return goal

    def met(self, case: Case, rule: Rule, evidence: list[Event], period: str = "", number: Any = None) -> Reach:
        people = frozenset().union(*(self.credited(rule, e) for e in evidence))
        if case.subject[0] == "member":
            people = frozenset({case.subject[1]})
        return Reach(max(e.at for e in evidence), tuple(evidence), people, period, number)

    # ---- frames

    def framed(self, case: Case, rule: Rule, events: list[Event], goal: Any, again: bool = False) -> list[Reach]:
        """Every time that the goal was reached in these events. `again`: also each multiple of it (13)."""
        if "in_one" in rule:
            return self.in_one(case, rule, events, goal)
        if "within" in rule:
            return self.in_a_run(case, rule, events, goal)
        if "streak" in rule:
            return self.streaks(case, rule, events, goal)
        reaches = []
        while evidence := self.reached(case, rule, events, goal * (len(reaches) + 1)):
            reaches.append(self.met(case, rule, evidence))
            if not again:
                break
        return reaches

    def voided(self, case: Case, rule: Rule) -> list[Event]:
        unless = self.unless(rule)
        return self.against(case, rule) if unless and unless["match"] == "window" else []

    def by_period(self, case: Case, rule: Rule, kind: str, events: list[Event]) -> dict[tuple[int, str], list[Event]]:
        """Events by period, without the periods that an unless event makes void."""
        calendar = self.calendar(case)
        void = {calendar.period(u.at, kind) for u in self.voided(case, rule)}
        periods = sorted({calendar.period(e.at, kind) for e in events} - void)
        return {p: [e for e in events if calendar.period(e.at, kind) == p] for p in periods}

    def in_one(self, case: Case, rule: Rule, events: list[Event], goal: Any) -> list[Reach]:
        reaches = []
        for (number, name), inside in self.by_period(case, rule, rule["in_one"], events).items():
            wanted = self.goal(case, rule, inside) if rule.get("goal") == "every" else goal
            evidence = self.reached(case, rule, inside, wanted)
            reaches += [self.met(case, rule, evidence, name, number)] if evidence else []
        return reaches

    # ---- within (19, M6)

    def run(self, case: Case, within: str) -> tuple[int, Any]:
        """How many days or hours, and which of them a time lies in."""
        more = "within a day more" in self.faults
        if seconds(within) < 2 * 86_400:
            return -(-seconds(within) // 3600) + 24 * more, lambda at: at // 3_600_000_000
        calendar = self.calendar(case)
        return -(-seconds(within) // 86_400) + more, lambda at: calendar.day(at).toordinal()

    def in_a_run(self, case: Case, rule: Rule, events: list[Event], goal: Any) -> list[Reach]:
        size, place = self.run(case, rule["within"])
        void = {place(u.at) for u in self.voided(case, rule)}
        for n, e in enumerate(events, 1):
            for begin in range(place(e.at) - size + 1, place(e.at) + 1):
                run = range(begin, begin + size)
                inside = [x for x in events[:n] if place(x.at) in run]
                if void.isdisjoint(run) and self.measure(case, rule, inside) >= goal:
                    return [self.met(case, rule, self.moving(case, rule, inside))]
        return []

    # ---- streaks (20, M2, M3)

    def streaks(self, case: Case, rule: Rule, events: list[Event], goal: Any) -> list[Reach]:
        for n in range(1, len(events) + 1):
            active = self.active(case, rule, events[:n])
            for run in (active[i : i + goal] for i in range(len(active) - goal + 1)):
                if self.misses(case, rule, run) <= self.grace(rule):
                    (number, name), _ = run[-1]
                    return [self.met(case, rule, [e for _, part in run for e in part], name, number)]
        return []

    def grace(self, rule: Rule) -> int:
        return 0 if "no grace" in self.faults else rule.get("grace", 0)

    def active(self, case: Case, rule: Rule, events: list[Event]) -> list[tuple[tuple[int, str], list[Event]]]:
        """Periods that count, in order, each with what made it count."""
        parts = self.by_period(case, rule, rule["streak"], events)
        least = rule.get("at_least", 1)
        made = [(period, self.reached(case, rule, inside, least)) for period, inside in parts.items()]
        return [(period, evidence) for period, evidence in made if evidence]

    def misses(self, case: Case, rule: Rule, run: list[tuple[tuple[int, str], list[Event]]]) -> int:
        active = {number for (number, _), _ in run}
        between = range(min(active), max(active) + 1)
        return sum(n not in active and not self.forgiven(case, rule, n) for n in between)

    def forgiven(self, case: Case, rule: Rule, number: int) -> bool:
        """Whether an inactive period is none, or is no miss."""
        kind = rule["streak"]
        if kind == "day" and dt.date.fromordinal(number).strftime("%A").lower() in self.rest_days(rule):
            return True
        calendar = self.calendar(case)
        days = self.paused(case) | self.frozen(case)
        if any(calendar.period_of(day, kind)[0] == number for day in days):
            return True
        return any(number in calendar.touched(begin, end, kind) for begin, end in self.outages)

    def present_run(self, case: Case, rule: Rule, events: list[Event], at: int) -> int:
        """How many periods the run of the present has: the present itself is no miss yet (27)."""
        active = {number for (number, _), _ in self.active(case, rule, events)}
        present, _ = self.calendar(case).period(at, rule["streak"])
        run, misses = int(present in active), 0
        for number in range(present - 1, min(active, default=present) - 1, -1):
            if number in active:
                run += 1
            elif not self.forgiven(case, rule, number):
                misses += 1
            if misses > self.grace(rule):
                break
        return run

    def paused(self, case: Case) -> set[dt.date]:
        """A member's days off; an open end reaches to today."""
        if case.subject[0] != "member" or "pauses break" in self.faults:
            return set()
        calendar = self.calendar(case)
        found = set()
        for f in self.acts("member.paused", case.subject[1]):
            day = dt.date.fromisoformat(f.facts.get("from", calendar.day(f.at).isoformat()))
            last = dt.date.fromisoformat(f.facts.get("until", (calendar.day(self.now) + DAY).isoformat()))
            found |= {day + i * DAY for i in range((last - day).days + 1)}
        return found

    def frozen(self, case: Case) -> set[dt.date]:
        if case.subject[0] != "member" or "freezes break" in self.faults:
            return set()
        said = self.acts("streak.frozen", case.subject[1])
        mine = [f for f in said if f.facts.get("achievement") in (None, case.name)]
        return {dt.date.fromisoformat(f.facts["day"]) for f in mine}

    @cached_property
    def outages(self) -> list[tuple[int, int]]:
        if "outages break" in self.faults:
            return []
        return [(f.at, at_of(f.facts["until"])) for f in self.by_type["bot.deaf"] if "until" in f.facts]

    # ---- while true (27)

    def holds(self, case: Case, rule: Rule, events: list[Event], goal: Any, at: int) -> bool:
        """Whether the goal holds at this moment for what had happened by then."""
        events = [e for e in events if e.at <= at]
        calendar = self.calendar(case)
        if "in_one" in rule:
            present = calendar.period(at, rule["in_one"])
            inside = self.by_period(case, rule, rule["in_one"], events).get(present, [])
            return self.reached(case, rule, inside, goal) is not None
        if "within" in rule:
            size, place = self.run(case, rule["within"])
            run = range(place(at) - size + 1, place(at) + 1)
            inside = [e for e in events if place(e.at) in run]
            void = any(place(u.at) in run for u in self.voided(case, rule))
            return not void and self.measure(case, rule, inside) >= goal
        if "streak" in rule:
            return self.present_run(case, rule, events, at) >= goal
        return True
