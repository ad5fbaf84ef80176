"""What machines propose goes to the moderators, everything else into the log."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.storage.proposed import take
from adapters.storage.store import Store
from core.events import Statement
from core.ports import Person, Taken
from core.proposals import is_proposal, logged


class ProposalBox:
    """core.ports.Inbox for what is forwarded."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, statements: Sequence[Statement]) -> Taken:
        proposed = [s for s in statements if is_proposal(s)]
        if not proposed:
            return await self._store.take(statements)
        taken = await self._store.take([s for s in statements if not is_proposal(s)])
        for s in proposed:
            one = await self._propose(s)
            taken = Taken(taken.new + one.new, taken.duplicates + one.duplicates, (*taken.ignored, *one.ignored))
        return taken

    async def _propose(self, s: Statement) -> Taken:
        community, now = self._store.communities.of_source(s.source), self._store.now()
        if community is None:
            return await self._store.take([logged(s)])  # which says that the source belongs to nobody
        served = self._store.communities.served[community]
        return await self._store.perform(lambda db: take(db, served, s, now))

    async def meet(self, people: Sequence[Person]) -> None:
        await self._store.meet(people)
