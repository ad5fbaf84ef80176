"""Durable, evaluated events a second, with so many waiting for their acknowledgement at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bench.workload import SPAN, START, book
from bot.runner import control_collector
from core.events import ASSERT, WITHDRAW, Statement
from core.rules.book import RuleBook
from core.serving import Mode

LIVE = Mode(recall=True)
MOST = 2_000


def now() -> int:
    return START + SPAN + 1


async def opened(folder: Path, name: str, rules: RuleBook) -> Store:
    url = f"sqlite+aiosqlite:///{folder / name}.db"
    upgrade(url)
    store = await open_store(url, [rules], now)
    control_collector()
    return store


async def throughput(folder: Path, statements: list[Statement], outstanding: int, rules: RuleBook) -> float:
    """Events a second."""
    store = await opened(folder, f"w{outstanding}-{len(rules.achievements)}", rules)
    seconds = await _bring(store, statements, outstanding)
    await store.close()
    return len(statements) / seconds


async def _bring(store: Store, statements: Iterable[Statement], outstanding: int) -> float:
    """Seconds until the last one is acknowledged."""
    waiting: deque[asyncio.Task[object]] = deque()
    began = time.perf_counter()
    for statement in statements:
        waiting.append(asyncio.create_task(store.take([statement], LIVE)))
        if len(waiting) >= outstanding:
            await waiting.popleft()
    while waiting:
        await waiting.popleft()
    return time.perf_counter() - began


async def withdrawals(folder: Path, statements: list[Statement], count: int) -> tuple[float, float]:
    """Milliseconds that a withdrawal takes, and those of an assertion: the latest are said, then some are taken back.

    What falls with a deleted message counts as part of its deletion.
    """
    said = [s for s in statements if s.op == ASSERT]
    before, latest = said[: -2 * count], said[-2 * count :]
    store = await opened(folder, "withdraw", book())
    await _bring(store, before, MOST)
    asserting = await _bring(store, latest, MOST)
    gone = random.Random(1).sample(latest, count)
    withdrawing = await _bring(store, (Statement(s.source, s.id, now(), op=WITHDRAW) for s in gone), MOST)
    await store.close()
    return withdrawing / len(gone) * 1e3, asserting / len(latest) * 1e3


async def acknowledgements(folder: Path, statements: list[Statement], per_second: int) -> list[float]:
    """Seconds from arrival to acknowledgement, at a steady rate."""
    store = await opened(folder, "ack", book())
    found: list[float] = []

    async def one(statement: Statement) -> None:
        began = time.perf_counter()
        await store.take([statement], LIVE)
        found.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for statement in statements:
            group.create_task(one(statement))
            await asyncio.sleep(1 / per_second)
    await store.close()
    return found
