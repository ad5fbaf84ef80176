"""How much of what a rule counts: "five different channels", "600 minutes in all from voice sessions"."""

from __future__ import annotations

from decimal import Decimal

from core.rules.book import RuleBook
from core.rules.conditions import Counting, Signal, Source
from core.rules.explain.english import article, counted, is_plural, listed, number, singular
from core.rules.explain.filtered import filters_text
from core.rules.explain.frames import bar, frame, kind, limits, on_one, run, thing
from core.rules.explain.nouns import (
    about_itself,
    before_values,
    counts_others,
    different,
    in_words,
    measured,
    nouns,
    unit,
)
from core.rules.grammar import Step, Unless

_MEMBERSHIP = frozenset({"member.anniversary", "member.milestone"})
MOST_TIERS = 7  # more would make the sentence a table


def about(book: RuleBook, rule: Source | Step | Unless) -> str:
    """The filters, and what the signals mean that are counted: " in #help (an answer that three people marked)"."""
    without = "post_kind" if isinstance(rule, Counting) and kind(rule) is not None else None
    return filters_text(rule, without) + meaning(book, rule)


def meaning(book: RuleBook, rule: Source | Step | Unless) -> str:
    """What the signals mean that a rule counts, in brackets behind their names."""
    meant = [signal_text(book, name) for name in rule.when if name in book.signals]
    return f" ({'; '.join(meant)})" if meant else ""


def signal_text(book: RuleBook, name: str) -> str:
    """What a signal means: in the book's own words, else in ours, as "a thread with replies from three people"."""
    signal = book.signals[name]
    if signal.describe is not None:
        return signal.describe
    itself = signal.each is not None and about_itself(signal, signal.each)
    whole = None if itself else thing(signal) if signal.each else signal.in_one
    time = frame(signal.model_copy(update={"in_one": signal.in_one if signal.each else None}))
    caps = f", {limits(signal)}" if signal.limit else ""
    text = _signalled(book, signal) + (on_one(signal) if itself else "") + time + cancelled(book, signal) + caps
    return f"{article(whole)} with {text}" if whole else text


def _signalled(book: RuleBook, signal: Signal) -> str:
    if signal.streak is not None:
        return f"{nouns(book, signal)[1]}{about(book, signal)}{run(signal)}{bar(signal)}"
    single = signal.distinct is not None and signal.goal == 1
    return _of_one(book, signal) if single else amount(book, signal, signal.target)


def _of_one(book: RuleBook, rule: Counting) -> str:
    return f"{article(nouns(book, rule)[0])}{about(book, rule)}{different(rule, 1)}"


def cancelled(book: RuleBook, rule: Counting) -> str:
    """`unless`: ", not counting those also reopened"."""
    unless = rule.unless
    if unless is None:
        return ""
    what = f"{article(nouns(book, unless)[0])}{about(book, unless)}"
    if unless.match == "ever":
        return f", and never {what}"
    if unless.match == "window":
        return f", none of them with {what}" if rule.streak else f" without {what}"
    verb = undoing(rule, unless)
    return f", not counting those also {verb}{about(book, unless)}" if verb else f", not counting those with {what}"


def undoing(rule: Counting, unless: Unless) -> str | None:
    """What happened to the same kind of thing: "reopened" for a ticket; None where it is about something else."""
    things = {name.rpartition(".")[0] for name in (*rule.when, *unless.when)}
    if len(things) != 1 or "" in things:
        return None
    return listed([in_words(name.rpartition(".")[2]) for name in unless.when], "or")


def label(book: RuleBook, rule: Counting) -> str:
    """What a rule measures, without a number: "posts in different channels"."""
    one, many = nouns(book, rule)
    if rule.best is not None:
        return _compared(book, rule, one)
    if rule.sum is not None:
        return _added(book, rule, many)
    if rule.distinct is None:
        return many + about(book, rule)
    if about_itself(rule, rule.distinct):
        return f"different {many}{about(book, rule)}"
    word = "other" if counts_others(rule) else "different"
    return f"{many}{about(book, rule)}{before_values(rule)} {word} {unit(rule.distinct)[1]}"


def _compared(book: RuleBook, rule: Counting, one: str) -> str:
    if _MEMBERSHIP.issuperset(rule.when):
        return f"{measured(rule)} here{about(book, rule)}"
    inside = "" if about_itself(rule, rule.best or "") else f" in one {one}"
    return f"{measured(rule)}{inside}{about(book, rule)}"


def _added(book: RuleBook, rule: Counting, many: str) -> str:
    source = "" if measured(rule) == "points" or about_itself(rule, rule.sum or "") else f" from {many}"
    return f"{measured(rule)} in all{source}{about(book, rule)}"


def amount(book: RuleBook, rule: Counting, goal: int | Decimal) -> str:
    """So much of it: "posts in five different channels"."""
    one, many = nouns(book, rule)
    if rule.sum is not None or rule.best is not None:
        return _sized(book, rule, goal)
    if rule.distinct is None:
        return counted(goal, one, many) + about(book, rule)
    if about_itself(rule, rule.distinct):
        word = "" if goal == 1 else "different "
        return counted(goal, word + one, word + many) + about(book, rule)
    return f"{many}{about(book, rule)}{different(rule, goal)}"


def _sized(book: RuleBook, rule: Counting, goal: int | Decimal) -> str:
    what, text = measured(rule), label(book, rule)
    least = "at least " if rule.best is not None else ""
    if is_plural(what):
        return f"{least}{number(goal)} {singular(what) if goal == 1 else what}{text.removeprefix(what)}"
    return f"{article(what)} of {least}{number(goal)}{text.removeprefix(what)}"


def tiers(goals: dict[str, int | Decimal], unit: str = "", after: dict[str, str] | None = None) -> str:
    """As "one for Bronze, ten for Silver and 50 for Gold"; of many tiers the first and the last.

    `unit`: a word behind the first number. `after`: more words behind a tier's name.
    """
    names = list(goals)
    told = names if len(names) <= MOST_TIERS else [names[0], names[-1]]
    more = after or {}
    sizes = [f"{number(goals[n])}{unit if i == 0 else ''}" for i, n in enumerate(told)]
    if not more and told == names and all(str(goal) == name for name, goal in goals.items()):
        return f"{listed(sizes)}, a tier each"
    texts = [f"{size} for {name}{more.get(name, '')}" for size, name in zip(sizes, told, strict=True)]
    return listed(texts) if told == names else f"from {texts[0]} to {texts[1]}, in {number(len(names))} tiers"
