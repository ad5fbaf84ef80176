"""Which words of the language this version does not evaluate: they are refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from core.rules.book import RuleBook
from core.rules.faults import Fault

# Field names by kind of rule. When a word is evaluated, delete its line: nothing else changes.
NOT_YET: dict[str, tuple[str, ...]] = {
    "achievement": (
        "steps",
        "any_order",
        "all_",
        "any_",
        "same",
        "best",
        "tiers",
        "within",
        "rest_days",
        "unless",
        "after_absence",
        "who",
        "for_",
        "first",
        "top",
        "from_",
        "until",
        "season",
        "cooldown",
        "lasts",
        "ask",
        "secret",
        "only_in",
        "cohort",
        "retired",
        "existing",
        "progress",
        "timezone",
    ),
    "signal": (
        "best",
        "within",
        "rest_days",
        "unless",
    ),
    "score": ("streak",),
}
SPOKEN = "en"  # the language of the texts that people read
LEVELS_TOO = False  # whether [[level]] is evaluated


def unsupported(book: RuleBook) -> Iterator[Fault]:
    """A fault for every word in the book that says more than this version does."""
    for section, rules in (
        ("achievement", book.achievements),
        ("signal", book.signals),
        ("score", book.scores),
    ):
        for name, rule in rules.items():
            yield from _words(section, name, rule)
    if book.community.language != SPOKEN:
        text = f'this version speaks English only; leave language out, or write "{SPOKEN}"'
        yield Fault(("community", "language"), text)
    if book.levels and not LEVELS_TOO:
        yield Fault(("level",), "[[level]] is understood but not evaluated by this version; leave it out for now")


def _words(section: str, name: str, rule: BaseModel) -> Iterator[Fault]:
    fields = type(rule).model_fields
    for word in NOT_YET[section]:
        if getattr(rule, word) != fields[word].default:
            key = fields[word].alias or word
            text = f'"{key}" is understood but not evaluated by this version; leave it out for now'
            yield Fault((section, name), text, (section, name, key))
