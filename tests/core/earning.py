"""A small history in which one member earns everything that a book has, told from the rules as they are written.

Nothing here looks at how core evaluates: every word of the language has its own small writer. What is told is
just enough, so that without its last event something is not earned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.events import Statement, Value
from core.rules.book import Achievement, Part, RuleBook, ScoreRule, Signal, Source
from core.rules.grammar import Limit, Step, Who
from tests.core.values import fitting, fulfils

TEAM = "slack:T1"
ME = f"{TEAM}/A"
MODERATOR = f"{TEAM}/M"
PEOPLE = frozenset({"actor", "author", "target"})
OF_THE_DAY = frozenset({"date", "day", "weekday", "day_of_month", "day_of_year"})
DERIVED = OF_THE_DAY | {"hour", "time"}
OURS = frozenset({"deed", "climber"})  # told with what counts them
AWARDED = frozenset({"achievement.earned", "points.earned"})
MOST = 400  # greater goals of events are told as rising goals just above it, or the history were not small
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
START = dt.datetime(2026, 3, 2, 12)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
SPANS = {"per_hour": DAY / 24, "per_day": DAY, "per_week": 7 * DAY, "per_month": 31 * DAY}
LONG_AGO = 20 * 366 * DAY

DEED_POINTS = 1000
DEED = f"""
[achievement.deed]
name = "Deed"
when = "action.validated"
repeat = true
points = {DEED_POINTS}
"""
LADDER = """
[score.effort]
when = "action.validated"
give = 1
"""
CLIMBER = """
[achievement.climber]
name = "Climber"
when = "level.reached"
goal = {}
"""

Facts = Mapping[str, Value]
Rule = Achievement | Part | Signal


def completed(text: str, book: RuleBook) -> str:
    """The book's text with what it counts and does not say: badges that give points, levels, one for all its levels."""
    text += DEED if book.types_used() & AWARDED else ""
    if book.levels:
        return text + CLIMBER.format(len(book.levels))
    return text + _ladder(book) if "level.reached" in book.types_used() else text


def _ladder(book: RuleBook) -> str:
    """As many levels as its rules speak of."""
    numbers = [f.value for source in book.sources() for f in source.where if f.fact == "level"]
    highest = max((n for n in numbers if isinstance(n, int)), default=1)
    return LADDER + "".join(f'[[level]]\nname = "Level {n}"\nat = {n}\n' for n in range(1, highest + 1))


# ---- goals of a small history


def small(book: RuleBook) -> RuleBook:
    """The same book with goals that a small history can reach; what is summed up keeps its own."""
    achievements = {name: _small(rule) for name, rule in book.achievements.items()}
    signals = {name: _small(rule) for name, rule in book.signals.items()}
    return book.model_copy(update={"achievements": achievements, "signals": signals})


def _small(rule: Any) -> Any:
    changed: dict[str, Any] = {}
    for name in ("all_", "any_", "steps"):
        if getattr(rule, name, None):
            changed[name] = tuple(_small(part) for part in getattr(rule, name))
    if not (getattr(rule, "sum", None) or getattr(rule, "best", None)):
        changed["goal"] = _fewer(rule.goal, 0)
        tiers = getattr(rule, "tiers", None) or {}
        few = {t: tier.model_copy(update={"goal": _fewer(tier.goal, n)}) for n, (t, tier) in enumerate(tiers.items())}
        changed |= {"tiers": few} if few else {}
    return rule.model_copy(update=changed)


def _fewer(goal: Any, rank: int) -> Any:
    return goal if isinstance(goal, str) else min(goal, MOST + rank)


# ---- the history


class Story:
    """Tells it: `said` are the statements, `score` what they give, `until` is when everything has been decided."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.zone = ZoneInfo(book.community.timezone)
        hours, minutes = book.community.day_starts.split(":")
        self.day_starts = dt.timedelta(hours=int(hours), minutes=int(minutes))
        self.clock = self.end = START
        self.said: list[Statement] = []
        self.strangers = self.deeds = self.score = 0
        told = {name: rule for name, rule in book.achievements.items() if name not in OURS}
        lasting_first = sorted(told.items(), key=lambda item: item[1].lasts != "forever")  # nothing lapses meanwhile
        for name, rule in lasting_first:
            self._achievement(name, rule)
        for score in book.scores.values():
            self._score(score)
        self.end = max(self.end, self.clock)

    @property
    def until(self) -> int:
        settles = max((rule.settle.microseconds for rule in self.book.achievements.values()), default=0)
        return self._instant(self.end) + settles

    def _achievement(self, name: str, rule: Achievement) -> None:
        self.clock = self._beginning(rule)
        if rule.who:
            self._membership(rule.who)
        if rule.manual:
            self._by_moderator("grant.made", name)
        elif rule.counts:
            self._condition(rule, {"team": "red"} if rule.for_ == "team" else {})
        if rule.ask:
            self._by_moderator("award.confirmed", name)
        if rule.top and rule.in_one:
            self.clock = self._next(rule.in_one)
        self.end = max(self.end, self.clock)

    def _beginning(self, rule: Achievement) -> dt.datetime:
        """In time for its dates."""
        if rule.from_:
            return dt.datetime.combine(rule.from_, dt.time(12))
        if rule.season:
            return dt.datetime.fromisoformat(f"2024-{rule.season[0]}T12:00")
        if rule.until:
            return dt.datetime.combine(rule.until, dt.time(12)) - 400 * DAY
        return self.end

    def _membership(self, who: Who) -> None:
        """Joined before, after or simply long ago, in the right team and role."""
        joined = self.clock - LONG_AGO
        if who.joined_after:
            joined = dt.datetime.combine(who.joined_after, dt.time(12)) + DAY
        facts: Facts = {"actor_role": who.role[:1]} if who.role else {}
        self._say("member.joined", {"actor": ME}, facts, joined)
        if who.team:
            self._say("team.joined", {"actor": ME}, {"team": who.team[0]}, joined)

    def _by_moderator(self, type_: str, name: str) -> None:
        for tier in self.book.achievements[name].tiers or [None]:
            facts = {"achievement": name, "reason": "it was so"} | ({"tier": tier} if tier else {})
            self._say(type_, {"actor": MODERATOR, "target": ME}, facts)

    def _score(self, score: ScoreRule) -> None:
        """As often as the highest level needs, or a few times."""
        highest = max((level.at for level in self.book.levels), default=3 * score.give)
        for n in range(-(-highest // score.give)):
            self._event(score.when[n % len(score.when)], score, {})
            self.score += score.give

    # ---- conditions

    def _condition(self, rule: Achievement | Part, shared: Facts) -> None:
        if rule.same:
            shared = {**shared, rule.same: self._other() if rule.same in PEOPLE else "the same"}
        for step in rule.steps or ():
            self._step(step, shared)
        for part in rule.all_ or (rule.any_ or ())[: int(rule.target)]:
            self._condition(part, shared)
        if rule.when:
            self._counted(rule, shared)

    def _step(self, step: Step, shared: Facts) -> None:
        source = Source(when=step.when, credit=step.credit, self=step.self_).model_copy(update={"where": step.where})
        for n in range(step.goal):
            self._event(step.when[n % len(step.when)], source, shared)

    def _counted(self, rule: Rule, shared: Facts) -> None:
        """Up to the goal, or the highest tier, inside its time frame."""
        if rule.each:
            shared = {rule.each: f"{rule.each} {len(self.said)}", **shared}
        tiers = getattr(rule, "tiers", None) or {}
        goal = max((tier.goal for tier in tiers.values()), default=None) or rule.target
        if rule.streak:
            self._streak(rule, int(goal), shared)
            return
        if rule.in_one:
            self.clock = self._next(rule.in_one)
        if rule.goal == "every" and rule.in_one:
            goal = (self._next(rule.in_one) - self.clock).days
        self._measured(rule, goal, shared)

    def _streak(self, rule: Rule, goal: int, shared: Facts) -> None:
        """Period after period, with all the misses that are forgiven after the first."""
        assert rule.streak is not None
        for n in range(goal):
            for _ in range(1 + (rule.grace if n == 1 else 0)):
                self.clock = self._next(rule.streak)
                while rule.streak == "day" and self._derived()["weekday"] in rule.rest_days:
                    self.clock += DAY
            self._measured(rule, rule.at_least, shared)

    def _measured(self, rule: Rule, goal: int | Decimal, shared: Facts) -> None:
        if AWARDED & {*rule.when}:
            self._deeds(rule, goal)
            return
        seen: list[Any] = []
        for n, facts in enumerate(self._values(rule, goal)):
            self._event(rule.when[n % len(rule.when)], rule, {**shared, **facts}, seen)

    def _values(self, rule: Rule, goal: int | Decimal) -> Iterator[Facts]:
        """What each of the events carries of the fact that is measured."""
        if rule.sum:
            yield from ({rule.sum: part} for part in ((1, goal - 1) if goal > 1 else (goal,)))
        elif rule.best:
            yield {rule.best: goal}
        elif rule.distinct and rule.distinct not in DERIVED:
            yield from ({rule.distinct: value} for value in self._different(rule, rule.distinct, int(goal)))
        else:
            yield from ({} for _ in range(int(goal)))

    def _different(self, rule: Rule, name: str, many: int) -> list[Value]:
        if name in PEOPLE:
            return [self._other() for _ in range(many)]
        filters = [f for f in rule.where if f.fact == name]
        values: list[Value] = []
        for n in range(many):
            values.append(fitting(filters, values, f"{name} {n}"))
        return values

    # ---- events

    def _event(self, type_: str, rule: Source, facts: Facts, seen: list[Any] | None = None) -> None:
        """One event that the rule counts: a fact, or a signal that is earned."""
        names = {f.fact: [g for g in rule.where if g.fact == f.fact] for f in rule.where}
        found = {name: fitting(filters) for name, filters in names.items() if name not in DERIVED | facts.keys()}
        facts = {name: value for name, value in {**facts, **found}.items() if value is not None}
        if type_ in self.book.signals:
            self._counted(self.book.signals[type_], facts)
        elif type_ != "level.reached":  # levels follow from the score, which is told anyway
            self._away(rule)
            self._move(rule, seen if seen is not None else [])
            self._fact(type_, rule, facts)

    def _deeds(self, rule: Rule, goal: int | Decimal) -> None:
        """What brings badges with points: one deed is a badge. Those done before count, except in a new period."""
        wanted = int(-(-goal // DEED_POINTS)) if rule.sum else int(goal)
        for _ in range(wanted - (0 if rule.in_one else self.deeds)):
            self.clock += MINUTE
            self.deeds += 1
            self._say("action.validated", {"actor": ME}, {"proof": "seen"})

    def _fact(self, type_: str, rule: Source, facts: Facts) -> None:
        """Something happens, done by a new stranger where somebody else is credited."""
        people: dict[str, Any] = {"actor": ME if rule.credit == "actor" else self._other()}
        people[rule.credit] = (ME,) if rule.credit == "participants" else ME
        people |= {name: facts[name] for name in PEOPLE & facts.keys()}
        if rule.limit and rule.limit.per_object:
            facts = {"message": f"message:{len(self.said)}", **facts}
        self._say(type_, people, {name: value for name, value in facts.items() if name not in PEOPLE})

    def _away(self, rule: Source) -> None:
        absence = getattr(rule, "after_absence", None)
        if absence:
            self._say("command.used", {"actor": ME}, {"command": "help"})
            self.clock += dt.timedelta(seconds=absence.seconds) + 2 * DAY

    def _move(self, rule: Source, seen: list[Any]) -> None:
        """To the next moment with room under the limit, at which the filters on the time hold."""
        self.clock += _gap(rule.limit)
        fresh = getattr(rule, "distinct", None)
        while not self._timely(rule, DERIVED, fresh, seen):
            self.clock += MINUTE if self._timely(rule, OF_THE_DAY, fresh, seen) else self._next("day") - self.clock
        seen.append(self._derived().get(fresh or ""))

    def _timely(self, rule: Source, names: Collection[str], fresh: str | None, seen: list[Any]) -> bool:
        now = self._derived()
        told = fresh in DERIVED and now[fresh] in seen
        return not told and all(fulfils(f, now[f.fact]) for f in rule.where if f.fact in names)

    def _say(self, type_: str, people: dict[str, Any], facts: Facts, at: dt.datetime | None = None) -> None:
        source = "moderator" if people["actor"] == MODERATOR else TEAM
        id_ = f"{type_}:{len(self.said)}"
        self.said.append(Statement(source, id_, self._instant(at or self.clock), type_, facts=facts, **people))

    def _other(self) -> str:
        self.strangers += 1
        return f"{TEAM}/P{self.strangers}"

    # ---- the clock on the wall

    def _instant(self, wall: dt.datetime) -> int:
        return (wall.replace(tzinfo=self.zone) - EPOCH) // dt.timedelta(microseconds=1)

    def _derived(self) -> dict[str, Any]:
        day = self.clock - self.day_starts
        return {
            "date": f"{day:%m-%d}",
            "day": f"{day:%Y-%m-%d}",
            "weekday": f"{day:%A}".lower(),
            "day_of_month": day.day,
            "day_of_year": day.timetuple().tm_yday,
            "hour": self.clock.hour,
            "time": f"{self.clock:%H:%M}",
        }

    def _next(self, period: str) -> dt.datetime:
        """When the next one begins."""
        day = (self.clock - self.day_starts).date() + dt.timedelta(days=1)
        first = {"monday": 0, "sunday": 6}[self.book.community.week_starts]
        begins: Callable[[dt.date], bool] = {
            "day": lambda d: True,
            "week": lambda d: d.weekday() == first,
            "month": lambda d: d.day == 1,
            "quarter": lambda d: d.day == 1 and d.month % 3 == 1,
            "year": lambda d: (d.month, d.day) == (1, 1),
        }[period]
        while not begins(day):
            day += DAY
        return dt.datetime.combine(day, dt.time()) + self.day_starts


def _gap(limit: Limit | None) -> dt.timedelta:
    """From one event to the next, so that no cap over the clock is reached."""
    if limit is None:
        return MINUTE
    gaps: list[dt.timedelta] = [span / most for name, span in SPANS.items() if (most := getattr(limit, name))]
    gaps += [dt.timedelta(seconds=limit.one_per.seconds)] if limit.one_per else []
    return max([MINUTE, *gaps])
