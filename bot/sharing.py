"""What many ask for at the same time is worked out once for all of them, and never from before they asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Sharing(Generic[T]):
    """For each key one answer is worked out at a time. Whoever asks meanwhile shares the next one: the one that is
    under way may be of before they asked."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}
        self._next: dict[Hashable, asyncio.Task[T]] = {}

    async def ask(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Raises what `work` raises. Whoever is cancelled leaves the others their answer."""
        task = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._work(key, self._running.get(key), work))
            task.add_done_callback(lambda done: self._over(key, done))
        return await asyncio.shield(task)

    async def _work(self, key: Hashable, before: asyncio.Task[T] | None, work: Callable[[], Awaitable[T]]) -> T:
        if before is not None:
            await asyncio.wait([before])
        self._running[key] = self._next.pop(key)
        return await work()

    def _over(self, key: Hashable, task: asyncio.Task[T]) -> None:
        for there in (self._next, self._running):
            if there.get(key) is task:
                del there[key]
        if not task.cancelled():
            task.exception()  # seen: whoever asked may have gone
