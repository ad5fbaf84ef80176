"""Where one person stands toward a rule, in the words of its kind: "3 of 5 today, starts again at 04:00"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Condition
from core.rules.explain.english import NOW, counted, figure, is_plural, listed, number, several
from core.rules.explain.frames import thing
from core.rules.explain.measures import undoing
from core.rules.explain.moments import Clock, days
from core.rules.explain.nouns import about_itself, before_values, different, measured, nouns, place, unit
from core.rules.explain.sentences import step_text
from core.standing import Standing

_UNTOLD = "???"
_MOST_NAMES = 3  # of what is still open; more would bury the number


def progress_text(book: RuleBook, standing: Standing, clock: Clock, *, held: bool = False) -> str:
    """Where somebody stands: "3 of 5 helpful answers".

    `clock`: the present, in the calendar of the rule. `held`: whether they have the achievement already; without
    that a secret one says nothing of itself.
    """
    rule = book.achievements[standing.achievement]
    if rule.secret and not held and standing.held_until is None:
        return _UNTOLD
    if rule.manual is not None:
        return f"given by {listed([several(role) for role in rule.manual], 'or')}"
    if standing.held_until is not None:
        return f"held; falls below {clock.day(standing.held_until)} without a new one"
    if rule.top is not None:
        return _placed(book, rule, standing, clock)
    return _reached(book, rule, standing, clock) + _what_else(book, rule, standing, clock)


def nothing_yet(book: RuleBook, achievement_id: str) -> Standing:
    """Where somebody stands for whom nothing was counted: zero of what the rule asks for."""
    rule = book.achievements[achievement_id]
    names = [book.achievements[name].name for name in (rule.needs.of if rule.needs else ())]
    start = _start(achievement_id, rule)
    return replace(start, missing=tuple(names))


def _start(name: str, rule: Condition) -> Standing:
    parts = tuple(_start(name, part) for part in rule.all_ or rule.any_ or ())
    if isinstance(rule, Achievement) and rule.tiers:
        tier, first = next(iter(rule.tiers.items()))
        return Standing(name, 0, first.goal, tier)
    if isinstance(rule, Achievement) and rule.needs is not None and not rule.counts:
        return Standing(name, 0, rule.needs.at_least)
    if rule.steps is not None:
        free = tuple(range(len(rule.steps))) if isinstance(rule, Achievement) and rule.any_order else ()
        return Standing(name, 0, len(rule.steps), step=0, open_steps=free)
    return Standing(name, 0, len(parts) if rule.all_ else rule.target, parts=parts)


def part_lines(book: RuleBook, standing: Standing, clock: Clock) -> list[str]:
    """One line for each part of `all` and `any`; empty for other rules and for what is secret."""
    rule = book.achievements[standing.achievement]
    return [] if rule.secret else _parts(book, rule, standing, clock)


def _parts(book: RuleBook, rule: Condition, standing: Standing, clock: Clock) -> list[str]:
    parts = rule.all_ or rule.any_ or ()
    return [_part(book, part, one, clock) for part, one in zip(parts, standing.parts, strict=False)]


def _part(book: RuleBook, rule: Condition, standing: Standing, clock: Clock) -> str:
    done = " (done)" if standing.value >= standing.goal else ""
    return _reached(book, rule, standing, clock) + done


def _reached(book: RuleBook, rule: Condition, standing: Standing, clock: Clock) -> str:
    """The number itself, and what it counts."""
    if rule.after_absence is not None:
        return _absent(book, rule, standing)
    if standing.days is not None:
        return f"{standing.tier or 'next'} {days(standing.days)}"
    if rule.steps is not None:
        return _stepped(book, rule, standing)
    if rule.all_ is not None or rule.any_ is not None:
        lines = _parts(book, rule, standing, clock)
        return f"{_of(standing)}: {'; '.join(lines)}" if lines else _of(standing)
    if not rule.when:
        return _of(standing)
    return _counted(book, rule, standing, clock)


def _absent(book: RuleBook, rule: Condition, standing: Standing) -> str:
    comes = days(standing.days) if standing.days is not None else f"comes after {rule.after_absence} away"
    if standing.value == 0:
        return comes
    return _measure(book, rule, standing) + (f", next {comes}" if 0 < standing.value < standing.goal else "")


def _counted(book: RuleBook, rule: Condition, standing: Standing, clock: Clock) -> str:
    if rule.best is not None:
        return _best(standing)
    if rule.streak is not None:
        return _streak(book, rule, standing, clock)
    if isinstance(rule, Achievement) and rule.tiers:
        return f"{figure(standing.value)}, {_next_tier(rule, standing)}{_frame(rule, standing, clock)}"
    if rule.goal == "all":
        return _of(standing) + _listing("missing", _values(book, rule, standing))
    return _measure(book, rule, standing) + _frame(rule, standing, clock) + _open(book, rule, standing)


def _measure(book: RuleBook, rule: Condition, standing: Standing) -> str:
    if rule.each is not None:
        return f"your best {thing(rule)} has {_on_one(book, rule, standing)}"
    if rule.sum is not None:
        what = measured(rule)
        return f"{_of(standing)} {what}" if is_plural(what) else f"{what} {_of(standing)}"
    if rule.distinct is not None and not about_itself(rule, rule.distinct):
        return f"{_of(standing)} {unit(rule.distinct)[1]}"
    return f"{_of(standing)} {nouns(book, rule)[1]}"


def _on_one(book: RuleBook, rule: Condition, standing: Standing) -> str:
    """What the best thing has: "2 of 3 reactions received", "reactions from 2 of 3 people"."""
    if rule.sum is not None:
        return f"{_of(standing)} {measured(rule)}"
    many = nouns(book, rule)[1]
    if rule.distinct is None:
        return f"{_of(standing)} {many}"
    return f"{many}{before_values(rule)} {_of(standing)} {unit(rule.distinct)[1]}"


def _frame(rule: Condition, standing: Standing, clock: Clock) -> str:
    if rule.within is not None:
        drops = f"; the oldest drops out {clock.day(standing.drops_at)}" if standing.drops_at is not None else ""
        return f" in the last {rule.within}{drops}"
    if rule.in_one is None:
        return ""
    if standing.ends is None:
        return f" {NOW[rule.in_one]}"
    again = f"at {clock.time(standing.ends)}" if rule.in_one == "day" else clock.day(standing.ends)
    return f" {NOW[rule.in_one]}, starts again {again}"


def _open(book: RuleBook, rule: Condition, standing: Standing) -> str:
    """What has not been tried yet, where the list is known."""
    values = _values(book, rule, standing)
    if not values or rule.distinct is None:
        return ""
    told = values[:_MOST_NAMES]
    return f": try {listed(told, 'or')}"


def _streak(book: RuleBook, rule: Condition, standing: Standing, clock: Clock) -> str:
    period = rule.streak or ""
    if isinstance(rule, Achievement) and rule.tiers:
        text = f"{figure(standing.value)} {period if standing.value == 1 else several(period)} in a row"
        text += f", {_next_tier(rule, standing)}"
    else:
        text = f"{_of(standing)} {several(period)} in a row"
    if standing.value > 0:
        text += _kept(book, rule, standing, clock)
    return text + (f"; {counted(standing.free_misses, 'free miss')} left" if standing.free_misses > 0 else "")


def _kept(book: RuleBook, rule: Condition, standing: Standing, clock: Clock) -> str:
    """What keeps a streak; nothing once the present period has counted."""
    if standing.safe:
        return f"; {NOW[rule.streak or '']} is in"
    if standing.ends is None:
        return ""
    keep = "keeps" if rule.at_least == 1 else "keep"
    return f"; {_enough(book, rule)} {clock.before(standing.ends)} {keep} it ({clock.left(standing.ends)} left)"


def _enough(book: RuleBook, rule: Condition) -> str:
    """What one period of a streak needs."""
    if rule.sum is not None or rule.best is not None:
        return f"{number(rule.at_least)} {measured(rule)}"
    one, many = nouns(book, rule)
    if rule.distinct is not None:
        return f"{many}{different(rule, rule.at_least)}"
    return counted(rule.at_least, one, many)


def _stepped(book: RuleBook, rule: Condition, standing: Standing) -> str:
    if standing.step is None or standing.value >= standing.goal:
        return _of(standing)
    same = f" {place(rule.same)[0]} the same {place(rule.same)[1]}" if rule.same and standing.value > 0 else ""
    if standing.open_steps:
        left = [step_text(book, rule, n) for n in standing.open_steps]
        return f"{_of(standing)}, still open: {listed(left)}{same}"
    return f"{_of(standing)}, next: {step_text(book, rule, standing.step)}{same}"


def _best(standing: Standing) -> str:
    best = f"best {figure(standing.value)}" if standing.value else "none yet"
    if standing.tier is None and standing.value >= standing.goal:
        return best
    return f"{best}, {standing.tier or 'goal'} at {figure(standing.goal)}"


def _next_tier(rule: Achievement, standing: Standing) -> str:
    """ "Gold at 50", with the time it needs where the number is there already."""
    tier = (rule.tiers or {}).get(standing.tier or "")
    if tier is None:
        return "every tier reached"
    if standing.value < standing.goal:
        return f"{standing.tier} at {figure(standing.goal)}"
    return f"{standing.tier} {f'after {tier.member_for} here' if tier.member_for is not None else 'reached'}"


def _placed(book: RuleBook, rule: Achievement, standing: Standing, clock: Clock) -> str:
    """Own place and the way to the next one: only for the person's own eyes."""
    closes = f"; closes in {clock.left(standing.ends)}" if standing.ends is not None else ""
    if standing.value < standing.goal:
        return _measure(book, rule, standing) + _frame_only(rule) + closes
    if standing.place is None:
        return f"no place yet{closes}"
    behind = standing.behind
    gap = f", {figure(behind)} behind the place before" if behind is not None and standing.place > 1 else ""
    return f"place {standing.place}{gap}{closes}"


def _frame_only(rule: Achievement) -> str:
    return f" {NOW[rule.in_one]}" if rule.in_one else ""


def _what_else(book: RuleBook, rule: Achievement, standing: Standing, clock: Clock) -> str:
    """What stands between the number and the award, and what others have to do with it."""
    text = _needs(book, rule, standing)
    if standing.own is not None:
        text += f", you did {figure(standing.own)}"
    if rule.first is not None and standing.left is not None:
        taken = f"all {rule.first} places are taken"
        text += f"; {figure(standing.left)} of {rule.first} places left" if standing.left > 0 else f"; {taken}"
    if standing.asked:
        text += ", with the moderators"
    elif standing.due_at is not None:
        text += f", confirmed {clock.day(standing.due_at)}{_if_not(rule)}"
    return text


def _if_not(rule: Achievement) -> str:
    if rule.unless is None:
        return ""
    verb = undoing(rule, rule.unless)
    return f" if nothing is {verb}" if verb else " if it still holds"


def _needs(book: RuleBook, rule: Achievement, standing: Standing) -> str:
    """Needed achievements that are not there yet; secret ones without their names."""
    if rule.needs is None:
        return ""
    found = [book.achievements[name] for name in rule.needs.of if name in book.achievements]
    names = [_UNTOLD if one.secret else one.name for one in found if one.name in standing.missing]
    if not names:
        return ""
    left = rule.needs.at_least - (len(found) - len(names))
    if left < len(names):
        return _listing(f"{number(max(left, 0))} more of", names) if left > 0 else ""
    return _listing("missing", names) if not rule.counts else f"; missing {listed(names)}"


def _values(book: RuleBook, rule: Condition, standing: Standing) -> list[str]:
    """What `missing` says of values, without the names of needed achievements."""
    needs = rule.needs if isinstance(rule, Achievement) else None
    names = {book.achievements[name].name for name in (needs.of if needs else ()) if name in book.achievements}
    return [value for value in standing.missing if value not in names]


def _listing(word: str, values: Sequence[str]) -> str:
    return f": {word} {listed(values)}" if values else ""


def _of(standing: Standing) -> str:
    return f"{figure(_most(standing))} of {figure(standing.goal)}"


def _most(standing: Standing) -> int | Decimal:
    return min(standing.value, standing.goal)
