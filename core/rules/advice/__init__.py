"""Warnings (R7, R12 to R31): the book works, and somebody should think about it. Each names its remedy."""

from __future__ import annotations

from collections.abc import Iterator

from core.rules.advice.care import care_advice
from core.rules.advice.names import name_advice
from core.rules.advice.quality import quality_advice
from core.rules.advice.rewards import reward_advice
from core.rules.advice.timing import timing_advice
from core.rules.book import RuleBook
from core.rules.faults import Fault


def advise(book: RuleBook) -> Iterator[Fault]:
    """Every warning about the rules that are on, without those that take a history (core.rules.advice.history)."""
    yield from name_advice(book)
    yield from quality_advice(book)
    yield from timing_advice(book)
    yield from care_advice(book)
    yield from reward_advice(book)
