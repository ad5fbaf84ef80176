"""`plaudit run`, or another command, that dies by SIGKILL at a named point of its work with the database, once the file
`armed` is in its working folder. The connections that SQLAlchemy opens tell where it is, also past SQLAlchemy; nothing
of the bot is changed.

    python -m tests.scenarios.mortal POINT [COMMAND…]
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from bot.__main__ import main

ARMED = Path("armed")
LOGGED, AWARDED, QUEUED = "INSERT INTO statement", "INSERT INTO award", "INSERT INTO outbox"
PROPOSED, RECOUNTED, ENFORCED = "INSERT INTO book", "DELETE FROM score", "UPDATE book SET state = 'in force'"
FILED = "UPDATE book SET replaces = NULL WHERE community = ? AND revision = ?"
CLAIMED, FINISHED = "UPDATE outbox SET state = 'leased'", "UPDATE outbox SET state = ?"
When = Literal["before", "after", "before commit", "after commit"]


@dataclass(frozen=True)
class Point:
    """When to die: around the statement, or around the commit of its transaction. `queued`: only once a message waits
    in the outbox."""

    statement: str
    when: When
    queued: bool = False


SWITCHING = {
    "recounting for a new book": Point(RECOUNTED, "after"),
    "a new book is in force, not committed": Point(ENFORCED, "before commit"),
    "a new book is in force, its file is old": Point(ENFORCED, "after commit"),
    "its file is new, and nobody noted it": Point(FILED, "before"),
}
PROPOSING = {
    "a new book is proposed, not committed": Point(PROPOSED, "before commit"),
    "a new book is proposed": Point(PROPOSED, "after commit"),
}
POINTS = {
    "received": Point(LOGGED, "before"),
    "stored": Point(LOGGED, "after"),
    "evaluated": Point(AWARDED, "before"),
    "decided": Point(QUEUED, "before"),
    "not committed": Point(QUEUED, "before commit"),
    "committed, not acknowledged": Point(QUEUED, "after commit"),
    "taken out, not committed": Point(CLAIMED, "before commit", queued=True),
    "taken out": Point(CLAIMED, "after commit", queued=True),
    "delivered": Point(FINISHED, "before"),
    "marked, not committed": Point(FINISHED, "before commit"),
    "marked": Point(FINISHED, "after commit"),
}


class Reaper:
    """Watches every statement that goes to the database."""

    def __init__(self, point: Point) -> None:
        self._point = point
        self._reached = False
        self._queuing = False
        self._queued = False

    def watch(self) -> None:
        sa.event.listen(sa.Engine, "do_connect", lambda _d, _r, _a, settings: settings.update(factory=self._factory))

    def _factory(self, *arguments: Any, **settings: Any) -> sqlite3.Connection:
        return Watched(self, *arguments, **settings)

    def before(self, statement: str) -> None:
        if statement.startswith("BEGIN"):
            self._reached = self._queuing = False
        if self._is_here(statement, "before") or (statement == "COMMIT" and self._commits("before commit")):
            _die()

    def after(self, statement: str) -> None:
        self._reached |= self._matches(statement)
        self._queuing |= QUEUED in statement
        if self._is_here(statement, "after") or (statement == "COMMIT" and self._commits("after commit")):
            _die()
        self._queued |= statement == "COMMIT" and self._queuing

    def _matches(self, statement: str) -> bool:
        return self._point.statement in statement and (self._queued or not self._point.queued) and ARMED.exists()

    def _is_here(self, statement: str, when: When) -> bool:
        return self._point.when == when and self._matches(statement)

    def _commits(self, when: When) -> bool:
        return self._point.when == when and self._reached


class Watched(sqlite3.Connection):
    """A connection whose cursors tell the reaper of every statement."""

    def __init__(self, reaper: Reaper, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.reaper = reaper

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override] # sqlite3 calls it without a factory
        return Told(self)

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        return self.cursor().execute(statement, *parameters)

    def executemany(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        return self.cursor().executemany(statement, *parameters)


class Told(sqlite3.Cursor):
    connection: Watched

    def execute(self, statement: str, *parameters: Any) -> Told:
        self.connection.reaper.before(statement)
        super().execute(statement, *parameters)
        self.connection.reaper.after(statement)
        return self

    def executemany(self, statement: str, *parameters: Any) -> Told:
        self.connection.reaper.before(statement)
        super().executemany(statement, *parameters)
        self.connection.reaper.after(statement)
        return self


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Reaper({**POINTS, **PROPOSING, **SWITCHING}[sys.argv[1]]).watch()
    main(sys.argv[2:] or ["run"])
