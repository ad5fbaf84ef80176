"""What a rule means, in sixteen letters: if they change, its progress is counted anew and its version must rise."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from core.rules.book import RuleBook, conditions, types_named
from core.rules.conditions import Achievement, Source
from core.rules.durations import Duration
from core.rules.filters import Filter

Section = Literal["achievement", "signal", "score"]

# How a rule looks, what it brings and who sees it: none of it changes who has earned it.
LOOKS = frozenset(
    {
        *("name", "description", "describe", "emoji", "category", "announce", "importance", "secret", "purpose"),
        *("points", "gives_role", "duty", "two_people", "status", "version", "existing", "progress", "retired"),
        "enabled",
    }
)

ORDERED = "season"  # the one list of words that has a first and a last


def fingerprint(book: RuleBook, name: str, section: Section = "achievement") -> str:
    """Of the resolved rule: its earning keys, the signals and word lists it uses, zone, day and week start.

    Keys at their default are left out, so a rule keeps its fingerprint when the language gains a word.
    """
    rule = _rules(book, section)[name]
    community = book.community
    meant = {
        "rule": _plain(rule),
        "signals": {used: _plain(book.signals[used]) for used in sorted(signals_used(book, rule))},
        "calendar": [community.timezone, community.day_starts, community.week_starts],
    }
    text = json.dumps(meant, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def signals_used(book: RuleBook, rule: Source) -> set[str]:
    """Signals that a rule rests on, directly or through others."""
    found: set[str] = set()
    waiting = [name for name in _named(rule) if name in book.signals]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in _named(book.signals[name]) if other in book.signals]
    return found


def _rules(book: RuleBook, section: Section) -> dict[str, Source]:
    match section:
        case "achievement":
            return dict(book.achievements)
        case "signal":
            return dict(book.signals)
        case "score":
            return dict(book.scores)


def _named(rule: Source) -> Iterator[str]:
    below = conditions(rule) if isinstance(rule, Achievement) else (rule,)
    for condition in below:
        yield from types_named(condition)


def _plain(value: object) -> object:
    match value:
        case BaseModel():
            return _table(value)
        case Filter():
            return _comparison(value)
        case tuple() | list():
            return _sequence(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case Duration() | Decimal() | dt.date():
            return str(value)
        case _:
            return value


def _comparison(value: Filter) -> list[object]:
    operand = [_plain(item) for item in (value.value if isinstance(value.value, tuple) else (value.value,))]
    return [value.fact, value.comparison, operand if value.comparison == "between" else _in_any_order(operand)]


def _table(model: BaseModel) -> dict[str, object]:
    fields = type(model).model_fields
    said = {name: getattr(model, name) for name in fields if name not in LOOKS}
    return {
        fields[name].alias or name: list(value) if name == ORDERED and value else _plain(value)
        for name, value in said.items()
        if fields[name].is_required() or value != fields[name].get_default(call_default_factory=True)
    }


def _sequence(values: tuple[object, ...] | list[object]) -> list[object]:
    """Filters are joined by "and", and lists of words name sets: their order means nothing. That of steps does."""
    plain = [_plain(value) for value in values]
    return _in_any_order(plain) if all(isinstance(v, Filter | str) for v in values) else plain


def _in_any_order(plain: list[object]) -> list[object]:
    return sorted(plain, key=json.dumps)
