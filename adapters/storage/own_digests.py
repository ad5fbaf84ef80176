"""The digests of their own that people asked for: queued part by part, each part by whoever claims it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import sqlalchemy as sa

from adapters.storage.history import SqlHistory
from adapters.storage.participation import subscribers
from adapters.storage.runs import claim_run
from adapters.storage.transactions import SqlTransaction
from core.digests import Due
from core.members import Member
from core.ports import Outgoing

JOB = "own digest"
PART = "own digest, part"
PARTS = 256
Parts = Mapping[str, Sequence[Member]]
"""People by the name of their part of a week. It says nothing about who they are, and stays while others come or go."""
_DONE = "SELECT period FROM run WHERE community = ? AND job = ?"
_FORGET = "DELETE FROM run WHERE community = ? AND job = ? AND period < ?"


def waiting(history: SqlHistory, week: str) -> Parts:
    """Who asked for one, without the parts of this week that somebody claimed."""
    done = {row[0] for row in history.rows(_DONE, (history.community, PART))}
    found: dict[str, list[Member]] = {}
    for member in subscribers(history):
        part = f"{week}/{crc32(member.encode()) % PARTS:03}"
        if part not in done:
            found.setdefault(part, []).append(member)
    return found


def first(parts: Parts, most: int) -> Parts:
    """Whole parts with so many people together; one at least."""
    found: dict[str, Sequence[Member]] = {}
    for name in sorted(parts):
        if found and sum(map(len, found.values())) + len(parts[name]) > most:
            break
        found[name] = parts[name]
    return found


def post(
    db: sa.Connection,
    community: str,
    due: Due,
    parts: Parts,
    parcels: Mapping[Member, Outgoing],
    now: int,
    *,
    last: bool,
) -> bool:
    """Claim these parts and queue what is for them: for those who still want it. `last`: nobody else waits. Returns
    whether the week is done by this."""
    tx = SqlTransaction(db, community)
    still = set(subscribers(tx))  # somebody may have been erased, or have opted out, while it was written
    for name, members in parts.items():
        if claim_run(tx, PART, name, now):
            tx.send([parcels[m] for m in members if m in parcels and m in still])
    if not last or not claim_run(tx, JOB, due.name, now, due.end):
        return False
    tx.many(_FORGET, [(community, PART, due.name)])
    return True
