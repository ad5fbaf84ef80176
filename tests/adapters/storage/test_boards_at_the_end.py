"""The bot stops while boards are read: whoever waits behind that is told so, and nobody is left waiting."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from io import StringIO

import pytest

from adapters.storage.engines import database_file
from adapters.storage.store import Store
from bot.boardkeeper import Boardkeeper
from core.errors import StillReading
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import TEAM
from tests.adapters.storage.test_boards import BOOK, look, reading

A = f"{TEAM}/A"


def _served(store: Store) -> Callable[[str], Awaitable[object]]:
    served, week = store.communities.served["default"], reading(store, "points", "month")
    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "look": lambda: store.boards.look(served, week, A),
        "closed": lambda: store.boards.closed(served, week, A),
        "read": lambda: store.boards.read(served, week),
        "differences": lambda: store.boards.differences(served),
    }
    return lambda way: ways[way]()


async def busy(store: Store) -> None:
    """The boards' thread reads a large one, which nobody waits for."""
    with sqlite3.connect(database_file(store.url)) as beside:
        rows = ((f"{TEAM}/U{n}", n) for n in range(1, 20_001))
        beside.executemany("INSERT INTO score VALUES ('default', 738597, ?, 'posts', ?)", rows)
    store.boards.patience = 0.0
    with pytest.raises(StillReading):
        await look(store, "score", "all")
    store.boards.patience = 30.0


@pytest.mark.parametrize("way", ["look", "closed", "read", "differences"])
async def test_what_had_not_begun_when_the_bot_stops_is_still_being_read(opened: Open, way: str) -> None:
    store = await opened(BOOK)
    await busy(store)
    waiting = asyncio.ensure_future(_served(store)(way))
    late = _served(store)
    await asyncio.sleep(0.01)
    store.boards.close()
    with pytest.raises(StillReading):
        await asyncio.wait_for(waiting, 10)
    with pytest.raises(StillReading):
        await asyncio.wait_for(late(way), 10)


async def test_whoever_is_cancelled_is_not_told_that_it_is_still_being_read(opened: Open) -> None:
    store = await opened(BOOK)
    await busy(store)
    waiting = asyncio.ensure_future(_served(store)("read"))
    await asyncio.sleep(0.01)
    store.boards.close()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 10)


async def test_the_keeper_ends_without_a_fault(opened: Open, written: StringIO) -> None:
    store = await opened(BOOK)
    await busy(store)
    ticking = asyncio.ensure_future(Boardkeeper(store).tick())
    await asyncio.sleep(0.05)
    await store.close()
    await asyncio.wait_for(ticking, 10)
    assert "error" not in written.getvalue()
