"""Who stands where, and who stands beside whom: an order that finds a place among a million without looking at each.

Most first; ties share a place: 1, 1, 3. Within a tie whoever is listed without a name comes last, else the account
decides, so that it looks the same twice and tells nobody's name.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass

TOP = 5
MOST_NAMES = 5
BLOCK = 4_000
_Row = tuple[int, bool, str]
"""Minus the amount, whether without a name, the key: sorted as the board is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board. `key`: a member, or the name of a team. `anonymous`: others are not told who it is."""

    place: int
    key: str
    amount: int
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Tied:
    """Everybody of one place: the first few of them, and how many there are."""

    place: int
    amount: int
    shown: tuple[Standing, ...]
    count: int


@dataclass(frozen=True, slots=True)
class View:
    """What one person reads of a board: the first places, their own with both neighbours (empty where they have none),
    their own amount, and how many are listed. `key`: the reader, or their team, "" for none."""

    top: tuple[Tied, ...] = ()
    near: tuple[Standing, ...] = ()
    own: int = 0
    listed: int = 0
    key: str = ""

    @property
    def named(self) -> set[str]:
        """Every key that is shown."""
        return {s.key for tied in self.top for s in tied.shown} | {s.key for s in self.near}


class Board:
    """The order of one board. Every change and every look costs about the same, however many are listed."""

    def __init__(self, rows: Iterable[tuple[str, int, bool]] = (), block: int = BLOCK) -> None:
        """`rows`: key, amount, whether without a name. Nothing is listed with an amount of zero or below. `block`: how
        many rows lie together when they are ordered; they are parted at double that."""
        self._rows = {key: (-amount, anonymous, key) for key, amount, anonymous in rows if amount > 0}
        self._block = block
        ordered = sorted(self._rows.values())
        self._blocks = [ordered[i : i + block] for i in range(0, len(ordered), block)] or [[]]
        self._sizes = [len(block) for block in self._blocks]
        self._lasts = [block[-1] for block in self._blocks if block]

    def __len__(self) -> int:
        return len(self._rows)

    def amount(self, key: str) -> int:
        """Zero for somebody who is not listed."""
        row = self._rows.get(key)
        return 0 if row is None else -row[0]

    def amounts(self) -> dict[str, int]:
        """Of everybody who is listed."""
        return {key: -row[0] for key, row in self._rows.items()}

    def put(self, key: str, amount: int, anonymous: bool = False) -> None:
        """From now on it stands there; with an amount of zero or below, nowhere."""
        row = (-amount, anonymous, key)
        if self._rows.get(key) == row:
            return
        self.drop(key)
        if amount > 0:
            self._rows[key] = row
            self._insert(row)

    def drop(self, key: str) -> None:
        """Not listed any more, if it was."""
        row = self._rows.pop(key, None)
        if row is None:
            return
        at = bisect_left(self._lasts, row)
        block = self._blocks[at]
        del block[bisect_left(block, row)]
        self._sizes[at] -= 1
        if block:
            self._lasts[at] = block[-1]
        elif len(self._blocks) > 1:
            del self._blocks[at], self._sizes[at], self._lasts[at]
        else:
            self._lasts.clear()

    def place(self, key: str) -> int | None:
        """None for somebody who is not listed."""
        row = self._rows.get(key)
        return None if row is None else self._before((row[0], False, "")) + 1

    def around(self, key: str) -> tuple[Standing, ...]:
        """The one before, the one asked for, and the one after; nothing for somebody who is not listed."""
        row = self._rows.get(key)
        if row is None:
            return ()
        at = bisect_left(self._lasts, row)
        block, i = self._blocks[at], bisect_left(self._blocks[at], row)
        before = block[i - 1 : i] if i else [b[-1] for b in self._blocks[at - 1 : at] if at]
        after = block[i + 1 : i + 2] or [b[0] for b in self._blocks[at + 1 : at + 2]]
        rows = (*before, row, *after)
        places = {a: self._before((a, False, "")) + 1 for a in {r[0] for r in rows}}
        return tuple(Standing(places[a], key, -a, anonymous) for a, anonymous, key in rows)

    def top(self, places: int = TOP, most: int = MOST_NAMES) -> tuple[Tied, ...]:
        """Everybody on the first places, so also the sixth who ties with the fifth; of each place at most `most`."""
        found: list[Tied] = []
        at = 0
        while at < min(len(self), places):
            amount = self._at(at)[0]
            end = self._before((amount + 1, False, ""))
            rows = [self._at(i) for i in range(at, min(end, at + most))]
            found.append(Tied(at + 1, -amount, tuple(Standing(at + 1, r[2], -r[0], r[1]) for r in rows), end - at))
            at = end
        return tuple(found)

    def first(self, most: int) -> list[Standing]:
        """The first so many lines, in order."""
        found: list[Standing] = []
        for block in self._blocks:
            for row in block:
                if len(found) == most:
                    return found
                tied = bool(found) and found[-1].amount == -row[0]
                found.append(Standing(found[-1].place if tied else len(found) + 1, row[2], -row[0], row[1]))
        return found

    def _insert(self, row: _Row) -> None:
        at = min(bisect_left(self._lasts, row), len(self._blocks) - 1)
        block = self._blocks[at]
        insort(block, row)
        half = self._block
        halves = [block] if len(block) <= 2 * half else [block[:half], block[half:]]
        self._blocks[at : at + 1] = halves
        self._sizes[at : at + 1] = map(len, halves)
        self._lasts[at : at + 1] = [there[-1] for there in halves]

    def _before(self, row: _Row) -> int:
        """How many rows come before this one would."""
        at = bisect_left(self._lasts, row)
        if at == len(self._lasts):
            return len(self)
        return sum(self._sizes[:at]) + bisect_left(self._blocks[at], row)

    def _at(self, index: int) -> _Row:
        for block, size in zip(self._blocks, self._sizes, strict=True):
            if index < size:
                return block[index]
            index -= size
        raise IndexError(index)
