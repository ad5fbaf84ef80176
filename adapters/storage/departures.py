"""Somebody leaves for good, or comes back: what a running bot and the command line do alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from adapters.storage import erasure
from adapters.storage.audit import note
from adapters.storage.serving import part_from, recall
from adapters.storage.store import Store
from adapters.storage.transactions import SqlTransaction
from core.audit import Act
from core.errors import ConfigurationError
from core.events import Account


async def depart(
    store: Store, account: Account, words: Sequence[str] = (), by: str | None = None, reason: str = ""
) -> Mapping[Account, Account]:
    """Erase a person: all their accounts, and `words` (other names, addresses) where people wrote them. `by` and
    `reason` are for the audit trail; None: they did it themselves. Returns the pseudonyms.

    Raises ConfigurationError for an account of no community, StorageUnavailable.
    """
    community, now = store.communities.of_account(account), store.now()
    if community is None:
        raise ConfigurationError(f"{account}: belongs to no community of the rule books")
    served = store.communities.served[community]

    def work(db: sa.Connection) -> Mapping[Account, Account]:
        everything = {account, *served.people.accounts(served.people.member(account))}
        accounts = sorted(a for a in everything if served.erased.of(a) is None)
        if not accounts:
            return {}
        found = erasure.erase(db, community, accounts, words, served.plan, now)
        part_from(db, store.communities.served.values(), list(found.values()), now)
        acts = [Act(now, by or name, "member.erased", name, reason) for name in found.values()]
        note(SqlTransaction(db, community).many, community, acts)
        return found

    return await store.perform(work)


async def readmit(store: Store, account: Account) -> bool:
    """The person asks to be counted again: from now on, as somebody new. False if they were never erased."""
    now = store.now()

    def work(db: sa.Connection) -> bool:
        lifted = erasure.lift(db, account, now)
        for served in store.communities.served.values() if lifted else ():
            recall(SqlTransaction(db, served.plan.community), served)
        return lifted

    return await store.perform(work)
