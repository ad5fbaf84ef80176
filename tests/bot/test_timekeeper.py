"""The clock speaks once, however many processes listen: what is due, what was missed, and nothing that no rule asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from bot.timekeeper import Timekeeper
from bot.verification import compare
from core.events import Statement
from core.times import read_time, write_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, TEAM, book, gone, post
from tests.databases import fresh

SINCE = read_time("2024-03-19T10:00:00Z")
YEARS = HEAD + '[achievement.years]\nname = "Years"\nwhen = "member.anniversary"\nbest = "years"\n'
YEARS += "tiers = { One = 1, Two = 2 }\n"
WITH_DAYS = YEARS + '[achievement.days]\nname = "Days"\nwhen = "member.milestone"\nwhere.days = 100\n'
OLD = HEAD + '[achievement.old]\nname = "Old"\nwhen = "message.aged"\nwhere.age.at_least = "30 days"\n'
ROOMS = '[channels]\nannouncements = { slack = "#wins", discord = "#wins" }\n'


def joined(user: str = "A", at: int = SINCE) -> Statement:
    return Statement(TEAM, f"member:{user}", at, "member.joined", actor=f"{TEAM}/{user}")


class Hall:
    """Processes on one file."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = Clock()
        self.text = ""
        self.stores: list[Store] = []

    async def process(self, text: str) -> tuple[Store, Timekeeper]:
        self.text = text
        store = await open_store(self.url, [book(text)], self.clock)
        self.stores.append(store)
        return store, Timekeeper(store, page=500)

    async def said(self) -> list[tuple[str, str]]:
        query = "SELECT id, at FROM statement WHERE source = 'clock' ORDER BY at, id"
        rows = await self.stores[0].look(lambda db: db.exec_driver_sql(query).all())
        return [(str(row[0]).replace(TEAM, ""), write_time(row[1])) for row in rows]

    async def sent(self) -> list[tuple[str, str, str]]:
        """Where something was told: source, channel, beside which message."""
        query = "SELECT source, destination ->> '$.channel', destination ->> '$.message' FROM outbox ORDER BY id"
        rows = await self.stores[0].look(lambda db: db.exec_driver_sql(query).all())
        return [(row[0], row[1], row[2]) for row in rows]

    async def count(self, table: str) -> int:
        query = f"SELECT COUNT(*) FROM {table}"  # noqa: S608 - a name from this file
        return int(await self.stores[0].look(lambda db: db.exec_driver_sql(query).scalar_one()))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    url = fresh(tmp_path)
    hall = Hall(url)
    yield hall
    await hall.stores[0].settle()
    assert compare(url, [book(hall.text)], hall.clock()) == []
    for store in hall.stores:
        await store.close()


async def test_what_was_missed_is_said_at_the_start_and_what_comes_within_the_hour(hall: Hall) -> None:
    store, keeper = await hall.process(YEARS)
    await store.take([joined()])
    await keeper.tick()
    assert await hall.said() == [("anniversary:/A:1", "2025-03-19T10:00:00Z")]
    assert await hall.count("award") == 1
    hall.clock.now = read_time("2026-03-19T09:59:59Z")
    await keeper.tick()
    assert len(await hall.said()) == 1
    hall.clock.now = read_time("2026-03-19T10:00:01Z")
    await keeper.tick()
    assert (await hall.said())[1:] == [("anniversary:/A:2", "2026-03-19T10:00:00Z")]
    assert await hall.count("award") == 2


async def test_many_processes_and_restarts_say_it_once(hall: Hall) -> None:
    (store, one), (_, two) = await hall.process(YEARS), await hall.process(YEARS)
    await store.take([joined(), joined("B", SINCE + DAY)])
    await asyncio.gather(one.tick(), two.tick())
    _, three = await hall.process(YEARS)
    await three.tick()
    await three.speak("default")
    assert [id_ for id_, _ in await hall.said()] == ["anniversary:/A:1", "anniversary:/B:1"]


async def test_a_new_book_is_asked_at_once(hall: Hall) -> None:
    store, keeper = await hall.process(YEARS)
    await store.take([joined(at=NOON - 101 * DAY)])
    await keeper.tick()
    assert await hall.said() == []
    _, later = await hall.process(WITH_DAYS)
    await later.tick()
    assert await hall.said() == [("milestone:/A:100 days", write_time(NOON - DAY))]


async def test_who_left_has_no_more_anniversaries_and_keeps_those_that_were(hall: Hall) -> None:
    store, keeper = await hall.process(YEARS)
    await store.take([joined()])
    await keeper.tick()
    await store.take([gone(joined(), hall.clock() + 1)])
    hall.clock.now += 400 * DAY
    await keeper.tick()
    assert len(await hall.said()) == 1
    assert await hall.count("award WHERE state = 'awarded'") == 1


async def test_what_was_missed_for_more_than_a_week_is_not_told_aloud(hall: Hall) -> None:
    store, keeper = await hall.process(YEARS + ROOMS)
    await store.take([joined(), joined("B", SINCE - 8 * DAY), joined("C", SINCE - 6 * DAY)])
    await keeper.tick()
    assert await hall.count("award") == 5
    assert await hall.count("outbox WHERE cause LIKE 'award:slack:T1/C:years:Two:%'") == 1
    assert await hall.sent() == [(TEAM, "#wins", None)]


async def test_an_old_message_is_honoured_where_it_stands(hall: Hall) -> None:
    store, keeper = await hall.process(OLD)
    await store.take([post(1, at=NOON - 31 * DAY, channel_id="C1")])
    await keeper.tick()
    assert await hall.sent() == [(TEAM, "C1", "1")]


async def test_messages_grow_old_a_page_at_a_time(hall: Hall) -> None:
    store, keeper = await hall.process(OLD)
    old = [post(n, at=NOON - 40 * DAY + n) for n in range(1_100)]
    await store.take([*old, post(2_000, at=NOON - 30 * DAY + HOUR), post(2_001, at=NOON), gone(old[0], NOON)])
    await keeper.tick()
    assert len(await hall.said()) == 1_099
    hall.clock.now += HOUR
    await keeper.tick()
    assert (await hall.said())[-1] == ("aged:2592000:/message:C1/2000", write_time(NOON + HOUR))
    await keeper.speak("default")
    assert len(await hall.said()) == 1_100


async def test_nothing_is_said_that_no_rule_asks_for(hall: Hall) -> None:
    store, keeper = await hall.process(HEAD + '[achievement.x]\nname = "X"\nwhen = "message.posted"\n')
    await store.take([joined(), post(1, at=NOON - 400 * DAY)])
    await keeper.tick()
    assert await hall.said() == []
