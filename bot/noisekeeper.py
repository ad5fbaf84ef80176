"""Says in each channel what waited there for a quieter moment."""

from __future__ import annotations

from adapters.storage.announcing import forget, is_due
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from core.bursts import say_what_waits

DAY = 24 * 3_600_000_000  # microseconds


class Noisekeeper:
    """Looks what is due, at every tick; each is said once, however many processes look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._swept = 0

    async def tick(self) -> None:
        """Raises StorageUnavailable."""
        now = self._store.now()
        if now - self._swept >= DAY:
            await self._store.perform(lambda db: forget(db, now))
            self._swept = now
        for community, served in self._store.communities.served.items():
            if await self._store.look(lambda db, c=community: is_due(db, c, now)):  # type: ignore[misc] # bound now
                await self._store.perform(
                    lambda db, c=community, s=served: say_what_waits(SqlTransaction(db, c), s, now)  # type: ignore[misc] # the same
                )
