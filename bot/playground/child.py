"""The demo's bot in a process of its own, so that it can be killed for real: `python -m bot.playground.child`.

The first line of standard input is a JSON object (`settings`, `sources`, `language`, `ahead`); every further line says
by how many seconds the playground's clock is ahead. When the input ends, the playground is gone and the bot stops.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from typing import Any

import structlog

from bot.logs import configure
from bot.playground.clock import MovableClock
from bot.playground.community import rule_book
from bot.runner import Bot
from bot.settings import read

TICK = 0.25  # seconds; the scheduler looks often, because the clock jumps here


async def work() -> None:
    """Until the input ends. Says its port in one line when both platforms are connected."""
    lines = _lines(await _standard_input())
    hello: dict[str, Any] = json.loads(await anext(lines))
    clock = MovableClock()
    clock.forward(hello["ahead"])
    book = rule_book(hello["sources"], language=hello["language"])
    bot = Bot(read(hello["settings"], None), (book,), clock)
    await bot.start(TICK)
    try:
        await bot.ready()
        print(json.dumps({"port": bot.port}), flush=True)
        await _follow(lines, clock, bot)
    finally:
        await bot.stop()


async def _standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while line := await reader.readline():
        yield line


async def _follow(lines: AsyncIterator[bytes], clock: MovableClock, bot: Bot) -> None:
    """Keep the playground's time until it goes. Raises what made the bot give up."""
    hearing = asyncio.create_task(_hear(lines, clock))
    failing = asyncio.create_task(bot.wait())
    try:
        done, _ = await asyncio.wait((hearing, failing), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        hearing.cancel()
        failing.cancel()


async def _hear(lines: AsyncIterator[bytes], clock: MovableClock) -> None:
    async for line in lines:
        clock.forward(max(float(line) - clock.ahead, 0.0))


def keep_quiet() -> None:
    """What went wrong is logged, the rest would only stand between the lines that people came to read."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger("discord").setLevel(logging.ERROR)  # it warns of every 429, and those here are on purpose


if __name__ == "__main__":
    configure()
    keep_quiet()
    asyncio.run(work())
