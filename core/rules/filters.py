"""`where`: from the rule book's values to a list of plain comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.rules.durations import read_duration

Comparison = Literal[
    "equal",
    "one_of",
    "not",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "between",
    "contains",
    "starts_with",
    "ends_with",
    "exists",
]
Plain = str | int | Decimal | bool
Words = Mapping[str, tuple[str, ...]]

WRITTEN: tuple[Comparison, ...] = (
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "between",
    "not",
    "contains",
    "starts_with",
    "ends_with",
    "exists",
)
ORDERED = frozenset({"at_least", "at_most", "more_than", "less_than", "between"})
OF_TEXT = frozenset({"contains", "starts_with", "ends_with"})
MEASURED_IN_SECONDS = frozenset({"delay", "age", "idle"})


@dataclass(frozen=True, slots=True)
class Filter:
    """One comparison of one fact.

    `value` is a tuple for one_of, for contains, starts_with and ends_with (any of these), for `not` (none of
    these) and for between (low, high), a bool for exists, else one plain value. Durations are whole seconds,
    word lists their words.
    """

    fact: str
    comparison: Comparison
    value: Plain | tuple[Plain, ...]


class BadFilter(ValueError):
    """A comparison that cannot be read. `path`: keys below `where`."""

    def __init__(self, path: tuple[str, ...], text: str) -> None:
        super().__init__(text)
        self.path = path


def read_filters(where: Mapping[str, object], words: Words) -> tuple[list[Filter], list[BadFilter]]:
    """All comparisons of a `where` table in the order written, and what is wrong with the others."""
    filters: list[Filter] = []
    faults: list[BadFilter] = []
    for fact, comparison, path, value in _comparisons(where):
        try:
            filters.append(_filter(fact, comparison, path, value, words))
        except BadFilter as bad:
            faults.append(bad)
    return filters, faults


def _comparisons(where: Mapping[str, object]) -> Iterator[tuple[str, str, tuple[str, ...], object]]:
    for fact, value in where.items():
        if not isinstance(value, dict):
            yield fact, "equal", (fact,), value
            continue
        if not value:
            yield fact, "", (fact,), value
        for comparison, operand in value.items():
            yield fact, comparison, (fact, comparison), operand


def _filter(fact: str, comparison: str, path: tuple[str, ...], value: object, words: Words) -> Filter:
    if comparison == "equal" and len(path) == 1:
        return _equal(fact, path, value, words)
    known = next((c for c in WRITTEN if c == comparison), None)
    if known is None:
        raise BadFilter(path, _unknown(comparison))
    if known == "not":
        return Filter(fact, "not", _several(fact, path, value, words))
    if known == "exists":
        return Filter(fact, known, _flag(path, value))
    if known == "between":
        return Filter(fact, known, _bounds(fact, path, value, words))
    if known in OF_TEXT:
        return Filter(fact, known, _texts(known, path, value, words))
    return Filter(fact, known, _operand(fact, known, path, value, words))


def _unknown(comparison: str) -> str:
    if not comparison:
        return "an empty table compares nothing; write a value, or a comparison like at_least = 5"
    return f"unknown comparison {comparison!r}"


def _equal(fact: str, path: tuple[str, ...], value: object, words: Words) -> Filter:
    if isinstance(value, list) or (isinstance(value, str) and value.startswith("@")):
        return Filter(fact, "one_of", _several(fact, path, value, words))
    return Filter(fact, "equal", _plain(fact, "equal", path, value))


def _several(fact: str, path: tuple[str, ...], value: object, words: Words) -> tuple[Plain, ...]:
    """What a value, a list or a "@word" stands for."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise BadFilter(path, "an empty list never matches; write at least one value")
    found: list[Plain] = []
    for item in items:
        if isinstance(item, str) and item.startswith("@"):
            found.extend(_word_list(path, item, words))
        else:
            found.append(_plain(fact, "equal", path, item))
    return tuple(dict.fromkeys(found))


def _texts(comparison: str, path: tuple[str, ...], value: object, words: Words) -> tuple[str, ...]:
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str) or not item:
            raise BadFilter(path, f"{comparison} takes a text in quotes, or a list of texts")
        found += words.get(item[1:], (item,)) if item.startswith("@") else (item,)
    if not found:
        raise BadFilter(path, "an empty list never matches; write at least one value")
    return tuple(dict.fromkeys(found))


def _word_list(path: tuple[str, ...], written: str, words: Words) -> tuple[str, ...]:
    if written[1:] not in words:
        raise BadFilter(path, f'no list "{written[1:]}" in [words]; add it there, or write the values in a list')
    return words[written[1:]]


def _flag(path: tuple[str, ...], value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise BadFilter(path, "exists is true or false")


def _bounds(fact: str, path: tuple[str, ...], value: object, words: Words) -> tuple[Plain, ...]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadFilter(path, "between needs two values, as [9, 17]")
    low, high = (_operand(fact, "between", path, item, words) for item in value)
    if isinstance(low, str) != isinstance(high, str):
        raise BadFilter(path, "between needs two numbers or two texts")
    return (low, high)


def _operand(fact: str, comparison: str, path: tuple[str, ...], value: object, words: Words) -> Plain:
    if isinstance(value, list | dict):
        raise BadFilter(path, f"{comparison} takes one value")
    if isinstance(value, str) and value.startswith("@") and value[1:] in words:
        raise BadFilter(path, f"{comparison} takes one value, no word list")
    plain = _plain(fact, comparison, path, value)
    if isinstance(plain, bool):
        raise BadFilter(path, f"{comparison} takes a number or a text; true and false have no order")
    return plain


def _plain(fact: str, comparison: str, path: tuple[str, ...], value: object) -> Plain:
    if isinstance(value, str):
        return _text(fact, comparison, path, value)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise BadFilter(path, "a value is a text in quotes, a number, true or false")


def _text(fact: str, comparison: str, path: tuple[str, ...], text: str) -> str | int:
    """A duration becomes whole seconds where the comparison is one of size or the fact is a time."""
    if comparison not in ORDERED and fact not in MEASURED_IN_SECONDS:
        return text
    duration = read_duration(text)
    if duration is None:
        return text
    if not duration.elapsed:
        raise BadFilter(path, f'"{duration}" has no fixed length here; write it in days')
    return duration.seconds
