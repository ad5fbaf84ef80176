"""Duties as the desk reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.storage.duties import read_duties
from adapters.storage.history import SqlHistory
from adapters.storage.store import Store
from core.duties import Duty
from core.serving import Served


@dataclass(frozen=True, slots=True)
class StoredDuties:
    """core.duties.Duties of one community."""

    store: Store
    served: Served

    async def all(self) -> Sequence[Duty]:
        community, now = self.served.plan.community, self.store.now()
        return await self.store.look(lambda db: read_duties(SqlHistory(db, community), self.served, now))
