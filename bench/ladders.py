"""Opening a book that brings levels to a million members with a score: beside writing as many rows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.storage.store import open_store
from adapters.storage.upgrade import upgrade
from bench.boards import amounts
from core.rules.book import RuleBook
from core.rules.loading import load

MEMBERS = 1_000_000
DAY = 739_000
_BOOK = """
rules = 1
[score.posts]
when = "message.posted"
give = 1
"""
_LEVELS = """
[[level]]
name = "Newcomer"
at = 1
[[level]]
name = "Regular"
at = 20
[[level]]
name = "Pillar"
at = 100
"""
_SCORE = "INSERT INTO score (community, day, member, rule, amount) VALUES ('default', ?, ?, 'posts', ?)"
_FLOOR = "CREATE TABLE level (member TEXT, name TEXT, since INT, PRIMARY KEY (member, name)) WITHOUT ROWID"


async def climb(folder: Path, members: int = MEMBERS) -> tuple[float, float]:
    """Seconds until a new book with levels is open, and those that inserting the same levels into a file takes."""
    there = amounts(members)
    url = f"sqlite+aiosqlite:///{folder / 'plaudit.db'}"
    upgrade(url)
    await _opened(url, load(_BOOK, "rules.toml"))
    with sqlite3.connect(folder / "plaudit.db") as db:
        db.executemany(_SCORE, ((DAY, member, amount) for member, amount in there.items()))
    db.close()
    ours = await _opened(url, load(_BOOK + _LEVELS, "rules.toml"))
    steps = [(member, name) for member, amount in sorted(there.items()) for name in _held(amount)]
    return ours, _floor(folder, steps)


async def _opened(url: str, book: RuleBook) -> float:
    """Seconds until it is open."""
    began = time.perf_counter()
    store = await open_store(url, [book], lambda: time.time_ns() // 1_000)
    taken = time.perf_counter() - began
    await store.close()
    return taken


def _held(amount: int) -> list[str]:
    return [name for name, at in (("Newcomer", 1), ("Regular", 20), ("Pillar", 100)) if amount >= at]


def _floor(folder: Path, steps: Sequence[tuple[str, str]]) -> float:
    with sqlite3.connect(folder / "floor.db") as db:
        db.execute(_FLOOR)
        began = time.perf_counter()
        db.executemany("INSERT INTO level VALUES (?, ?, 0)", steps)
        db.commit()
        taken = time.perf_counter() - began
    db.close()
    return taken
