"""Where one person stands, and what would bring them on, as labelled parts: for languages other than English."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.language import Language
from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Condition
from core.rules.explain.moments import Clock
from core.rules.explain.parts import BETWEEN, UNTOLD, by_hand, needs, step
from core.rules.explain.words import events, fact, figure, length, now, units
from core.standing import Standing


def progress(book: RuleBook, standing: Standing, clock: Clock, t: Language, *, held: bool) -> str:
    """As `standings.progress_text`."""
    rule = book.achievements[standing.achievement]
    if rule.secret and not held and standing.held_until is None:
        return UNTOLD
    if rule.manual is not None:
        return by_hand(rule, t)
    if standing.held_until is not None:
        until = t.date(standing.held_until, clock.now)
        return t.gettext("yours; without something new until {date}").format(date=until)
    return BETWEEN.join([*_reached(book, rule, standing, clock, t), *_what_else(book, rule, standing, clock, t)])


def parts(book: RuleBook, standing: Standing, clock: Clock, t: Language) -> list[str]:
    """One line for each part of `all` and `any`."""
    rule = book.achievements[standing.achievement]
    return [] if rule.secret else _parts(book, rule, standing, clock, t)


def _parts(book: RuleBook, rule: Condition, standing: Standing, clock: Clock, t: Language) -> list[str]:
    found = zip(rule.all_ or rule.any_ or (), standing.parts, strict=False)
    return [", ".join(_reached(book, part, one, clock, t)) for part, one in found]


def _reached(book: RuleBook, rule: Condition, standing: Standing, clock: Clock, t: Language) -> Iterator[str]:
    yield _number(book, rule, standing, t)
    if isinstance(rule, Achievement) and rule.top is not None:
        yield from _place(standing, t)
    if rule.after_absence is not None and standing.value == 0:
        yield t.gettext("after so long away: {time}").format(time=length(rule.after_absence, t))
    if standing.days is not None:
        yield t.gettext("comes in {time}").format(time=units(standing.days, "day", t))
    yield from _steps(book, rule, standing, t)
    lines = _parts(book, rule, standing, clock, t)
    if lines:
        yield "; ".join(f"({n}) {text}" for n, text in enumerate(lines, 1))
    yield from _time(rule, standing, clock, t)


def _number(book: RuleBook, rule: Condition, standing: Standing, t: Language) -> str:
    what = _what(book, rule, t)
    if isinstance(rule, Achievement) and rule.tiers:
        number = figure(standing.value, t)
        if standing.tier in rule.tiers:
            more = t.gettext("{tier} at {goal}").format(tier=standing.tier, goal=figure(standing.goal, t))
            number = f"{number}, {more}"
    elif rule.best is not None:
        text = t.gettext("best so far: {n}, goal: {goal}")
        return text.format(n=figure(standing.value, t), goal=figure(standing.goal, t))
    else:
        number = of(min(standing.value, standing.goal), standing.goal, t)
    return f"{number} ({what})" if what else number


def of(value: int | Decimal, goal: int | Decimal, t: Language) -> str:
    return t.gettext("{n} of {goal}").format(n=figure(value, t), goal=figure(goal, t))


def _what(book: RuleBook, rule: Condition, t: Language) -> str:
    if rule.streak is not None:
        return t.gettext("in a row")
    measured = rule.sum or rule.distinct
    if measured is not None:
        return fact(measured, t)
    return events(book, rule, t) if rule.when else ""


def _place(standing: Standing, t: Language) -> Iterator[str]:
    if standing.place is None:
        yield t.gettext("no place yet")
    else:
        yield t.gettext("place {n}").format(n=figure(standing.place, t))


def _steps(book: RuleBook, rule: Condition, standing: Standing, t: Language) -> Iterator[str]:
    if rule.steps is None or standing.step is None or standing.value >= standing.goal:
        return
    if standing.open_steps:
        left = t.listed(step(book, rule.steps[n], t) for n in standing.open_steps)
        yield t.gettext("still open: {steps}").format(steps=left)
    elif standing.step < len(rule.steps):
        yield t.gettext("next: {step}").format(step=step(book, rule.steps[standing.step], t))


def _time(rule: Condition, standing: Standing, clock: Clock, t: Language) -> Iterator[str]:
    name = rule.in_one or rule.streak
    if name is not None and standing.safe:
        yield t.gettext("{period}: counted").format(period=now(name, t))
    elif name is not None and standing.ends is not None:
        yield t.gettext("{period}, until {date}").format(period=now(name, t), date=t.date(standing.ends - 1, clock.now))
    elif rule.within is not None:
        yield t.gettext("within: {time}").format(time=length(rule.within, t))
        if standing.drops_at is not None:
            yield t.gettext("the oldest counts until {date}").format(date=t.date(standing.drops_at - 1, clock.now))
    if standing.free_misses > 0:
        yield t.gettext("gaps forgiven: {n}").format(n=figure(standing.free_misses, t))


def _what_else(book: RuleBook, rule: Achievement, standing: Standing, clock: Clock, t: Language) -> Iterator[str]:
    """What stands between the number and the award, and what others have to do with it."""
    names = _missing(book, rule, standing)
    if names:
        yield t.gettext("missing: {names}").format(names=t.listed(names))
    if standing.own is not None:
        yield t.gettext("your part: {n}").format(n=figure(standing.own, t))
    if rule.first is not None and standing.left is not None:
        yield t.gettext("places left: {n}").format(n=figure(standing.left, t))
    if standing.asked:
        yield t.gettext("with the moderators")
    elif standing.due_at is not None:
        yield t.gettext("confirmed on {date}").format(date=t.date(standing.due_at, clock.now))


def _missing(book: RuleBook, rule: Achievement, standing: Standing) -> list[str]:
    """Values and needed achievements that are not there yet; secret ones without their names."""
    of_needs = [book.achievements[name] for name in (rule.needs.of if rule.needs else ()) if name in book.achievements]
    secret = {one.name for one in of_needs if one.secret}
    return [UNTOLD if name in secret else name for name in standing.missing]


def following(book: RuleBook, standing: Standing, t: Language) -> str | None:
    """As `next_steps.next_step`, once that has found that there is something to say."""
    return _following(book, book.achievements[standing.achievement], standing, t)


def _following(book: RuleBook, rule: Condition, standing: Standing, t: Language) -> str | None:
    inner = rule.all_ or rule.any_
    if inner is not None:
        found = (_following(book, part, one, t) for part, one in zip(inner, standing.parts, strict=False))
        return next((text for text in found if text is not None), None)
    if standing.value >= standing.goal:
        return None
    if rule.steps is not None:
        known = standing.step is not None and standing.step < len(rule.steps)
        return step(book, rule.steps[standing.step or 0], t) if known else None
    if not rule.when:
        return needs(book, rule, t) if isinstance(rule, Achievement) else None
    return _more(book, rule, standing, t)


def _more(book: RuleBook, rule: Condition, standing: Standing, t: Language) -> str:
    left = standing.goal - standing.value
    if rule.goal == "all" and standing.missing:
        return f"{events(book, rule, t)}: {standing.missing[0]}"
    if rule.streak is not None:
        more = t.gettext("{run} more").format(run=units(int(left), rule.streak, t))
        return f"{events(book, rule, t)}: {more}"
    if rule.best is not None:
        return f"{fact(rule.best, t)}: {figure(standing.goal, t)}"
    return t.gettext("{n} more ({what})").format(n=figure(left, t), what=_what(book, rule, t))
