"""Durable, evaluated events a second, with so many waiting for their acknowledgement at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from pathlib import Path

from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bench.workload import SPAN, START, book
from bot.runner import control_collector
from core.events import Statement
from core.serving import Mode

LIVE = Mode(recall=True)


def now() -> int:
    return START + SPAN + 1


async def opened(folder: Path, name: str) -> Store:
    url = f"sqlite+aiosqlite:///{folder / name}.db"
    upgrade(url)
    store = await open_store(url, [book()], now)
    control_collector()
    return store


async def throughput(folder: Path, statements: list[Statement], outstanding: int) -> float:
    """Events a second."""
    store = await opened(folder, f"w{outstanding}")
    waiting: deque[asyncio.Task[object]] = deque()
    began = time.perf_counter()
    for statement in statements:
        waiting.append(asyncio.create_task(store.take([statement], LIVE)))
        if len(waiting) >= outstanding:
            await waiting.popleft()
    while waiting:
        await waiting.popleft()
    seconds = time.perf_counter() - began
    await store.close()
    return len(statements) / seconds


async def acknowledgements(folder: Path, statements: list[Statement], per_second: int) -> list[float]:
    """Seconds from arrival to acknowledgement, at a steady rate."""
    store = await opened(folder, "ack")
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
