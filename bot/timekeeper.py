"""Lets the clock speak: what became true by time alone is asserted like everything else, once each hour."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from adapters.storage import clockwork
from adapters.storage.store import Store
from core.clockwork import Asked, aged, asked, memberships, of_members
from core.events import Statement
from core.plan import Plan
from core.serving import LIVE, Mode

HOUR = 3_600_000_000
NEWS = 7 * 24 * HOUR  # what is older was missed for too long to be told aloud
AT_ONCE = 500
PAGE = 20_000  # finding old messages means going through all of them
_QUIET = Mode(announce=False)


class Timekeeper:
    """Says for each community what its rules ask of the clock, and nothing else. `page`: old messages read at once."""

    def __init__(self, store: Store, page: int = PAGE) -> None:
        self._store = store
        self._page = page
        self._spoken: dict[str, tuple[Plan, int]] = {}

    async def tick(self) -> None:
        """Catch up at the start and with a new book; then once an hour. Raises StorageUnavailable."""
        hour = self._store.now() // HOUR
        for community, served in self._store.communities.served.items():
            plan, last = self._spoken.get(community, (None, None))
            if served.plan is not plan or hour != last:
                current = served.plan
                await self.speak(community)
                self._spoken[community] = current, hour

    async def speak(self, community: str) -> None:
        """Assert everything that is true by now and not in the log."""
        wanted = asked(self._store.communities.served[community].plan.book)
        if wanted.of_members:
            await self._of_members(community, wanted)
        for age in wanted.ages:
            await self._of_messages(community, age)

    async def _of_members(self, community: str, wanted: Asked) -> None:
        served, now = self._store.communities.served[community], self._store.now()
        joined = memberships(await self._store.look(lambda db: clockwork.joins(db, community)), served.people)
        # In a thread: for thousands of members and years the calendar takes seconds.
        said = await asyncio.to_thread(lambda: list(of_members(wanted, served.plan.calendar, joined, now)))
        await self._assert(await self._store.look(lambda db: clockwork.unsaid(db, community, said)))

    async def _of_messages(self, community: str, age: int) -> None:
        before, new = self._store.now() - age * 1_000_000, 1
        while new:  # a page of messages that nobody may speak for would come again for ever
            found = await self._store.look(lambda db: clockwork.grown_old(db, community, age, before, self._page))
            new = await self._assert([aged(message, age) for message in found])

    async def _assert(self, said: Sequence[Statement]) -> int:
        """Returns how many were new."""
        news, new = self._store.now() - NEWS, 0
        for part in _parts([s for s in said if s.at < news]):
            new += (await self._store.take(part, _QUIET)).new
        for part in _parts([s for s in said if s.at >= news]):
            new += (await self._store.take(part, LIVE)).new
        return new


def _parts(said: Sequence[Statement]) -> Iterable[Sequence[Statement]]:
    return (said[start : start + AT_ONCE] for start in range(0, len(said), AT_ONCE))
