"""Tracked links: where they lead, and how often they were followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage.transactions import SqlTransaction
from core.events import Account
from core.pipeline import ingest
from core.serving import Served
from core.tracked_links import TrackedLink, visited

_COLUMNS = 'community, name, code, "to", facts, visits'
# The names put into these texts are our own columns, nothing else.
_BY_CODE = f"SELECT {_COLUMNS} FROM link WHERE code = ?"  # noqa: S608 - names of columns, no values
_BY_NAME = f"SELECT {_COLUMNS} FROM link WHERE community = ? AND name = ?"  # noqa: S608 - names of columns, no values
_ALL = f"SELECT {_COLUMNS} FROM link WHERE community = ? ORDER BY made_at DESC, name"  # noqa: S608 - names of columns, no values
_NEW = """
INSERT INTO link (community, name, code, "to", facts, visits, made_at) VALUES (?, ?, ?, ?, ?, 0, ?)
ON CONFLICT DO NOTHING
"""
_VISIT = "UPDATE link SET visits = visits + 1 WHERE code = ?"
_KEY = "links:key"
_KEEP_KEY = "INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
_READ_KEY = "SELECT value FROM notebook WHERE key = ?"


def make(db: sa.Connection, link: TrackedLink, now: int) -> bool:
    """False if the name is taken."""
    row = (link.community, link.name, link.code, link.to, orjson.dumps(dict(link.facts)).decode(), now)
    return db.exec_driver_sql(_NEW, row).rowcount == 1


def by_code(db: sa.Connection, code: str) -> TrackedLink | None:
    rows = db.exec_driver_sql(_BY_CODE, (code,)).all()
    return _link(rows[0]) if rows else None


def by_name(db: sa.Connection, community: str, name: str) -> TrackedLink | None:
    rows = db.exec_driver_sql(_BY_NAME, (community, name)).all()
    return _link(rows[0]) if rows else None


def links(db: sa.Connection, community: str) -> list[TrackedLink]:
    """The latest first."""
    return [_link(row) for row in db.exec_driver_sql(_ALL, (community,))]


def visit(db: sa.Connection, served: Served, link: TrackedLink, account: Account | None, now: int) -> None:
    """Count a visit; with an account, say that it came through their link."""
    db.exec_driver_sql(_VISIT, (link.code,))
    if account is not None:
        said = visited(link, account, served.plan.calendar.day(now), now)
        tx = SqlTransaction(db, link.community)
        if not tx.statements([(said.source, said.id)], 1 << 62):
            ingest(tx, served, [said], now)


def signing_key(db: sa.Connection, fresh: Callable[[], str]) -> bytes:
    """The key of this installation, made with `fresh` (hexadecimal) the first time."""
    found = db.exec_driver_sql(_READ_KEY, (_KEY,)).scalar_one_or_none()
    if found is None:
        db.exec_driver_sql(_KEEP_KEY, (_KEY, fresh()))
        found = db.exec_driver_sql(_READ_KEY, (_KEY,)).scalar_one()
    return bytes.fromhex(str(found))


def _link(row: Sequence[Any]) -> TrackedLink:
    community, name, code, to, facts, visits = row
    return TrackedLink(community, name, code, to, orjson.loads(facts), visits)
