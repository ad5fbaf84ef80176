"""What badges open: a duty (mentor, co-host) or a role. Whoever holds one is listed, with the day it would end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.records import PersonRow
from core.rules.book import RuleBook

HANDED_BACK = "handed back"
"""The reason of an award that its holder gave back."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody holds what a badge opens. `since` and `until`: UTC microseconds; `until` None: for as long as nobody
    takes it back, else when it ends without anything new."""

    achievement: str
    person: PersonRow
    since: int
    until: int | None = None


class Duties(Protocol):
    """Reads of one community."""

    async def first(self, most: int) -> tuple[Sequence[Duty], int]:
        """So many of them, by badge and then the longest first; and how many there are in all."""
        ...


def entrusting(book: RuleBook) -> dict[str, str]:
    """What each badge opens, in the book's words: its duty, else its role."""
    found = {name: rule.duty or rule.gives_role for name, rule in book.achievements.items() if rule.on}
    return {name: opened for name, opened in found.items() if opened is not None}
