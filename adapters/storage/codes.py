"""Codes and who used them. Each function is a part of one commit, so that a capacity holds whoever comes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from adapters.storage import guesses
from adapters.storage.history import as_json
from adapters.storage.transactions import SqlTransaction
from core.claim_codes import CONFIRMED_WITHIN, Code, Glance, mark, redeemed
from core.events import Account
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
_WHOLE_LOG = 1 << 62


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
    tx, said = SqlTransaction(db, community), redeemed(found.code, account, now)
    everybody = as_json(served.people.accounts(member))  # once for a person, and for each again when they part
    used = db.exec_driver_sql(_HAS, (community, found.code.name, everybody)).first()
    if used is not None or tx.statements([(said.source, said.id)], _WHOLE_LOG):
        return Glance("already", found.code.name)
    if (outside := _outside(found.code, now)) is not None:
        return outside
    if db.exec_driver_sql(_USE, (community, found.code.name)).rowcount == 0:
        return _wrong(db, who, now)
    db.exec_driver_sql(_REDEEM, (community, found.code.name, account, now))
    db.exec_driver_sql(_SPENT, (mark(typed), now))
    ingest(tx, served, [said], now)
    return Glance("right", found.code.name)


def look(db: sa.Connection, typed: str, now: int) -> Glance:
    """The page asks about a code. Only reads."""
    rows = db.exec_driver_sql(_BY_HASH, (mark(typed),)).all()
    found = _found(rows[0]) if rows else None
    if found is None or found.code.used >= found.code.capacity:
        return Glance("wrong")
    return _outside(found.code, now) or Glance("right", found.code.name)


def confirm(db: sa.Connection, typed: str, confirmation: str, now: int) -> Glance:
    """The same; with a right code the confirmation is good for half an hour."""
    glance = look(db, typed, now)
    if glance.outcome != "right":
        return glance
    found = _found(db.exec_driver_sql(_BY_HASH, (mark(typed),)).one())
    db.exec_driver_sql(_CONFIRM, (found.community, mark(confirmation), found.code.name, now + CONFIRMED_WITHIN))
    return replace(glance, confirmation=confirmation)


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
