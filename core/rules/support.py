"""What a book may say that this version does not do: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from core.rules.book import RuleBook
from core.rules.faults import Fault

SPOKEN = ("en", "de", "es", "ja", "ar")  # as in `core.languages`, which a book does not know


def unsupported(book: RuleBook) -> Iterator[Fault]:
    """A fault for every word in the book that says more than this version does."""
    if book.community.language not in SPOKEN:
        text = f"this version speaks {', '.join(SPOKEN[:-1])} and {SPOKEN[-1]}; write one of these, or leave it out"
        yield Fault(("community", "language"), text)
