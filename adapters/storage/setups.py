"""What was filled in to set a community up, and the book that comes of it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.storage import books
from adapters.storage.history import SqlHistory
from adapters.storage.serving import take_up
from adapters.storage.transactions import SqlTransaction
from core.audit import Act
from core.serving import Served
from core.setups import SET_UP, WAITING, Answers, Change, KeepAnswers, PutBook, answers_read, answers_written

_READ = "SELECT value FROM notebook WHERE key = ?"
_KEEP = "INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_FORGET = "DELETE FROM notebook WHERE key = ?"
_SERVED = "SELECT text FROM book WHERE state = 'in force'"


def read_answers(history: SqlHistory, source: str) -> Answers | None:
    """What was filled in on a platform and is not in force yet."""
    rows = history.rows(_READ, (_key(history.community, source),))
    return answers_read(rows[0][0]) if rows else None


def waits(history: SqlHistory) -> bool:
    """Whether no community of this database has a book of its own yet."""
    return all(row[0] == WAITING for row in history.rows(_SERVED, ()))


def carry_out(db: sa.Connection, served: Served, changes: Sequence[Change], now: int) -> bool:
    """All of them; nothing where another book came into force meanwhile. Raises ConfigurationError for a text that
    cannot come into force."""
    tx = SqlTransaction(db, served.plan.community)
    current = books.in_force(tx)
    revision = current.revision if current is not None else 0
    if any(isinstance(change, PutBook) and change.base != revision for change in changes):
        return False
    for change in changes:
        if isinstance(change, PutBook):
            _put(tx, served, change, now)
        else:
            _keep(tx, change)
    return True


def _keep(tx: SqlTransaction, change: KeepAnswers) -> None:
    key = _key(tx.community, change.source)
    if change.answers is None:
        tx.many(_FORGET, [(key,)])
    else:
        tx.many(_KEEP, [(key, answers_written(change.answers))])


def _put(tx: SqlTransaction, served: Served, change: PutBook, now: int) -> None:
    before = f"revision {change.base}"
    number = books.propose(tx, change.text, change.base, change.replaces, now)
    take_up(tx, served, books.revision(tx, number), now)
    tx.note_acts([Act(now, change.by, SET_UP, change.source, before=before, after=f"revision {number}")])


def _key(community: str, source: str) -> str:
    return f"setup:{community}:{source}"
