"""What people may do with all that is kept about them: have it, have it erased, come back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from adapters.storage.departures import depart, readmit
from adapters.storage.exporting import Row, as_zip, collect
from adapters.storage.store import Store
from core.commands.export import FILE
from core.errors import ConfigurationError
from core.events import Account
from core.language import ENGLISH, Language
from core.requests import Answer, File
from core.trouble import under_way

PATIENCE = 1.5  # Slack closes a form within three seconds
log = structlog.get_logger(__name__)


class Deeds:
    """Does what an answer says. `patience`: seconds that a person waits while they are erased; in a long history it
    takes longer, and then it goes on by itself."""

    def __init__(self, store: Store, patience: float = PATIENCE) -> None:
        self._store = store
        self._patience = patience
        self._leaving: set[asyncio.Task[object]] = set()

    async def do(self, answer: Answer, account: Account, t: Language = ENGLISH) -> Answer:
        """The answer once its deed is done for this account. Raises StorageUnavailable."""
        match answer.deed:
            case "export":
                return replace(answer, files=(File(FILE, await export(self._store, account)),))
            case "erase":
                return answer if await self._erase(account) else replace(answer, card=under_way(t))
            case "join":
                await readmit(self._store, account)
        return answer

    async def _erase(self, account: Account) -> bool:
        """Whether it is done already. Whoever stops waiting does not stop it."""
        leaving: asyncio.Task[object] = asyncio.create_task(depart(self._store, account))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._left)
        done, _ = await asyncio.wait({leaving}, timeout=self._patience)
        if done:
            leaving.result()
        return bool(done)

    def _left(self, leaving: asyncio.Task[object]) -> None:
        self._leaving.discard(leaving)
        if not leaving.cancelled() and leaving.exception() is not None:
            log.error("somebody could not be erased; they may ask again", exc_info=leaving.exception())


async def export(store: Store, account: Account) -> bytes:
    """A zip file with everything about a person. Raises ConfigurationError for an account of no community."""
    return await asyncio.to_thread(as_zip, await held(store, account))


async def held(store: Store, account: Account) -> dict[str, list[Row]]:
    """What is kept about a person, by table. Raises ConfigurationError for an account of no community."""
    community = store.communities.of_account(account)
    if community is None:
        raise ConfigurationError(f"{account}: belongs to no community of the rule books")
    accounts = accounts_of(store, account, community)
    return await store.look(lambda db: collect(db, community, accounts))


def accounts_of(store: Store, account: Account, community: str) -> Sequence[Account]:
    """All accounts of the person behind one."""
    people = store.communities.served[community].people
    return sorted({account, *people.accounts(people.member(account))})
