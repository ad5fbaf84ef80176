"""Work that goes on after Slack has its acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from structlog.typing import FilteringBoundLogger

MOST_AT_ONCE = 16


class Chores:
    """Runs coroutines beside everything else, a few at a time; one that fails is logged and hurts no other."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._do(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _do(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._room:
                await work
        except Exception:  # noqa: BLE001 - the loop of a worker: the next chore must still be done
            self._log.exception("slack.chore_failed")
        finally:
            work.close()  # one that never got its turn is not "never awaited"

    async def close(self) -> None:
        """Stop what is still going on."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
