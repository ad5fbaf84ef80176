"""When to connect again. Discord allows 1,000 sessions a day and then resets the token, so a bot that crashes over
and over must slow down; that is why the starts are remembered on disk."""

from __future__ import annotations

import contextlib
import json

from core.errors import StorageUnavailable
from core.ports import Clock, Notebook

_KEY = "discord:starts"
_HOUR = 3_600_000_000  # microseconds
_SECOND = 1_000_000
# Seconds after the start before, by how many there were within the hour: at most ten.
_PAUSES = (0, 1, 2, 4, 8, 15, 30, 60, 120, 300)


def wait_before(starts: list[int], now: int) -> float:
    """Seconds to wait before the next start. `starts`: the last ones, UTC microseconds, oldest first."""
    recent = [at for at in starts if now - _HOUR < at <= now]
    if not recent:
        return 0.0
    is_few = len(recent) < len(_PAUSES)
    due = recent[-1] + _PAUSES[len(recent)] * _SECOND if is_few else recent[-len(_PAUSES)] + _HOUR
    return max(0, due - now) / _SECOND


class Starts:
    """The starts of the last hour, in the Notebook. A database that is full must not make the bot knock faster, so
    they are in memory too."""

    def __init__(self, notebook: Notebook, clock: Clock) -> None:
        self._notebook = notebook
        self._clock = clock
        self._known: list[int] | None = None

    async def wait(self) -> float:
        """Seconds to wait before the next one."""
        return wait_before(await self._read(), self._clock())

    async def begin(self) -> None:
        """Writes a start down, before it is tried."""
        now = self._clock()
        recent = [at for at in await self._read() if now - _HOUR < at <= now]
        await self._write([*recent, now][-len(_PAUSES) :])

    async def end_well(self) -> None:
        """The bot was stopped on purpose: its last start counts no more."""
        await self._write((await self._read())[:-1])

    async def _read(self) -> list[int]:
        if self._known is None:
            try:
                text = await self._notebook.read(_KEY)
            except StorageUnavailable:
                text = None
            self._known = [int(at) for at in json.loads(text or "[]")]
        return self._known

    async def _write(self, starts: list[int]) -> None:
        self._known = starts
        with contextlib.suppress(StorageUnavailable):
            await self._notebook.write({_KEY: json.dumps(starts)})
