"""Boards that cannot be read just now, and what else is read from their tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from adapters.storage.amounts import Amounts
from adapters.storage.boards import Live
from adapters.storage.engines import database_file
from adapters.storage.overview import overview
from adapters.storage.reading import reading as read_beside
from adapters.storage.store import Store
from core.errors import StillReading
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import NOON, TEAM, mark, post
from tests.adapters.storage.test_boards import BOOK, look, reading

A, B = f"{TEAM}/A", f"{TEAM}/B"


def amounts(store: Store, db: sqlite3.Connection) -> Amounts:
    return Amounts(db, "default", reading(store, "score", "week"), store.communities.served["default"].people)


async def test_members_that_could_not_be_read_are_read_the_next_time(opened: Open) -> None:
    store = await opened(BOOK)
    await store.take([post(1, "A")])
    with closing(sqlite3.connect(database_file(store.url))) as db:
        live = Live(amounts(store, db))
        await store.take([post(2, "B")])
        live.stale.add(B)
        gone = sqlite3.connect(database_file(store.url))
        gone.close()
        with pytest.raises(sqlite3.Error):
            live.refresh(amounts(store, gone))
        assert live.board.amounts() == {A: 1}
        live.refresh(amounts(store, db))
        assert live.board.amounts() == {A: 1, B: 1}


async def test_a_closed_period_is_not_waited_for_behind_a_board_that_takes_long(opened: Open) -> None:
    store = await opened(BOOK)
    served = store.communities.served["default"]
    store.boards.patience = 0.0
    with pytest.raises(StillReading):
        await store.boards.closed(served, reading(store, "score", "week"), A)
    store.boards.patience = 30.0
    assert await store.boards.closed(served, reading(store, "score", "week"), A) is None
    assert (await look(store, "score", "week")).view.listed == 0


async def test_the_overview_adds_up_scores_and_no_numbers_of_boards(opened: Open) -> None:
    store = await opened(BOOK)
    await store.take([post(1, "A"), mark(1, "B", NOON)])
    with read_beside(store.url) as histories:
        assert overview(histories("default")).scores == ((A, 1),)
