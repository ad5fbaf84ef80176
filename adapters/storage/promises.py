"""Answers of the writing thread to coroutines: a whole batch wakes its event loop once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Promise(Generic[T]):
    """Settled in the writing thread; `kept` makes it known to whoever waits. Without a loop nobody waits."""

    __slots__ = ("_future", "_loop", "_result", "error")

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop
        self._future: asyncio.Future[T] | None = None if loop is None else loop.create_future()
        self._result: T | None = None
        self.error: BaseException | None = None

    @property
    def given_up(self) -> bool:
        """Nobody waits for it any more."""
        return self._future is not None and self._future.cancelled()

    def keep(self, result: T) -> None:
        self._result = result

    def fail(self, error: BaseException) -> None:
        self.error = error

    def result(self) -> T:
        """What it was kept with. Raises what it failed with."""
        if self.error is not None:
            raise self.error
        return self._result  # type: ignore[return-value] # kept before it is asked

    async def wait(self) -> T:
        if self._future is None:
            raise RuntimeError("a promise without a loop has nobody who waits")
        return await self._future

    def _settle(self) -> None:
        if self._future is None or self._future.done():
            return
        if self.error is not None:
            self._future.set_exception(self.error)
        else:
            self._future.set_result(self._result)  # type: ignore[arg-type] # kept before it is told


def tell(promises: Iterable[Promise[T]]) -> None:
    """Wake those who wait, each event loop once."""
    loops: dict[asyncio.AbstractEventLoop, list[Promise[T]]] = {}
    for promise in promises:
        if promise._loop is not None:
            loops.setdefault(promise._loop, []).append(promise)
    for loop, together in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, together)


def _settle_all(promises: list[Promise[T]]) -> None:
    for promise in promises:
        promise._settle()
