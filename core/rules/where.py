"""Does a fact fulfil `where`? Compiled once for each rule, asked for every event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from core.rules.filters import Filter, Plain

Lookup = Callable[[str], object]
Predicate = Callable[[Lookup], bool]
Test = Callable[[object], bool]

Holds = Callable[[Any, Any], bool]

_ORDER: dict[str, Holds] = {
    "at_least": ge,
    "at_most": le,
    "more_than": gt,
    "less_than": lt,
}


def compile_where(where: Iterable[Filter]) -> Predicate:
    """A function of a fact's lookup (name -> value, None where missing): whether every comparison holds."""
    tests = tuple((f.fact, compile_filter(f)) for f in where)
    if not tests:
        return _always
    if len(tests) == 1:
        name, test = tests[0]
        return lambda lookup: test(lookup(name))

    def every(lookup: Lookup) -> bool:
        for name, test in tests:  # noqa: SIM110 - all() with a generator costs twice as much, at every event
            if not test(lookup(name)):
                return False
        return True

    return every


def matches(filter_: Filter, value: object) -> bool:
    """Whether one value (None: the fact is missing) fulfils one comparison."""
    return compile_filter(filter_)(value)


def compile_filter(filter_: Filter) -> Test:
    """One comparison as a function of the value, None where the fact is missing."""
    wanted = filter_.value
    match filter_.comparison:
        case "equal":
            return _one_of((wanted,) if not isinstance(wanted, tuple) else wanted)
        case "one_of":
            return _one_of(_tuple(wanted))
        case "not":
            matched = _one_of(_tuple(wanted))
            return lambda value: not matched(value)
        case "exists":
            return (lambda value: value is not None) if wanted else (lambda value: value is None)
        case "between":
            low, high = _tuple(wanted)
            over, under = _ordered(ge, low), _ordered(le, high)
            return lambda value: over(value) and under(value)
        case "contains" | "starts_with" | "ends_with":
            return _of_text(filter_.comparison, tuple(str(w) for w in _tuple(wanted)))
        case size:
            return _ordered(_ORDER[size], wanted)


def _always(lookup: Lookup) -> bool:
    return True


def _tuple(value: Plain | tuple[Plain, ...]) -> tuple[Plain, ...]:
    return value if isinstance(value, tuple) else (value,)


def _one_of(wanted: tuple[Plain, ...]) -> Test:
    """Nothing is converted: a text is no number, true is not 1. Of a list one element must match."""
    texts = frozenset(w for w in wanted if isinstance(w, str))
    flags = frozenset(w for w in wanted if isinstance(w, bool))
    numbers = frozenset(w for w in wanted if isinstance(w, int | Decimal) and not isinstance(w, bool))

    def test(value: object) -> bool:
        if isinstance(value, str):
            return value in texts
        if isinstance(value, tuple | list):
            return any(element in texts for element in value)
        if isinstance(value, bool):
            return value in flags
        return isinstance(value, int | Decimal) and value in numbers

    return test


def _ordered(holds: Holds, bound: object) -> Test:
    if isinstance(bound, str):
        return lambda value: isinstance(value, str) and holds(value, bound)
    return lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool) and holds(value, bound)


def _of_text(comparison: str, wanted: tuple[str, ...]) -> Test:
    if comparison == "starts_with":
        return lambda value: isinstance(value, str) and value.startswith(wanted)
    if comparison == "ends_with":
        return lambda value: isinstance(value, str) and value.endswith(wanted)

    def contains(value: object) -> bool:
        if isinstance(value, tuple | list):
            return any(text in element for element in value for text in wanted)
        return isinstance(value, str) and any(text in value for text in wanted)

    return contains
