"""After deafness: reading what was written meanwhile. How long the bot has heard is kept in the notebook."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from structlog.typing import FilteringBoundLogger

from adapters.slack import messages, reactions
from adapters.slack.history import SlackHistory
from adapters.slack.payloads import Message, Place
from adapters.slack.roster import Roster
from adapters.slack.times import SECOND, micros
from adapters.slack.web import TROUBLE, refusal
from core.errors import RetryLater, StorageUnavailable
from core.events import Statement
from core.ports import Clock, Inbox, Notebook

DEAF = 300 * SECOND  # Slack repeats an event for about so long by itself
OVERLAP = 60 * SECOND
NOTE_EVERY = 30 * SECOND
ATTEMPTS = 20
PAUSE = 1.0  # seconds


class CatchUp:
    """Knows since when the bot may have missed something."""

    def __init__(
        self,
        history: SlackHistory,
        roster: Roster,
        inbox: Inbox,
        notebook: Notebook,
        clock: Clock,
        log: FilteringBoundLogger,
    ) -> None:
        self._history = history
        self._roster = roster
        self._inbox = inbox
        self._notebook = notebook
        self._clock = clock
        self._log = log
        self._noted = 0
        self._busy = 0
        self._began = False

    @property
    def _key(self) -> str:
        return f"{self._roster.source}/heard"

    @property
    def is_done(self) -> bool:
        """Whether it is known what was missed, and nothing of it is still to be read."""
        return self._began and not self._busy

    async def heard(self) -> None:
        """Everything up to now was heard: noted now and then, never while something is still to be read."""
        now = self._clock()
        if self.is_done and abs(now - self._noted) >= NOTE_EVERY:
            self._noted = now
            await self._notebook.write({self._key: str(now)})

    async def after_start(self) -> None:
        """Read what was written while the process was down, where that was long."""
        kept = await self._kept()
        if kept and kept.isdecimal() and self._clock() - int(kept) > DEAF:
            await self.run(int(kept))
        self._began = True

    async def _kept(self) -> str | None:
        """Up to when was heard. Again, while the database does not say it: a gap that is not known is never read."""
        while True:
            try:
                return await self._notebook.read(self._key)
            except StorageUnavailable as error:
                self._log.warning("slack.catch_up_waits", reason=str(error))
                await asyncio.sleep(PAUSE)

    def run(self, since: int) -> Coroutine[Any, Any, None]:
        """Read every channel the bot is in from `since` (UTC microseconds) on. It is to be read from this call on, also
        where the reading itself begins later."""
        self._busy += 1
        return self._run(since)

    async def _run(self, since: int) -> None:
        try:
            found = 0
            for place in [p for p in self._roster.places.values() if p.is_member and not p.is_archived]:
                found += await self._channel(place, max(since - OVERLAP, 0))
            self._log.info("slack.caught_up", since=since, statements=found)
        finally:
            self._busy -= 1

    async def _channel(self, place: Place, since: int) -> int:
        """Read one channel, waiting as long as Slack or the database ask."""
        for _ in range(ATTEMPTS):
            try:
                return await self._read(place, since)
            except TROUBLE as error:
                reason = refusal(error)
                if not isinstance(reason, RetryLater):
                    self._log.warning("slack.not_caught_up", channel=place.id, reason=str(reason))
                    return 0
                await asyncio.sleep(reason.after)
            except StorageUnavailable:
                await asyncio.sleep(10.0)
        self._log.warning("slack.not_caught_up", channel=place.id, reason="tried many times")
        return 0

    async def _read(self, place: Place, since: int) -> int:
        count = 0
        async for message in self._history.since(place.id, since):
            found = recovered(message, place, self._roster)
            if found:
                await self._inbox.take(found)
            count += len(found)
        return count


def recovered(message: Message, place: Place, roster: Roster) -> list[Statement]:
    """A message from history with the thread it opened, its last edit and its reactions."""
    if message.subtype not in messages.COUNTED:
        return []
    known = roster.known
    kind = "group" if place.is_private else "channel"
    times = [micros(message.ts), *([micros(message.edited.ts)] if message.edited else [])]
    said = [messages.asserted(message, place.id, kind, at, known, recovered=True) for at in times]
    started = messages.opened(message, place.id, kind, known)
    return [*filter(None, said), *started, *reactions.recovered(message, place.id, kind, known)]
