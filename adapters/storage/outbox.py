"""What waits to be delivered: claimed with a lease, so that a crash in between only means one more attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.storage.cards import read_card
from core.cards import Card
from core.events import Account

LEASE = 60_000_000
_CLAIM = """
UPDATE outbox SET state = 'leased', attempts = attempts + 1, due_at = ?
WHERE id IN (
    SELECT id FROM outbox INDEXED BY outbox_due WHERE state IN ('waiting', 'leased') AND due_at <= ?
    AND source IN (SELECT value FROM json_each(?))
    ORDER BY due_at, id LIMIT ?
)
RETURNING id, community, cause, source, destination, kind, card, attempts
"""
_FINISH = "UPDATE outbox SET state = ?, due_at = ?, done_at = ?, error = ?, receipt = ? WHERE id = ?"
# CASE, because SQLite may look into the destination first, and that of a role change is no JSON.
_HELD = """
SELECT id, card FROM outbox INDEXED BY outbox_held WHERE community = ? AND state = 'held'
AND CASE kind WHEN 'card' THEN destination ->> 'account' END = ? ORDER BY id LIMIT 5
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row of the outbox. `attempts` counts this one."""

    id: int
    community: str
    cause: str
    source: str
    destination: str
    kind: str
    card: Card | None
    attempts: int


def claim(db: sa.Connection, now: int, sources: str, limit: int) -> list[Parcel]:
    """Take what is due for these sources (a JSON list), oldest first; nobody else gets it until the lease ends."""
    rows = db.exec_driver_sql(_CLAIM, (now + LEASE, now, sources, limit)).all()
    return sorted((_parcel(row) for row in rows), key=lambda p: p.id)


def finish(
    db: sa.Connection, id_: int, state: str, now: int, due_at: int, error: str | None = None, receipt: str | None = None
) -> None:
    """Sent, held, failed, or waiting again until `due_at`."""
    done = None if state == "waiting" else now
    db.exec_driver_sql(_FINISH, (state, due_at, done, error, receipt, id_))


def held(db: sa.Connection, community: str, account: Account) -> list[tuple[int, Card]]:
    """Private notes that wait until this person asks for something."""
    return [(row[0], read_card(row[1])) for row in db.exec_driver_sql(_HELD, (community, account))]


def waiting(db: sa.Connection) -> Mapping[str, int]:
    """How many rows there are in each state."""
    return {row[0]: row[1] for row in db.exec_driver_sql("SELECT state, COUNT(*) FROM outbox GROUP BY state")}


def _parcel(row: Sequence[object]) -> Parcel:
    id_, community, cause, source, destination, kind, card, attempts = row
    return Parcel(
        int(str(id_)),
        str(community),
        str(cause),
        str(source),
        str(destination),
        str(kind),
        read_card(card) if isinstance(card, bytes) else None,
        int(str(attempts)),
    )
