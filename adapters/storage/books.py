"""Rule books by community and revision: those that were in force, and those that somebody proposes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from adapters.storage.history import SqlHistory
from adapters.storage.transactions import SqlTransaction

State = Literal["proposed", "in force", "replaced", "refused"]

_COLUMNS = "revision, state, text, base, at, replaces, reason"
# The names put into these texts are our own columns, nothing else.
_OF_STATE = f"SELECT {_COLUMNS} FROM book WHERE community = ? AND state = ? ORDER BY revision"  # noqa: S608 - names of columns, no values
_ONE = f"SELECT {_COLUMNS} FROM book WHERE community = ? AND revision = ?"  # noqa: S608 - names of columns, no values
_UNWRITTEN = "SELECT community FROM book WHERE state = 'in force' AND replaces IS NOT NULL ORDER BY community"
_LAST = "SELECT COALESCE(MAX(revision), 0) FROM book WHERE community = ?"
_NEW = """
INSERT INTO book (community, revision, state, text, base, at, replaces) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_REPLACE = "UPDATE book SET state = 'replaced', at = ?, replaces = NULL WHERE community = ? AND state = 'in force'"
_ENFORCE = "UPDATE book SET state = 'in force', at = ? WHERE community = ? AND revision = ?"
_REFUSE = """
UPDATE book SET state = 'refused', at = ?, reason = ?, text = ''
WHERE community = ? AND state = 'proposed' AND revision = COALESCE(?, revision)
"""
_WRITTEN = "UPDATE book SET replaces = NULL WHERE community = ? AND revision = ?"


@dataclass(frozen=True, slots=True)
class StoredBook:
    """One revision. `base`: the revision in force that it was compared with. `at`: since when it has its state, UTC
    microseconds. `replaces`: `mark_of` the text that its file held, None once the file holds this one."""

    revision: int
    state: State
    text: str
    base: int
    at: int
    replaces: str | None = None
    reason: str | None = None


def mark_of(text: str) -> str:
    """What a text is recognised by."""
    return hashlib.sha256(text.encode()).hexdigest()


def in_force(history: SqlHistory) -> StoredBook | None:
    """The book that decides; None before the first start."""
    found = history.rows(_OF_STATE, (history.community, "in force"))
    return StoredBook(*found[0]) if found else None


def unwritten(history: SqlHistory) -> list[str]:
    """Communities, all of them, whose file does not hold the book in force yet."""
    return [row[0] for row in history.rows(_UNWRITTEN, ())]


def proposed(history: SqlHistory) -> list[StoredBook]:
    """Books that wait to be taken up, the earliest first."""
    return [StoredBook(*row) for row in history.rows(_OF_STATE, (history.community, "proposed"))]


def revision(history: SqlHistory, number: int) -> StoredBook:
    """One revision that exists."""
    return StoredBook(*history.rows(_ONE, (history.community, number))[0])


def enter(tx: SqlTransaction, text: str, now: int) -> int:
    """Put a text into force that a file holds already. Returns its revision."""
    before = in_force(tx)
    tx.many(_REPLACE, [(now, tx.community)])
    return _add(tx, "in force", text, before.revision if before else 0, now, None)


def renew(tx: SqlTransaction, now: int) -> int:
    """What is in force beside the text has changed: the same text under a new number, so that whoever serves the
    community looks again. Returns its revision, 0 before there is a text."""
    before = in_force(tx)
    if before is None:
        return 0
    tx.many(_REPLACE, [(now, tx.community)])
    return _add(tx, "in force", before.text, before.revision, now, before.replaces)


def propose(tx: SqlTransaction, text: str, base: int, replaces: str, now: int) -> int:
    """Ask whoever serves the community to take up a text. Returns its revision."""
    return _add(tx, "proposed", text, base, now, replaces)


def enforce(tx: SqlTransaction, number: int, now: int) -> None:
    """Put a proposed book into force, in place of the one that is."""
    tx.many(_REPLACE, [(now, tx.community)])
    tx.many(_ENFORCE, [(now, tx.community, number)])


def refuse(tx: SqlTransaction, reason: str, now: int, number: int | None = None) -> None:
    """Turn down a proposal, or all that wait."""
    tx.many(_REFUSE, [(now, reason, tx.community, number)])


def written(tx: SqlTransaction, number: int) -> None:
    """The file holds what is in force."""
    tx.many(_WRITTEN, [(tx.community, number)])


def _add(tx: SqlTransaction, state: State, text: str, base: int, now: int, replaces: str | None) -> int:
    number = int(tx.rows(_LAST, (tx.community,))[0][0]) + 1
    tx.many(_NEW, [(tx.community, number, state, text, base, now, replaces)])
    return number
