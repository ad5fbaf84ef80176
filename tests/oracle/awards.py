"""What members deserve: needs, settling, who, the earliest or repeated, first and top, what moderators did, lapses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.oracle.facts import Event, length
from tests.oracle.frames import Reach
from tests.oracle.looking import Case, Rule
from tests.oracle.standing import NEVER, Standing, needed
from tests.oracle.verdict import Verdict, Won

ENGINE = ("achievement.earned", "points.earned", "level.reached")


class Oracle(Standing):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.known: dict[str, dict[str, list[Won]]] = {}
        self.made: dict[str, list[Event]] = {}

    def verdict(self) -> Verdict:
        result = Verdict()
        for name in self.book["achievement"]:
            if self.is_shown(name):
                result.awards += [w for won in self.awards(name).values() for w in won]
        for won in result.awards:
            add(result.points, won.member, self.worth(won) if won.state == "awarded" else 0)
        for member in self.members:
            add(result.score, member, sum(give for _, give in self.scored(member)))
            reached = [name for name, at in self.levels(member) if at <= self.now]
            result.levels.update({member: reached} if reached else {})
        return result

    def is_shown(self, name: str) -> bool:
        return self.is_on(name) and self.book["achievement"][name].get("status") != "shadow"

    def is_on(self, name: str) -> bool:
        rule = self.book["achievement"][name]
        return rule.get("status") != "off" and rule.get("enabled") is not False

    def worth(self, won: Won) -> int:
        rule = self.book["achievement"][won.achievement]
        tier = rule.get("tiers", {}).get(won.tier)
        own = tier.get("points") if isinstance(tier, dict) else None
        return int(rule.get("points", 0) if own is None else own)

    # ---- awards of one achievement

    def awards(self, name: str) -> dict[str, list[Won]]:
        """By member."""
        if name not in self.known:
            found = self.ranked(name, self.chosen(name)) if self.is_on(name) else []
            whole = [w for member in self.members for w in self.with_hands(name, member, of(found, member))]
            self.known[name] = defaultdict(list)
            for won in self.lapsed(name, whole):
                self.known[name][won.member].append(won)
        return self.known[name]

    def chosen(self, name: str) -> list[Won]:
        """For each member and tier: the earliest, or with repeat as often as it says."""
        rule = self.book["achievement"][name]
        groups: dict[tuple[str, str], list[Won]] = defaultdict(list)
        for won in self.candidates(name):
            groups[won.member, won.tier].append(won)
        return [w for group in groups.values() for w in self.taken(rule, sorted(group, key=lambda w: w.order))]

    def taken(self, rule: Rule, found: list[Won]) -> list[Won]:
        most = rule.get("repeat", False)
        if not most:
            return found[:1]
        kept: list[Won] = []
        pause = 0 if "no cooldown" in self.faults else length(rule.get("cooldown", "0 days"))
        for won in found:
            if not kept or won.earned_at - kept[-1].earned_at >= pause:
                kept.append(won)
        return kept if most is True else kept[:most]

    def candidates(self, name: str) -> Iterable[Won]:
        """Everything that could be taken: needs, dates, confirmation and who are looked at already (M10)."""
        for found in self.found(name):
            gated = self.settled(name, self.gated(name, self.with_membership(name, found)))
            if gated is not None and self.may_have(name, gated):
                yield gated

    def found(self, name: str) -> Iterable[Won]:
        rule = self.book["achievement"][name]
        if not any(head in rule for head in ("when", "steps", "all", "any")):
            bare = [Won(name, m, "", "", -NEVER, -NEVER, frozenset(), ()) for m in self.members]
            return bare if "needs" in rule else []
        if "top" in rule:
            return self.best_of(name)
        tiers = rule.get("tiers") or {"": None}
        return [
            of_reach(name, member, tier, reach)
            for tier, goal in tiers.items()
            for case in self.cases(name)
            for reach in self.reaches(case, rule, goal["goal"] if isinstance(goal, dict) else goal, self.again(rule))
            for member in sorted(reach.people)
        ]

    def again(self, rule: Rule) -> bool:
        return bool(rule.get("repeat"))

    def own(self, won: Won) -> Case:
        return Case("achievement", won.achievement, ("member", won.member))

    def with_membership(self, name: str, won: Won | None) -> Won | None:
        """A tier that asks for time served is dated by the later of both (M9)."""
        tier = self.book["achievement"][name].get("tiers", {}).get(won.tier)
        if not isinstance(tier, dict) or "member_for" not in tier:
            return won
        joined = self.joined(won.member)
        if joined is None:
            return None
        since = self.calendar(self.own(won)).later(joined, tier["member_for"])
        at = max(won.earned_at, since)
        return None if at > self.now else replace(won, earned_at=at, order=(at, *won.order[1:]))

    def gated(self, name: str, won: Won | None) -> Won | None:
        """Needs are met by awards in state awarded, the earliest of each (11)."""
        names, least = needed(self.book["achievement"][name])
        if won is None or not names:
            return won
        held = [self.earliest(other, won.member) for other in names if self.is_shown(other)]
        used = sorted((w for w in held if w), key=lambda w: (w.earned_at, w.achievement))[:least]
        if len(used) < least:
            return None
        parts = [won, *used]
        at = max(w.earned_at for w in parts)
        keys = frozenset().union(*(w.keys for w in parts))
        return replace(won, earned_at=at, last=max(w.last for w in parts), keys=keys, order=(at, *won.order[1:]))

    def earliest(self, name: str, member: str) -> Won | None:
        good = ("awarded", "pending") if "needs may settle" in self.faults else ("awarded",)
        return min((w for w in self.awards(name)[member] if w.state in good), key=lambda w: w.earned_at, default=None)

    def held_since(self, achievement: str, member: str) -> int:
        held = self.earliest(achievement, member)
        return NEVER if held is None else held.earned_at

    def settled(self, name: str, won: Won | None) -> Won | None:
        """When it is due (29, M14); None if a moderator declined it."""
        rule = self.book["achievement"][name]
        if won is None:
            return None
        due = max(won.earned_at, won.last) + length(rule.get("settle", "0 minutes"))
        if rule.get("ask"):
            confirmed, declined = self.confirmed(name, won.member, won.tier)
            if declined:
                return None
            due = max(due, confirmed)
        return replace(won, due_at=due)

    def may_have(self, name: str, won: Won) -> bool:
        """who, and whether the achievement is over (M10, M21)."""
        rule, case = self.book["achievement"][name], self.own(won)
        over = "retired" in rule and self.calendar(case).day(won.earned_at) >= rule["retired"]
        if over and "retired goes on" not in self.faults:
            return False
        return "who" not in rule or self.fulfils_who(case, rule["who"], won.due_at)

    # ---- first, top

    def ranked(self, name: str, found: list[Won]) -> list[Won]:
        """The first N, for each tier (31, M11)."""
        rule = self.book["achievement"][name]
        if "first" not in rule:
            return found
        by_chance = "ties of the first by chance" in self.faults
        kept = []
        for tier in {w.tier for w in found}:
            there = sorted((w for w in found if w.tier == tier), key=lambda w: w.member, reverse=by_chance)
            kept += sorted(there, key=lambda w: w.earned_at)[: rule["first"]]
        return kept

    def best_of(self, name: str) -> Iterable[Won]:
        """The places of every period that is over (30, M12)."""
        rule = self.book["achievement"][name]
        values: dict[tuple[int, str], list[tuple[Any, str, list[Event]]]] = defaultdict(list)
        for member in self.members:
            case = Case("achievement", name, ("member", member))
            for period, inside in self.by_period(case, rule, rule["in_one"], self.counted(case, rule)).items():
                values[period].append((self.measure(case, rule, inside), member, self.moving(case, rule, inside)))
        for (number, period), there in values.items():
            at = self.home.end(there[0][2][0].at, rule["in_one"])
            for value, member, evidence in there:
                more = [
                    v
                    for v, m, _ in there
                    if v > value or ("one for each place" in self.faults and v == value and m < member)
                ]
                if at <= self.now and value >= rule.get("goal", 1) and len(more) < rule["top"]:
                    reach = Reach(at, tuple(evidence), frozenset({member}), period, number)
                    yield of_reach(name, member, "", reach)

    # ---- moderators

    def with_hands(self, name: str, member: str, found: list[Won]) -> list[Won]:
        rule = self.book["achievement"][name]
        given = [
            Won(name, member, "", "", f.at, f.at, f.keys, (f.at,), due_at=f.at)
            for f in self.by_hand("grant.made", name, member)
            if self.tracked(member, f.at)
        ]
        taken = [f.at for f in self.by_hand("award.revoked", name, member)]
        whole = sorted([*found, *given], key=lambda w: w.earned_at)  # at the same moment what was earned comes first
        standing = [w for w in whole if not taken or w.earned_at > max(taken)]
        most = rule.get("repeat", False)
        tiers = {w.tier for w in standing}
        each = [[w for w in standing if w.tier == tier] for tier in sorted(tiers)]
        return [w for some in each for w in (some[:1] if not most else some if most is True else some[:most])]

    # ---- what holds now (27, 28)

    def lapsed(self, name: str, found: list[Won]) -> Iterable[Won]:
        rule = self.book["achievement"][name]
        lasts = "forever" if "lasts for ever" in self.faults else rule.get("lasts", "forever")
        for won in found:
            state = "pending" if won.due_at > self.now else "awarded"
            if lasts == "while true":
                fallen = won.due_at > won.earned_at and not self.is_true(won, min(self.now, won.due_at))
                if fallen:  # before it was due
                    continue
                state = state if self.is_true(won, self.now) else "revoked"
            elif lasts != "forever":
                end = self.calendar(self.own(won)).later(won.earned_at, lasts)
                if end < won.due_at:
                    continue
                state = "revoked" if end <= self.now else state
            yield replace(won, state=state)

    def is_true(self, won: Won, at: int) -> bool:
        rule = self.book["achievement"][won.achievement]
        case = self.own(won)
        if "when" not in rule:
            return True
        if rule.get("repeat") and "in_one" in rule:
            return self.calendar(case).period(at, rule["in_one"])[0] == won.number
        events = self.counted(case, rule)
        tier = rule.get("tiers", {}).get(won.tier)
        goal = tier["goal"] if isinstance(tier, dict) else tier or self.goal(case, rule, events)
        groups = self.groups(case, rule, events)
        if rule.get("repeat") and "each" in rule:
            groups = [g for g in groups if won.evidence[-1] in g]
        return any(self.holds(case, rule, group, goal, at) for group in groups)

    # ---- what awards make (M16)

    def engine(self, type_: str, case: Case) -> list[Event]:
        if type_ not in ENGINE or "engine is silent" in self.faults:
            return []
        if type_ not in self.made:
            self.made[type_] = list(self.levels_made() if type_ == "level.reached" else self.awards_made(type_))
        return self.made[type_]

    def awards_made(self, type_: str) -> Iterable[Event]:
        for name in self.book["achievement"]:
            if self.is_shown(name) and not self.rests_on_engine(name):
                for won in (w for some in list(self.awards(name).values()) for w in some if w.state == "awarded"):
                    facts = {
                        "achievement": name,
                        "tier": won.tier,
                        "points": self.worth(won),
                        "amount": self.worth(won),
                    }
                    gone = {"points.earned": ("points", "tier"), "achievement.earned": ("amount",)}[type_]
                    facts = {k: v for k, v in facts.items() if v and k not in gone}
                    if type_ == "achievement.earned" or "amount" in facts:
                        yield made(type_, won.member, won.earned_at, f"{name}/{won.tier}/{won.order}", facts)

    def levels_made(self) -> Iterable[Event]:
        for member in self.members:
            for number, (name, at) in enumerate(self.levels(member), 1):
                if at <= self.now:
                    yield made("level.reached", member, at, str(number), {"level": number, "name": name})

    def rests_on_engine(self, name: str) -> bool:
        rule = self.book["achievement"][name]
        return (
            "level" in rule.get("who", {})
            or any(t in ENGINE for t in self.types(rule))
            or any(self.rests_on_engine(other) for other in needed(rule)[0])
        )

    def types(self, rule: Rule) -> set[str]:
        unless = rule.get("unless", {"when": []})
        named = [rule.get("when", []), unless["when"] if isinstance(unless, dict) else unless]
        found = {n for names in named for n in ([names] if isinstance(names, str) else names)}
        for n in list(found & self.book["signal"].keys()):
            found |= self.types(self.book["signal"][n])
        for inner in (*rule.get("steps", ()), *rule.get("all", ()), *rule.get("any", ())):
            found |= self.types(inner if isinstance(inner, dict) else {"when": inner})
        return found


def of_reach(name: str, member: str, tier: str, r: Reach) -> Won:
    keys = frozenset().union(*(e.keys for e in r.evidence))
    last = max(e.last for e in r.evidence)
    return Won(name, member, tier, r.period, r.at, last, keys, r.order, r.evidence, r.number)


def made(type_: str, member: str, at: int, id_: str, facts: dict[str, Any]) -> Event:
    name = f"{member}/{id_}"
    key = frozenset({(type_, name)})
    return Event(at, "engine", name, type_, member, None, None, (), facts, f"engine\n{name}", key, at, member)


def of(found: list[Won], member: str) -> list[Won]:
    return [w for w in found if w.member == member]


def add(numbers: dict[str, int], member: str, number: int) -> None:
    if total := numbers.get(member, 0) + number:
        numbers[member] = total
    else:
        numbers.pop(member, None)
