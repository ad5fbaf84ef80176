"""What is acknowledged is on disk; what the database refuses, nobody is told it took."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from adapters.storage.communities import Communities
from adapters.storage.engines import database_file
from adapters.storage.store import Store
from adapters.storage.writer import BUSY, MOMENT, Writer
from bot.verification import compare
from core.errors import StorageUnavailable
from core.plan import Plan, compile_plan
from core.serving import LIVE, Served
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, NOON, THREE, book, by_hand, chose, gone, mark, post

LOCK = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
"""


def ids(url: str) -> list[str]:
    with sqlite3.connect(database_file(url)) as db:
        return [row[0] for row in db.execute("SELECT id FROM statement ORDER BY seq")]


def parked(url: str) -> list[tuple[str, str]]:
    with sqlite3.connect(database_file(url)) as db:
        return db.execute("SELECT json_extract(statement, '$.id'), reason FROM inbox WHERE state = 'parked'").fetchall()


def unlucky(plan: Plan) -> Plan:
    """The same plan, in which looking at a post of 13 characters goes wrong."""

    def where(get: Callable[[str], object]) -> bool:
        if get("length") == 13:
            raise ArithmeticError("thirteen")
        return True

    changed = {c.key: replace(c, where=where) for c in plan.order}
    return replace(
        plan,
        order=tuple(changed.values()),
        by_type={type_: tuple(changed[c.key] for c in found) for type_, found in plan.by_type.items()},
        scores=tuple(changed[c.key] for c in plan.scores),
    )


PARKED = "parked, not decided: 1 (ArithmeticError: thirteen); restart the bot to try again, and report it"


@pytest.fixture
async def writer(url: str, clock: Clock) -> AsyncIterator[Writer]:
    plan = unlucky(compile_plan(book(THREE)))
    writer = Writer(url, {"default": Served(plan)}, clock)
    writer.start()
    yield writer
    await writer.close()


async def test_what_comes_at_once_shares_commits(writer: Writer, url: str) -> None:
    before = writer.commits
    fates = await asyncio.gather(*(writer.take("default", [post(n)], LIVE) for n in range(300)))
    assert fates == [[None]] * 300
    assert len(ids(url)) == 300
    assert writer.commits - before < 100


async def test_after_a_full_batch_what_trickles_in_goes_together_and_nobody_waits_for_long(
    writer: Writer, url: str
) -> None:
    await writer.take("default", [post(n) for n in range(BUSY)], LIVE)
    before, waiting = writer.commits, []
    for n in range(BUSY, BUSY + 5):
        waiting.append(asyncio.create_task(writer.take("default", [post(n)], LIVE)))
        await asyncio.sleep(MOMENT / 3)
    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [[None]] * 5
    assert writer.commits - before < 5
    assert await asyncio.wait_for(writer.take("default", [post(9_999)], LIVE), 5) == [None]
    assert len(ids(url)) == BUSY + 6


async def commits_of_two(writer: Writer, first: int) -> int:
    """How often it commits for two statements that come a little apart, after a full batch and some quiet."""
    await writer.take("default", [post(n) for n in range(first, first + BUSY)], LIVE)
    await asyncio.sleep(5 * MOMENT)
    before, waiting = writer.commits, []
    for n in (first + BUSY, first + BUSY + 1):
        waiting.append(asyncio.create_task(writer.take("default", [post(n)], LIVE)))
        await asyncio.sleep(MOMENT / 3)
    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [[None]] * 2
    return writer.commits - before


async def test_the_first_after_a_full_batch_waits_a_moment_for_the_next(writer: Writer) -> None:
    found = 0
    for n in range(10):  # a busy machine may let the moment pass, but not ten times
        found = await commits_of_two(writer, n * (BUSY + 2))
        if found == 1:
            break
    assert found == 1


@pytest.mark.parametrize("together", [True, False], ids=["in one delivery", "in one commit"])
async def test_only_the_statement_that_cannot_be_decided_is_parked(writer: Writer, url: str, together: bool) -> None:
    said = [post(n, length=13 if n == 2 else 5) for n in range(5)]
    if together:
        assert await writer.take("default", said, LIVE) == [None] * 5
    else:
        assert await asyncio.gather(*(writer.take("default", [s], LIVE) for s in said)) == [[None]] * 5
    assert ids(url) == [s.id for s in said if s is not said[2]]
    assert parked(url) == [(said[2].id, "ArithmeticError: thirteen")]
    assert compare(url, [book(THREE)], NOON) == [PARKED]


async def test_a_parked_statement_is_decided_after_an_update(writer: Writer, url: str, opened: Open) -> None:
    await writer.take("default", [post(n, length=13 if n == 2 else 5) for n in range(3)], LIVE)
    store = await opened(THREE)  # with rules that can be decided
    await store.retry_parked()
    assert parked(url) == []
    assert await store.holders("default") == {"three": 1}
    assert compare(url, [book(THREE)], NOON) == []
    await store.retry_parked()
    assert len(ids(url)) == 3


async def test_what_cannot_be_decided_again_stays_parked(writer: Writer, url: str, clock: Clock) -> None:
    await writer.take("default", [post(2, length=13)], LIVE)
    store = Store(url, Communities({"default": Served(unlucky(compile_plan(book(THREE))))}), writer, clock)
    await store.retry_parked()
    assert parked(url) == [(post(2).id, "ArithmeticError: thirteen")]


async def test_a_parked_statement_is_not_parked_twice(writer: Writer, url: str) -> None:
    for _ in range(3):
        await writer.take("default", [post(1, length=13)], LIVE)
    assert len(parked(url)) == 1


async def test_a_full_database_refuses_and_recovers(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(0)])
    pages = await store.perform(lambda db: int(db.exec_driver_sql("PRAGMA page_count").scalar_one()))
    await store.perform(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}").scalar_one())
    taken = 1

    async def fill() -> None:
        nonlocal taken
        for n in range(1, 500):
            await store.take([post(n, title="x" * 500)])
            taken += 1

    with pytest.raises(StorageUnavailable, match="full"):
        await fill()
    assert store.trouble is not None
    assert "full; make room on its disk" in store.trouble
    assert len(ids(url)) == taken
    await store.perform(lambda db: db.exec_driver_sql("PRAGMA max_page_count = 1000000").scalar_one())
    result = await store.take([post(n) for n in range(1_000, 1_010)])
    assert (result.new, store.trouble) == (10, None)
    assert compare(url, [book(THREE)], NOON) == []


async def test_a_lock_from_outside_is_refused_soon_and_nothing_is_lost(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(0)])
    outside = subprocess.Popen(  # noqa: ASYNC220 - it is started in a moment, and waited for in a thread
        [sys.executable, "-c", LOCK, database_file(url)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert outside.stdout is not None
        assert await asyncio.wait_for(asyncio.to_thread(outside.stdout.readline), 10) == b"locked\n"
        began = time.monotonic()
        with pytest.raises(StorageUnavailable, match="locked"):
            await store.take([post(1)])
        assert time.monotonic() - began < 2.9
        assert "locked" in (store.trouble or "")
    finally:
        outside.communicate(b"\n", timeout=10)
    assert (await store.take([post(1), post(2)])).new == 2
    assert store.trouble is None
    assert compare(url, [book(THREE)], NOON) == []


async def test_two_stores_on_one_file_see_each_others_progress(opened: Open, url: str) -> None:
    one, other = await opened(THREE), await opened(THREE)
    for n, store in enumerate([one, other, one, other, one, other]):
        await store.take([post(n)])
    assert compare(url, [book(THREE)], NOON) == []
    assert await one.holders("default") == {"three": 1}


async def test_what_a_signal_counted_survives_a_restart(opened: Open, url: str) -> None:
    rules = f"""{HEAD}
[signal.good]
when = "reaction.added"
credit = "author"
each = "message"
[achievement.helper]
name = "Helper"
when = "good"
goal = 3
"""
    for n in range(3):
        store = await opened(rules)
        await store.take([mark(n, "B", NOON)])
        await store.close()
    assert compare(url, [book(rules)], NOON) == []


async def test_a_choice_beside_a_parked_statement_counts(writer: Writer, url: str) -> None:
    await writer.take("default", [post(n) for n in range(3)], LIVE)
    await writer.take("default", [chose("A", NOON - 2 * DAY, tracking="off"), post(9, "B", length=13)], LIVE)
    assert compare(url, [book(THREE)], NOON) == [PARKED]


async def test_a_choice_told_to_another_process_is_known_here(opened: Open, url: str) -> None:
    one, other = await opened(THREE), await opened(THREE)
    await one.take([post(0)])
    await other.take([chose("A", NOON - 2 * DAY, tracking="off")])
    await one.take([post(n) for n in range(1, 5)])
    assert compare(url, [book(THREE)], NOON) == []


async def test_a_revocation_told_to_another_process_is_known_here(opened: Open, url: str) -> None:
    one, other = await opened(THREE), await opened(THREE)
    await one.take([post(0)])
    await other.take([by_hand("award.revoked", "three", "A", NOON)])
    await one.take([post(n) for n in range(1, 4)])
    assert compare(url, [book(THREE)], NOON) == []


async def test_a_withdrawal_told_to_another_process_is_known_here(opened: Open, url: str) -> None:
    one, other = await opened(THREE), await opened(THREE)
    await one.take([post(0), post(1)])
    await other.take([gone(post(0), NOON)])
    await one.take([post(2)])
    assert await one.holders("default") == {}
    assert compare(url, [book(THREE)], NOON) == []
