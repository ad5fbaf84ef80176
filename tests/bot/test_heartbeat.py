"""When nobody listened: noted once at the next start, for every community, and forgiven."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot.heartbeat import MINUTE, Heartbeat
from bot.verification import compare
from core.times import read_time, write_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, HEAD, book, post

STREAK = f"""{HEAD}
[achievement.four_days]
name = "Four days"
when = "message.posted"
streak = "day"
goal = 4
"""
NOON = read_time("2026-03-02T12:00:00Z")


class Place:
    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite+aiosqlite:///{folder / 'plaudit.db'}"
        self.clock = Clock(NOON)
        self.stores: list[Store] = []
        upgrade(self.url)

    async def process(self) -> Heartbeat:
        self.stores.append(await open_store(self.url, [book(STREAK)], self.clock))
        return Heartbeat(self.stores[-1])

    def outages(self) -> list[tuple[str, int]]:
        with sqlite3.connect(self.url.removeprefix("sqlite+aiosqlite:///")) as db:
            return db.execute("SELECT id, at FROM statement WHERE source = 'plaudit' ORDER BY seq").fetchall()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    place = Place(tmp_path)
    yield place
    for store in place.stores:
        await store.close()


async def test_the_first_start_was_preceded_by_nothing(place: Place) -> None:
    await (await place.process()).wake()
    assert place.outages() == []


async def test_a_quarter_of_an_hour_without_a_beat_is_noted_once(place: Place) -> None:
    first = await place.process()
    await first.wake()
    last = place.clock.now = NOON + 7 * MINUTE
    await first.beat()
    place.clock.now += 15 * MINUTE
    again = await place.process()
    await again.wake()
    assert place.outages() == [(f"deaf:{write_time(last)}", last)]
    await (await place.process()).wake()
    assert len(place.outages()) == 1


async def test_a_short_pause_is_none(place: Place) -> None:
    await (await place.process()).wake()
    place.clock.now += 15 * MINUTE - 1
    await (await place.process()).wake()
    assert place.outages() == []


async def test_another_process_that_listened_is_enough(place: Place) -> None:
    one, other = await place.process(), await place.process()
    await one.wake()
    place.clock.now += DAY
    await other.beat()
    place.clock.now += MINUTE
    await one.wake()
    assert place.outages() == []


async def test_a_beat_is_written_once_a_minute(place: Place) -> None:
    heart = await place.process()
    await heart.wake()
    for seconds in (20, 59, 60, 70):
        place.clock.now = NOON + seconds * MINUTE // 60
        await heart.beat()
    assert await place.stores[0].read("heartbeat") == str(NOON + MINUTE)


@pytest.mark.parametrize("deaf", [True, False])
async def test_a_streak_survives_days_on_which_nobody_listened(place: Place, deaf: bool) -> None:
    heart = await place.process()
    await heart.wake()
    store = place.stores[0]
    for day in (0, 1, 4, 5):
        place.clock.now = NOON + day * DAY
        if deaf and day == 4:
            heart = await place.process()
            await heart.wake()
        await store.take([post(day, at=place.clock.now)])
        await heart.beat()
    assert await store.holders("default") == ({"four_days": 1} if deaf else {})
    assert compare(place.url, [book(STREAK)], place.clock.now) == []
