"""What people give each other by hand: `core.giving.Gifts` for reading, and `say` for what commands want said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from adapters.storage.history import SqlHistory
from adapters.storage.kin import ever_joined
from adapters.storage.transactions import SqlTransaction
from core.effects import destination_json, moderators_of
from core.events import Account, Fact, resolve
from core.giving import Notice, Quota, Say
from core.pipeline import ingest
from core.ports import Destination, Outgoing
from core.serving import Served

_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class StoredGifts:
    """core.giving.Gifts of one community. `look` runs a read on a connection of its own."""

    look: Callable[[Callable[[sa.Connection], Any]], Awaitable[Any]]
    community: str

    async def fact(self, source: str, id_: str) -> Fact | None:
        found: Fact | None = await self.look(lambda db: _fact(SqlHistory(db, self.community), source, id_))
        return found

    async def ever_linked(self, one: Account, other: Account) -> bool:
        def look(db: sa.Connection) -> bool:
            ever = ever_joined(SqlHistory(db, self.community))
            return ever.member(one) == ever.member(other)

        return bool(await self.look(look))

    async def used(self, quota: Quota) -> int:
        return int(await self.look(lambda db: _used(SqlHistory(db, self.community), quota)))

    async def about(self, target: Account, type_: str) -> list[Fact]:
        facts: list[Fact] = await self.look(lambda db: SqlHistory(db, self.community).facts([target], [type_]))
        return [f for f in facts if f.target == target]


def say(db: sa.Connection, served: Served, changes: Sequence[Say], now: int) -> bool:
    """All of it, or nothing where one comes too late."""
    tx = SqlTransaction(db, served.plan.community)
    if not all(_may(tx, change) and _apart(served, change) for change in changes):
        return False
    ingest(tx, served, [change.statement for change in changes], now)
    tx.send([out for change in changes for notice in change.notices for out in _outgoing(served, notice, now)])
    return True


def _may(history: SqlHistory, change: Say) -> bool:
    s = change.statement
    if change.alive is not None and change.alive is not (_fact(history, s.source, s.id) is not None):
        return False
    return change.quota is None or _used(history, change.quota) < change.quota.most


def _apart(served: Served, change: Say) -> bool:
    return len({served.people.member(account) for account in change.apart}) == len(change.apart)


def _fact(history: SqlHistory, source: str, id_: str) -> Fact | None:
    return resolve(history.statements([(source, id_)], _ALL).get((source, id_), ()))


def _used(history: SqlHistory, quota: Quota) -> int:
    return sum(quota.counts(f) for f in history.facts(set(quota.accounts), list(quota.since)))


def _outgoing(served: Served, notice: Notice, now: int) -> list[Outgoing]:
    to = _destination(served, notice)
    if to is None:
        return []
    return [Outgoing(notice.cause, to.source, "card", destination_json(to), notice.card, now)]


def _destination(served: Served, notice: Notice) -> Destination | None:
    if notice.over is not None:
        channel, message = notice.over
        return Destination(notice.about.partition("/")[0], "edit", channel, message=message)
    return moderators_of(served, notice.about)
