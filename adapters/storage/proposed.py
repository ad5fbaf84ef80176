"""A machine's proposal becomes a claim, once, in one commit with its line in the log."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.claim_changes import Changer
from adapters.storage.transactions import SqlTransaction
from core.claims import Open
from core.erasure import AT_THE_DOOR
from core.events import Statement
from core.pipeline import ingest, taken
from core.ports import Taken
from core.proposals import Unfit, claim_of, logged
from core.serving import Served


def take(db: sa.Connection, served: Served, s: Statement, now: int) -> Taken:
    """Kept as ignored, with the reason, where it is not taken; about somebody who was erased nothing is kept."""
    tx, kept = SqlTransaction(db, served.plan.community), logged(s)
    if served.erased.of(s.target) is not None:
        return Taken(ignored=(AT_THE_DOOR,))
    try:
        claim = claim_of(s, served.plan, served.people, now)
    except Unfit as unfit:
        tx.ignore([(kept, str(unfit))], now)
        return Taken(ignored=(str(unfit),))
    fates = ingest(tx, served, [kept], now)
    Changer(db, served, now).carry_out([Open(claim)])  # one that came before stays as it is
    return taken(fates)
