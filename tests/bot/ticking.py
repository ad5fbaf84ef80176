"""One of several processes that keep the schedule of one database, with a clock that goes fast, wrong, and jumps."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import time
from collections.abc import Callable

from adapters.storage.store import Store, open_store
from bot.schedule import Schedule
from core.errors import StorageUnavailable
from core.times import read_time
from tests.adapters.storage.said import HEAD, SECOND, book, post

BEGIN = read_time("2026-10-05T12:00:00Z")  # a Monday, past nine; three weeks later the clocks go back in Berlin
SPEED = 24 * 3600  # seconds in one: a day
JUMPS = (0, 0, 0, 0, -7_200, 3_600)  # seconds, as when a clock is set or a machine wakes up
BOOK = f"""{HEAD}
[channels]
digest = {{ slack = "C9", discord = "9" }}
moderators = {{ slack = "C8" }}
[noise]
[achievement.each_week]
name = "Each week"
when = "message.posted"
announce = "channel"
[achievement.closed]
name = "A week is over"
when = "period.closed"
where.period = "week"
announce = "none"
repeat = true
[score.posts]
when = "message.posted"
give = 1
[board.posts]
name = "Posts"
period = ["week"]
"""


async def opened(url: str, clock: Callable[[], int]) -> Store:
    """Four programs want the one file: whoever comes too late tries again, as an operator's supervisor does."""
    while True:
        try:
            return await open_store(url, [book(BOOK)], clock)
        except StorageUnavailable:
            await asyncio.sleep(0.1)


async def keep(url: str, began: float, until: float, offset: float) -> None:
    """Tick from now until that moment of the real clock, `offset` seconds wrong."""
    jump = 0
    await asyncio.sleep(max(0.0, began - time.time()))

    def clock() -> int:
        return BEGIN + round(((time.time() - began) * SPEED + offset + jump) * SECOND)

    store = await opened(url, clock)
    schedule = Schedule(store, lambda: ["slack:T1", "discord:2"], dict)
    schedule.start(0.1)
    number = 0
    while time.time() < until:
        jump = random.choice(JUMPS)  # noqa: S311 - a clock, no secret
        who = f"{os.getpid()}N{number}"
        with contextlib.suppress(StorageUnavailable):  # a platform would send it again
            await store.take([post(os.getpid() * 100_000 + number, who, at=clock())])
        await asyncio.sleep(0.05)
        number += 1
    await schedule.stop()
    await store.close()


if __name__ == "__main__":
    _, url, began, until, offset = sys.argv
    asyncio.run(keep(url, float(began), float(until), float(offset)))
