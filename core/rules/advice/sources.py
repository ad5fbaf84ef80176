"""What warnings ask of a rule again and again: its conditions, and how often they can bring something."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.rules.book import RuleBook
from core.rules.conditions import Achievement, Counting, ScoreRule, Signal, Source
from core.rules.lint import conditions_of, rules_of
from core.rules.locations import Path


def achievements_on(book: RuleBook) -> Iterator[tuple[Path, Achievement]]:
    """Every achievement that is evaluated, with its place."""
    yield from ((("achievement", name), rule) for name, rule in book.achievements.items() if rule.on)


def sources_on(book: RuleBook) -> Iterator[tuple[Path, Source]]:
    """Every condition that is evaluated, parts included, with its place."""
    for section, name, rule in rules_of(book):
        if not isinstance(rule, Achievement) or rule.on:
            for path, condition in conditions_of((section, name), rule):
                if isinstance(condition, Source):
                    yield path, condition


def only_signals(book: RuleBook, source: Source) -> bool:
    """Whether everything it counts has passed the quality bar of a signal."""
    return bool(source.when) and all(name in book.signals for name in source.when)


def highest_goal(rule: Source) -> float:
    """How many events its last award takes; of a streak, one period. A score rule counts without end."""
    if isinstance(rule, ScoreRule):
        return math.inf
    if not isinstance(rule, Counting):
        return 1
    if rule.streak is not None:
        return rule.at_least
    tiers = rule.tiers if isinstance(rule, Achievement) else None
    wanted = [tier.goal for tier in tiers.values()] if tiers else [1 if isinstance(rule.goal, str) else rule.goal]
    return float(max(wanted))


def again(rule: Source) -> bool:
    """Whether more of the same brings more: another award, more score, another event of the signal."""
    return isinstance(rule, ScoreRule | Signal) or (isinstance(rule, Achievement) and rule.repeats)
