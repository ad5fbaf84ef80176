"""One post a second in each channel: Slack refuses more."""

from __future__ import annotations

import asyncio

from core.errors import RetryLater

GAP = 1.05  # seconds
LONGEST_QUEUE = 20.0  # seconds a post may stand in line before it is sent back to the outbox
_MOST_CHANNELS = 2_000


class Pace:
    """Gives out turns per channel, in the order they were asked for."""

    def __init__(self, gap: float = GAP, longest: float = LONGEST_QUEUE) -> None:
        self._gap = gap
        self._longest = longest
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait for the next free moment. Raises RetryLater where that is far, or where Slack asked to wait."""
        now = asyncio.get_running_loop().time()
        self._forget(now)
        at = max(now, self._next.get(channel, now))
        if at - now > self._longest:
            raise RetryLater(at - now, "many messages wait for this channel")
        self._next[channel] = at + self._gap
        await asyncio.sleep(at - now)
        self._check(channel)

    def _check(self, channel: str) -> None:
        """Slack may have asked to wait while this one stood in line."""
        left = self._held.get(channel, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise RetryLater(left, "Slack asks to wait")

    def hold(self, channel: str, seconds: float) -> None:
        """Nothing goes to the channel for so long."""
        until = asyncio.get_running_loop().time() + seconds
        self._held[channel] = max(until, self._held.get(channel, 0.0))
        self._next[channel] = max(until, self._next.get(channel, 0.0))

    def _forget(self, now: float) -> None:
        if len(self._next) > _MOST_CHANNELS:
            self._next = {c: at for c, at in self._next.items() if at > now}
            self._held = {c: at for c, at in self._held.items() if at > now}
