"""When it is decided: too early for what still arrives (R12, R20, R26), or over too long a time (R14)."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalogue import CHAT, CLOCK, ENGINE, KEPT
from core.rules.advice.sources import achievements_on, sources_on
from core.rules.book import RuleBook, conditions, types_named
from core.rules.conditions import Achievement, Condition, Counting
from core.rules.durations import Duration
from core.rules.faults import Fault, advice
from core.rules.fingerprint import signals_used
from core.rules.locations import Path

LONGEST_WITHIN = Duration(400, "day")
CHAT_DELAY = Duration(1, "minute")  # live, but a connection is made anew now and then
OTHER_DELAY = Duration(10, "minute")  # a webhook that failed is usually sent again by then
_AT_ONCE = frozenset({*CLOCK, *ENGINE, *KEPT})  # our own: they are never late


def timing_advice(book: RuleBook) -> Iterator[Fault]:
    for path, source in sources_on(book):
        within = source.within if isinstance(source, Counting) else None
        if within is not None and within.seconds > LONGEST_WITHIN.seconds:
            text = f"{within} is a long memory to keep for every member; write {LONGEST_WITHIN} or less"
            yield advice("R14", (*path, "within"), f'{text}, or in_one = "year"')
    for path, rule in achievements_on(book):
        yield from _settle(path, rule, book)
        yield from _top(path, rule)
        yield from _unless(path, rule, book)


def _settle(path: Path, rule: Achievement, book: RuleBook) -> Iterator[Fault]:
    """Only where somebody wrote a settle, or where being early decides: a place once given is not given again."""
    delay = max((_delay(name) for name in _types(book, rule)), key=lambda d: d.seconds, default=Duration(0, "minute"))
    hasty = rule.settle.count or rule.first is not None
    if hasty and rule.settle.seconds < delay.seconds:
        text = f'some of these events usually take up to {delay} to arrive; write settle = "{delay}" or more'
        yield advice("R12", (*path, "settle"), text)


def _types(book: RuleBook, rule: Achievement) -> set[str]:
    """Event types that it counts, through its signals."""
    sources = [*conditions(rule), *(book.signals[name] for name in signals_used(book, rule))]
    return {name for source in sources for name in types_named(source)} - book.signals.keys()


def _delay(name: str) -> Duration:
    if name in CHAT:
        return CHAT_DELAY
    return Duration(0, "minute") if name in _AT_ONCE else OTHER_DELAY


def _top(path: Path, rule: Achievement) -> Iterator[Fault]:
    if rule.top is None:
        return
    if "goal" not in rule.model_fields_set:
        text = "in a quiet period somebody wins with almost nothing; add goal, the least it takes to win"
        yield advice("R20", (*path, "top"), text)
    if not rule.settle.count:
        text = 'what arrives late could change the places; add settle = "1 day"'
        yield advice("R20", (*path, "top"), text)


def _unless(path: Path, rule: Achievement, book: RuleBook) -> Iterator[Fault]:
    if rule.settle.count:
        return
    own = any(isinstance(part, Condition) and part.unless for part in conditions(rule))
    through = [name for name in sorted(signals_used(book, rule)) if book.signals[name].unless]
    if own or through:
        what = "" if own else f' of signal "{through[0]}"'
        text = f"unless{what} comes too late where the award is given at once; add settle"
        yield advice("R26", (*path, "unless"), f'{text}, as settle = "2 days"')
