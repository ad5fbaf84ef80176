"""Cards that ask moderators something, and what comes in place of their buttons. No platform, no storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.cards import Line


@dataclass(frozen=True, slots=True)
class Closing:
    """Which cards are decided, and the line that says by whom. `cause`: that of the card; if it ends with a colon, all
    that begin so are meant, with a `part` only those that have it between slashes. `gone`: the arguments of the buttons
    that go and leave the rest of the card as it is now; None for all buttons. `again`: where all of them are
    decided, the latest says the new decision."""

    cause: str
    said: Line
    part: str = ""
    gone: frozenset[str] | None = None
    again: bool = True


class Board(Protocol):
    """The cards that stand in moderators' channels."""

    def close(self, closings: Sequence[Closing], now: int) -> None:
        """Replace the cards that were posted, or are to be."""
        ...
