"""What would bring somebody on: "two more helpful answers"."""

from __future__ import annotations

from core.rules.book import RuleBook
from core.rules.conditions import Condition
from core.rules.explain.english import NOW, article, counted, figure, figures, is_plural, number, several, singular
from core.rules.explain.frames import on_one
from core.rules.explain.nouns import about_itself, different, measured, nouns
from core.rules.explain.sentences import step_text
from core.standing import Standing


def next_step(book: RuleBook, standing: Standing) -> str | None:
    """What would bring it on; None where nobody can say, and for what is secret, settling or with the moderators."""
    rule = book.achievements[standing.achievement]
    if rule.secret or rule.manual is not None or standing.asked or standing.due_at is not None:
        return None
    if rule.top is not None or rule.after_absence is not None or standing.days is not None:
        return None
    if standing.left == 0:  # all places of `first` are taken
        return None
    return _next(book, rule, standing)


def _next(book: RuleBook, rule: Condition, standing: Standing) -> str | None:
    parts = rule.all_ or rule.any_
    if parts is not None:
        found = (_next(book, part, one) for part, one in zip(parts, standing.parts, strict=False))
        return next((text for text in found if text is not None), None)
    if standing.value >= standing.goal:
        return None
    if rule.steps is not None:
        known = standing.step is not None and standing.step < len(rule.steps)
        return step_text(book, rule, standing.step or 0) if known else None
    return _more(book, rule, standing) if rule.when else None


def _more(book: RuleBook, rule: Condition, standing: Standing) -> str | None:
    left, (one, many) = standing.goal - standing.value, nouns(book, rule)
    if rule.streak is not None:
        when = "on" if rule.streak == "day" else "in"
        more = counted(left, f"more {rule.streak}", _more_of(rule.streak))
        return f"{counted(rule.at_least, one, many)} {when} {more}"
    if rule.best is not None:
        what = measured(rule)
        return figures(standing.goal, what) if is_plural(what) else f"{article(what)} of {figure(standing.goal)}"
    where = _where(rule)
    if rule.goal == "all" and standing.missing:
        return f"{one}: {standing.missing[0]}"
    if rule.sum is not None:
        what = measured(rule)
        more = f"{number(left)} more"
        return (
            f"{more} {singular(what) if left == 1 else what}" if is_plural(what) else f"{article(what)} of {more}"
        ) + where
    if rule.distinct is not None and not about_itself(rule, rule.distinct):
        return f"{many}{different(rule, left, 'more')}{where}"
    return f"{number(left)} more {one if left == 1 else many}{where}"


def _more_of(period: str) -> str:
    return f"more {several(period)}"


def _where(rule: Condition) -> str:
    if rule.each is not None:
        return on_one(rule)
    return f" {NOW[rule.in_one]}" if rule.in_one else ""
