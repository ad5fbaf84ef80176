"""Statements that wait in the inbox for facts of the message they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from core.events import Statement, Value
from core.lines import parse_statement_line
from core.stamping import stamp_with

_UNSTAMPED = """
SELECT id, statement FROM inbox WHERE state = 'unstamped' AND due_at <= ?
AND json_extract(statement, '$.source') IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 100
"""
_LATER = "UPDATE inbox SET due_at = ?, attempts = attempts + 1 WHERE id = ?"
# The row stays: the same thing delivered once more is then known.
_DONE = "UPDATE inbox SET state = 'done' WHERE id = ?"


_PARKED = "SELECT id, statement FROM inbox WHERE state = 'parked' AND community = ? ORDER BY id LIMIT 1000"


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    statement: Statement


def unstamped(db: sa.Connection, now: int, sources: str) -> list[Waiting]:
    """What is due, oldest first. `sources`: a JSON list."""
    rows = db.exec_driver_sql(_UNSTAMPED, (now, sources)).all()
    return [Waiting(row[0], parse_statement_line(row[1])) for row in rows]


def parked(db: sa.Connection, community: str) -> list[Waiting]:
    """Statements that could not be decided."""
    return [Waiting(row[0], parse_statement_line(row[1])) for row in db.exec_driver_sql(_PARKED, (community,))]


def ask_later(db: sa.Connection, id_: int, due: int) -> None:
    db.exec_driver_sql(_LATER, (due, id_))


def done(db: sa.Connection, id_: int) -> None:
    db.exec_driver_sql(_DONE, (id_,))


def completed(statement: Statement, known: Mapping[str, object] | None) -> Statement:
    """The statement with what the platform said; as it came if the message is gone."""
    if known is None:
        return statement
    facts = {name: cast(Value, value) for name, value in known.items() if name != "author"}
    author = known.get("author")
    return stamp_with(statement, facts, author if isinstance(author, str) else None)
