"""From the edge into the inbox: batched, repeated until it is durable, and only then does a cursor move."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from adapters.discord.cursors import Cursors
from adapters.discord.trouble import SessionOver
from core.errors import StorageUnavailable
from core.events import Statement
from core.ports import Inbox

WAITING_AT_MOST = 1000  # events; more make the platform's handlers wait
_BATCH = 256
_LONGEST_PAUSE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Mark:
    """A message whose cursor moves when its statements are durable."""

    guild: int
    channel: int
    message: int


@dataclass(frozen=True, slots=True)
class _Load:
    statements: Sequence[Statement]
    marks: Sequence[Mark]
    done: asyncio.Future[None]


class Intake:
    """`take` returns when the statements are durable. `run` does the work, as one task."""

    def __init__(self, inbox: Inbox, cursors: Cursors, log: FilteringBoundLogger, *, pause: float = 0.5) -> None:
        self._inbox = inbox
        self._cursors = cursors
        self._log = log
        self._pause = pause
        self._queue: asyncio.Queue[_Load] = asyncio.Queue(WAITING_AT_MOST)
        self._over = False

    async def take(self, statements: Sequence[Statement], *marks: Mark) -> None:
        """Waits for room, then until `statements` are durable; a full database only makes it wait longer. Raises
        SessionOver once `run` has ended."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Load(statements, marks, done))
        if self._over:
            raise SessionOver
        await done

    async def run(self) -> None:
        """Works until cancelled. Whoever waits then is cancelled, too: nobody would ever answer."""
        loads: list[_Load] = []
        try:
            while True:
                loads = [await self._queue.get()]
                while len(loads) < _BATCH and not self._queue.empty():
                    loads.append(self._queue.get_nowait())
                await self._store(loads)
        finally:
            self._over = True
            while not self._queue.empty():
                loads.append(self._queue.get_nowait())
            for load in loads:
                load.done.cancel()

    async def drain(self) -> None:
        """Waits until everything taken so far is durable; needs `run` beside it."""
        await self._queue.join()

    async def _store(self, loads: list[_Load]) -> None:
        statements = [statement for load in loads for statement in load.statements]
        if statements:
            await self._insist(statements)
        for mark in (mark for load in loads for mark in load.marks):
            self._cursors.kept(mark.guild, mark.channel, mark.message)
        await self._save_cursors()
        for load in loads:
            self._queue.task_done()
            if not load.done.done():
                load.done.set_result(None)

    async def _insist(self, statements: list[Statement]) -> None:
        pause = self._pause
        while True:
            try:
                await self._inbox.take(statements)
            except StorageUnavailable as error:
                self._log.warning("discord: not stored yet, trying again", reason=str(error), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return

    async def _save_cursors(self) -> None:
        try:
            await self._cursors.flush()
        except StorageUnavailable as error:
            self._log.warning("discord: cursors not saved, more will be read again", reason=str(error))
