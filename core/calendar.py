"""Local days and the periods made of them: what "today" and "this week" mean to a community or a member.

A day begins when the clock on the wall shows `day_starts`: with 04:00, a night out belongs to the evening
before.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Period = Literal["day", "week", "month", "quarter", "year"]
WeekStart = Literal["monday", "sunday"]

_SECOND = 1_000_000
_HOUR = 3600 * _SECOND
_DAY = 24 * _HOUR
_EPOCH = dt.date(1970, 1, 1).toordinal()
_EPOCH_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CACHED_HOURS = 50_000  # six years of hours: more would only hold what nobody asks for again

DERIVED = frozenset({"date", "day", "weekday", "day_of_month", "day_of_year", "hour", "time"})
"""Facts that every event has by its time alone."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """One zone's days and weeks. `day_starts`: "HH:MM" on the clock. Raises ValueError for an unknown zone.

    Days are proleptic ordinals (`date.toordinal`); periods are whole numbers that follow one another.
    """

    timezone: str = "UTC"
    day_starts: str = "00:00"
    week_starts: WeekStart = "monday"
    _zone: zoneinfo.ZoneInfo = field(init=False, repr=False, compare=False)
    _start: int = field(init=False, repr=False, compare=False)
    _offsets: dict[int, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        # A frozen record fills in what follows from its fields by the only door Python leaves open.
        object.__setattr__(self, "_zone", zone(self.timezone))
        hours, minutes = self.day_starts.split(":")
        object.__setattr__(self, "_start", (int(hours) * 60 + int(minutes)) * 60 * _SECOND)

    def day(self, at: int) -> int:
        """The ordinal of the local day in which the instant lies."""
        return (at + self.offset(at) - self._start) // _DAY + _EPOCH

    def period(self, day: int, period: Period) -> int:
        """Which day, week, month, quarter or year a day lies in."""
        if period == "day":
            return day
        if period == "week":
            return (day - 1 if self.week_starts == "monday" else day) // 7  # ordinal 1 is a Monday
        month = _month(day)
        return month if period == "month" else month // (3 if period == "quarter" else 12)

    def name(self, index: int, period: Period) -> str:
        """As 2026-03-02, 2026-W11, 2026-03, 2026-Q1, 2026. A week from Sunday is named by its Monday."""
        if period == "day":
            return dt.date.fromordinal(index).isoformat()
        if period == "week":
            year, week, _ = dt.date.fromordinal(index * 7 + 1).isocalendar()
            return f"{year:04}-W{week:02}"
        if period == "year":
            return f"{index:04}"
        parts = 12 if period == "month" else 4
        part = index % parts + 1
        return f"{index // parts:04}-{part:02}" if period == "month" else f"{index // parts:04}-Q{part}"

    def first_day(self, index: int, period: Period) -> int:
        """The ordinal of the first day of a period."""
        if period == "day":
            return index
        if period == "week":
            return index * 7 + (1 if self.week_starts == "monday" else 0)
        parts = {"month": 12, "quarter": 4, "year": 1}[period]
        return dt.date(index // parts, index % parts * (12 // parts) + 1, 1).toordinal()

    def first_instant(self, index: int, period: Period) -> int:
        """When a period begins: as the clock shows `day_starts` on its first day.

        Where the clocks skip that moment, it is when they jump; where they show it twice, the first time.
        """
        wall = dt.datetime.fromordinal(self.first_day(index, period)) + dt.timedelta(microseconds=self._start)
        return self.instant(wall)

    def instant(self, wall: dt.datetime) -> int:
        """When the clock on the wall shows this: when it jumps where it skips it, the first time where it shows it
        twice."""
        early, late = (_instant(wall.replace(tzinfo=self._zone, fold=fold)) for fold in (1, 0))
        if late <= early:
            return late
        return self._jump(early, late)

    def offset(self, at: int) -> int:
        """How far the local clock is ahead of UTC at an instant, in microseconds."""
        hour = at // _HOUR
        known = self._offsets.get(hour)
        if known is not None:
            return known
        first, last = self._look_up(hour * _HOUR), self._look_up(hour * _HOUR + _HOUR - _SECOND)
        if first != last:
            return self._look_up(at)  # the clocks change within this hour: it has two answers
        if len(self._offsets) >= _CACHED_HOURS:
            self._offsets.clear()
        self._offsets[hour] = first
        return first

    def derived(self, at: int) -> dict[str, str | int]:
        """All facts that an event has by its time alone.

        Date, day, weekday, day_of_month and day_of_year follow `day_starts`; hour and time are the clock's.
        """
        return {name: derive(self, at) for name, derive in _DERIVE.items()}

    def derive(self, name: str, at: int) -> str | int:
        """One of these facts. Raises KeyError for another name."""
        return _DERIVE[name](self, at)

    def minute(self, at: int) -> int:
        """Minutes since midnight on the local clock."""
        return (at + self.offset(at)) % _DAY // (60 * _SECOND)

    def _look_up(self, at: int) -> int:
        moment = _EPOCH_TIME + dt.timedelta(microseconds=at)
        offset = moment.astimezone(self._zone).utcoffset() or dt.timedelta()
        return offset // dt.timedelta(microseconds=1)

    def _jump(self, before: int, after: int) -> int:
        """The instant, to the second, at which the clocks change between two instants."""
        new = self._look_up(after)
        while after - before > _SECOND:
            middle = (before + after) // 2 // _SECOND * _SECOND
            before, after = (before, middle) if self._look_up(middle) == new else (middle, after)
        return after


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name. Raises ValueError, whose text says what to write."""
    try:
        if not name or name.startswith(("/", ".")):
            raise zoneinfo.ZoneInfoNotFoundError(name)
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        text = f'no time zone is called "{name}"; write one like "Europe/Berlin" or "UTC"'
        raise ValueError(text) from unknown


def _instant(moment: dt.datetime) -> int:
    return (moment - _EPOCH_TIME) // dt.timedelta(microseconds=1)


@lru_cache(maxsize=4096)
def _month(day: int) -> int:
    date = dt.date.fromordinal(day)
    return date.year * 12 + date.month - 1


def _date(calendar: Calendar, at: int) -> dt.date:
    return dt.date.fromordinal(calendar.day(at))


def _time(calendar: Calendar, at: int) -> str:
    hour, minute = divmod(calendar.minute(at), 60)
    return f"{hour:02}:{minute:02}"


_DERIVE: dict[str, Callable[[Calendar, int], str | int]] = {
    "date": lambda calendar, at: _date(calendar, at).isoformat()[5:],
    "day": lambda calendar, at: _date(calendar, at).isoformat(),
    "weekday": lambda calendar, at: _WEEKDAYS[_date(calendar, at).weekday()],
    "day_of_month": lambda calendar, at: _date(calendar, at).day,
    "day_of_year": lambda calendar, at: _date(calendar, at).timetuple().tm_yday,
    "hour": lambda calendar, at: calendar.minute(at) // 60,
    "time": _time,
}
