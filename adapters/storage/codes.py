"""Codes and who used them. Each function is a part of one commit, so that a capacity holds whoever comes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from adapters.storage import guesses
from adapters.storage.history import as_json
from adapters.storage.transactions import SqlTransaction
from core.claim_codes import CONFIRMED_WITHIN, Code, Glance, mark, redeemed
from core.events import Account
from core.members import Member
from core.pipeline import ingest
from core.serving import Served

_COLUMNS = "name, type, achievement, capacity, used, opens, closes"
# The names put into these texts are our own columns, nothing else.
_BY_HASH = f"SELECT community, {_COLUMNS} FROM code WHERE hash = ?"  # noqa: S608 - names of columns, no values
_BY_NAME = f"SELECT community, {_COLUMNS} FROM code WHERE community = ? AND name = ?"  # noqa: S608 - names of columns, no values
_ALL = f"SELECT {_COLUMNS} FROM code WHERE community = ? ORDER BY made_at DESC, name"  # noqa: S608 - names of columns, no values
_NEW = """
INSERT INTO code (community, name, hash, type, achievement, capacity, used, opens, closes, made_at)
VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_CLOSE = "UPDATE code SET closes = MIN(closes, ?) WHERE community = ? AND name = ?"
_CONFIRMED = "SELECT community, code FROM confirmation WHERE hash = ? AND expires > ?"
_CONFIRM = "INSERT INTO confirmation (community, hash, code, expires) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SPENT = "DELETE FROM confirmation WHERE hash = ? OR expires <= ?"
_USE = "UPDATE code SET used = used + 1 WHERE community = ? AND name = ? AND used < capacity"
_HAS = "SELECT 1 FROM redemption WHERE community = ? AND code = ? AND member IN (SELECT value FROM json_each(?))"
_REDEEM = "INSERT INTO redemption (community, code, member, at) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class _Found:
    community: str
    code: Code


def make(db: sa.Connection, community: str, code: Code, characters: str, now: int) -> bool:
    """False if the name is taken. The characters themselves are kept nowhere."""
    row = (community, code.name, mark(characters), code.type, code.achievement, code.capacity, code.opens, code.closes)
    return db.exec_driver_sql(_NEW, (*row, now)).rowcount == 1


def codes(db: sa.Connection, community: str) -> list[Code]:
    """The latest first."""
    return [Code(*row) for row in db.exec_driver_sql(_ALL, (community,))]


def close(db: sa.Connection, community: str, name: str, now: int) -> bool:
    """Nobody can use it from now on. False if there is none."""
    return db.exec_driver_sql(_CLOSE, (now, community, name)).rowcount == 1


def redeem(db: sa.Connection, served: Served, account: Account, typed: str, now: int) -> Glance:
    """Somebody typed a code, or what the page showed them, in the chat."""
    community, member = served.plan.community, served.people.member(account)
    who = f"{community}/{member}"
    if _locked(db, who, now):
        return Glance("locked")
    found = _find(db, typed, now, community)
    if found is None:
        return _wrong(db, who, now)
    everybody = as_json({member, *served.people.accounts(member)})  # whoever they were when they used it
    if db.exec_driver_sql(_HAS, (community, found.code.name, everybody)).first() is not None:
        return Glance("already", found.code.name)
    if (outside := _outside(found.code, now)) is not None:
        return outside
    if db.exec_driver_sql(_USE, (community, found.code.name)).rowcount == 0:
        return _wrong(db, who, now)
    db.exec_driver_sql(_REDEEM, (community, found.code.name, member, now))
    db.exec_driver_sql(_SPENT, (mark(typed), now))
    ingest(SqlTransaction(db, community), served, [redeemed(found.code, account, now)], now)
    return Glance("right", found.code.name)


def look(db: sa.Connection, who: str, typed: str, now: int, confirmation: str | None = None) -> Glance:
    """The page asks about a code for an address (`who`). With a `confirmation`, that one is good for half an hour."""
    if _locked(db, who, now):
        return Glance("locked")
    rows = db.exec_driver_sql(_BY_HASH, (mark(typed),)).all()
    found = _found(rows[0]) if rows else None
    if found is None or found.code.used >= found.code.capacity:
        return _wrong(db, who, now)
    if (outside := _outside(found.code, now)) is not None:
        return outside
    if confirmation is None:
        return Glance("right", found.code.name)
    db.exec_driver_sql(_CONFIRM, (found.community, mark(confirmation), found.code.name, now + CONFIRMED_WITHIN))
    return Glance("right", found.code.name, confirmation=confirmation)


def redemptions(db: sa.Connection, community: str, member: Member) -> list[tuple[str, int]]:
    """Codes that a member used, and when."""
    query = "SELECT code, at FROM redemption WHERE community = ? AND member = ? ORDER BY at"
    return [(row[0], int(row[1])) for row in db.exec_driver_sql(query, (community, member))]


def _find(db: sa.Connection, typed: str, now: int, community: str) -> _Found | None:
    """By the code itself or by a confirmation; one of another community is unknown here."""
    hash_ = mark(typed)
    rows: Sequence[Any] = db.exec_driver_sql(_BY_HASH, (hash_,)).all()
    confirmed = db.exec_driver_sql(_CONFIRMED, (hash_, now)).all()
    if not rows and confirmed:
        rows = db.exec_driver_sql(_BY_NAME, tuple(confirmed[0])).all()
    found = _found(rows[0]) if rows else None
    return found if found is not None and found.community == community else None


def _found(row: Sequence[Any]) -> _Found:
    return _Found(str(row[0]), Code(*row[1:]))


def _outside(code: Code, now: int) -> Glance | None:
    if now < code.opens:
        return Glance("early", code.name, code.opens)
    return Glance("late", code.name, code.closes) if now >= code.closes else None


def _locked(db: sa.Connection, who: str, now: int) -> bool:
    return guesses.is_locked(db, who, now)


def _wrong(db: sa.Connection, who: str, now: int) -> Glance:
    guesses.note_wrong(db, who, now)
    return Glance("wrong")
