"""Who wants to know that something happened: `until` for tests, a hook for the playground's page."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """`notify()` is called after every change of state, call and delivery."""

    def __init__(self) -> None:
        self.hook: Callable[[], None] | None = None
        self._event = asyncio.Event()

    def notify(self) -> None:
        self._event.set()
        self._event = asyncio.Event()
        if self.hook is not None:
            self.hook()

    async def until(self, predicate: Callable[[], T], timeout: float) -> T:  # noqa: ASYNC109 -- is the contract
        """The first true value of `predicate`, asked again after every change. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while True:
                event = self._event
                if value := predicate():
                    return value
                await event.wait()
