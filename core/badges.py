"""What achievements are called, and which of them people may hear of."""

from __future__ import annotations

from collections.abc import Iterable

from core.rules.book import Achievement, RuleBook


def shown(book: RuleBook, held: Iterable[str] = ()) -> dict[str, Achievement]:
    """Achievements that people may hear of: active ones, secret ones only once they are held."""
    known = set(held)
    return {
        name: rule
        for name, rule in book.achievements.items()
        if rule.enabled and rule.status == "active" and (not rule.secret or name in known)
    }


def name_of(book: RuleBook, achievement: str) -> str:
    """Its name; one that has left the book is called by its id, in words."""
    rule = book.achievements.get(achievement)
    return rule.name if rule else in_words(achievement)


def in_words(identifier: str) -> str:
    return identifier.replace("_", " ").replace("-", " ").capitalize()


def is_over(rule: Achievement, today: int) -> bool:
    """Is it retired by now, or was its last day before this one (a local day's ordinal)? Nothing leads to it then."""
    retired = rule.retired is not None and rule.retired.toordinal() <= today
    return retired or (rule.until is not None and rule.until.toordinal() < today)
