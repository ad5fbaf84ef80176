"""What the machine can do at best: the rows of the log inserted with nothing decided, on the same disk."""

from __future__ import annotations

import sqlite3
import statistics
import time
from pathlib import Path

from adapters.storage.upgrade import upgrade
from core.events import Statement, body, digest
from core.stamping import about

INSERT = (
    "INSERT INTO statement (seq, community, source, id, op, at, hash, about, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


def bare_inserts(folder: Path, statements: list[Statement], batch: int) -> tuple[float, list[float]]:
    """Rows a second in commits of `batch` rows, and the seconds of each commit."""
    file = folder / f"floor-{batch}.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    rows = [_row(i, s) for i, s in enumerate(statements, 1)]
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA cache_size=-65536")
        commits = [_commit(db, rows[i : i + batch]) for i in range(0, len(rows), batch)]
    db.close()
    return len(rows) / sum(commits), commits


def _commit(db: sqlite3.Connection, rows: list[tuple[object, ...]]) -> float:
    began = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    db.executemany(INSERT, rows)
    db.execute("COMMIT")
    return time.perf_counter() - began


def _row(seq: int, s: Statement) -> tuple[object, ...]:
    written = body(s)
    return seq, "default", s.source, s.id, s.op, s.at, digest(written), about(s), written


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]
