"""From the text of a rule book to the book, or to a list of everything that keeps it from being used."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from core.errors import ConfigurationError
from core.rules.book import RuleBook
from core.rules.faults import Fault, grammar_faults, syntax_fault, write_faults
from core.rules.lint import lint
from core.rules.locations import Path, lines_of
from core.rules.support import unsupported

_RULES = ("achievement", "signal", "score")


def parse(text: str, file: str) -> RuleBook:
    """The book as its text says it, if the grammar allows it; whether it makes sense is not asked.

    Raises ConfigurationError with one line for each fault.
    """
    text = text.removeprefix("\ufeff")  # some editors put this mark before the first letter
    data = _tables(text, file)
    book, faults = _read(data)
    if book is None or faults:
        raise ConfigurationError(*write_faults(faults, lines_of(text), file))
    return book


def load(text: str, file: str) -> RuleBook:
    """A book that can be used: it follows the grammar, makes sense, and this version evaluates all of it.

    Raises ConfigurationError with one line for each fault, all of them at once.
    """
    text = text.removeprefix("\ufeff")
    data = _tables(text, file)
    book, faults = _read(data)
    sound = book if book is not None else _rest(data, faults)
    if sound is not None:
        faults = [*faults, *_senseless(sound, data, faults), *unsupported(sound)]
    if book is None or faults:
        raise ConfigurationError(*write_faults(faults, lines_of(text), file))
    return book


def _tables(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(syntax_fault(error, text, file)) from None
    except RecursionError:
        raise ConfigurationError(f"{file}:1 tables or lists are nested too deeply") from None


def _read(data: dict[str, Any]) -> tuple[RuleBook | None, list[Fault]]:
    try:
        return RuleBook.model_validate(data, context={"words": _words(data)}), []
    except ValidationError as error:
        return None, grammar_faults(error, data)


def _words(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The word lists, as far as they are lists; the grammar tells what is wrong with the others."""
    words = data.get("words")
    if not isinstance(words, dict):
        return {}
    return {name: _listed(found) for name, found in words.items()}


def _listed(found: object) -> tuple[str, ...]:
    items = found if isinstance(found, list) else [found]
    return tuple(item for item in items if isinstance(item, str))


def _senseless(book: RuleBook, data: dict[str, Any], faults: list[Fault]) -> list[Fault]:
    broken = frozenset(fault.path[:2] for fault in faults)
    return list(lint(book, _names(data, "signal"), _names(data, "achievement"), broken))


def _rest(data: dict[str, Any], faults: list[Fault]) -> RuleBook | None:
    """The book without what has a fault, so that what else is wrong is told at the same time."""
    rest = copy.deepcopy(data)
    for fault in faults:
        if fault.place:  # a key that the language does not have: the rule can do without
            _remove(rest, fault.place)
        elif fault.path[:1] not in ((), ("rules",)):
            _remove(rest, fault.path[: 3 if fault.path[0] in _RULES else 1])
    return _read({**rest, "rules": 1})[0]


def _remove(table: Any, path: Path) -> None:
    *way, last = path
    for key in way:
        if isinstance(table, dict) and key not in table:
            return
        table = table[key]
    if isinstance(table, dict):
        table.pop(last, None)


def _names(data: Mapping[str, Any], section: str) -> frozenset[str]:
    found = data.get(section)
    return frozenset(found) if isinstance(found, dict) else frozenset()
