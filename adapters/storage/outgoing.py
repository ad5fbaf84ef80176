"""What waits for webhooks, and what became of it: rows of the outbox that no messenger takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage.history import SqlHistory
from adapters.storage.outbox import LEASE
from adapters.storage.transactions import SqlTransaction
from core.outgoing import delivery_id, source_of

SWITCHED_OFF = "the webhook is switched off: its address answered 410, gone"
UNNAMED = "the rule book names this webhook no longer"
_OURS = "id, community, cause, destination, card, attempts, state, created_at, due_at, done_at, error, receipt"
_CLAIM = f"""
UPDATE outbox SET state = 'leased', attempts = attempts + 1, due_at = ?
WHERE id IN (
    SELECT id FROM outbox INDEXED BY outbox_due
    WHERE state IN ('waiting', 'leased') AND due_at <= ? AND community = ? AND source = ?
    AND card IS NOT NULL ORDER BY due_at, id LIMIT ?
)
RETURNING {_OURS}
"""  # noqa: S608 - the names put into these texts are our own columns, nothing else
_GIVE_UP = """
UPDATE outbox SET state = 'failed', done_at = ?, error = ?
WHERE state IN ('waiting', 'leased') AND community = ? AND source = ?
"""
_ORPHANS = """
UPDATE outbox SET state = 'failed', done_at = ?, error = ?
WHERE state IN ('waiting', 'leased') AND kind = 'webhook' AND community = ?
AND source NOT IN (SELECT value FROM json_each(?))
"""
_ALL = f"SELECT {_OURS} FROM outbox WHERE kind = 'webhook' AND card IS NOT NULL AND community = ? ORDER BY id DESC"  # noqa: S608 - the same
_AGAIN = "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = ?, done_at = NULL, error = NULL WHERE id = ?"
_NOTED = "SELECT value FROM notebook WHERE key = ?"
_NOTE = "INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One document and what became of it. `id`: the `webhook-id`, the same at every attempt; times in UTC
    microseconds; `due_at`: when it is tried again, while it waits; `receipt`: the status it was taken with."""

    row: int
    community: str
    webhook: str
    id: str
    document: bytes
    attempts: int
    state: str
    created_at: int
    due_at: int
    done_at: int | None
    error: str | None
    receipt: str | None

    @property
    def event(self) -> str:
        """What it tells, as award.given."""
        return str(orjson.loads(self.document)["type"])


@dataclass(frozen=True, slots=True)
class Ask:
    """How many rows to take for one webhook. `revision`: of the book in force."""

    community: str
    webhook: str
    revision: int | None
    room: int


def claim(db: sa.Connection, asks: Iterable[Ask], now: int) -> list[WebhookDelivery]:
    """Take what is due, oldest first; nobody else gets it until the lease ends. What is for a webhook that is switched
    off has failed."""
    found: list[WebhookDelivery] = []
    for ask in asks:
        way = source_of(ask.webhook)
        if is_off(SqlHistory(db, ask.community), ask.webhook, ask.revision):
            db.exec_driver_sql(_GIVE_UP, (now, SWITCHED_OFF, ask.community, way))
        elif ask.room > 0:
            rows = db.exec_driver_sql(_CLAIM, (now + LEASE, now, ask.community, way, ask.room)).all()
            found += sorted(map(_delivery, rows), key=lambda d: d.row)
    return found


def switch_off(tx: SqlTransaction, webhook: str, revision: int | None) -> None:
    """Send it nothing while this revision of the book is in force."""
    tx.many(_NOTE, [(_off(tx.community, webhook), str(revision))])


def switch_on(tx: SqlTransaction, webhook: str) -> bool:
    """Send to it again. False if it was not switched off."""
    return tx.many("DELETE FROM notebook WHERE key = ?", [(_off(tx.community, webhook),)]) > 0


def is_off(history: SqlHistory, webhook: str, revision: int | None) -> bool:
    """Whether it was switched off under this revision of the book."""
    found = history.rows(_NOTED, (_off(history.community, webhook),))
    return bool(found) and found[0][0] == str(revision)


def abandon(db: sa.Connection, community: str, webhooks: Iterable[str], now: int) -> int:
    """What waits for webhooks that are none of these has failed. Returns how much that is."""
    ways = json.dumps([source_of(name) for name in webhooks])
    return db.exec_driver_sql(_ORPHANS, (now, UNNAMED, community, ways)).rowcount


def deliveries(history: SqlHistory) -> list[WebhookDelivery]:
    """All of a community, the latest first."""
    return [_delivery(row) for row in history.rows(_ALL, (history.community,))]


def send_again(tx: SqlTransaction, rows: Iterable[int], now: int) -> None:
    """Try these from the beginning, under the same ids."""
    tx.many(_AGAIN, [(now, row) for row in rows])


def _off(community: str, webhook: str) -> str:
    return f"webhook off:{community}:{webhook}"


def _delivery(row: Sequence[Any]) -> WebhookDelivery:
    row_, community, cause, destination, document, *rest = row
    webhook = destination.partition(":")[2]
    return WebhookDelivery(row_, community, webhook, delivery_id(community, cause, destination), document, *rest)
