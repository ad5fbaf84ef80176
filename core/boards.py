"""Boards of a rule book: which local days one adds up, and which of its periods are over and to be kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import cast

from core import seasons
from core.calendar import Calendar, Period
from core.leaderboards import MOST_NAMES, TOP, Standing, Tied, View
from core.rules.boards import CALENDAR, BoardRule, rolling_days
from core.rules.book import RuleBook

EVER = (dt.date.min.toordinal(), dt.date.max.toordinal())
MOST_KEPT = 10_000
"""Lines of a closed period that are kept."""
MOST_MISSED = 60
"""Periods that are closed at once after a long rest, the latest ones."""
_NAME = re.compile(r"\d{4}(-(w\d\d|q[1-4]|\d\d(-\d\d)?))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """Local days (ordinals, both included). `name`: of a period that closes, as 2026-03; "" for others."""

    period: str
    first: int
    last: int
    name: str = ""

    def start(self, calendar: Calendar) -> int:
        """Its first instant, UTC microseconds."""
        return -(1 << 62) if self.first <= EVER[0] else calendar.first_instant(self.first, "day")

    def end(self, calendar: Calendar) -> int:
        """The first instant after it."""
        return 1 << 62 if self.last >= EVER[1] else calendar.first_instant(self.last + 1, "day")


@dataclass(frozen=True, slots=True)
class Reading:
    """One board over one window, and whom it may list: all that it takes to read it."""

    board: str
    rule: BoardRule
    window: Window
    calendar: Calendar
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A closed period as it was read then. `standings`: the first lines, without those who are not shown any more;
    `listed`: how many had a place. `closed_at`, `differs_at`: when it was read, and when late facts were first seen to
    differ from it (UTC microseconds)."""

    window: Window
    standings: tuple[Standing, ...]
    listed: int
    closed_at: int
    differs_at: int | None = None


def window(rule: BoardRule, period: str, book: RuleBook, calendar: Calendar, now: int, name: str = "") -> Window | None:
    """The days of a period as it is now, or (`name`) of the one that was called so. None where there is no such one:
    a season that has not come yet, a name that is none."""
    day = calendar.day(now)
    if period == "season":
        season = book.seasons[rule.season or ""]
        found = seasons.named(season, name, day) if name else seasons.now_or_last(season, day)
        return None if found is None else Window(period, found.first, found.last, found.name)
    if period in CALENDAR:
        index = calendar.period(day, cast(Period, period))
        wanted = _index_of(name, cast(Period, period), calendar, index) if name else index
        return None if wanted is None else _calendar_window(calendar, cast(Period, period), wanted)
    if name:
        return None
    rolling = rolling_days(period)
    return Window(period, *EVER) if rolling is None else Window(period, day - rolling + 1, day)


def is_name(word: str) -> bool:
    """Whether a word may name a period that is over, as 2026-W11."""
    return _NAME.fullmatch(word) is not None


def ended(
    rule: BoardRule, period: str, book: RuleBook, calendar: Calendar, now: int, grace: int = 0
) -> Iterator[Window]:
    """Windows of this period that were over so long ago (microseconds), the latest first."""
    day = calendar.day(now - grace)
    if period == "season":
        for found in seasons.over(book.seasons[rule.season or ""], day):
            yield Window(period, found.first, found.last, found.name)
    elif period in CALENDAR:
        index = calendar.period(day, cast(Period, period)) - 1
        while index > 0:
            yield _calendar_window(calendar, cast(Period, period), index)
            index -= 1


def due(
    rule: BoardRule, period: str, book: RuleBook, calendar: Calendar, now: int, last: str | None, since: int
) -> list[Window]:
    """Which windows are to be closed now, the oldest first: those over for `late_grace` that follow the `last` closed
    one, without those that ended before the bot was there (`since`). A board that is new closes only the latest."""
    grace = book.community.late_grace.microseconds
    fresh = ended(rule, period, book, calendar, now, grace)
    waiting = list(takewhile(lambda w: w.end(calendar) > since and w.name != last, _first(fresh, MOST_MISSED)))
    if last is None:
        return waiting[:1]
    return [w for w in reversed(waiting) if w.name > last]


def view(snapshot: Snapshot, key: str) -> View:
    """A closed period as one person reads it."""
    near = _around(snapshot.standings, key)
    own = next((s.amount for s in near if s.key == key), 0)
    return View(_top(snapshot.standings), near, own, snapshot.listed, key=key)


def _top(standings: tuple[Standing, ...]) -> tuple[Tied, ...]:
    firsts = (s for s in standings if s.place <= TOP)
    places = [tuple(tied) for _, tied in groupby(firsts, key=lambda s: s.place)]
    return tuple(Tied(t[0].place, t[0].amount, t[:MOST_NAMES], len(t)) for t in places)


def _around(standings: tuple[Standing, ...], key: str) -> tuple[Standing, ...]:
    at = next((i for i, s in enumerate(standings) if s.key == key), None)
    return () if at is None else standings[max(0, at - 1) : at + 2]


def _calendar_window(calendar: Calendar, period: Period, index: int) -> Window:
    first, after = calendar.first_day(index, period), calendar.first_day(index + 1, period)
    return Window(period, first, after - 1, calendar.name(index, period))


def _index_of(name: str, period: Period, calendar: Calendar, now: int) -> int | None:
    """Looked for backwards from now, as far as a person may ask."""
    return next((i for i in range(now, max(0, now - 1_200), -1) if calendar.name(i, period) == name.upper()), None)


def _first(windows: Iterator[Window], most: int) -> Iterator[Window]:
    return (w for w, _ in zip(windows, range(most), strict=False))
