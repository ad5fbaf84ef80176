"""Jobs that are done once for each period, by whoever claims it first; what they send is queued in the same commit."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.storage.announcing import told_by_digest
from adapters.storage.transactions import SqlTransaction
from core.cards import Card
from core.effects import destination_json
from core.outgoing import DIGEST, digest_posted
from core.ports import Destination, Outgoing
from core.serving import Served

_RUN = "INSERT INTO run (community, job, period, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def claim(db: sa.Connection, community: str, job: str, period: str, parcels: Sequence[Outgoing], now: int) -> bool:
    """False if somebody has claimed it: nothing is queued then."""
    if db.exec_driver_sql(_RUN, (community, job, period, now)).rowcount == 0:
        return False
    SqlTransaction(db, community).send(parcels)
    return True


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
    """Claim it and queue its card. `end`: of the digest's week; what was held back before it counts as told."""
    cause, parcels = f"{job}:{period}", []
    if card is not None:
        parcels = [Outgoing(cause, d.source, "card", destination_json(d), card, now) for d in to]
        parcels += digest_posted(served.plan, period, now) if job == DIGEST else []
    claimed = claim(db, served.plan.community, job, period, parcels, now)
    if claimed and end is not None:
        told_by_digest(db, served.plan.community, period, end, now)
    return claimed
