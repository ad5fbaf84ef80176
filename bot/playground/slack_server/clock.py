"""Time and ids of the stand-in: one strictly growing count of microseconds feeds both."""

from collections.abc import Callable

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ticker:
    """Strictly increasing whatever the clock does: two messages never share a `ts`, and ids stay unique
    over restarts as long as the clock moves on."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def seconds(self) -> float:
        """Now, in seconds since 1970."""
        return self._clock()

    def micros(self) -> int:
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return self._last

    def ts(self) -> str:
        """A message's time as Slack writes it: seconds, a point, six digits."""
        whole, rest = divmod(self.micros(), 1_000_000)
        return f"{whole}.{rest:06d}"

    def id(self, prefix: str) -> str:
        """A new id, e.g. `Ev…` for an event."""
        return prefix + _base36(self.micros())


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
