"""Signing in elsewhere to prove an account. Each function is a part of one commit, so that nothing is used twice.

What the link holds, and the cookie of the browser that followed it, are kept only as their SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from core.events import Account

_EXPIRED = "DELETE FROM sign_in WHERE expires <= ?"
_OLD = "DELETE FROM sign_in WHERE community = ? AND code = ?"
_NEW = """
INSERT INTO sign_in (mark, community, code, asked, expires)
SELECT ?, community, token, 0, expires FROM link_code WHERE community = ? AND token = ?
"""
_ROW = """
SELECT s.community, c.token, c.account, s.account, s.name FROM sign_in s
JOIN link_code c ON c.community = s.community AND c.token = s.code
WHERE s.expires > ? AND
"""
_BY_LINK = f"{_ROW} s.mark = ? AND s.browser IS NULL"
_BY_BROWSER = f"{_ROW} s.browser = ?"
_CODE = "EXISTS (SELECT 1 FROM link_code c WHERE c.community = sign_in.community AND c.token = sign_in.code)"
_BEGIN = f"UPDATE sign_in SET browser = ? WHERE mark = ? AND browser IS NULL AND expires > ? AND {_CODE}"  # noqa: S608 - our own text, no values
_BACK = f"UPDATE sign_in SET asked = 1 WHERE browser = ? AND asked = 0 AND expires > ? AND {_CODE}"  # noqa: S608 - our own text, no values
_NAME = "UPDATE sign_in SET account = ?, name = ? WHERE browser = ? AND asked = 1 AND account IS NULL"
_END = "DELETE FROM sign_in WHERE browser = ?"


@dataclass(frozen=True, slots=True)
class SignIn:
    """`asker`: who was given the link, for the code `token`. `account`, `name`: who signed in, once that is known."""

    community: str
    token: str
    asker: Account
    account: Account | None
    name: str | None


def offer(db: sa.Connection, community: str, token: str, state: str, now: int) -> None:
    """A link for the code of this token, in place of the one before. It ends with the code."""
    db.exec_driver_sql(_EXPIRED, (now,))
    db.exec_driver_sql(_OLD, (community, token))
    db.exec_driver_sql(_NEW, (mark(state), community, token))


def unused(db: sa.Connection, state: str, now: int) -> SignIn | None:
    """What a link is for that nobody has followed yet."""
    return _one(db, _BY_LINK, state, now)


def begin(db: sa.Connection, state: str, browser: str, now: int) -> bool:
    """The first browser that goes on has the link; whoever comes later is too late."""
    return db.exec_driver_sql(_BEGIN, (mark(browser), mark(state), now)).rowcount == 1


def come_back(db: sa.Connection, browser: str, now: int) -> bool:
    """GitHub sent the browser back: it counts once."""
    return db.exec_driver_sql(_BACK, (mark(browser), now)).rowcount == 1


def name(db: sa.Connection, browser: str, account: Account, called: str) -> None:
    """Who signed in."""
    db.exec_driver_sql(_NAME, (account, called, mark(browser)))


def under_way(db: sa.Connection, browser: str, now: int) -> SignIn | None:
    return _one(db, _BY_BROWSER, browser, now)


def end(db: sa.Connection, browser: str) -> None:
    db.exec_driver_sql(_END, (mark(browser),))


def mark(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _one(db: sa.Connection, query: str, secret: str, now: int) -> SignIn | None:
    row = db.exec_driver_sql(query, (now, mark(secret))).first()
    return SignIn(*row) if row is not None else None
