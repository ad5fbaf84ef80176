"""Jobs that are done once for each period, by whoever claims it first; what they send is queued in the same commit."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.storage.announcing import told_by_digest
from adapters.storage.discretion import may_go
from adapters.storage.transactions import SqlTransaction
from core.cards import Card
from core.effects import destination_json
from core.outgoing import DIGEST, digest_posted
from core.ports import Destination, Outgoing
from core.serving import Served

_RUN = "INSERT INTO run (community, job, period, at, until) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_UNTIL = "SELECT MAX(until) FROM run WHERE community = ? AND job = ?"


def claim_run(tx: SqlTransaction, job: str, period: str, now: int, end: int | None = None) -> bool:
    """False if somebody else has this job's period. `end`: of what is told, UTC microseconds."""
    return tx.many(_RUN, [(tx.community, job, period, now, end)]) == 1


def post_once(
    db: sa.Connection,
    served: Served,
    job: str,
    period: str,
    card: Card | None,
    to: Sequence[Destination],
    now: int,
    end: int | None = None,
) -> bool:
    """Claim it and queue its card. `end`: of what a digest tells; what was held back before it counts as told. False
    also where the card names somebody who must not be named any more: it is written anew at the next tick."""
    tx, cause, parcels = SqlTransaction(db, served.plan.community), f"{job}:{period}", []
    if not may_go(tx, served, card, aloud=job == DIGEST) or not claim_run(tx, job, period, now, end):
        return False
    if card is not None:
        parcels = [Outgoing(cause, d.source, "card", destination_json(d), card, now) for d in to]
        parcels += digest_posted(served.plan, period, now) if job == DIGEST else []
    tx.send(parcels)
    if end is not None and job == DIGEST:
        told_by_digest(db, served.plan.community, period, end, now)
    return True


def told_until(db: sa.Connection, community: str, job: str) -> int | None:
    """The end of what the latest digest told, UTC microseconds; None before there was one."""
    found = db.exec_driver_sql(_UNTIL, (community, job)).scalar_one()
    return None if found is None else int(found)
