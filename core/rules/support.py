"""What a book may say that this version does not do: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from core.rules.book import RuleBook
from core.rules.faults import Fault

SPOKEN = "en"  # the language of the texts that people read


def unsupported(book: RuleBook) -> Iterator[Fault]:
    """A fault for every word in the book that says more than this version does."""
    if book.community.language != SPOKEN:
        text = f'this version speaks English only; leave language out, or write "{SPOKEN}"'
        yield Fault(("community", "language"), text)
