"""Takes up the books that `plaudit apply` proposes, while the bot works: no restart, and a bad one changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from adapters.storage import books
from adapters.storage.books import StoredBook
from adapters.storage.history import SqlHistory
from adapters.storage.ladders import waiting_after
from adapters.storage.serving import take_up
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from bot.bookfiles import hand_over
from core.errors import ConfigurationError, StorageUnavailable
from core.serving import Served

LOOK_EVERY = 0.5  # seconds
READS_NOW = (
    "the new rules look at the text of messages (length, words and the like), which Discord sends only to a bot that "
    "asked for it when it connected; restart the bot"
)
log = structlog.get_logger(__name__)


class Bookkeeper:
    """`rules`: the file or folder of PLAUDIT_RULES. The switch itself is one commit of the writing thread; the event
    loop goes on, and what arrives meanwhile waits for it."""

    def __init__(self, store: Store, rules: Path) -> None:
        self._store = store
        self._rules = rules
        self._known = {name: served.plan for name, served in store.communities.served.items()}

    async def run(self) -> None:
        """Look again and again."""
        while True:
            try:
                await self.look()
            except StorageUnavailable as error:
                log.warning("the rule books wait for the database", reason=str(error))
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Take up what is proposed, and say what is in force now, also where another process brought it about."""
        for name, served in self._store.communities.served.items():
            for proposal in await self._proposed(name):
                await self._take_up(served, proposal)
            if served.plan is not self._known[name]:
                await self._changed(name, served)
            if await self._store.look(lambda db, c=name: waiting_after(SqlHistory(db, c))) is not None:  # type: ignore[misc] # bound now
                await self._store.climb(name)

    async def _proposed(self, community: str) -> list[StoredBook]:
        return await self._store.look(lambda db: books.proposed(SqlHistory(db, community)))

    async def _take_up(self, served: Served, proposal: StoredBook) -> None:
        community, now = served.plan.community, self._store.now()
        try:
            recounted = await self._store.perform(
                lambda db: take_up(SqlTransaction(db, community), served, proposal, now)
            )
            log.info("members were recounted for a new book", community=community, members=recounted)
        except StorageUnavailable:
            raise
        except ConfigurationError as error:
            await self._refuse(community, proposal, str(error))
        except Exception as error:  # whatever deciding everything anew raises: the old book stays
            log.exception("a new rule book could not be taken up", community=community)
            await self._refuse(community, proposal, f"it could not be taken up ({type(error).__name__}: {error})")

    async def _refuse(self, community: str, proposal: StoredBook, reason: str) -> None:
        now, number = self._store.now(), proposal.revision
        log.warning("a new rule book is refused, the old one stays", community=community, reason=reason)
        await self._store.perform(lambda db: books.refuse(SqlTransaction(db, community), reason, now, number))

    async def _changed(self, community: str, served: Served) -> None:
        before, self._known[community] = self._known[community], served.plan
        log.info("a new rule book is in force", community=community, revision=served.revision)
        if served.plan.book.reads_text and not before.book.reads_text:
            log.warning("check", warning=READS_NOW)
        try:
            await self._store.perform(lambda db: hand_over(SqlTransaction(db, community), self._rules))
        except ConfigurationError as error:
            log.warning("check", warning=str(error))
