"""Writes down every minute that the bot lives; after a longer silence it says so in the log, and streaks survive."""

from __future__ import annotations

import structlog

from adapters.storage.outages import note_outage
from adapters.storage.store import Store

KEY = "heartbeat"
MINUTE = 60 * 1_000_000
DEAF_AFTER = 15 * MINUTE
log = structlog.get_logger(__name__)


class Heartbeat:
    """Several processes on one database share it: somebody listened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last = 0

    async def wake(self) -> None:
        """Before anything is heard: note since when nobody listened; nothing at the first start ever."""
        now, written = self._store.now(), await self._store.read(KEY)
        if written is not None and now - int(written) >= DEAF_AFTER:
            start = int(written)
            for served in self._store.communities.served.values():
                await self._store.perform(lambda db, s=served: note_outage(db, s, start, now))  # type: ignore[misc] # bound now
            log.info("nobody listened for a while; streaks do not break over it", minutes=(now - start) // MINUTE)
        await self._beat(now)

    async def beat(self) -> None:
        """Once a minute, however often it is called."""
        now = self._store.now()
        if now - self._last >= MINUTE:
            await self._beat(now)

    async def _beat(self, now: int) -> None:
        await self._store.write({KEY: str(now)})
        self._last = now
