"""A rule in one plain sentence, and what is left of it for one person. Everything is made from the rule's keys."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Counting, Source
from core.rules.grammar import Limit
from core.rules.phrases import counted, different, filters_text, listed, nouns, number, unit

_NOW = {
    "day": "today",
    "week": "this week",
    "month": "this month",
    "quarter": "this quarter",
    "year": "this year",
}


def sentence(book: RuleBook, achievement_id: str) -> str:
    """The rule as members read it: "Helpful answers (an answer that …) in five different threads." """
    rule = book.achievements[achievement_id]
    parts = [_head(book, rule), *_tail(book, rule)]
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


def description(book: RuleBook, achievement_id: str) -> str:
    """What the book says about an achievement, else its rule."""
    return book.achievements[achievement_id].description or sentence(book, achievement_id)


def signal_text(book: RuleBook, name: str) -> str:
    """What a signal means: in the book's own words, else in ours."""
    signal = book.signals[name]
    return signal.describe or _counting(book, signal)


def progress_text(
    book: RuleBook,
    achievement_id: str,
    value: int | Decimal,
    goal: int | Decimal | None = None,
    *,
    missing: Sequence[str] = (),
    free_misses: int = 0,
) -> str:
    """Where somebody stands: "3 of 5 helpful answers".

    `value`: what counts now (for `each` that of the best thing, for `in_one` that of the open period, for needs
    how many are earned). `goal`: the rule's own if None. `missing`: values or achievements that are not there
    yet, where they are known. `free_misses`: periods that a streak still forgives.
    """
    rule = book.achievements[achievement_id]
    if rule.manual is not None:
        return f"given by {_givers(rule.manual)}"
    if not rule.counts:
        return _of(value, rule.needs.at_least if rule.needs else 1, "") + _missing(missing)
    reached = _of(value, rule.target if goal is None else goal, "")
    if rule.streak is not None:
        return f"{reached} {rule.streak}s in a row{_forgiven(free_misses)}"
    if rule.goal == "all":
        return reached + _missing(missing)
    if rule.each is not None:
        return f"your best {rule.each.replace('_', ' ')} has {reached} {_unit(book, rule)}"
    return f"{reached} {_unit(book, rule)}{_frame_now(book, rule)}"


def next_step(book: RuleBook, achievement_id: str, value: int | Decimal) -> str | None:
    """What would bring it on: "two more helpful answers"; None where nobody can say."""
    rule = book.achievements[achievement_id]
    left = rule.target - value
    if not rule.counts or left <= 0:
        return None
    if rule.streak is not None:
        return f"{counted(rule.at_least, *nouns(book, rule))} in {counted(left, f'more {rule.streak}')}"
    where = f" on one {rule.each.replace('_', ' ')}" if rule.each else _frame_now(book, rule, short=True)
    if rule.distinct is not None:
        return f"{nouns(book, rule)[1]} {different(rule.distinct, left, 'more')}{where}"
    one, many = _unit_forms(book, rule)
    return f"{number(left)} more {one if left == 1 else many}{where}"


def _head(book: RuleBook, rule: Achievement) -> str:
    if rule.manual is not None:
        return f"given by hand, by {_givers(rule.manual)}"
    if not rule.counts:
        return _needed(book, rule)
    return _counting(book, rule)


def _counting(book: RuleBook, rule: Counting) -> str:
    """The condition itself: how many of what, where, and in what time."""
    one, many = nouns(book, rule)
    about = filters_text(rule.where) + _meaning(book, rule)
    each = f" on one {rule.each.replace('_', ' ')}" if rule.each else ""
    if rule.streak is not None:
        return _streak(rule, one, many, about)
    if rule.goal == "all":
        values = listed([str(v) for v in rule.listed or ()])
        return f"{many}{_meaning(book, rule)}, one for each of {values}{each}{_frame(rule)}"
    if rule.distinct is not None:
        return f"{many}{about} {different(rule.distinct, rule.target)}{each}{_frame(rule)}"
    if rule.sum is not None:
        return f"{number(rule.target)} {_fact(rule.sum)} in all from {many}{about}{each}{_frame(rule)}"
    return f"{counted(rule.target, one, many)}{about}{each}{_frame(rule)}"


def _streak(rule: Counting, one: str, many: str, about: str) -> str:
    """ "Posts in four weeks in a row, at least two in each; one week off is forgiven"."""
    text = f"{many}{about} in {counted(rule.target, rule.streak or '')} in a row"
    if rule.distinct or rule.sum:
        what = f"different {unit(rule.distinct)[1]}" if rule.distinct else _fact(rule.sum)
        text += f", with at least {number(rule.at_least)} {what} in each"
    elif rule.at_least > 1:
        text += f", at least {number(rule.at_least)} in each"
    if rule.grace:
        text += f", {counted(rule.grace, rule.streak or '')} off forgiven"
    return text


def _meaning(book: RuleBook, rule: Source) -> str:
    """What the signals mean that a rule counts, in brackets behind their names."""
    meant = [signal_text(book, name) for name in rule.when if name in book.signals]
    return f" ({'; '.join(meant)})" if meant else ""


def _tail(book: RuleBook, rule: Achievement) -> list[str]:
    found = [_limits(rule.limit)] if rule.limit else []
    if rule.counts and rule.credit in ("author", "target") and not rule.self_:
        found += ["one's own do not count"] if not _only_signals(book, rule) else []
    if rule.counts and rule.needs is not None:
        found.append(f"it also needs {_needed(book, rule)}")
    if rule.settle.count and rule.manual is None:
        found.append(f"confirmed {rule.settle} later if it still holds")
    if rule.repeats:
        most = rule.most_awards
        found.append("it can be earned again" if most is None else f"it can be earned {number(most)} times")
    return found


def _only_signals(book: RuleBook, rule: Source) -> bool:
    return all(name in book.signals for name in rule.when)


def _limits(limit: Limit) -> str:
    caps = [
        f"{number(cap)} {words}"
        for cap, words in (
            (limit.per_hour, "an hour"),
            (limit.per_day, "a day"),
            (limit.per_week, "a week"),
            (limit.per_month, "a month"),
            (limit.per_object, "on the same thing"),
            (limit.per_person, _per_person(limit)),
        )
        if cap is not None
    ]
    if limit.one_per is not None:
        caps.append(f"one in {limit.one_per}")
    return f"counted are at most {listed(caps)}" if caps else ""


def _per_person(limit: Limit) -> str:
    """One giver or receiver counts so often inside the smallest frame: the thing, else the day, else for good."""
    if limit.per_object is not None:
        return "with the same person there"
    return "with the same person" + (" a day" if limit.per_day is not None else "")


def _needed(book: RuleBook, rule: Achievement) -> str:
    if rule.needs is None:
        return ""
    names = [book.achievements[name].name for name in rule.needs.of]
    if rule.needs.at_least >= len(names):
        return listed(names)
    return f"{number(rule.needs.at_least)} of {listed(names)}"


def _givers(roles: Sequence[str]) -> str:
    return listed([_article(role) for role in roles], "or")


def _article(role: str) -> str:
    return f"{'an' if role[0].lower() in 'aeiou' else 'a'} {role}"


def _frame(rule: Counting) -> str:
    return f" in one {rule.in_one}" if rule.in_one else ""


def _frame_now(book: RuleBook, rule: Counting, short: bool = False) -> str:
    if rule.in_one is None:
        return ""
    again = f", starts again at {book.community.day_starts}" if rule.in_one == "day" and not short else ""
    return f" {_NOW[rule.in_one]}{again}"


def _fact(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _of(value: int | Decimal, goal: int | Decimal, what: str) -> str:
    return f"{_figure(min(value, goal))} of {_figure(goal)}{what}"


def _figure(value: int | Decimal) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _unit(book: RuleBook, rule: Counting) -> str:
    return _unit_forms(book, rule)[1]


def _unit_forms(book: RuleBook, rule: Counting) -> tuple[str, str]:
    if rule.sum is not None:
        return _fact(rule.sum), _fact(rule.sum)
    if rule.distinct is not None:
        return unit(rule.distinct)
    return nouns(book, rule)


def _missing(missing: Sequence[str]) -> str:
    return f": missing {listed(list(missing))}" if missing else ""


def _forgiven(free: int) -> str:
    return f"; {counted(free, 'free miss')} left" if free > 0 else ""
