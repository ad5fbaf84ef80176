"""The one thread that writes. Whatever queued while the last commit ran goes into the next one (group commit)."""

from __future__ import annotations

import asyncio
import gc
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

from adapters.storage.engines import write_engine
from adapters.storage.transactions import SqlTransaction
from core.errors import StorageUnavailable
from core.events import Statement
from core.pipeline import Fate, Mode, Served, ingest

MOST_STATEMENTS = 2_048
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Take:
    """Statements for one community, and who waits for them to be durable."""

    community: str
    statements: tuple[Statement, ...]
    mode: Mode
    done: Future[list[Fate]]


@dataclass(frozen=True, slots=True)
class Work:
    """Anything else that is to be written, as a function of the connection."""

    run: Callable[[sa.Connection], Any]
    done: Future[Any]


Job = Take | Work
T = TypeVar("T")


class Writer:
    """Owns the writing connection. `served`: the communities by id."""

    def __init__(self, url: str, served: dict[str, Served], clock: Callable[[], int]) -> None:
        self._engine = write_engine(url)
        self._served = served
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="plaudit-writer", daemon=True)
        self._version: int | None = None
        self.commits = 0
        self.trouble: str | None = None

    def start(self) -> None:
        """Open the file here, where the caller hears of a fault; from now on only the thread uses it."""
        self._connection = self._engine.connect()
        self._thread.start()

    async def take(self, community: str, statements: Sequence[Statement], mode: Mode) -> list[Fate]:
        """Raises StorageUnavailable; otherwise the statements are on disk when this returns."""
        done: Future[list[Fate]] = Future()
        self._jobs.put(Take(community, tuple(statements), mode, done))
        return await asyncio.wrap_future(done)

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a piece of work inside the next commit."""
        done: Future[Any] = Future()
        self._jobs.put(Work(work, done))
        result: T = await asyncio.wrap_future(done)
        return result

    async def close(self) -> None:
        """Finish what is queued, then let go of the file."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _work(self) -> None:
        with self._connection as connection:
            while (batch := self._next()) is not None:
                self._commit(connection, batch)
                if self.commits % 64 == 0:
                    gc.collect(0)  # between batches, never inside one

    def _next(self) -> list[Job] | None:
        """Everything that waits, up to a bound; None when it is time to stop."""
        first = self._jobs.get()
        if first is None:
            return None
        batch, size = [first], _size(first)
        while size < MOST_STATEMENTS and not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                break
            batch.append(job)
            size += _size(job)
        return batch

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
                job.done.set_result(result)

    def _attempt(self, connection: sa.Connection, batch: list[Job]) -> list[Any]:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            self._notice_others(connection)
            results = self._perform(connection, batch)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            self._forget()
            if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr] # an sqlite3 connection
                connection.exec_driver_sql("ROLLBACK")
            raise
        self.commits += 1
        self.trouble = None
        return results

    def _notice_others(self, connection: sa.Connection) -> None:
        """Another process wrote: what is remembered may be old."""
        version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        if self._version is not None and version != self._version:
            self._forget()
        self._version = version

    def _forget(self) -> None:
        for served in self._served.values():
            served.memory.clear()

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
        self.trouble = f"the database refuses to write: {getattr(error, 'orig', None) or error}"
        log.error(self.trouble)
        for job in batch:
            job.done.set_exception(StorageUnavailable(self.trouble))

    def _blame(self, connection: sa.Connection, job: Job, error: Exception) -> None:
        """A job that fails alone. Statements are split until the guilty one is found, and that one is parked."""
        if isinstance(job, Work):
            job.done.set_exception(error)
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
            part: Future[list[Fate]] = Future()
            self._commit(connection, [Take(job.community, (statement,), job.mode, part)])
            failed = part.exception()
            if failed is not None:
                job.done.set_exception(failed)
                return
            fates += part.result()
        job.done.set_result(fates)

    def _park(self, connection: sa.Connection, job: Take, reason: str) -> list[Fate]:
        SqlTransaction(connection, job.community).hold(job.statements, "parked", self._clock(), reason)
        return [None]


def _size(job: Job) -> int:
    return len(job.statements) if isinstance(job, Take) else 1
