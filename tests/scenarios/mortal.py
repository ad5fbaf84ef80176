"""`plaudit run`, or another command, that dies by SIGKILL at a named point of its work with the database, once the file
`armed` is in its working folder. SQLAlchemy's own events tell where it is; nothing of the bot is changed.

    python -m tests.scenarios.mortal POINT [COMMAND…]
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
        sa.event.listen(sa.Engine, "before_cursor_execute", self._before)
        sa.event.listen(sa.Engine, "after_cursor_execute", self._after)

    def _before(self, _c: object, _u: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            self._reached = self._queuing = False
        if self._is_here(statement, "before") or (statement == "COMMIT" and self._commits("before commit")):
            _die()

    def _after(self, _c: object, _u: object, statement: str, *_: object) -> None:
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


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Reaper({**POINTS, **PROPOSING, **SWITCHING}[sys.argv[1]]).watch()
    main(sys.argv[2:] or ["run"])
