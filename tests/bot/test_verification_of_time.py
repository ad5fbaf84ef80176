"""`plaudit verify` while the bot is stopped: what time brings meanwhile is no difference, and hides none."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from bot.verification import compare
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, NOON, SECOND, THREE, book, by_hand, post
from tests.databases import fresh

BOOK = book(
    THREE
    + """
[achievement.host]
name = "Host"
manual = "moderator"
lasts = "5 days"
points = 3
[achievement.lately]
name = "Lately"
when = "message.posted"
within = "3 days"
lasts = "while true"
points = 2
[achievement.waiting]
name = "Waiting"
when = "message.posted"
settle = "2 days"
points = 7
[achievement.crowned]
name = "Crowned"
needs = "waiting"
points = 11
[[level]]
name = "Regular"
at = 1
needs = "waiting"
"""
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    fresh(tmp_path)
    return tmp_path / "plaudit.db"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[Store]:
    """It is 18 March: B was made a host, and A has posted."""
    store = await open_store(address(file), [BOOK], Clock())
    await store.take([by_hand("grant.made", "host", "B", NOON - 9), post(0, "A", NOON - 8)])
    yield store
    await store.close()


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        return db.execute(query).fetchall()


@pytest.mark.parametrize("days", [1, 2, 4, 5, 400])
async def test_what_fell_due_while_the_bot_was_stopped_is_no_difference(store: Store, file: Path, days: int) -> None:
    await store.close()
    now = NOON + days * DAY
    assert compare(address(file), [BOOK], now) == []
    again = await open_store(address(file), [BOOK], Clock(now))
    assert compare(address(file), [BOOK], now) == []
    await again.settle()
    assert compare(address(file), [BOOK], now) == []
    await again.close()
    held = {row[0] for row in rows(file, "SELECT achievement FROM award WHERE state = 'awarded'")}
    assert held == {1: {"host", "lately"}, 2: {"host", "lately", "waiting", "crowned"}}.get(
        days, {"host", "waiting", "crowned"} if days < 5 else {"waiting", "crowned"}
    )


async def test_nor_is_it_where_part_of_it_was_decided_on_meanwhile(store: Store, file: Path) -> None:
    """As an import does, which waits for nothing. C was away, is back, and is away again before anybody looks."""
    await store.take([post(3, "C", NOON - 30 * DAY)])
    await store.close()
    now = NOON + 4 * DAY
    late = await open_store(address(file), [BOOK], Clock(now))
    await late.take([post(1, "A", now - SECOND), post(2, "C", now - SECOND)])
    assert compare(address(file), [BOOK], now) == []
    assert compare(address(file), [BOOK], now + 9 * DAY) == []
    await late.settle()
    assert compare(address(file), [BOOK], now) == []
    await late.close()


CHANGES = {
    "UPDATE award SET evidence = 4 WHERE achievement = 'host'": "host of slack:T1/B (2026-03-18T11:59:59.999991+00:00",
    "DELETE FROM award WHERE achievement = 'waiting'": "the log supports waiting of slack:T1/A",
    "UPDATE score SET amount = 7": "score of slack:T1/C is 7, the log gives 1",
    "UPDATE ledger SET points = 20 WHERE member = 'slack:T1/C'": "points of slack:T1/C is 40, the log gives 18",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_while_something_waits_a_change_behind_our_back_is_found(store: Store, file: Path, change: str) -> None:
    """C posted a month ago: nothing of theirs waits."""
    await store.take([post(2, "C", NOON - 30 * DAY)])
    await store.close()
    rows(file, change)
    assert CHANGES[change] in "\n".join(compare(address(file), [BOOK], NOON + 3 * DAY))


async def test_an_award_for_which_no_alarm_is_set_is_found_once_it_is_over(store: Store, file: Path) -> None:
    await store.close()
    rows(file, "DELETE FROM wake WHERE achievement = 'host'")
    late = await open_store(address(file), [BOOK], Clock(NOON + 6 * DAY))
    await late.settle()
    assert "host of slack:T1/B" in "\n".join(compare(address(file), [BOOK], NOON + 6 * DAY))
    await late.close()
