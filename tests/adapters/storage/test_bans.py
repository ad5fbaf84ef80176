"""A ban takes back what the person earned until then; lifted, it gives it back. What they gave to others stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.verification import compare
from core.bans import ban_id
from core.events import Statement
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import HOUR, NOON, SECOND, TEAM, THREE, book, gone, mark, post
from tests.adapters.storage.test_links import MARKED

A, B, M = f"{TEAM}/A", f"{TEAM}/B", f"{TEAM}/M"
TEXT = THREE + MARKED[MARKED.index("[achievement") :]
BAN = Statement(TEAM, ban_id("B"), NOON, "member.banned", actor=M, target=B, reason="spam", by=M)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Any]:
    with closing(sqlite3.connect(tmp_path / "plaudit.db")) as db:
        yield lambda query: db.execute(query).fetchall()


HELD = "SELECT member, achievement FROM award WHERE state = 'awarded' ORDER BY 1, 2"
POINTS = "SELECT COALESCE(SUM(points), 0) FROM ledger"
LIFE = [
    *(post(n, "B") for n in range(3)),
    post(9),
    mark(9, "B", NOON - HOUR),
    mark(9, "C", NOON - HOUR),
]


async def test_what_was_earned_goes_with_the_reason_and_comes_back_when_the_ban_is_lifted(
    opened: Open, url: str, rows: Any, clock: Clock
) -> None:
    store = await opened(TEXT)
    await store.take(LIFE)
    assert rows(HELD) == [(A, "marked"), (B, "three")]
    await store.take([BAN])
    assert rows(HELD) == [(A, "marked")]
    assert rows("SELECT reason FROM award WHERE state = 'revoked'") == [("a moderator says: spam",)]
    assert rows(POINTS) == [(0,)]
    assert compare(url, [book(TEXT)], NOON) == []
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows(HELD) == [(A, "marked"), (B, "three")]
    assert rows(POINTS) == [(2,)]
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_marks_go_only_when_a_moderator_says_so(opened: Open, url: str, rows: Any, clock: Clock) -> None:
    store = await opened(TEXT)
    await store.take([*LIFE, BAN])
    clock.now += SECOND
    await store.take([replace(BAN, at=clock.now, facts={"marks": True})])
    assert rows(HELD) == []
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_said_twice_it_is_one_ban(opened: Open, url: str, rows: Any) -> None:
    store = await opened(TEXT)
    await store.take(LIFE)
    await store.take([BAN])
    before = rows("SELECT COUNT(*) FROM statement")
    await store.take([BAN, BAN])
    assert rows("SELECT COUNT(*) FROM statement") == before
    assert compare(url, [book(TEXT)], NOON) == []
