"""Periods of boards are closed once, stay as they were, and say where late facts would have changed them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.departures import depart
from adapters.storage.engines import database_file
from adapters.storage.store import Store, open_store
from bot.arrears import LONGEST
from bot.boardkeeper import CATCHING_UP, Boardkeeper
from bot.verification import compare
from core.boards import Reading, ended
from core.events import Statement
from core.ports import Person
from core.records import Shown
from core.times import read_time
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, TEAM, book, chose, post
from tests.databases import fresh

BOOK = f"""{HEAD}[score.posts]
when = "message.posted"
give = 1
[board.posts]
name = "Posts"
period = ["week", "all"]
[board.spring]
name = "Spring"
season = "spring"
[season.spring]
name = "Spring"
yearly = ["03-01", "03-14"]
"""
LAST_WEEK = NOON - 7 * DAY  # a Wednesday
CLOSED = read_time("2026-03-18T23:00:00Z")  # three days after Monday, 00:00 in Berlin


class Hall:
    """Processes on one file, each with its keeper."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = Clock(LAST_WEEK)
        self.stores: list[Store] = []

    async def opened(self, text: str = BOOK) -> tuple[Store, Boardkeeper]:
        store = await open_store(self.url, [book(text)], self.clock)
        self.stores.append(store)
        return store, Boardkeeper(store)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(database_file(self.url)) as db:
            return list(db.execute(query))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    here = Hall(fresh(tmp_path))
    yield here
    for store in here.stores:
        await store.close()


async def last(store: Store, board: str = "posts", period: str = "week", member: str = "A") -> Shown | None:
    served = store.communities.served["default"]
    plan = served.plan
    rule = plan.book.boards[board]
    found = next(ended(rule, period, plan.book, plan.calendar, store.now()))
    return await store.boards.closed(served, Reading(board, rule, found, plan.calendar), f"{TEAM}/{member}")


def listed(shown: Shown | None) -> list[tuple[int, str, int]]:
    assert shown is not None
    return [(s.place, s.key.removeprefix(f"{TEAM}/"), s.amount) for tied in shown.view.top for s in tied.shown]


async def lively(store: Store) -> None:
    await store.meet([Person(f"{TEAM}/{user}", user) for user in "ABC"])
    await store.take([post(n, user, LAST_WEEK + n) for n, user in enumerate("AABBBC")])


async def test_a_period_is_closed_once_its_late_facts_are_in_and_stays(hall: Hall) -> None:
    store, keeper = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED - HOUR
    await keeper.tick()
    assert await last(store) is None
    hall.clock.now = CLOSED
    await keeper.tick()
    assert listed(await last(store)) == [(1, "B", 3), (2, "A", 2), (3, "C", 1)]
    assert listed(await last(store, "spring", "season")) == [(1, "B", 3), (2, "A", 2), (3, "C", 1)]
    await store.take([post(n, "C", LAST_WEEK + n) for n in range(10, 20)])
    hall.clock.now += HOUR
    await keeper.tick()
    assert listed(await last(store)) == [(1, "B", 3), (2, "A", 2), (3, "C", 1)]


async def test_however_many_processes_try_it_is_stored_once(hall: Hall) -> None:
    store, keeper = await hall.opened()
    await lively(store)
    _, other = await hall.opened()
    hall.clock.now = CLOSED
    await asyncio.gather(keeper.tick(), other.tick())
    assert hall.rows("SELECT board, period, name, listed FROM snapshot ORDER BY 1") == [
        ("posts", "week", "2026-W11", 3),
        ("spring", "season", "2026", 3),
    ]
    assert hall.rows("SELECT COUNT(*) FROM standing") == [(6,)]


async def test_late_facts_are_noted_once_and_change_nothing(hall: Hall) -> None:
    store, keeper = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED
    await keeper.tick()
    served = store.communities.served["default"]
    assert await keeper.compare(served) == []
    await store.take([chose("A", CLOSED, boards="hidden")])  # that is no late fact
    assert await keeper.compare(served) == []
    await store.take([post(9, "C", LAST_WEEK)])
    hall.clock.now += DAY
    await keeper.tick()
    assert sorted(hall.rows("SELECT what, about FROM act WHERE what = 'board.differs'")) == [
        ("board.differs", "board posts 2026-W11"),
        ("board.differs", "board spring 2026"),
    ]
    assert await keeper.compare(served) == []
    shown = await last(store, member="C")
    assert listed(shown) == [(1, "B", 3), (3, "C", 1)]
    assert shown is not None
    assert shown.closed is not None
    assert shown.closed.differs_at == hall.clock.now


async def test_who_hides_or_is_erased_later_is_not_shown_and_others_keep_their_place(hall: Hall) -> None:
    store, keeper = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED
    await keeper.tick()
    await depart(store, f"{TEAM}/B")
    assert listed(await last(store)) == [(2, "A", 2), (3, "C", 1)]
    assert [s.key for s in (await last(store)).view.near] == [f"{TEAM}/A", f"{TEAM}/C"]  # type: ignore[union-attr] # it is closed
    assert hall.rows(f"SELECT COUNT(*) FROM standing WHERE member = '{TEAM}/B'") == [(0,)]  # noqa: S608 - ours
    await store.take([chose("A", CLOSED, boards="anonymous")])
    shown = await last(store, member="C")
    assert shown is not None
    assert [s.anonymous for tied in shown.view.top for s in tied.shown] == [True, False]


async def test_who_hides_by_an_account_that_was_linked_later_is_not_shown(hall: Hall) -> None:
    other = "discord:9/5"
    store, keeper = await hall.opened(BOOK.replace("[community]", f'[community]\nsources = ["{TEAM}", "discord:9"]'))
    await lively(store)
    hall.clock.now = CLOSED
    await keeper.tick()
    await store.take([Statement("moderator", "link:A", CLOSED, "member.linked", actor=other, target=f"{TEAM}/A")])
    shown = await last(store, member="C")
    assert shown is not None
    assert [s.key for tied in shown.view.top for s in tied.shown] == [f"{TEAM}/B", other, f"{TEAM}/C"]
    await store.take([chose("A", CLOSED + HOUR, boards="anonymous")])
    shown = await last(store, member="C")
    assert shown is not None
    assert [s.anonymous for tied in shown.view.top for s in tied.shown] == [False, True, False]
    await store.take([chose("A", CLOSED + 2 * HOUR, boards="hidden")])
    assert listed(await last(store)) == [(1, "B", 3), (3, "C", 1)]


async def test_after_a_stop_what_was_missed_is_caught_up_before_a_time_is_closed(hall: Hall) -> None:
    store, _ = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED + HOUR
    keeper = Boardkeeper(store, hall.clock.now)
    await keeper.tick()
    await store.take([post(n, "C", LAST_WEEK + n) for n in range(10, 13)])
    hall.clock.now += CATCHING_UP - 1
    await keeper.tick()
    assert await last(store) is None
    hall.clock.now += 1
    await keeper.tick()
    assert listed(await last(store)) == [(1, "C", 4), (2, "B", 3), (3, "A", 2)]


async def test_no_time_is_closed_before_all_is_read(hall: Hall) -> None:
    store, _ = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED + HOUR
    read: list[bool] = []
    keeper = Boardkeeper(store, 0, lambda: bool(read))
    await keeper.tick()
    assert await last(store) is None
    read.append(True)
    await keeper.tick()
    assert await last(store) is not None


async def test_a_time_is_closed_without_a_platform_that_stays_away(hall: Hall) -> None:
    store, _ = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED + HOUR
    keeper = Boardkeeper(store, 0, lambda: False)
    await keeper.tick()
    hall.clock.now += LONGEST - 1
    await keeper.tick()
    assert await last(store) is None
    hall.clock.now += 1
    await keeper.tick()
    assert await last(store) is not None


async def test_what_was_missed_is_closed_and_what_was_before_the_bot_is_not(hall: Hall) -> None:
    store, keeper = await hall.opened()
    await lively(store)
    hall.clock.now = CLOSED + 14 * DAY
    found = await keeper.close(store.communities.served["default"])
    assert [(board, w.name) for board, w in found] == [("posts", "2026-W13"), ("spring", "2026")]
    hall.clock.now += 21 * DAY
    found = await keeper.close(store.communities.served["default"])
    assert [w.name for _, w in found] == ["2026-W14", "2026-W15", "2026-W16"]


async def test_what_counts_for_boards_is_what_the_log_gives(hall: Hall) -> None:
    text = BOOK + '[signal.long]\nwhen = "message.posted"\neach = "message"\nwhere.length.at_least = 5\n'
    store, _ = await hall.opened(text + '[board.long]\nname = "Long"\nof = "signal:long"\n')
    await store.take([post(n, "A", LAST_WEEK + n, length=n) for n in range(10)])
    assert hall.rows("SELECT rule, amount FROM score ORDER BY 1") == [("posts", 10), ("signal:long", 5)]
    assert compare(hall.url, [s.plan.book for s in store.communities.served.values()], NOON) == []
    with sqlite3.connect(database_file(hall.url)) as db:
        db.execute("UPDATE score SET amount = 4 WHERE rule = 'signal:long'")
    books = [s.plan.book for s in store.communities.served.values()]
    said = "default: board number of slack:T1/A (signal:long) is 4, the log gives 5"
    assert compare(hall.url, books, NOON) == [said]
