"""From the text of a rule book to the book, or to a list of everything that keeps it from being used."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from core.rules.advice import advise
from core.rules.book import RuleBook
from core.rules.example_names import example_faults
from core.rules.examples import Example, ExampleFile
from core.rules.faults import Fault, grammar_faults, syntax_fault, write_faults
from core.rules.findings import BookRefused, Finding
from core.rules.lint import lint, lint_new
from core.rules.locations import Path, lines_of
from core.rules.support import unsupported

_RULES = ("achievement", "signal", "score")
_DEEPEST = 64  # far more than a rule needs
_TOO_DEEP = "tables or lists are nested too deeply"
_MARK = "\ufeff"  # some editors put this mark before the first letter


@dataclass(frozen=True, slots=True)
class Examination:
    """What a text says: the book, None if an error keeps it from use, and everything found, by line."""

    book: RuleBook | None
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def parse(text: str, file: str) -> RuleBook:
    """The book as its text says it, if the grammar allows it; whether it makes sense is not asked.

    Raises BookRefused with one line for each fault.
    """
    text = text.removeprefix(_MARK)
    data = _tables(text, file)
    book, faults = _read(data)
    if book is None or faults:
        raise BookRefused(*write_faults(faults, lines_of(text), file))
    return book


def load(text: str, file: str) -> RuleBook:
    """A book that can be used: it follows the grammar, makes sense, and this version evaluates all of it.

    Raises BookRefused with one line for each fault, all of them at once.
    """
    text = text.removeprefix(_MARK)
    book, _, faults = _examined(_tables(text, file))
    if book is None or faults:
        raise BookRefused(*write_faults(faults, lines_of(text), file))
    return book.read_from(text, file)


def examine(text: str, file: str, known: Collection[str] | None = None, now: int | None = None) -> Examination:
    """As `load`, but nothing is raised, and there are warnings, too; a rule with an error gets none.

    `known`: ids of achievements already in force (None: nobody knows), `now`: UTC microseconds; with both, a new
    achievement that is over already is an error.
    """
    text = text.removeprefix(_MARK)
    try:
        book, sound, faults = _examined(_tables(text, file), known, now)
    except BookRefused as refused:
        return Examination(None, refused.findings)
    lines = lines_of(text)
    broken = {fault.path[:2] for fault in faults}
    warned = [f for f in advise(sound) if f.path[:2] not in broken] if sound is not None else []
    errors = tuple(write_faults(faults, lines, file))
    usable = None if errors or book is None else book.read_from(text, file)
    return Examination(usable, errors, tuple(write_faults(warned, lines, file)))


def _examined(
    data: dict[str, Any], known: Collection[str] | None = None, now: int | None = None
) -> tuple[RuleBook | None, RuleBook | None, list[Fault]]:
    """The book, what of it can be read, and every fault."""
    book, faults = _read(data)
    sound = book if book is not None else _rest(data, faults)
    if sound is not None:
        faults = [*faults, *_senseless(sound, data, faults), *unsupported(sound)]
        faults += lint_new(sound, known, now) if known is not None and now is not None else ()
    return book, sound, faults


def load_examples(text: str, file: str, book: RuleBook) -> tuple[Example, ...]:
    """The examples of a file beside a rule book. Raises BookRefused with one line for each fault."""
    text = text.removeprefix(_MARK)
    data = _tables(text, file)
    try:
        examples = ExampleFile.model_validate(data).examples
        faults = list(example_faults(examples, book))
    except ValidationError as error:
        examples, faults = (), grammar_faults(error, data)
    if faults:
        raise BookRefused(*write_faults(faults, lines_of(text), file))
    return examples


def _tables(text: str, file: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BookRefused(syntax_fault(error, text, file)) from None
    except RecursionError:
        raise _unreadable(file, _TOO_DEEP) from None
    except ValueError:  # tomllib reads whole numbers of any length, Python does not
        raise _unreadable(file, "a number has more digits than anybody counts; write a smaller one") from None
    if _deeper(data, _DEEPEST):
        raise _unreadable(file, _TOO_DEEP)
    return data


def _unreadable(file: str, text: str) -> BookRefused:
    return BookRefused(Finding(file, 1, "", "R0", text))


def _deeper(value: object, levels: int) -> bool:
    """Whether tables and lists are nested deeper than this: dotted keys nest without end, and reading follows them."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(one, levels - 1) for one in inner if isinstance(one, dict | list))


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
    found = list(lint(book, _names(data, "signal"), _names(data, "achievement"), broken))
    return [*found, *example_faults(book.examples, book, _names(data, "achievement"))]


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
