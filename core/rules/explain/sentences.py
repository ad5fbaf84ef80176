"""A rule in one plain sentence, made from its keys."""

from __future__ import annotations

from collections.abc import Sequence

from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Condition, Counting
from core.rules.explain.english import article, counted, date, listed, month_day, number, several
from core.rules.explain.frames import bar, frame, limits, on_one, run
from core.rules.explain.measures import MOST_TIERS, about, amount, cancelled, label, tiers
from core.rules.explain.nouns import nouns, place
from core.rules.explain.tails import needed, tails

_TOGETHER = {"team": " by one team together", "community": " by the whole community together", "member": ""}


def sentence(book: RuleBook, achievement_id: str) -> str:
    """The rule as members read it: "Helpful answers (an answer that …) in five different threads." """
    rule = book.achievements[achievement_id]
    parts = [_head(book, rule) + _TOGETHER[rule.for_] + _dates(rule), *tails(book, rule)]
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


def description(book: RuleBook, achievement_id: str) -> str:
    """What the book says about an achievement, else its rule."""
    return book.achievements[achievement_id].description or sentence(book, achievement_id)


def _head(book: RuleBook, rule: Achievement) -> str:
    if rule.manual is not None:
        return f"given by hand, by {listed([article(role) for role in rule.manual], 'or')}"
    if not rule.counts:
        return f"earning {needed(book, rule)}" if rule.needs is not None else ""
    return _first_places(book, rule) if rule.top is not None else condition(book, rule)


def _first_places(book: RuleBook, rule: Achievement) -> str:
    """ "First place of a month by helpful marks from other people, with at least five"."""
    rank = "first place" if rule.top == 1 else f"one of the first {number(rule.top or 0)} places"
    least = f", with at least {number(rule.target)}" if rule.target != 1 else ""
    return f"{rank} of a {rule.in_one} by {label(book, rule)}{on_one(rule)}{least}"


def condition(book: RuleBook, rule: Counting) -> str:
    """A condition with any head, without a capital letter and a full stop."""
    if isinstance(rule, Condition) and rule.steps is not None:
        return _steps(book, rule)
    if isinstance(rule, Condition) and rule.all_ is not None:
        return _several(book, rule, rule.all_, len(rule.all_)) + _same(rule)
    if isinstance(rule, Condition) and rule.any_ is not None:
        return _several(book, rule, rule.any_, int(rule.target)) + _same(rule)
    text = (_streak(book, rule) if rule.streak is not None else _goal(book, rule)) + cancelled(book, rule)
    inside = rule.limit is not None and not isinstance(rule, Achievement)  # an achievement's caps stand at its end
    return f"{text}, {limits(rule)}" if inside else text


def _goal(book: RuleBook, rule: Counting) -> str:
    many = nouns(book, rule)[1]
    time = on_one(rule) + frame(rule)
    if rule.goal == "every":
        return f"{many}{about(book, rule)} on every day of one {rule.in_one}{on_one(rule)}"
    if rule.goal == "all":
        values = listed([str(v) for v in rule.listed or ()])
        return f"{many}{_others(book, rule)}, one for each of {values}{time}"
    if isinstance(rule, Achievement) and rule.tiers:
        least = "at least " if rule.best is not None and len(rule.tiers) <= MOST_TIERS else ""
        return f"{label(book, rule)}{time}: {least}{_tiers(rule)}"
    return amount(book, rule, rule.target) + time


def _others(book: RuleBook, rule: Counting) -> str:
    """The filters without the list of which every value is needed."""
    kept = rule.model_copy(update={"where": tuple(f for f in rule.where if f.fact != rule.distinct)})
    return about(book, kept)


def _tiers(rule: Achievement, unit_: str = "") -> str:
    found = rule.tiers or {}
    after = {name: f" after {tier.member_for} here" for name, tier in found.items() if tier.member_for is not None}
    return tiers({name: tier.goal for name, tier in found.items()}, unit_, after)


def _streak(book: RuleBook, rule: Counting) -> str:
    """ "Posts in four weeks in a row, at least two in each, one week off forgiven"."""
    period = rule.streak or ""
    one, many = nouns(book, rule)
    own = len(rule.when) == 1 and _lasts_one(book, rule.when[0], period)
    if isinstance(rule, Achievement) and rule.tiers:
        runs = _tiers(rule, f" {several(period)} in a row")
        text = f"{many}{about(book, rule)} {period} after {period}: {runs}"
    elif own:
        text = f"{counted(rule.target, one, many)}{about(book, rule)} in a row"
    else:
        text = many + about(book, rule) + run(rule)
    return text + bar(rule)


def _lasts_one(book: RuleBook, name: str, period: str) -> bool:
    """Whether a signal is about just one such period: "four busy weeks in a row"."""
    return name in book.signals and book.signals[name].in_one == period and book.signals[name].each is None


def _steps(book: RuleBook, rule: Condition) -> str:
    texts = [step_text(book, rule, n) for n in range(len(rule.steps or ()))]
    ordered = not rule.any_order and len(texts) > 1
    text = f"first {', then '.join(texts)}" if ordered else listed(texts)
    if rule.any_order and len(texts) > 1:
        text += ", in any order"
    within = f", within {rule.within}" if rule.within is not None else ""
    return text + _same(rule) + within


def step_text(book: RuleBook, rule: Condition, number_: int) -> str:
    """One of the steps (from 0): "an answer received"."""
    step = (rule.steps or ())[number_]
    one, many = nouns(book, step)
    return (article(one) if step.goal == 1 else counted(step.goal, one, many)) + about(book, step)


def _same(rule: Condition) -> str:
    if rule.same is None:
        return ""
    before, what = place(rule.same)
    return f", all {before} the same {what}"


def _several(book: RuleBook, rule: Condition, parts: Sequence[Condition], goal: int) -> str:
    """ "Both … and …", "either … or …", "two of these: (a) …, (b) … or (c) …"."""
    texts = [condition(book, part) for part in parts]
    everything = goal >= len(parts)
    word = "and" if everything else "or"
    if len(texts) == 1:
        return texts[0]
    if len(texts) == 2 and ", " not in texts[0] and not any(part.all_ or part.any_ for part in parts):
        return f"{'both' if everything else 'either'} {f' {word} '.join(texts)}"
    lettered = [f"({chr(ord('a') + n)}) {text}" for n, text in enumerate(texts)]
    return f"{'all' if everything else number(goal)} of these: {listed(lettered, word)}"


def _dates(rule: Achievement) -> str:
    text = ""
    if rule.season is not None:
        first, last = (month_day(day) for day in rule.season)
        text = f" between {first} and {last}"
    if rule.from_ is not None and rule.until is not None:
        return f"{text}, from {date(rule.from_, rule.from_.year != rule.until.year)} to {date(rule.until)}"
    if rule.from_ is not None:
        return f"{text}, from {date(rule.from_)} on"
    return f"{text}, until {date(rule.until)}" if rule.until is not None else text
