"""Names and twins: event types that nobody knows (R7), two rules that mean the same (R27), two boards of one name
(R31)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.catalogue import KNOWN, TOLD_OTHERWISE, nearest, slip
from core.rules.advice.sources import sources_on
from core.rules.book import RuleBook
from core.rules.conditions import Achievement
from core.rules.faults import Fault, advice
from core.rules.fingerprint import Section, fingerprint
from core.rules.lint import rules_of
from core.rules.references import types_in


def name_advice(book: RuleBook) -> Iterator[Fault]:
    yield from _unknown_types(book)
    yield from _twins(book)
    yield from _namesakes(book)


def _unknown_types(book: RuleBook) -> Iterator[Fault]:
    """Each once. A slip of a known type is an error, told elsewhere."""
    known = KNOWN | set(book.types.known)
    told: set[str] = set()
    for path, source in sources_on(book):
        for place, name in types_in(path, source):
            if "." not in name or name in known or name in book.signals or name in told or slip(name, known):
                continue
            told.add(name)
            yield advice("R7", place, f'{_why(name, known)} add it to [types] known = ["{name}"]')


def _why(name: str, known: Iterable[str]) -> str:
    if name in TOLD_OTHERWISE:
        otherwise = f'Slack and Discord never send "{name}": {TOLD_OTHERWISE[name]}'
        return f"{otherwise}. Count something else. If a connector of yours sends it,"
    near = nearest(name, known)
    guess = f' Did you mean "{near}"?' if near else ""
    return f'Plaudit does not know "{name}".{guess} If a connector of yours sends it,'


def _twins(book: RuleBook) -> Iterator[Fault]:
    """Badges given by hand differ only in what they are for."""
    first: dict[tuple[str, str], str] = {}
    for section, name, rule in rules_of(book):
        if isinstance(rule, Achievement) and (rule.manual is not None or not rule.on):
            continue
        kind: Section = section  # type: ignore[assignment] # rules_of has just these three
        other = first.setdefault((section, fingerprint(book, name, kind)), name)
        if other != name:
            text = f'it means the same as {section} "{other}"; leave one of them out, or change what it counts'
            yield advice("R27", (section, name), text)


def _namesakes(book: RuleBook) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for id_, board in book.boards.items():
        other = first.setdefault(board.name, id_)
        if other != id_:
            text = f'is also the name of board "{other}", and the buttons below a board show one of them; write another'
            yield advice("R31", ("board", id_, "name"), text)
