"""Tells the log in which time zones people live, as their platform knows it, where a rule goes by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.storage import roster
from adapters.storage.history import SqlHistory
from adapters.storage.store import Store
from core.events import Account, Statement
from core.plan import ZONE
from core.serving import LIVE, Mode
from core.zones import EVER, unsaid, wanted

MINUTE = 60_000_000
AT_ONCE = 100  # each of them is counted anew
_QUIET = Mode(announce=False)  # what an older history gives in another zone is no news


class Zonekeeper:
    """Looks once a minute; asks the log only where what the platforms say has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked: int | None = None
        self._heard: dict[str, Mapping[Account, str]] = {}

    async def tick(self) -> None:
        """Say what is new, for every community whose rules ask for it. Raises StorageUnavailable."""
        minute = self._store.now() // MINUTE
        if minute == self._looked:
            return
        for community, served in self._store.communities.served.items():
            if wanted(served.plan):
                await self._listen(community)
        self._looked = minute

    async def _listen(self, community: str) -> None:
        people, now = self._store.communities.served[community].people, self._store.now()
        known = await self._store.look(lambda db: roster.zones(db, community))
        told = {account: name for account, name in known.items() if people.tracked(people.member(account), now)}
        if told == self._heard.get(community):
            return
        facts = await self._store.look(lambda db: SqlHistory(db, community).live([ZONE]))
        said = list(unsaid(told, facts, people, now))
        await self._take([s for s in said if s.at == EVER], _QUIET)
        await self._take([s for s in said if s.at != EVER], LIVE)
        self._heard[community] = told

    async def _take(self, said: Sequence[Statement], mode: Mode) -> None:
        for start in range(0, len(said), AT_ONCE):
            await self._store.take(said[start : start + AT_ONCE], mode)
