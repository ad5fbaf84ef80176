"""Open stays in the database: core.stays.Stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage.store import Store
from core.events import plain
from core.exact_json import decode
from core.stays import Key, Stay

_OPEN = """
SELECT account, thing, room, began_at, seen_at, counted, hears, ended_at, facts FROM stay
WHERE community = ? AND source = ? ORDER BY account, thing, began_at
"""
_KEEP = """
INSERT INTO stay (community, source, account, thing, room, began_at, seen_at, counted, hears, ended_at, facts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (community, account, thing, began_at) DO UPDATE SET
room = excluded.room, seen_at = excluded.seen_at, counted = excluded.counted, hears = excluded.hears,
ended_at = excluded.ended_at, facts = excluded.facts
"""
_FORGET = "DELETE FROM stay WHERE community = ? AND account = ? AND thing = ? AND began_at = ?"


class SqlStays:
    """Nothing is kept for a server that belongs to no community, nor of anybody who was erased."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(self, source: str) -> list[Stay]:
        community = self._store.communities.of_source(source)
        rows = await self._store.look(lambda db: db.exec_driver_sql(_OPEN, (community, source)).all())
        return [_stay(row) for row in rows]

    async def keep(self, source: str, stays: Sequence[Stay]) -> None:
        community = self._store.communities.of_source(source)
        if community is None or not stays:
            return
        served = self._store.communities.served[community]

        def write(db: sa.Connection) -> None:  # somebody may be erased by the commit before
            rows = [_row(community, source, s) for s in stays if served.erased.of(s.account) is None]
            if rows:
                db.exec_driver_sql(_KEEP, rows)

        await self._store.perform(write)

    async def forget(self, source: str, keys: Collection[Key]) -> None:
        community = self._store.communities.of_source(source)
        rows = [(community, *key) for key in keys]
        if rows:
            await self._store.perform(lambda db: db.exec_driver_sql(_FORGET, rows).rowcount)


def _row(community: str, source: str, s: Stay) -> tuple[object, ...]:
    facts = orjson.dumps(dict(s.facts), default=plain, option=orjson.OPT_SORT_KEYS).decode()
    return community, source, s.account, s.thing, s.room, s.began, s.seen, s.counted, s.hears, s.ended, facts


def _stay(row: Sequence[Any]) -> Stay:
    account, thing, room, began, seen, counted, hears, ended, facts = row
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in decode(facts).items()}
    return Stay(account, thing, room, began, seen, counted, bool(hears), ended, said)
