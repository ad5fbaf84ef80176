"""What happens by itself: settling, the weekly digest, facts that were asked for. The ticker is only a ticker: what is
due is found out each time, and done once because somebody claims it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.storage.store import Store
from core import digests
from core.errors import RetryLater, StorageUnavailable
from core.ports import Destination, Recall
from core.rules.community import Platform

DIGEST = "digest"
log = structlog.get_logger(__name__)


class Schedule:
    """`sources`: what is connected now; `recalls`: who can look at a source."""

    def __init__(
        self, store: Store, sources: Callable[[], Sequence[str]], recalls: Callable[[], Mapping[str, Recall]]
    ) -> None:
        self._store = store
        self._sources = sources
        self._recalls = recalls
        self._busy = asyncio.Lock()
        self._ticker = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def start(self, seconds: float = 1.0) -> None:
        self._ticker.add_job(self.tick, "interval", seconds=seconds)
        self._ticker.start()

    async def stop(self, seconds: float = 2.0) -> None:
        """Let what is being done be finished, for so long."""
        if self._ticker.running:
            self._ticker.pause()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._busy.acquire(), seconds)
            self._ticker.shutdown(wait=False)

    async def tick(self) -> None:
        """Everything that is due now."""
        async with self._busy:
            await self._tick()

    async def _tick(self) -> None:
        try:
            await self._store.settle()
            await self._stamp()
            for community in self._store.communities.served:
                await self.post_digest(community)
        except StorageUnavailable as error:
            log.warning("the schedule waits for the database", reason=str(error))

    async def post_digest(self, community: str) -> bool:
        """Post the digest of the latest due week, once however many processes try. False if nothing was due."""
        plan = self._store.communities.served[community].plan
        settings = plan.book.digest
        to = self._digest_channels(community)
        last = await self._store.last_run(community, DIGEST)
        since = await self._store.first_start(community)
        due = digests.due_period(self._store.now(), plan.calendar, settings.day, settings.time, last, since)
        if due is None or not to:
            return False
        records = self._store.records(community)
        facts = await records.digest(due.start, due.end, *digests.score_days(due, plan.calendar))
        return await self._store.run_once(community, DIGEST, due.name, digests.digest(facts, plan.book), to)

    def _digest_channels(self, community: str) -> list[Destination]:
        book = self._store.communities.served[community].plan.book
        found = []
        for source in self._sources():
            platform: Platform = "slack" if source.startswith("slack:") else "discord"
            room = book.places(platform).channels.get(DIGEST)
            if room is not None and self._store.communities.of_source(source) == community:
                found.append(Destination(source, "channel", room))
        return found

    async def _stamp(self) -> None:
        """Ask platforms for facts that payloads lacked and the log does not know."""
        recalls = self._recalls()
        for waiting in await self._store.unstamped(list(recalls)):
            try:
                known = await recalls[waiting.statement.source].recall(waiting.statement)
            except RetryLater as later:
                await self._store.ask_later(waiting, later.after)
            else:
                await self._store.stamped(waiting, known)
