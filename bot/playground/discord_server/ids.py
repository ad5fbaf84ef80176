"""Ids and times of a world: snowflakes that only ever grow, read from one clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # Discord's first second
_MS = timedelta(milliseconds=1)
_TIME_SHIFT = 22  # the low bits of a snowflake are no time


class Snowflakes:
    """Hands out ids from a clock in Unix seconds, each in a later millisecond than the one before.

    A clock that stands still or steps back never yields an id twice, nor an older one: two objects of one
    world always differ in id *and* in timestamp, as tests with a fixed clock need.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._last_ms = 0

    def next(self) -> str:
        """A fresh id."""
        self._last_ms = max(self._last_ms + 1, self._now_ms())
        return str(self._last_ms << _TIME_SHIFT)

    def now(self) -> str:
        """The present moment as Discord writes it, never before the youngest id."""
        return _iso(max(self._last_ms, self._now_ms()))

    def _now_ms(self) -> int:
        return int((self.clock() - _EPOCH.timestamp()) * 1000)


def time_of(snowflake: str) -> str:
    """The moment an id was made, as Discord writes it."""
    return _iso(int(snowflake) >> _TIME_SHIFT)


def _iso(ms: int) -> str:
    return (_EPOCH + ms * _MS).isoformat(timespec="microseconds")
