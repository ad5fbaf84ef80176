"""Conditions with any head: when, steps, all, any, for every season, thing and same value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from tests.oracle.facts import THINGS, Event, at_of
from tests.oracle.frames import Frames, Reach
from tests.oracle.looking import Case, Rule, Subject


class Combining(Frames):
    def reaches(self, case: Case, rule: Rule, goal: Any = None, again: bool = False) -> list[Reach]:
        """Every goal of a condition. Seasons come before every other frame (M24)."""
        if case.season is None and "season" in self.rule(case):
            seasons = {self.season(case, e) for part in leaves(rule) for e in self.counted(case, part)}
            cases = [replace(case, season=year) for year in sorted(seasons - {None})]
        else:
            cases = [case]
        return [reach for one in cases for reach in self.in_season(one, rule, goal, again)]

    def in_season(self, case: Case, rule: Rule, goal: Any, again: bool) -> list[Reach]:
        if "when" in rule:
            return self.counting(case, rule, goal, again)
        if "same" not in rule or "other things" in self.faults:
            return self.combined(case, rule)
        name, calendar = rule["same"], self.calendar(case)
        values = {self.value(e, name, calendar) for part in leaves(rule) for e in self.counted(case, part)}
        cases = [replace(case, same=(*case.same, (name, v))) for v in sorted(values - {None}, key=str)]
        return [reach for one in cases for reach in self.combined(one, rule)]

    def counting(self, case: Case, rule: Rule, goal: Any, again: bool) -> list[Reach]:
        events = self.counted(case, rule)
        goal = self.goal(case, rule, events) if goal is None else goal
        again = again and "each" not in rule and case.season is None
        return [r for group in self.groups(case, rule, events) for r in self.framed(case, rule, group, goal, again)]

    def groups(self, case: Case, rule: Rule, events: list[Event]) -> list[list[Event]]:
        if "each" not in rule:
            return [events] if events else []
        found: dict[Any, list[Event]] = {}
        for e in events:
            found.setdefault(self.value(e, rule["each"], self.calendar(case)), []).append(e)
        return list(found.values())

    def combined(self, case: Case, rule: Rule) -> list[Reach]:
        if "steps" in rule:
            return self.checklist(case, rule) if rule.get("any_order") else self.chain(case, rule)
        return self.together(case, rule)

    # ---- all, any (38, M8)

    def together(self, case: Case, rule: Rule) -> list[Reach]:
        parts = rule.get("all") or rule["any"]
        wanted = len(parts) if "all" in rule else rule.get("goal", 1)
        met = [reaches for part in parts if (reaches := self.reaches(case, part))]
        first = sorted((min(reaches, key=lambda r: r.order) for reaches in met), key=lambda r: r.at)[:wanted]
        if len(first) < wanted:
            return []
        evidence = tuple(dict.fromkeys(e for r in first for e in r.evidence))
        people = frozenset().union(*(r.people for r in first))
        at = first[0 if "all at once" in self.faults else -1].at
        return [Reach(at, evidence, people)]

    # ---- steps (36, 37, M7)

    def chain(self, case: Case, rule: Rule) -> list[Reach]:
        """Earliest completion first; of the chains that it completes, the one whose events come earliest."""
        steps = [step_of(s) for s in rule["steps"]]
        events = [self.counted(case, s) for s in steps]
        for end in events[-1]:
            chain = next(self.chains(case, rule, steps, events, (), end), None)
            if chain is not None:
                return [self.by_steps(case, steps, cut(chain, [s.get("goal", 1) for s in steps]))]
        return []

    def by_steps(self, case: Case, steps: list[Rule], events: list[list[Event]]) -> Reach:
        """Each step credits by its own word."""
        each = [self.met(case, step, some) for step, some in zip(steps, events, strict=True)]
        whole = tuple(sorted({e for r in each for e in r.evidence}, key=lambda e: e.order))
        return Reach(max(r.at for r in each), whole, frozenset().union(*(r.people for r in each)))

    def chains(
        self, case: Case, rule: Rule, steps: list[Rule], events: list[list[Event]], done: tuple[Event, ...], end: Event
    ) -> Iterator[tuple[Event, ...]]:
        """In order of their events, step by step; only those that lie in one run and end with `end`."""
        if not steps:
            yield done
            return
        at_once = "steps at once" in self.faults
        after = [e for e in events[0] if not done or e.at > done[-1].at or (at_once and e.order > done[-1].order)]
        for some in combinations([e for e in after if e.order <= end.order], steps[0].get("goal", 1)):
            more = (*done, *some)
            if (steps[1:] or some[-1] is end) and self.together_in_time(case, rule, more):
                yield from self.chains(case, rule, steps[1:], events[1:], more, end)

    def together_in_time(self, case: Case, rule: Rule, events: tuple[Event, ...]) -> bool:
        if "within" not in rule:
            return True
        size, place = self.run(case, rule["within"])
        places = [place(e.at) for e in events]
        return max(places) - min(places) < size

    def checklist(self, case: Case, rule: Rule) -> list[Reach]:
        """The earliest event with which some run of that length holds enough for every step."""
        steps = [step_of(s) for s in rule["steps"]]
        events = [self.counted(case, s) for s in steps]
        size, place = self.run(case, rule["within"]) if "within" in rule else (1, lambda at: 0)
        for end in sorted({e for some in events for e in some}, key=lambda e: e.order):
            for begin in range(place(end.at) - size + 1, place(end.at) + 1):
                run = range(begin, begin + size)
                inside = [[e for e in some if place(e.at) in run and e.order <= end.order] for some in events]
                if all(len(some) >= step.get("goal", 1) for some, step in zip(inside, steps, strict=True)):
                    firsts = [some[: step.get("goal", 1)] for some, step in zip(inside, steps, strict=True)]
                    return [self.by_steps(case, steps, firsts)]
        return []

    # ---- signals (33, 34)

    def says(self, name: str, subject: Subject) -> list[Event]:
        """What a signal says of a member; of a team or everybody: what it says of each."""
        if subject[0] != "member":
            said = [e for m in self.members for e in self.says(name, ("member", m))]
            return [e for e in said if subject[0] == "community" or e.facts.get("team") == subject[1]]
        key = ("says", name, subject)
        if key not in self.memo:
            case, rule = Case("signal", name, subject), self.book["signal"][name]
            groups = self.groups(case, rule, self.counted(case, rule))
            self.memo[key] = [self.signal_event(case, rule, g, r) for g in groups for r in self.said(case, rule, g)]
        return self.memo[key]

    def said(self, case: Case, rule: Rule, group: list[Event]) -> list[Reach]:
        return self.framed(case, rule, group, self.goal(case, rule, group))

    def signal_event(self, case: Case, rule: Rule, group: list[Event], reach: Reach) -> Event:
        name, member, calendar = case.name, case.subject[1], self.calendar(case)
        part = group
        if "in_one" in rule:
            part = [e for e in group if calendar.period(e.at, rule["in_one"])[0] == reach.number]
        facts = {k: v for k, v in part[0].facts.items() if all(k in e.facts and e.facts[k] == v for e in part)}
        thing = ""
        if "each" in rule:
            value = self.look_up(part[0], rule["each"], calendar)
            thing = str(value)
            facts.setdefault(rule["each"], value)
            facts["object"] = thing
        if len(sources := {e.facts.get("source", e.source) for e in part}) == 1:
            facts["source"] = sources.pop()
        id_ = f"{thing}/{reach.period}" if "in_one" in rule else thing
        keys = frozenset().union(*(e.keys for e in reach.evidence))
        last = max(e.last for e in reach.evidence)
        own = thing or f"{name}\n{member}\n{id_}"
        at = self.signal_date(rule, part, reach)
        return Event(at, name, id_, name, member, None, None, (), facts, own, keys, last, member)

    def signal_date(self, rule: Rule, part: list[Event], reach: Reach) -> int:
        if "in_one" in rule:
            return self.home.first_instant(part[0].at, rule["in_one"])
        if rule.get("each") in THINGS:
            made = [at_of(e.facts["object_at"]) for e in part if "object_at" in e.facts]
            return min(made) if made else min(e.at for e in part)
        return reach.at


def cut(events: tuple[Event, ...], sizes: list[int]) -> list[list[Event]]:
    """The events in pieces of these sizes."""
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return [list(events[end - size : end]) for end, size in zip(ends, sizes, strict=True)]


def step_of(step: Any) -> Rule:
    """A step as a condition; the same object every time."""
    return step if isinstance(step, dict) else _BARE.setdefault(step, {"when": step})


_BARE: dict[str, Rule] = {}


def leaves(rule: Rule) -> Iterator[Rule]:
    """The conditions that name events."""
    if "when" in rule:
        yield rule
    for step in rule.get("steps", ()):
        yield step_of(step)
    for part in (*rule.get("all", ()), *rule.get("any", ())):
        yield from leaves(part)
