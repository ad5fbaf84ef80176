"""What is true of a member at a moment: roles, teams, membership, score, levels; what moderators said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property
from typing import Any

from tests.oracle.combining import Combining
from tests.oracle.facts import Event
from tests.oracle.looking import Case, Rule

NEVER = 10**30


class Standing(Combining):
    # ---- who (49, M10)

    def fulfils_who(self, case: Case, who: Rule, at: int) -> bool:
        member, calendar = case.subject[1], self.calendar(case)
        at = self.now if "who is tested now" in self.faults else at
        roles, joined = self.roles(member, at), self.joined(member)
        day = dt.date.max if joined is None else calendar.day(joined)
        tests = {
            "role": lambda w: bool(roles & listed(w)),
            "not_role": lambda w: not roles & listed(w),
            "team": lambda w: self.team(member, at) in listed(w),
            "level": lambda w: self.has_level(member, w, at),
            "member_for": lambda w: joined is not None and calendar.later(joined, w) <= at,
            "joined_before": lambda w: joined is not None and day < w,
            "joined_after": lambda w: joined is not None and day > w,
        }
        return all(tests[word](wanted) for word, wanted in who.items())

    def roles(self, member: str, at: int) -> set[str]:
        """Of the latest fact that says which roles the member has."""
        said = [f for f in self.facts if f.actor and self.member(f.actor) == member]
        stamped = [f.facts["actor_role"] for f in said if f.at <= at and "actor_role" in f.facts]
        return listed(stamped[-1]) if stamped else set()

    def team(self, member: str, at: int) -> Any:
        said = [f for f in self.by_type["team.joined"] if (f.target or f.actor) and f.at <= at and "team" in f.facts]
        mine = [f.facts["team"] for f in said if self.member(str(f.target or f.actor)) == member]
        return mine[-1] if mine else None

    def joined(self, member: str) -> int | None:
        return min((f.at for f in self.acts("member.joined", member)), default=None)

    # ---- score and levels (46, 51, M23, M25)

    def scored(self, member: str) -> list[tuple[int, int]]:
        """(when, how much) of everything that gives, in order."""
        found = []
        for name, rule in self.book["score"].items():
            case = Case("score", name, ("member", member))
            found += [(e.at, rule["give"]) for e in self.giving(case, rule)]
        return sorted(found)

    def giving(self, case: Case, rule: Rule) -> list[Event]:
        events = self.counted(case, rule)
        if "streak" not in rule:
            return events
        firsts: dict[int, Event] = {}
        for e in events:
            firsts.setdefault(self.home.period(e.at, rule["streak"])[0], e)
        return [e for number, e in firsts.items() if number - 1 in firsts]

    def score(self, member: str, at: int) -> int:
        return sum(give for when, give in self.scored(member) if when <= at)

    def has_level(self, member: str, wanted: Any, at: int) -> bool:
        names = [level["name"] for level in self.book.get("level", ())]
        number = wanted if isinstance(wanted, int) else names.index(wanted) + 1
        return number <= len(names) and any(t <= at for _, t in self.levels(member)[number - 1 : number])

    def levels(self, member: str) -> list[tuple[str, int]]:
        """(name, since when) of the levels from the first on; NEVER for those that are not reached."""
        found = []
        for level in self.book.get("level", ()):
            times = [at for at, _ in self.scored(member) if self.score(member, at) >= level["at"]]
            held = [self.held_since(name, member) for name in needed(level)[0]]
            least = needed(level)[1]
            found.append((level["name"], max(min(times, default=NEVER), *sorted(held)[:least], -NEVER)))
        return found

    def held_since(self, achievement: str, member: str) -> int:
        raise NotImplementedError

    # ---- moderators

    def by_hand(self, type_: str, name: str, member: str) -> list[Event]:
        return [
            f
            for f in self.by_type[type_]
            if f.target is not None
            and self.member(f.target) == member
            and f.facts.get("achievement") == name
            and self.eligible(f)
        ]

    def confirmed(self, name: str, member: str, tier: str) -> tuple[int, bool]:
        """(since when it is confirmed, whether it is declined): what was said last counts (M14)."""
        if "unasked" in self.faults:
            return -NEVER, False

        def times(type_: str) -> list[int]:
            said = self.by_hand(type_, name, member)
            return [f.at for f in said if f.facts.get("tier") in (None, tier)]

        yes, no = times("award.confirmed"), times("award.declined")
        declined = max(no, default=-NEVER)
        standing = [at for at in yes if at >= declined]
        return min(standing, default=NEVER), bool(no) and not standing

    # ---- who is asked about

    @cached_property
    def teams(self) -> list[str]:
        return sorted({f.facts["team"] for f in self.facts if isinstance(f.facts.get("team"), str)})

    def cases(self, name: str) -> list[Case]:
        whole = Case("achievement", name, ("community", ""))
        match self.rule(whole).get("for", "member"):
            case "community":
                return [whole]
            case "team":
                return [replace(whole, subject=("team", team)) for team in self.teams]
        return [replace(whole, subject=("member", member)) for member in self.members]


def listed(value: Any) -> set[str]:
    return {value} if isinstance(value, str) else set(value)


def needed(rule: Rule) -> tuple[list[str], int]:
    """Which achievements, and how many of them."""
    needs = rule.get("needs", [])
    if isinstance(needs, dict):
        of = needs["of"]
        return ([of] if isinstance(of, str) else of), needs["at_least"]
    of = [needs] if isinstance(needs, str) else needs
    return of, len(of)
