"""The time line of one rule for one member: calendar, what is void, and which missed periods break nothing."""

from __future__ import annotations

from dataclasses import dataclass

from core.calendar import Calendar, Period
from core.criteria.criterion import Criterion, Entry

HOUR = 3600 * 1_000_000
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Axis:
    """`void`: days (hours, for `within` hours) on which something cancels their window.

    `paused` and `excused`: spans of local days (ordinals, both ends inside). A missed period that touches one breaks no
    streak; what happens on paused days does not count for it.
    """

    calendar: Calendar
    void: frozenset[int] = frozenset()
    paused: tuple[Span, ...] = ()
    excused: tuple[Span, ...] = ()

    def unit(self, c: Criterion, entry: Entry) -> int:
        """The hour or day of an event, as `within` counts them."""
        return entry.at // HOUR if c.within is not None and c.within.unit == "hour" else entry.day

    def resting(self, c: Criterion, day: int) -> bool:
        """Does nothing count on this day for a streak?"""
        return (day - 1) % 7 in c.rest or _touches(self.paused, day, day)

    def barred(self, index: int, period: Period) -> bool:
        """Is a whole period void?"""
        if not self.void:
            return False
        return any(self.calendar.period(day, period) == index for day in self.void)

    def misses(self, c: Criterion, before: int, after: int) -> int:
        """How many periods strictly between two were missed; stops counting above the grace."""
        if after - before <= 1 or not (c.rest or self.paused or self.excused):
            return max(0, after - before - 1)
        missed, index = 0, before + 1
        while index < after and missed <= c.grace:
            until = self.forgiven_until(c, index)
            missed += until == index
            index = max(index + 1, until)
        return missed

    def forgiven_until(self, c: Criterion, index: int) -> int:
        """The first period from this one on that nothing known here forgives: itself where it is a miss. A pause may
        last for ever, so it is never walked through day by day."""
        period = c.streak or "day"
        first = self.calendar.first_day(index, period)
        last = self.calendar.first_day(index + 1, period) - 1
        spans = [s for s in (*self.excused, *self.paused) if _touches((s,), first, last)]
        if spans:
            return self.calendar.period(max(end for _, end in spans), period) + 1
        return index + 1 if period == "day" and self.resting(c, first) else index


def _touches(spans: tuple[Span, ...], first: int, last: int) -> bool:
    return any(start <= last and first <= end for start, end in spans)
