"""Cards that stand in a channel, or are to be posted there, and what takes their place: each is posted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.storage.cards import read_card, write_card
from core.cards import Card, Section
from core.closings import Closing
from core.effects import destination_from, destination_json
from core.ports import Destination, Outgoing

_FOUND = """
SELECT id, cause, state, destination, receipt, card FROM outbox
WHERE community = ? AND kind = 'card' AND cause >= ? AND cause < ? ORDER BY id
"""
_REWRITE = "UPDATE outbox SET card = ? WHERE id = ? AND state = 'waiting'"
_LAST = "\U0010ffff"

Rows = Callable[[str, tuple[Any, ...]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """A card in the outbox. `receipt`: the platform's id of the message, once it is there."""

    id: int
    cause: str
    state: str
    to: Destination
    receipt: str | None
    card: bytes | None


@dataclass(frozen=True, slots=True)
class Posted:
    """The cards of one community. `rows` reads, `many` runs a query for every row; what is given back is to be sent."""

    rows: Rows
    many: Callable[[str, list[tuple[Any, ...]]], int]
    community: str

    def closed(self, closings: Iterable[Closing], now: int) -> Iterator[Outgoing]:
        for closing in closings:
            found = self._begin_with(closing.cause) if closing.cause.endswith(":") else self._known_by(closing.cause)
            for row in _meant(found, closing):
                base = row if closing.gone is None else [row, *_edits(row, found)][-1]
                if base.card is not None:
                    yield from self._replaced(row, found, _closed(read_card(base.card), closing), now)

    def pinned(self, cause: str, to: Destination | None, card: Card, now: int) -> Iterator[Outgoing]:
        """The card of this cause, so that it says this; `to`: where it is posted if it is new, None for nowhere."""
        found = self._known_by(cause)
        if found:
            yield from self._replaced(found[0], found, card, now)
        elif to is not None:
            yield Outgoing(cause, to.source, "card", destination_json(to), card, now)

    def _begin_with(self, start: str) -> list[Row]:
        return [_row(row) for row in self.rows(_FOUND, (self.community, start, start + _LAST))]

    def _known_by(self, cause: str) -> list[Row]:
        """The card of this cause, and its edits."""
        own = self.rows(_FOUND, (self.community, cause, f"{cause}\0"))
        return [*map(_row, own), *self._begin_with(f"{cause}:edit:")]

    def _replaced(self, row: Row, found: Sequence[Row], card: Card, now: int) -> Iterator[Outgoing]:
        """The card itself where it has not set out yet, else an edit; two under way could arrive in any order."""
        edits = _edits(row, found)
        waiting = [one.id for one in (row, *edits) if one.state == "waiting"]
        if waiting:
            self.many(_REWRITE, [(write_card(card), id_) for id_ in waiting])
        elif row.receipt:
            to = Destination(row.to.source, "edit", row.to.channel, message=row.receipt)
            cause = f"{row.cause}:edit:{len(edits)}"
            yield Outgoing(cause, to.source, "card", destination_json(to), card, now)


def _row(row: Sequence[Any]) -> Row:
    return Row(int(row[0]), row[1], row[2], destination_from(row[3]), row[4], row[5])


def _edits(row: Row, found: Sequence[Row]) -> list[Row]:
    """Oldest first."""
    return [edit for edit in found if edit.cause.startswith(f"{row.cause}:edit:")]


def _meant(found: Sequence[Row], closing: Closing) -> list[Row]:
    """Those that nobody decided on; where there is none, perhaps the latest: it was decided anew."""
    cards = [row for row in found if row.to.kind != "edit" and _has(row.cause, closing)]
    return [row for row in cards if not _is_decided(_edits(row, found))] or (cards[-1:] if closing.again else [])


def _is_decided(edits: Sequence[Row]) -> bool:
    """An edit may also say something and leave the buttons: the first of two yeses."""
    last = edits[-1].card if edits else None
    return last is not None and not read_card(last).buttons


def _has(cause: str, closing: Closing) -> bool:
    return not closing.part or closing.part in cause.removeprefix(closing.cause).split("/")


def _closed(card: Card, closing: Closing) -> Card:
    buttons = tuple(b for b in card.buttons if closing.gone is not None and b.argument not in closing.gone)
    return replace(card, sections=(*card.sections, Section((closing.said,))), buttons=buttons)
