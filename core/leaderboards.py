"""Orderings over a window of local days: who stands where, and who stands beside whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, get_args

from core.calendar import Calendar
from core.privacy import on_boards
from core.records import PersonRow, StandingRow

Period = Literal["week", "month", "all"]
PERIODS: tuple[Period, ...] = get_args(Period)
TOP = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a board. Ties share a place: 1, 1, 3. `anonymous`: others are not told who it is."""

    place: int
    person: PersonRow
    amount: int
    anonymous: bool = False


def days(period: Period, calendar: Calendar, now: int) -> tuple[int, int]:
    """First and last local day (ordinals) of the period in which `now` lies."""
    if period == "all":
        return dt.date.min.toordinal(), dt.date.max.toordinal()
    index = calendar.period(calendar.day(now), period)
    return calendar.first_day(index, period), calendar.first_day(index + 1, period) - 1


def rank(rows: Iterable[StandingRow], staff: str | None) -> list[Standing]:
    """The board: those it may list, most first; within a tie by name, so that it looks the same twice."""
    listed = [r for r in rows if r.amount > 0 and on_boards(r.person, r.choice, staff)]
    # Whoever is listed without a name comes last of a tie: the place within it would tell the name's beginning.
    listed.sort(key=lambda r: (-r.amount, r.choice.anonymous, r.person.name.casefold(), r.person.account))
    board: list[Standing] = []
    for _, tied in groupby(listed, key=lambda r: r.amount):
        place = len(board) + 1
        board.extend(Standing(place, r.person, r.amount, r.choice.anonymous) for r in tied)
    return board


def top(board: Sequence[Standing]) -> list[Standing]:
    """Everybody on the first five places, so also the sixth person who ties with the fifth."""
    return [s for s in board if s.place <= TOP]


def around(board: Sequence[Standing], account: str) -> list[Standing]:
    """The person with the one before and the one after; nothing for somebody who is not on the board."""
    at = next((i for i, s in enumerate(board) if s.person.account == account), None)
    return [] if at is None else list(board[max(0, at - 1) : at + 2])
