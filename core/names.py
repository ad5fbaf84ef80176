"""Names in a row, as cards list people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from core.cards import Line, Span, Text
from core.language import Language


class Named(Protocol):
    """Somebody by name; `account` tells two of the same name apart."""

    @property
    def name(self) -> str: ...

    @property
    def account(self) -> str: ...


def by_name(person: Named) -> tuple[str, str]:
    """Sorts people as the alphabet does."""
    return person.name.casefold(), person.account


def listed(names: Iterable[Span], t: Language, more: int = 0) -> Line:
    """As "Amira, Jonas and 3 more". `more`: how many are not among the names."""
    spans: list[Span] = []
    for i, name in enumerate(names):
        spans += [Text(t.gettext(", "))] if i else []
        spans.append(name)
    if more > 0:
        spans.append(Text(" " + t.counted("and {n} more", "and {n} more", more)))
    return tuple(spans)
