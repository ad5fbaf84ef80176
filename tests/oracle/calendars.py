"""Local days and periods, by zoneinfo and by trying."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from tests.oracle.facts import EPOCH, length

HOUR = 3600 * 10**6


@dataclass(frozen=True, eq=False)
class Calendar:
    """The community's days, or those of a member who moves: `moves` are (from when, zone), in order."""

    home: ZoneInfo
    start: dt.timedelta
    sunday: bool
    moves: Sequence[tuple[int, ZoneInfo]] = ()
    known: dict[int, dt.date] = field(default_factory=dict)

    def zone(self, at: int) -> ZoneInfo:
        return next((zone for since, zone in reversed(self.moves) if since <= at), self.home)

    def clock(self, at: int) -> dt.datetime:
        return (EPOCH + dt.timedelta(microseconds=at)).astimezone(self.zone(at))

    def day(self, at: int) -> dt.date:
        if at not in self.known:
            self.known[at] = (self.clock(at).replace(tzinfo=None) - self.start).date()
        return self.known[at]

    def period(self, at: int, kind: str) -> tuple[int, str]:
        return self.period_of(self.day(at), kind)

    def period_of(self, day: dt.date, kind: str) -> tuple[int, str]:
        """A number that grows by one from period to period, and the period's name."""
        if kind == "day":
            return day.toordinal(), day.isoformat()
        if kind == "week":
            monday = day - dt.timedelta(days=day.weekday())
            if self.sunday:
                monday = day + dt.timedelta(days=1) if day.weekday() == 6 else monday
            year, week, _ = monday.isocalendar()
            return monday.toordinal() // 7, f"{year}-W{week:02}"
        number = day.year * 12 + day.month - 1
        if kind == "month":
            return number, f"{day.year}-{day.month:02}"
        if kind == "quarter":
            return number // 3, f"{day.year}-Q{(day.month + 2) // 3}"
        return day.year, f"{day.year}"

    def days_in(self, at: int, kind: str) -> int:
        """How many days the period around a time has."""
        number, near = self.period(at, kind)[0], self.day(at).toordinal()
        days = (dt.date.fromordinal(n) for n in range(near - 366, near + 367))
        return sum(self.period_of(d, kind)[0] == number for d in days)

    def first_instant(self, at: int, kind: str) -> int:
        """By trying: the earliest second with the same period, found by halving."""
        number, _ = self.period(at, kind)
        low, high = at // 10**6 - 400 * 86_400, at // 10**6
        return self._first(number, kind, low, high)

    def end(self, at: int, kind: str) -> int:
        """The first instant after the period around a time."""
        number, _ = self.period(at, kind)
        low, high = at // 10**6, at // 10**6 + 400 * 86_400
        return self._first(number + 1, kind, low, high)

    def _first(self, number: int, kind: str, low: int, high: int) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            if self.period(middle * 10**6, kind)[0] >= number:
                high = middle
            else:
                low = middle
        return high * 10**6

    def touched(self, begin: int, end: int, kind: str) -> set[int]:
        """Every period in which some instant of [begin, end) lies. No local day is shorter than the steps."""
        if end <= begin:
            return set()
        moments = {*range(begin, end, HOUR), end - 1, *(m - k for m, _ in self.moves for k in (0, 1))}
        return {self.period(at, kind)[0] for at in moments if begin <= at < end}

    def later(self, at: int, text: str) -> int:
        """So long after a time: months and years by the clock on the wall, with the day cut to the month."""
        count, unit = text.split(" ")
        if not unit.startswith(("month", "year")):
            return at + length(text)
        wall = self.clock(at)
        number = wall.year * 12 + wall.month - 1 + int(count) * (12 if unit.startswith("year") else 1)
        year, month = number // 12, number % 12 + 1
        day = min(wall.day, months.monthrange(year, month)[1])
        moment = wall.replace(year=year, month=month, day=day)
        return (moment - EPOCH) // dt.timedelta(microseconds=1)
