"""What can go wrong between here and Discord, and patience with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord
from structlog.typing import FilteringBoundLogger

T = TypeVar("T")

# Discord has a bad moment, or the line has. What is forbidden or gone stays so and is no passing trouble.
PASSING = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
_LONGEST_PAUSE = 60.0  # seconds


class SessionOver(Exception):
    """The client that should have been asked is closed; the next session's catch-up brings what this one missed."""


async def patiently(
    ask: Callable[[], Awaitable[T]],
    log: FilteringBoundLogger,
    is_over: Callable[[], bool],
    *,
    pause: float = 1.0,
) -> T:
    """Asks again, ever slower, for as long as the trouble is passing. The library waits out 429 itself.

    Raises SessionOver once the client is closed: then nothing of this session will ever be answered.
    """
    while True:
        try:
            return await ask()
        except Exception as error:  # to tell passing trouble from faults, which are raised again
            if is_over():
                raise SessionOver from error
            if not isinstance(error, PASSING):
                raise
            log.warning("discord: no answer, trying again", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def found_or_none(ask: Awaitable[T]) -> T | None:
    """The answer; None where it is gone or closed to the bot."""
    try:
        return await ask
    except (discord.NotFound, discord.Forbidden):
        return None
