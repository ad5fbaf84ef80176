"""Whether each platform is known, and all is read that was said there while the bot was away: what is told only once
waits for that, but not for ever."""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 3_600_000_000
"""An hour, in microseconds: who cannot reach a platform for longer hears the others' results all the same."""


class Arrears:
    """`is_complete`: what the platforms say now. Ask at every tick: so it is known since when something is missing."""

    def __init__(self, is_complete: Callable[[], bool]) -> None:
        self._is_complete = is_complete
        self._since: int | None = None

    def are_over(self, now: int) -> bool:
        """Nothing is missing, or it has been waited for long enough. `now`: UTC microseconds."""
        if self._is_complete():
            self._since = None
            return True
        self._since = now if self._since is None else self._since
        return now - self._since >= LONGEST
