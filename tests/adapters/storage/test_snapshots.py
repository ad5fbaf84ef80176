"""A closed period says once that late facts would have changed it, however many processes see it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from adapters.storage.engines import database_file
from adapters.storage.snapshots import last, note_difference, open_ones
from core.boards import Window
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import HEAD, NOON

WEEK = Window("week", 739_000, 739_006, "2024-W16")
CLOSED = """
INSERT INTO snapshot VALUES ('default', 'posts', 'week', '2024-W16', 739000, 739006, 1, ?, 'score: 1 1 1', NULL)
"""


async def test_a_difference_is_noted_by_whoever_sees_it_first(opened: Open, url: str) -> None:
    store = await opened(HEAD)
    with closing(sqlite3.connect(database_file(url))) as db, db:
        db.execute(CLOSED, (NOON,))
    assert await store.look(lambda db: open_ones(db, "default", NOON - 1)) == [("posts", WEEK, "score: 1 1 1")]
    found = [await store.perform(lambda db: note_difference(db, "default", "posts", WEEK, NOON + 1)) for _ in range(2)]
    assert found == [True, False]
    with closing(sqlite3.connect(database_file(url))) as db:
        assert db.execute("SELECT what, about FROM act").fetchall() == [("board.differs", "board posts 2024-W16")]
        assert db.execute("SELECT differs_at FROM snapshot").fetchall() == [(NOON + 1,)]
    assert await store.look(lambda db: open_ones(db, "default", NOON - 1)) == []
    assert await store.look(lambda db: last(db, "default", "posts", "week")) == "2024-W16"
    assert await store.look(lambda db: last(db, "default", "posts", "month")) is None


async def test_what_was_closed_long_ago_is_not_looked_at(opened: Open, url: str) -> None:
    store = await opened(HEAD)
    with closing(sqlite3.connect(database_file(url))) as db, db:
        db.execute(CLOSED, (NOON,))
    assert await store.look(lambda db: open_ones(db, "default", NOON)) == []
