"""What counts for a rule: type, where, credit, dates, unless, absence, limits, in this order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.oracle.facts import THINGS, Event, at_of, is_number, length, seconds
from tests.oracle.looking import Case, Looking, Rule

CAPS = ("per_month", "per_week", "per_day", "per_hour", "per_object", "per_person", "one_per")
ANYBODY = ("community", "")


class Counting(Looking):
    """`says` and `engine` come from the classes below: what signals say, and what awards make."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.memo: dict[tuple[Any, ...], list[Event]] = {}

    # ---- what is heard, and whom it credits

    def heard(self, types: Any, case: Case, bots: bool = False) -> list[Event]:
        wanted = [types] if isinstance(types, str) else list(types)
        found = []
        for name in dict.fromkeys(wanted):
            if name in self.book["signal"]:
                found += self.says(name, case.subject)
            else:
                told = [*self.by_type[name], *self.engine(name, case)]
                found += [f for f in told if (self.allowed_here(f) if bots else self.eligible(f))]
        return sorted(found, key=lambda e: e.order)

    def credited(self, rule: Rule, e: Event) -> set[str]:
        credit = rule.get("credit", "actor")
        accounts = e.participants if credit == "participants" else (getattr(e, credit),)
        members = {self.member(a) for a in accounts if a is not None}
        if credit != "actor" and not rule.get("self", False) and e.actor is not None:
            members.discard(self.member(e.actor))
        return {m for m in members if self.tracked(m, e.at)}

    def credits(self, case: Case, rule: Rule, e: Event) -> bool:
        kind, name = case.subject
        people = self.credited(rule, e)
        if kind == "member":
            return name in people
        return bool(people) and (kind == "community" or e.facts.get("team") == name)

    # ---- what counts

    def counted(self, case: Case, rule: Rule) -> list[Event]:
        """In order; only what has the case's values and lies in its season."""
        calendar = self.calendar(case)
        return [
            e
            for e in self._counted(replace(case, season=None, same=()), rule)
            if (case.season is None or self.season(case, e) == case.season)
            and all(self.value(e, name, calendar) == value for name, value in case.same)
        ]

    def _counted(self, case: Case, rule: Rule) -> list[Event]:
        key = (id(rule), case)
        if key not in self.memo:
            heard = [e for e in self.heard(rule["when"], case) if self.fits(case, rule, e)]
            self.memo[key] = self.limited(case, rule, self.returning(case, rule, self.uncancelled(case, rule, heard)))
        return self.memo[key]

    def fits(self, case: Case, rule: Rule, e: Event) -> bool:
        return (
            self.passes(rule.get("where", {}), e, self.calendar(case))
            and self.credits(case, rule, e)
            and self.measurable(case, rule, e)
            and self.still_open(case, rule, e)
            and self.in_time(case, e)
            and not self.rests(case, rule, e.at)
        )

    def measurable(self, case: Case, rule: Rule, e: Event) -> bool:
        calendar = self.calendar(case)
        numbers = [self.look_up(e, rule[w], calendar) for w in ("sum", "best") if w in rule]
        values = [self.look_up(e, rule[w], calendar) for w in ("distinct", "each") if w in rule]
        return all(is_number(n) for n in numbers) and all(v is not None for v in values)

    def still_open(self, case: Case, rule: Rule, e: Event) -> bool:
        if case.kind != "signal" or rule.get("each") not in THINGS or "object_at" not in e.facts:
            return True
        return e.at <= at_of(e.facts["object_at"]) + length(rule["open_for"])

    def in_time(self, case: Case, e: Event) -> bool:
        """from, until, season, only_in and progress = "reset" of the whole rule."""
        rule, day = self.rule(case), self.calendar(case).day(e.at)
        last = rule.get("until")
        if day < rule.get("from", day) or (last is not None and day > last):
            return False
        if day == last and "until is exclusive" in self.faults:
            return False
        if "season" in rule and self.season(case, e) is None:
            return False
        if "only_in" in rule and not self.is_in(rule["only_in"], e):
            return False
        return e.at >= self.reset(case)

    def season(self, case: Case, e: Event) -> int | None:
        """The year in which the season of an event began; None outside."""
        begin, end = self.rule(case)["season"]
        day = self.calendar(case).day(e.at)
        today = day.isoformat()[5:]
        if "until is exclusive" in self.faults and today == end:
            return None
        if begin <= end:
            return day.year if begin <= today <= end else None
        if today >= begin or "seasons by year" in self.faults:
            return day.year if today >= begin or today <= end else None
        return day.year - 1 if today <= end else None

    def is_in(self, places: Any, e: Event) -> bool:
        listed = [places] if isinstance(places, str) else places
        return any(e.facts.get(name) in listed for name in ("channel", "channel_id", "team"))

    def reset(self, case: Case) -> int:
        """When the rule began anew (M22)."""
        rule = self.rule(case)
        if case.kind != "achievement" or rule.get("progress") != "reset":
            return -(10**30)
        wanted = {"achievement": case.name, "version": rule.get("version", 1), "progress": "reset"}
        said = [f.at for f in self.by_type["rule.changed"] if wanted.items() <= f.facts.items()]
        return max(said, default=-(10**30))

    # ---- rest and pauses: days that are not there for streaks (M2, M3)

    def rests(self, case: Case, rule: Rule, at: int) -> bool:
        if "streak" not in rule:
            return False
        day = self.calendar(case).day(at)
        return day.strftime("%A").lower() in self.rest_days(rule) or day in self.paused(case)

    def rest_days(self, rule: Rule) -> list[str]:
        return [] if "rest days count" in self.faults else rule.get("rest_days", [])

    def paused(self, case: Case) -> set[Any]:
        return set()  # see Frames

    # ---- unless

    def unless(self, rule: Rule) -> Rule | None:
        found = rule.get("unless")
        if found is None or "nothing cancels" in self.faults:
            return None
        return {"match": "object", **(found if isinstance(found, dict) else {"when": found})}

    def uncancelled(self, case: Case, rule: Rule, found: list[Event]) -> list[Event]:
        unless = self.unless(rule)
        if unless is None or unless["match"] == "window":
            return found
        if unless["match"] == "ever":
            return [] if self.against(case, rule) else found
        heard = self.heard(unless["when"], replace(case, subject=ANYBODY), bots=True)
        calendar = self.calendar(case)
        said = [u for u in heard if self.passes(unless.get("where", {}), u, calendar)]
        late = "cancels only after" in self.faults
        return [e for e in found if not any(u.thing == e.thing and (not late or u.at > e.at) for u in said)]

    def against(self, case: Case, rule: Rule) -> list[Event]:
        """The unless events that concern this member: by the rule's own credit; a signal's are the member's."""
        unless = self.unless(rule) or {}
        return [
            u
            for u in self.heard(unless["when"], case, bots=True)
            if self.passes(unless.get("where", {}), u, self.calendar(case))
            and (u.type in self.book["signal"] or self.credits(case, rule, u))
        ]

    # ---- after_absence (rules-exact 21, M5)

    def returning(self, case: Case, rule: Rule, found: list[Event]) -> list[Event]:
        if "after_absence" not in rule:
            return found
        calendar, wanted = self.calendar(case), seconds(rule["after_absence"]) // 86_400
        wanted -= "any absence" in self.faults
        active = {calendar.day(f.at) for f in self.facts if self.is_activity(case.subject[1], f)}
        taken: dict[Any, Event] = {}
        for e in found:
            day = calendar.day(e.at)
            before = [d for d in active if d < day]
            if before and (day - max(before)).days - 1 >= wanted:
                taken.setdefault(day, e)
        return list(taken.values())

    def is_activity(self, member: str, f: Event) -> bool:
        mine = f.actor is not None and self.member(f.actor) == member
        of_them = f.type in ("member.zone_set", "member.paused", "streak.frozen")  # said of them, not done by them
        return mine and not of_them and f.facts.get("bot") is not True and f.source != "clock"

    # ---- limit (rules-exact 7, 17, 18)

    def limited(self, case: Case, rule: Rule, found: list[Event]) -> list[Event]:
        taken: list[Event] = []
        for e in found:
            if self.has_room(case, rule, e, taken):
                taken.append(e)
        return taken

    def has_room(self, case: Case, rule: Rule, e: Event, taken: list[Event]) -> bool:
        limit, inside = rule.get("limit", {}), taken
        for word in CAPS:
            if word in limit:
                inside = [a for a in inside if self.group(case, rule, word, a) == self.group(case, rule, word, e)]
                if len(inside) >= (1 if word == "one_per" else limit[word]):
                    return False
        return True

    def group(self, case: Case, rule: Rule, word: str, e: Event) -> Any:
        calendar = self.calendar(case)
        if word in ("per_month", "per_week", "per_day"):
            return calendar.period(e.at, word.removeprefix("per_"))
        if word == "per_hour":
            return e.at // 3_600_000_000
        if word == "per_object":
            return self.value(e, rule["each"], calendar) if "each" in rule else e.thing
        if word == "per_person":
            return self.person(case, rule, e)
        return e.at // length(rule["limit"]["one_per"]), self.person(case, rule, e)

    def person(self, case: Case, rule: Rule, e: Event) -> str | None:
        actor = None if e.actor is None else self.member(e.actor)
        kind, name = case.subject
        own = actor == name if kind == "member" else actor in self.credited(rule, e)
        if rule.get("credit", "actor") != "actor" and not own:
            return actor
        other = e.target or e.author
        return None if other is None else self.member(other)
