"""A place among a million with both neighbours: the board in memory beside the indexed query, on the same rows."""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from core.leaderboards import Board

MEMBERS = 1_000_000
LOOKS, QUERIES = 2_000, 40
_ROWS = "CREATE TABLE board (member TEXT PRIMARY KEY, amount INT NOT NULL) WITHOUT ROWID"
_INDEX = "CREATE INDEX ranked ON board (amount DESC, member)"
_PLACE = "SELECT COUNT(*) + 1 FROM board WHERE amount > (SELECT amount FROM board WHERE member = ?)"
_BEFORE = """
SELECT member, amount FROM board WHERE (amount, member) > (?, ?) ORDER BY amount ASC, member DESC LIMIT 1
"""
_AFTER = """
SELECT member, amount FROM board WHERE (amount, member) < (?, ?) ORDER BY amount DESC, member ASC LIMIT 1
"""


def amounts(members: int = MEMBERS) -> dict[str, int]:
    """Few have a lot, most have little, as in a community."""
    rng = random.Random(3)
    return {f"slack:T1/U{n:07}": int(rng.paretovariate(1.1) * 10) for n in range(members)}


def rank(folder: Path, members: int = MEMBERS) -> tuple[float, float]:
    """Milliseconds for a place with both neighbours, who have theirs: in memory, and by SQL."""
    there = amounts(members)
    rng = random.Random(4)
    asked = rng.sample(sorted(there), min(LOOKS, members))
    with sqlite3.connect(folder / "board.db") as db:
        _fill(db, there)
        by_sql = _median(lambda member: _query(db, member, there[member]), asked[:QUERIES])
    db.close()
    board = Board((member, amount, False) for member, amount in there.items())
    return _median(board.around, asked), by_sql


def _fill(db: sqlite3.Connection, there: dict[str, int]) -> None:
    db.execute("PRAGMA cache_size=-262144")  # all of it in memory: the query waits for no disk
    db.execute(_ROWS)
    db.executemany("INSERT INTO board VALUES (?, ?)", there.items())
    db.execute(_INDEX)
    db.commit()
    db.execute("ANALYZE")


def _query(db: sqlite3.Connection, member: str, amount: int) -> object:
    place = db.execute(_PLACE, (member,)).fetchone()
    return place, [db.execute(near, (amount, member)).fetchone() for near in (_BEFORE, _AFTER)]


def _median(look: Callable[[str], object], asked: list[str]) -> float:
    """Milliseconds."""
    seconds = []
    for member in asked:
        began = time.perf_counter()
        look(member)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1e3
