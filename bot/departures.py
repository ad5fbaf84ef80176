"""`plaudit export` and `plaudit erase`: with a store of their own, beside a running bot or without one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from adapters.storage.departures import depart
from adapters.storage.exporting import as_zip
from adapters.storage.files import write_whole
from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot import deeds
from bot.bookfiles import books_to_serve
from bot.settings import Settings
from core.errors import ConfigurationError
from core.events import Account

log = structlog.get_logger(__name__)


async def export(settings: Settings, account: Account, file: Path) -> None:
    """Write the file, readable by its owner alone. Raises ConfigurationError where it is there already, and for an
    account of which nothing is known: it may be mistyped."""
    if await asyncio.to_thread(file.exists):
        raise ConfigurationError(f"{file}: is there already; name another file")
    async with _opened(settings) as store:
        held = await deeds.held(store, account)
        if not held:
            raise ConfigurationError(f"{account}: nothing is kept about it; plaudit log shows how accounts are written")
        await asyncio.to_thread(write_whole, file, await asyncio.to_thread(as_zip, held))


async def erase(settings: Settings, account: Account, words: Sequence[str], reason: str) -> int:
    """Returns how many accounts were erased. Raises ConfigurationError, StorageUnavailable."""
    async with _opened(settings) as store:
        gone = await depart(store, account, words, "operator", reason)
    log.warning("a person was erased", accounts=len(gone), pseudonyms=sorted(gone.values()), reason=reason)
    return len(gone)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    books = books_to_serve(settings)
    await asyncio.to_thread(upgrade, settings.database_url)
    store = await open_store(settings.database_url, books, lambda: time.time_ns() // 1_000)
    try:
        yield store
    finally:
        await store.close()
