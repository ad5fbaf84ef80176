"""A rule as labelled parts, for languages other than English: "Counted: replies · channel: #help · needed: 5".

A translator renders a label or a word at a time; no sentence has to be inflected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.language import Language
from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Condition, Counting, Source
from core.rules.durations import Duration
from core.rules.explain.words import either, events, fact, figure, length, period, role, units, weekday
from core.rules.filters import Filter, Plain
from core.rules.grammar import Limit, Step, Unless, Who

BETWEEN = " · "
UNTOLD = "???"  # the name of a secret achievement
_NUMBER_OF_SECONDS = frozenset({"age", "delay", "idle"})


def told(book: RuleBook, rule: Achievement, t: Language) -> str:
    """The whole rule."""
    text = BETWEEN.join([*_head(book, rule, t), *_dates(rule, t), *_giving(book, rule, t), *_keeping(rule, t)])
    return f"{text[:1].upper()}{text[1:]}"


def signal(book: RuleBook, name: str, t: Language) -> str:
    """What a signal means: in the book's own words, else its parts."""
    found = book.signals[name]
    return found.describe or BETWEEN.join(condition(book, found, t))


def _head(book: RuleBook, rule: Achievement, t: Language) -> Iterator[str]:
    if rule.manual is not None:
        yield by_hand(rule, t)
    elif rule.counts:
        yield from condition(book, rule, t)
    if rule.needs is not None:
        yield needs(book, rule, t)
    if rule.top is not None:
        yield t.gettext("for the first {n} places").format(n=rule.top)
        yield t.gettext("ties share a place")


def by_hand(rule: Achievement, t: Language) -> str:
    return t.gettext("given by hand, by: {who}").format(who=either([role(one, t) for one in rule.manual or ()], t))


def needs(book: RuleBook, rule: Achievement, t: Language) -> str:
    """The achievements that a rule needs, secret ones without their names."""
    if rule.needs is None:
        return ""
    found = [book.achievements[name] for name in rule.needs.of if name in book.achievements]
    names = t.listed(UNTOLD if one.secret else one.name for one in found)
    if rule.needs.at_least >= len(found):
        return t.gettext("badges needed: {names}").format(names=names)
    return t.gettext("{n} of these badges: {names}").format(n=rule.needs.at_least, names=names)


def condition(book: RuleBook, rule: Counting, t: Language) -> Iterator[str]:
    """A condition with any head."""
    if isinstance(rule, Condition) and rule.steps is not None:
        yield from _steps(book, rule, rule.steps, t)
    elif isinstance(rule, Condition) and (parts := rule.all_ or rule.any_) is not None:
        yield _several(book, parts, len(parts) if rule.all_ else int(rule.target), t)
    else:
        yield from _counted(book, rule, t)
    if isinstance(rule, Condition) and rule.same is not None:
        yield t.gettext("all with the same: {what}").format(what=fact(rule.same, t))
    if rule.limit is not None:
        yield t.gettext("counted at most: {limits}").format(limits=t.listed(caps(rule, t).values()))


def _steps(book: RuleBook, rule: Condition, steps: Sequence[Step], t: Language) -> Iterator[str]:
    texts = t.listed(f"({n}) {step(book, one, t)}" for n, one in enumerate(steps, 1))
    text = t.gettext("in any order: {steps}") if rule.any_order else t.gettext("in this order: {steps}")
    yield text.format(steps=texts)
    yield from _frame(rule, t)


def step(book: RuleBook, one: Step, t: Language) -> str:
    """One step: what is to happen, and how often where that is more than once."""
    what = ", ".join([events(book, one, t), *_where(one.where, t)])
    return what if one.goal == 1 else f"{what}: {figure(one.goal, t)}"


def _several(book: RuleBook, parts: Sequence[Condition], goal: int, t: Language) -> str:
    texts = "; ".join(f"({n}) {', '.join(condition(book, part, t))}" for n, part in enumerate(parts, 1))
    if goal >= len(parts):
        return t.gettext("all of these: {parts}").format(parts=texts)
    return t.gettext("{n} of these: {parts}").format(n=goal, parts=texts)


def _counted(book: RuleBook, rule: Counting, t: Language) -> Iterator[str]:
    yield t.gettext("counted: {what}").format(what=events(book, rule, t) + _meanings(book, rule, t))
    yield from _where([f for f in rule.where if rule.goal != "all" or f.fact != rule.distinct], t)
    yield from _goal(rule, t)
    yield from _frame(rule, t)
    if rule.unless is not None:
        yield _unless(book, rule.unless, t)


def _meanings(book: RuleBook, rule: Source, t: Language) -> str:
    meant = [signal(book, name, t) for name in rule.when if name in book.signals]
    return f" ({'; '.join(meant)})" if meant else ""


def _goal(rule: Counting, t: Language) -> Iterator[str]:
    if rule.sum is not None:
        yield t.gettext("added up: {what}").format(what=fact(rule.sum, t))
    if rule.best is not None:
        yield t.gettext("the best counts: {what}").format(what=fact(rule.best, t))
    if rule.distinct is not None and rule.goal != "all":
        yield t.gettext("each counts once: {what}").format(what=fact(rule.distinct, t))
    if rule.each is not None:
        yield t.gettext("all on one: {what}").format(what=fact(rule.each, t))
    yield _how_many(rule, t)


def _how_many(rule: Counting, t: Language) -> str:
    if rule.goal == "all":
        return t.gettext("one for each: {values}").format(values=t.listed(str(v) for v in rule.listed or ()))
    if rule.goal == "every":
        return t.gettext("needed: every day")
    if isinstance(rule, Achievement) and rule.tiers:
        return t.gettext("tiers: {tiers}").format(tiers=tiers(rule, t))
    if rule.streak is not None:
        return t.gettext("needed: {run} in a row").format(run=units(int(rule.target), rule.streak, t))
    return t.gettext("needed: {n}").format(n=figure(rule.target, t))


def tiers(rule: Achievement, t: Language) -> str:
    """As "Bronze 1, Silver 10"."""
    return t.listed(f"{name} {figure(one.goal, t)}" for name, one in (rule.tiers or {}).items())


def _frame(rule: Counting, t: Language) -> Iterator[str]:
    if rule.in_one is not None:
        yield t.gettext("within one: {period}").format(period=period(rule.in_one, t))
    if rule.within is not None:
        yield t.gettext("within: {time}").format(time=length(rule.within, t))
    if isinstance(rule, Condition) and rule.after_absence is not None:
        yield t.gettext("after so long away: {time}").format(time=length(rule.after_absence, t))
    if rule.streak is not None and rule.at_least > 1:
        yield t.gettext("each time at least: {n}").format(n=figure(rule.at_least, t))
    if rule.grace:
        yield t.gettext("gaps forgiven: {n}").format(n=figure(rule.grace, t))
    if rule.rest_days:
        yield t.gettext("left out: {days}").format(days=t.listed(weekday(day, t) for day in rule.rest_days))


def _unless(book: RuleBook, unless: Unless, t: Language) -> str:
    what = ", ".join([events(book, unless, t), *_where(unless.where, t)])
    return t.gettext("cancelled by: {what}").format(what=what)


def caps(rule: Source, t: Language) -> dict[str, str]:
    """Each cap by its name, as in `frames.caps`."""
    limit = rule.limit or Limit()
    given = {
        "hour": (limit.per_hour, t.gettext("{n} an hour")),
        "day": (limit.per_day, t.gettext("{n} a day")),
        "week": (limit.per_week, t.gettext("{n} a week")),
        "month": (limit.per_month, t.gettext("{n} in a month")),
        "thing": (limit.per_object, t.gettext("{n} on the same thing")),
        "person": (limit.per_person, t.gettext("{n} with the same person")),
    }
    found = {name: text.format(n=figure(cap, t)) for name, (cap, text) in given.items() if cap is not None}
    if limit.one_per is not None:
        found["slot"] = t.gettext("one in {time}").format(time=length(limit.one_per, t))
    return found


# ---- where


def _where(filters: Sequence[Filter], t: Language) -> Iterator[str]:
    return (comparison(f, t) for f in filters)


def comparison(f: Filter, t: Language) -> str:
    """One filter: "channel: #help", "length in characters: at least 40"."""
    return f"{fact(f.fact, t)}: {_compared(f, t)}"


def _compared(f: Filter, t: Language) -> str:
    if f.comparison == "exists":
        return t.gettext("any") if f.value else t.gettext("none")
    if f.comparison == "between" and isinstance(f.value, tuple):
        return t.gettext("from {first} to {last}").format(first=_value(f, f.value[0], t), last=_value(f, f.value[1], t))
    values = f.value if isinstance(f.value, tuple) else (f.value,)
    return _tests(t).get(f.comparison, "{v}").format(v=either([_value(f, v, t) for v in values], t))


def _tests(t: Language) -> dict[str, str]:
    return {
        "at_least": t.gettext("at least {v}"),
        "at_most": t.gettext("at most {v}"),
        "more_than": t.gettext("more than {v}"),
        "less_than": t.gettext("less than {v}"),
        "not": t.gettext("not {v}"),
        "contains": t.gettext("with “{v}” in it"),
        "starts_with": t.gettext("beginning with “{v}”"),
        "ends_with": t.gettext("ending with “{v}”"),
    }


def _value(f: Filter, value: Plain, t: Language) -> str:
    if isinstance(value, bool):
        return t.gettext("yes") if value else t.gettext("no")
    if f.fact == "weekday":
        return weekday(str(value), t)
    if f.fact == "emoji":
        return f":{value}:"
    if f.fact in _NUMBER_OF_SECONDS and isinstance(value, int):
        return span(value, t)
    return figure(value, t) if isinstance(value, int | Decimal) else str(value)


def span(seconds: int, t: Language) -> str:
    """A number of seconds in the largest unit that has no rest."""
    for unit, size in (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds and seconds % size == 0:
            return units(seconds // size, unit, t)
    return units(seconds, "second", t)


# ---- what stands behind


def _dates(rule: Achievement, t: Language) -> Iterator[str]:
    if rule.season is not None:
        first, last = rule.season
        yield t.gettext("every year, from (month-day) {first} to {last}").format(first=first, last=last)
    if rule.from_ is not None:
        yield t.gettext("from: {date}").format(date=t.full(rule.from_))
    if rule.until is not None:
        yield t.gettext("until: {date}").format(date=t.full(rule.until))


def _giving(book: RuleBook, rule: Achievement, t: Language) -> Iterator[str]:
    if rule.who is not None:
        yield who(book, rule.who, t)
    if rule.first is not None:
        yield t.gettext("only for the first: {n}").format(n=figure(rule.first, t))
    if rule.for_ != "member":
        team = rule.for_ == "team"
        yield t.gettext("one team together") if team else t.gettext("the whole community together")
        yield t.gettext("everybody who contributed gets it")
    if rule.only_in is not None:
        yield t.gettext("only in: {places}").format(places=either([str(one) for one in rule.only_in], t))
    if rule.cohort is not None:
        yield t.gettext("tried with some of the members")
    if rule.ask:
        yield t.gettext("a moderator has the last word")
    elif rule.settle.count and rule.settle.seconds >= 3600 and rule.manual is None:
        yield t.gettext("confirmed later: after {time}").format(time=length(rule.settle, t))


def _keeping(rule: Achievement, t: Language) -> Iterator[str]:
    if rule.repeats:
        yield t.gettext("can be earned again")
    if rule.cooldown is not None:
        yield t.gettext("at least so far apart: {time}").format(time=length(rule.cooldown, t))
    if rule.lasts == "while true":
        yield t.gettext("held only while this is true")
    elif isinstance(rule.lasts, Duration):
        yield t.gettext("valid for: {time}").format(time=length(rule.lasts, t))
    if rule.retired is not None:
        yield t.gettext("not given any more since {date}").format(date=t.full(rule.retired))


def who(book: RuleBook, wanted: Who, t: Language) -> str:
    """Who can earn it."""
    return t.gettext("only for: {who}").format(who=t.listed(_who(book, wanted, t)))


def _who(book: RuleBook, wanted: Who, t: Language) -> Iterator[str]:
    if wanted.role:
        yield t.gettext("role {names}").format(names=either(wanted.role, t))
    if wanted.not_role:
        yield t.gettext("not the role {names}").format(names=either(wanted.not_role, t))
    if wanted.team:
        yield t.gettext("team {names}").format(names=either(wanted.team, t))
    if wanted.level is not None:
        known = isinstance(wanted.level, int) and 1 <= wanted.level <= len(book.levels)
        name = book.levels[int(wanted.level) - 1].name if known else str(wanted.level)
        yield t.gettext("level {name} or higher").format(name=name)
    if wanted.member_for is not None:
        yield t.gettext("here for {time} or longer").format(time=length(wanted.member_for, t))
    if wanted.joined_before is not None:
        yield t.gettext("joined before {date}").format(date=t.full(wanted.joined_before))
    if wanted.joined_after is not None:
        yield t.gettext("joined after {date}").format(date=t.full(wanted.joined_after))
