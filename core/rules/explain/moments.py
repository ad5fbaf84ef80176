"""When something will be, as members say it: "tomorrow", "on Thursday", "in 6 days"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.calendar import Calendar
from core.rules.durations import Duration
from core.rules.explain.english import date, weekday

_HOUR = 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Clock:
    """The present for a text: `now` in UTC microseconds, and whose days and hours count (the rule's calendar)."""

    now: int
    calendar: Calendar

    def day(self, at: int) -> str:
        """ "today", "tomorrow", "on Thursday" within a week, else "on 3 September"."""
        return self._named(self.calendar.day(at))

    def before(self, end: int) -> str:
        """While there is still time: "today" on the last day, else "before Sunday night"."""
        last = self.calendar.day(end - 1)
        ahead, day = last - self.calendar.day(self.now), dt.date.fromordinal(last)
        if ahead <= 0:
            return "today"
        return f"before {weekday(day)} night" if ahead < 7 else f"before the end of {date(day, year=False)}"

    def time(self, at: int) -> str:
        """ "04:00" on the local clock."""
        return str(self.calendar.derive("time", at))

    def left(self, until: int) -> str:
        """ "6 days", counting the present one; "5 hours" on the last of them."""
        whole = self.calendar.day(until - 1) - self.calendar.day(self.now) + 1
        if whole > 1:
            return f"{whole} days"
        hours = (until - self.now) // _HOUR
        return str(Duration(hours, "hour")) if hours > 0 else "less than an hour"

    def _named(self, day: int) -> str:
        today = self.calendar.day(self.now)
        ahead, written = day - today, dt.date.fromordinal(day)
        if ahead in (0, 1):
            return ("today", "tomorrow")[ahead]
        if 1 < ahead < 7:
            return f"on {weekday(written)}"
        return f"on {date(written, year=written.year != dt.date.fromordinal(today).year)}"


def days(count: int) -> str:
    """ "in 43 days"."""
    return f"in {Duration(count, 'day')}" if count > 0 else "today"
