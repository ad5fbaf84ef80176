"""The one thread that writes. Whatever queued while the last commit ran goes into the next one (group commit)."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

from adapters.storage import erasure
from adapters.storage.engines import database_file, driver, write_engine
from adapters.storage.holds import hold
from adapters.storage.promises import Promise, tell
from adapters.storage.serving import remember
from adapters.storage.transactions import SqlTransaction
from core.errors import StorageUnavailable
from core.events import Statement
from core.pipeline import Fate, ingest
from core.serving import Mode, Served

MOST_STATEMENTS = 2_048
BUSY = 512  # statements of a batch after which the next one waits a moment for what is on its way
MOMENT = 0.003  # seconds, as long as more comes
MOST_MOMENTS = 10
CALM = 30.0  # seconds
log = structlog.get_logger(__name__)

_REMEDIES = {
    "full": "make room on its disk",
    "locked": "stop the other program that holds it",
    "readonly": "let the bot write to the file and its folder",
}


@dataclass(frozen=True, slots=True)
class Take:
    """Statements for one community, and who waits for them to be durable."""

    community: str
    statements: tuple[Statement, ...]
    mode: Mode
    done: Promise[list[Fate]]


@dataclass(frozen=True, slots=True)
class Work:
    """Anything else that is to be written, as a function of the connection."""

    run: Callable[[sa.Connection], Any]
    done: Promise[Any]


Job = Take | Work
T = TypeVar("T")


class Writer:
    """Owns the writing connection. `served`: the communities by id."""

    def __init__(self, url: str, served: dict[str, Served], clock: Callable[[], int]) -> None:
        self._url = url
        self._engine = write_engine(url)
        self._served = served
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="plaudit-writer", daemon=True)
        self._version: int | None = None
        self._forgotten = False
        self._last_size = 0
        self.commits = 0
        self.trouble: str | None = None
        self._refused_at = 0.0

    def start(self) -> None:
        """Open the file here, where the caller hears of a fault; from now on only the thread uses it."""
        self._held = hold(Path(database_file(self._url)))
        self._connection = self._engine.connect()
        self._thread.start()

    async def take(self, community: str, statements: Sequence[Statement], mode: Mode) -> list[Fate]:
        """Raises StorageUnavailable; otherwise the statements are on disk when this returns."""
        done: Promise[list[Fate]] = Promise(asyncio.get_running_loop())
        self._jobs.put(Take(community, tuple(statements), mode, done))
        return await done.wait()

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a piece of work inside the next commit."""
        done: Promise[T] = Promise(asyncio.get_running_loop())
        self._jobs.put(Work(work, done))
        return await done.wait()

    async def close(self) -> None:
        """Finish what is queued, then let go of the file."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()
        self._held.close()

    def _work(self) -> None:
        with self._connection as connection:
            while (batch := self._next()) is not None:
                self._commit(connection, batch)
                for served in self._served.values():
                    served.touches.publish()
                erasure.sweep(connection)
                tell(job.done for job in batch)

    def _next(self) -> list[Job] | None:
        """Everything that waits, up to a bound; None when it is time to stop. Whoever gave up waiting is left out."""
        batch: list[Job] = []
        size = 0
        while size < MOST_STATEMENTS and not (batch and self._jobs.empty()):
            job = self._jobs.get()
            if job is None:
                if not batch:
                    return None
                self._jobs.put(None)
                break
            if not job.done.given_up:
                batch.append(job)
                size += _size(job)
            if len(batch) == 1 and self._last_size >= BUSY:
                self._gather()
        self._last_size = size
        return batch

    def _gather(self) -> None:
        """Under load, let the queue fill: one full commit writes fewer pages than two halves. The first job must have
        come: before it, a queue that does not grow says nothing."""
        known = -1
        for _ in range(MOST_MOMENTS):
            waiting = self._jobs.qsize()
            if waiting == known or waiting >= MOST_STATEMENTS:
                return
            known = waiting
            time.sleep(MOMENT)

    def _commit(self, connection: sa.Connection, batch: list[Job]) -> None:
        """All jobs in one transaction. If a decision raises, each gets its own, so that the guilty one is alone."""
        try:
            results = self._attempt(connection, batch)
        except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
            self._refuse(batch, error)
        except Exception as error:  # noqa: BLE001 - the worker loop: whatever a decision raises is logged and parked
            if len(batch) > 1:
                for job in batch:
                    self._commit(connection, [job])
            else:
                self._blame(connection, batch[0], error)
        else:
            for job, result in zip(batch, results, strict=True):
                job.done.keep(result)

    def _attempt(self, connection: sa.Connection, batch: list[Job]) -> list[Any]:
        raw = driver(connection)  # past SQLAlchemy, as in transactions.py
        raw.execute("BEGIN IMMEDIATE")
        try:
            self._notice_others(connection)
            self._remember(connection)
            results = self._perform(connection, batch)
            raw.execute("COMMIT")
        except BaseException:
            self._forget()
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise
        self.commits += 1
        # A small write may still fit on a full disk: only statements, or some quiet time, show that it is over.
        if self.trouble and (any(isinstance(job, Take) for job in batch) or time.monotonic() - self._refused_at > CALM):
            self.trouble = None
        return results

    def _notice_others(self, connection: sa.Connection) -> None:
        """Another process wrote: what is remembered may be old."""
        version = int(driver(connection).execute("PRAGMA data_version").fetchone()[0])
        if self._version is not None and version != self._version:
            self._forget()
        self._version = version

    def _forget(self) -> None:
        for served in self._served.values():
            served.memory.clear()
            served.touches.doubt()
        self._forgotten = True

    def _remember(self, connection: sa.Connection) -> None:
        """Read again who opted out and whom a moderator touched: what was noted may be undone, or incomplete."""
        if self._forgotten:
            for community, served in self._served.items():
                remember(SqlTransaction(connection, community), served)
            self._forgotten = False

    def _perform(self, connection: sa.Connection, batch: list[Job]) -> list[Any]:
        results: list[Any] = [None] * len(batch)
        groups: dict[tuple[str, Mode], list[int]] = {}
        for i, job in enumerate(batch):
            if isinstance(job, Take):
                groups.setdefault((job.community, job.mode), []).append(i)
        for (community, mode), places in groups.items():
            takes = [job for i in places if isinstance(job := batch[i], Take)]
            tx = SqlTransaction(connection, community)
            statements = [s for take in takes for s in take.statements]
            fates = ingest(tx, self._served[community], statements, self._clock(), mode)
            start = 0
            for i, take in zip(places, takes, strict=True):
                results[i] = fates[start : start + len(take.statements)]
                start += len(take.statements)
        for i, job in enumerate(batch):
            if isinstance(job, Work):
                results[i] = job.run(connection)
        return results

    def _refuse(self, batch: list[Job], error: Exception) -> None:
        """The database did not take it: nobody is told that it did."""
        said = str(getattr(error, "orig", None) or error)
        remedy = next((do for word, do in _REMEDIES.items() if word in said), "look at the disk and the file")
        self.trouble = f"the database refuses to write: {said}; {remedy}"
        self._refused_at = time.monotonic()
        log.error(self.trouble)
        for job in batch:
            job.done.fail(StorageUnavailable(self.trouble))

    def _blame(self, connection: sa.Connection, job: Job, error: Exception) -> None:
        """A job that fails alone. Statements are split until the guilty one is found, and that one is parked."""
        if isinstance(job, Work):
            job.done.fail(error)
        elif len(job.statements) > 1:
            self._split(connection, job)
        else:
            log.error("a statement could not be decided and is parked", id=job.statements[0].id, exc_info=error)
            reason = f"{type(error).__name__}: {error}"
            park = Work(lambda c: self._park(c, job, reason), job.done)
            self._commit(connection, [park])

    def _split(self, connection: sa.Connection, job: Take) -> None:
        fates: list[Fate] = []
        for statement in job.statements:
            part: Promise[list[Fate]] = Promise()
            self._commit(connection, [Take(job.community, (statement,), job.mode, part)])
            if part.error is not None:
                job.done.fail(part.error)
                return
            fates += part.result()
        job.done.keep(fates)

    def _park(self, connection: sa.Connection, job: Take, reason: str) -> list[Fate]:
        SqlTransaction(connection, job.community).hold(job.statements, "parked", self._clock(), reason)
        return [None]


def _size(job: Job) -> int:
    return len(job.statements) if isinstance(job, Take) else 1
