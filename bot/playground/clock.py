"""The playground's clock: real time, moved ahead on request. Stand-ins, bot and scheduler read the same one."""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo
from collections.abc import Callable

_MICROS = 1_000_000
_WEEK = dt.timedelta(days=7)


class MovableClock:
    """Real time plus an offset that only grows: chat never happens before what was said already.

    Called, it is the core's clock (UTC microseconds); `seconds` is the stand-ins' (seconds since 1970). `on_forward`
    hears by how many seconds it is ahead now: the bot's own process keeps the same time.
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._ahead = 0.0
        self.on_forward: Callable[[float], None] | None = None

    def __call__(self) -> int:
        """Now, in UTC microseconds."""
        return int(self.seconds() * _MICROS)

    def seconds(self) -> float:
        """Now, in seconds since 1970."""
        return self._real() + self._ahead

    @property
    def ahead(self) -> float:
        """By how many seconds it is ahead of real time."""
        return self._ahead

    def forward(self, seconds: float) -> None:
        """Move ahead. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("this clock moves forward only")
        self._ahead += seconds
        if self.on_forward is not None:
            self.on_forward(self._ahead)

    def forward_to(self, weekday: int, at: dt.time, timezone: str = "UTC") -> dt.datetime:
        """Move to the next moment (later than now) at which it is `at` on `weekday` (Monday is 0) in the zone;
        returns it."""
        zone = zoneinfo.ZoneInfo(timezone)
        moment = next_moment(dt.datetime.fromtimestamp(self.seconds(), zone), weekday, at)
        self.forward(moment.timestamp() - self.seconds())
        return moment


def next_moment(now: dt.datetime, weekday: int, at: dt.time) -> dt.datetime:
    """The first moment later than `now` at which `now`'s zone shows `at` on `weekday` (Monday is 0)."""
    day = now.date() + dt.timedelta(days=(weekday - now.weekday()) % 7)
    moment = dt.datetime.combine(day, at, now.tzinfo)
    return moment if moment.timestamp() > now.timestamp() else dt.datetime.combine(day + _WEEK, at, now.tzinfo)
