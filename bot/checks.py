"""`plaudit check`: is the rule book, or every book of the folder, in order?"""

from __future__ import annotations

from pathlib import Path

from bot.books import read_books
from core.rules.book import RuleBook


def check(path: Path) -> list[str]:
    """One line about each book. Raises ConfigurationError with one line for each fault."""
    return [_describe(book) for book in read_books(path)]


def _describe(book: RuleBook) -> str:
    counts = (
        _count(len(book.achievements), "achievement"),
        _count(len(book.signals), "signal"),
        _count(len(book.scores), "score rule"),
    )
    return f'community "{book.community.id}": {", ".join(counts)}. All in order.'


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
