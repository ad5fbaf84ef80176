"""A process with boards in memory is killed with -9: the next one says what the table says."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path

from adapters.storage.engines import database_file
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.test_boards import BOOK, lines
from tests.databases import fresh

ROOT = Path(__file__).resolve().parents[3]
ACKNOWLEDGED = 12
LIFE = """
import asyncio, sys
from adapters.storage.store import open_store
from tests.adapters.storage.said import NOON, book, post
from tests.adapters.storage.test_boards import BOOK, lines

async def live() -> None:
    store = await open_store(sys.argv[1], [book(BOOK)], lambda: NOON)
    for n in range(10_000):
        await store.take([post(n, "ABC"[n % 3])])
        await lines(store, "score", "week")
        print(n, flush=True)

asyncio.run(live())
"""


async def test_after_kill_9_the_board_equals_the_score_table(tmp_path: Path, opened: Open) -> None:
    url = fresh(tmp_path)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LIFE, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    for _ in range(ACKNOWLEDGED):
        await asyncio.wait_for(child.stdout.readline(), 30)
    child.kill()
    await asyncio.wait_for(child.wait(), 30)
    store = await opened(BOOK)
    board = await lines(store, "score", "week")
    with sqlite3.connect(database_file(url)) as db:
        table = dict(db.execute("SELECT member, SUM(amount) FROM score WHERE rule = 'posts' GROUP BY member"))
    assert {f"slack:T1/{key}": amount for _, key, amount in board} == table
    assert sum(table.values()) >= ACKNOWLEDGED
