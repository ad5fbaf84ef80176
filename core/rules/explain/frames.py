"""Where and when things count together: on one message, in one week, so many weeks in a row, at most so often."""

from __future__ import annotations

from core.rules.conditions import Condition, Counting, Source
from core.rules.explain.english import counted, listed, number, several
from core.rules.explain.nouns import about_itself, counts_others, in_words, measured, place, unit
from core.rules.grammar import Limit


def thing(rule: Counting) -> str:
    """What `each` is called: a message of which `where` says that it is a reply, is a reply."""
    found = kind(rule)
    return found if found is not None else in_words(rule.each or "")


def kind(rule: Counting) -> str | None:
    """The kind of message that a rule is about, one by one; None where it says none."""
    found = (f.value for f in rule.where if (f.fact, f.comparison) == ("post_kind", "equal"))
    value = next(found, None) if rule.each == "message" else None
    return value if isinstance(value, str) else None


def on_one(rule: Counting) -> str:
    """The thing on which everything has to come together: " on one reply"."""
    if rule.each is None:
        return ""
    if about_itself(rule, rule.each):
        return "" if rule.target == 1 and not getattr(rule, "tiers", None) else f", always the same {thing(rule)}"
    before = place(rule.each)[0]
    return f" {'for' if before == 'with' else before} one {thing(rule)}"


def frame(rule: Counting) -> str:
    """The time in which it has to come together: " in one week"."""
    text = f" in one {rule.in_one}" if rule.in_one else ""
    if rule.within is not None:
        text += f" within {rule.within}"
    if isinstance(rule, Condition) and rule.after_absence is not None:
        text += f" after {rule.after_absence} or more away"
    return text


def run(rule: Counting) -> str:
    """How long a streak is: " in four weeks in a row"."""
    return f" {'on' if rule.streak == 'day' else 'in'} {counted(rule.target, rule.streak or '')} in a row"


def bar(rule: Counting) -> str:
    """What each period of a streak needs, and what is forgiven: ", at least two in each, one week off forgiven"."""
    return _each_period(rule) + _forgiven(rule)


def _each_period(rule: Counting) -> str:
    if rule.distinct is not None:
        word = "other" if counts_others(rule) else "different"
        return f", with at least {number(rule.at_least)} {word} {unit(rule.distinct)[rule.at_least != 1]} in each"
    if rule.sum is not None or rule.best is not None:
        return f", with at least {number(rule.at_least)} {measured(rule)} in each"
    return f", at least {number(rule.at_least)} in each" if rule.at_least > 1 else ""


def _forgiven(rule: Counting) -> str:
    text = f", {counted(rule.grace, rule.streak or '')} off forgiven" if rule.grace else ""
    if rule.rest_days:
        text += f", {listed([several(day.capitalize()) for day in rule.rest_days])} left out"
    return text


def limits(rule: Source) -> str:
    """ "Counting at most five a day and one a day from the same person"."""
    found = list(caps(rule).values())
    return f"counting at most {listed(found)}" if found else ""


def caps(rule: Source) -> dict[str, str]:
    """Each cap by its name (hour, day, week, month, thing, person, slot): "five a day"."""
    limit = rule.limit or Limit()
    given = {
        "hour": (limit.per_hour, "an hour"),
        "day": (limit.per_day, "a day"),
        "week": (limit.per_week, "a week"),
        "month": (limit.per_month, "a month"),
        "thing": (limit.per_object, "on the same thing"),
        "person": (limit.per_person, _per_person(rule, limit)),
    }
    found = {name: f"{number(cap)} {words}" for name, (cap, words) in given.items() if cap is not None}
    return found | ({"slot": f"one in {limit.one_per}"} if limit.one_per is not None else {})


def _per_person(rule: Source, limit: Limit) -> str:
    """One giver or receiver counts so often inside the smallest frame: the thing, else the day, else for good."""
    who = f"{'with' if rule.credit == 'actor' else 'from'} the same person"
    if limit.per_object is not None:
        return f"{who} there"
    return f"a day {who}" if limit.per_day is not None else who
