"""What is to be changed about challenges, in one commit: drafts, the log with the book in force, and what is posted."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.storage.challenges import ENDED, STARTED, read_challenges, read_draft
from adapters.storage.discretion import may_go
from adapters.storage.runs import claim_run
from adapters.storage.serving import take_challenges_up
from adapters.storage.transactions import SqlTransaction
from core.cards import Card
from core.challenges import TELLING, Challenge, Change, Draft, Forget, Keep, Put, Result, closed, wish_written
from core.effects import destination_json
from core.events import Statement
from core.pipeline import ingest
from core.ports import Destination, Outgoing
from core.serving import Mode, Served

_KEEP = """
INSERT INTO challenge_draft (community, id, account, wish, challenge, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (community, id) DO UPDATE SET wish = excluded.wish, at = excluded.at
"""
_FORGET = "DELETE FROM challenge_draft WHERE community = ? AND id = ?"
_FORGET_OLD = "DELETE FROM challenge_draft WHERE community = ? AND at < ?"
_KEPT_FOR = 14 * 24 * 3_600_000_000
_QUIET = Mode(announce=False)
_ALL = 1 << 62


def carry_out(db: sa.Connection, served: Served, changes: Sequence[Change], now: int) -> bool:
    """All of them, or nothing where one comes too late."""
    tx = SqlTransaction(db, served.plan.community)
    if not all(_may(tx, change) for change in changes):
        return False
    for change in changes:
        _do(tx, served, change, now)
    return True


def _may(tx: SqlTransaction, change: Change) -> bool:
    if not isinstance(change, Put):
        return True
    key = change.statement.source, change.statement.id
    used = bool(change.draft) and read_draft(tx, change.draft) is None
    return not used and not tx.statements([key], _ALL) and _follows(tx, change.statement)


def _follows(tx: SqlTransaction, said: Statement) -> bool:
    """Whether it is about the challenge as it is now: somebody may have changed it meanwhile, dropped or ended it."""
    now, version = read_challenges(tx).get(str(said.facts["challenge"])), int(str(said.facts["version"]))
    return version == 1 if now is None else now.ended_at is None and version == now.version + 1


def _do(tx: SqlTransaction, served: Served, change: Change, now: int) -> None:
    match change:
        case Keep():
            _keep(tx, change.draft, now)
        case Forget():
            tx.many(_FORGET, [(tx.community, change.draft)])
        case Put():
            ingest(tx, served, [change.statement], now, _QUIET)
            challenge = read_challenges(tx)[str(change.statement.facts["challenge"])]
            take_challenges_up(tx, served, now, begun=now >= challenge.starts(served.plan.calendar))
            tx.many(_FORGET, [(tx.community, change.draft)])


def _keep(tx: SqlTransaction, draft: Draft, now: int) -> None:
    tx.many(_FORGET_OLD, [(tx.community, now - _KEPT_FOR)])
    tx.many(_KEEP, [(tx.community, draft.id, draft.account, wish_written(draft.wish), draft.challenge, now)])


def start(tx: SqlTransaction, challenge: Challenge, card: Card | None, to: Sequence[Destination], now: int) -> bool:
    """Say that it has begun, once however many processes try. `card` None: nothing is said. False if it was said."""
    if not claim_run(tx, STARTED, challenge.id, now):
        return False
    tx.send([_posted(f"{TELLING}{challenge.id}:started", card, place, now) for place in to if card is not None])
    return True


def close(
    db: sa.Connection,
    served: Served,
    challenge: Challenge,
    result: Result,
    card: Card,
    to: Sequence[Destination],
) -> bool:
    """Keep how it ended and post it, once however many processes try. False if somebody else did, or where it names
    somebody who must not be named any more."""
    tx, now = SqlTransaction(db, served.plan.community), result.at
    if not may_go(tx, served, card, aloud=True) or not claim_run(tx, ENDED, challenge.id, now):
        return False
    ingest(tx, served, [closed(challenge, result)], now, _QUIET)
    tx.send([_posted(f"{TELLING}{challenge.id}:closed", card, place, now) for place in to])
    return True


def _posted(cause: str, card: Card, to: Destination, now: int) -> Outgoing:
    return Outgoing(cause, to.source, "card", destination_json(to), card, now)
