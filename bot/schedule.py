"""What happens by itself: clock events, settling, the weekly digests, facts that were asked for. The ticker is only a
ticker: what is due is found out each time, and done once because somebody claims it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.mail.messenger import SOURCE as MAIL
from adapters.storage.chain import note_head
from adapters.storage.claims import StoredClaims
from adapters.storage.history import SqlHistory
from adapters.storage.runs import told_until
from adapters.storage.store import Store
from bot import weekly
from bot.arrears import Arrears
from bot.boardkeeper import Boardkeeper
from bot.challenges import Challengekeeper
from bot.fairness import Watch
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.noisekeeper import Noisekeeper
from bot.people import tell_of_strangers
from bot.retention import tonight
from bot.timekeeper import Timekeeper
from bot.zonekeeper import Zonekeeper
from core import digests
from core.cards import Card
from core.claim_cards import reminder
from core.digests import Due
from core.errors import RetryLater, StorageUnavailable
from core.languages import ours
from core.ports import Destination, Recall
from core.rules.community import Platform

Step = tuple[str, Callable[[], Awaitable[object]]]
"""A part of a tick and what it is called."""
Channel = Literal["digest", "moderators", "announcements"]
DIGEST: Channel = "digest"
MODERATORS: Channel = "moderators"
CLAIMS = "claims"
DAY = 24 * 3_600_000_000  # microseconds
HOUR = DAY // 24
AGAIN_AFTER = HOUR  # what fails at every tick is said so often
LONGEST = 14 * DAY - 2 * HOUR  # of a digest: two weeks are one that was missed, also where the clocks changed
log = structlog.get_logger(__name__)


class Schedule:
    """`sources`: what is known by now; `recalls`: who can look at a source; `mails`: whether mails can be sent;
    `all_known`: whether each platform has said which sources it has; `caught_up`: whether each was read up to now."""

    def __init__(
        self,
        store: Store,
        sources: Callable[[], Sequence[str]],
        recalls: Callable[[], Mapping[str, Recall]],
        health: Health | None = None,
        mails: bool = False,
        all_known: Callable[[], bool] = lambda: True,
        caught_up: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._mails = mails
        self._unknown = Arrears(all_known)
        self._complained: dict[str, int] = {}
        self._sources = sources
        self._recalls = recalls
        self._timekeeper = Timekeeper(store)
        self._zonekeeper = Zonekeeper(store)
        self._boardkeeper = Boardkeeper(store, store.now(), caught_up)
        self._heartbeat = Heartbeat(store)
        self._health = health or Health(store)
        self._watch = Watch(store)
        self._challengekeeper = Challengekeeper(store, self._destinations, store.now(), caught_up)
        self._noisekeeper = Noisekeeper(store)
        self._weekly = (self.post_digest, self.post_for_moderators, self.post_own)
        self._daily = (self.remind_of_claims, self.tell_of_strangers)
        self._busy = asyncio.Lock()
        self._ticker = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    async def wake(self) -> None:
        """Before anything is heard: note since when nobody listened."""
        await self._heartbeat.wake()

    def start(self, seconds: float = 1.0) -> None:
        self._ticker.add_job(self.tick, "interval", seconds=seconds)
        self._ticker.add_job(tonight, "interval", [self._store], seconds=60)  # apart: the first time takes long
        self._ticker.add_job(self._boardkeeper.tick, "interval", seconds=seconds)  # apart: a large board takes long
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
            for name, step in self._steps():
                await self._alone(name, step)
        except StorageUnavailable as error:
            log.warning("the schedule waits for the database", reason=str(error))

    def _steps(self) -> Iterator[Step]:
        yield "settle", self._store.settle
        yield "stamp", self._stamp
        if ready := self._knows_where():
            yield from self._for_each(*self._weekly, *self._daily)
        for part in (self._health.look, self._heartbeat.beat, self._timekeeper.tick, self._zonekeeper.tick):
            yield part.__qualname__, part
        yield "noise", self._noisekeeper.tick
        if ready:
            yield from self._for_each(self._look_for_alarms)
            yield "challenges", self._challengekeeper.tick  # last: counting may take long, or longer than is waited for

    def _for_each(self, *jobs: Callable[[str], Awaitable[object]]) -> Iterator[Step]:
        for community in self._store.communities.served:
            yield from ((f"{job.__name__} {community}", partial(job, community)) for job in jobs)

    async def _alone(self, name: str, step: Callable[[], Awaitable[object]]) -> None:
        """One community or one job that fails must not keep the others from theirs. Raises StorageUnavailable."""
        try:
            await step()
        except StorageUnavailable:
            raise
        except Exception:  # a worker loop: it is logged, and tried again at the next tick
            now = self._store.now()
            if now - self._complained.get(name, 0) >= AGAIN_AFTER:
                self._complained[name] = now
                log.exception("a part of the schedule failed; the others go on", part=name)

    async def _look_for_alarms(self, community: str) -> None:
        await self._watch.post(community, self._destinations(community, MODERATORS))

    def _knows_where(self) -> bool:
        """What is done once for a period would never come to a platform that is known a moment too late, as after a
        start."""
        return self._unknown.are_over(self._store.now())

    async def post_digest(self, community: str) -> bool:
        """Post the digest of the latest due week, once however many processes try. False if nothing was due."""
        return await self._post(community, DIGEST, lambda due: weekly.community_card(self._store, community, due))

    async def post_for_moderators(self, community: str) -> bool:
        """The same for what only moderators read."""

        async def write(due: Due) -> Card | None:
            return await weekly.moderators_card(self._store, self._health, community, due)

        return await self._post(community, MODERATORS, write)

    async def post_own(self, community: str) -> bool:
        """The same for those who asked for a digest of their own."""
        due = await self._due(community, weekly.OWN)
        return due is not None and await weekly.post_own(self._store, community, due)

    async def remind_of_claims(self, community: str) -> bool:
        """Once a day, after the digest's hour, while a claim has been open for a day. True if it was posted now."""
        to, now = self._destinations(community, MODERATORS), self._store.now()
        plan = self._store.communities.served[community].plan
        hours, minutes = map(int, plan.book.digest.time.split(":"))
        today = plan.calendar.name(plan.calendar.day(now), "day")
        if not to or plan.calendar.minute(now) < hours * 60 + minutes:
            return False
        last = await self._store.last_run(community, CLAIMS)
        overdue = await StoredClaims(self._store.look, community).overdue(now - DAY)
        if overdue is None or (last is not None and last >= today):
            return False
        return await self._store.run_once(community, CLAIMS, today, reminder(*overdue, ours(plan.book)), to)

    async def tell_of_strangers(self, community: str) -> bool:
        """Once a day, after the digest's hour, while somebody is new whom no chat knows. True if it was posted now."""
        to, plan = self._destinations(community, MODERATORS), self._store.communities.served[community].plan
        now = self._store.now()
        hours, minutes = map(int, plan.book.digest.time.split(":"))
        if not to or plan.calendar.minute(now) < hours * 60 + minutes:
            return False
        today = plan.calendar.name(plan.calendar.day(now), "day")
        return await tell_of_strangers(self._store, community, today, to)

    async def _post(self, community: str, channel: Channel, write: Callable[[Due], Awaitable[Card | None]]) -> bool:
        to = self._destinations(community, channel)
        if not to:
            return False
        due = await self._due(community, channel)
        if due is None:
            return False
        posted = await self._store.run_once(community, channel, due.name, await write(due), to, due.end)
        if posted:
            await self._store.look(lambda db: note_head(SqlHistory(db, community)))
        return posted

    async def _due(self, community: str, job: str) -> Due | None:
        """The latest week whose digest is due and not done; none about the time before the bot."""
        plan, now = self._store.communities.served[community].plan, self._store.now()
        day, time = plan.book.digest.day, plan.book.digest.time
        due = digests.due_period(now, plan.calendar, day, time, await self._store.last_run(community, job))
        if due is None or due.end < await self._store.first_start(community):
            return None
        return _continued(due, await self._store.look(lambda db: told_until(db, community, job)))

    def _destinations(self, community: str, channel: Channel) -> list[Destination]:
        """That channel of the book on each known platform."""
        book = self._store.communities.served[community].plan.book
        found = []
        for source in self._sources():
            platform: Platform = "slack" if source.startswith("slack:") else "discord"
            room = book.places(platform).channels.get(channel)
            if room is not None and self._store.communities.of_source(source) == community:
                found.append(Destination(source, "channel", room))
        mails = book.digest.mail if channel == DIGEST and self._mails else ()
        return found + [Destination(MAIL, "direct", account=f"{MAIL}/{address}") for address in mails]

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


def _continued(due: Due, until: int | None) -> Due:
    """From where the last one ended: where its day or hour was moved since, the time between would be told never, or
    twice. A week that was missed is not made up for."""
    return due if until is None or due.end - until >= LONGEST else due._replace(start=min(until, due.end))
