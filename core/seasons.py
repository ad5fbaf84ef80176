"""Seasons: time with a name over one history. A board of one begins at zero, and what came before is still there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.rules.boards import Season

_FIRST_YEAR = 1970  # nothing that a community did is older


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A season as it really comes. `name`: the year in which it begins, or its first day where it comes only once.
    `first`, `last`: local days (ordinals), both of it."""

    name: str
    first: int
    last: int


def now_or_last(season: Season, day: int) -> Occurrence | None:
    """The season that is going on, else the latest one; None before the first."""
    return next((o for o in _backwards(season, day) if o.first <= day), None)


def coming(season: Season, day: int) -> Occurrence | None:
    """The next one that has not begun; None where there is none."""
    ahead = [o for o in _backwards(season, day) if o.first > day]
    return ahead[-1] if ahead else None


def over(season: Season, day: int) -> Iterator[Occurrence]:
    """Those that ended before this day, the latest first."""
    return (o for o in _backwards(season, day) if o.last < day)


def named(season: Season, name: str, day: int) -> Occurrence | None:
    """The one of this name, seen from a day; None where there was and is none."""
    return next((o for o in _backwards(season, day) if o.name == name), None)


def _backwards(season: Season, day: int) -> Iterator[Occurrence]:
    """From the one that begins next, back in time."""
    if season.yearly is None:
        if season.from_ is not None and season.until is not None:
            yield Occurrence(str(season.from_), season.from_.toordinal(), season.until.toordinal())
        return
    for year in range(dt.date.fromordinal(day).year + 1, _FIRST_YEAR - 1, -1):
        if (found := _in_year(season.yearly, year)).first <= found.last:  # a 29 February alone comes in leap years only
            yield found


def _in_year(yearly: tuple[str, str], year: int) -> Occurrence:
    begins, ends = yearly
    first = _day(year, begins, after=True)
    last = _day(year if ends >= begins else year + 1, ends, after=False)
    return Occurrence(str(year), first, last)


def _day(year: int, written: str, *, after: bool) -> int:
    """Where a year has no 29 February: the day after it for a beginning, the one before for an end."""
    try:
        return dt.date(year, int(written[:2]), int(written[3:])).toordinal()
    except ValueError:
        return dt.date(year, 3, 1).toordinal() - (0 if after else 1)
