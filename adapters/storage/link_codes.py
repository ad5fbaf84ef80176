"""Codes that link accounts. Each function is a part of one commit, so that of two who use a code one is too late."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.storage import guesses, unions
from adapters.storage.transactions import SqlTransaction
from core.cards import Card
from core.claim_codes import mark
from core.connectors import Proof
from core.effects import destination_json
from core.events import Account
from core.language import Language
from core.link_codes import GOOD_FOR, MAILS_WITHIN, MOST_MAILS, Found, Joined, Outcome, Way
from core.ports import Destination, Outgoing
from core.serving import Served
from core.unions import hindrance

Db = sa.Connection
"""What a piece of work of a commit is given."""

_COLUMNS = "token, account, way, other, channel"
_EXPIRED = "DELETE FROM link_code WHERE expires <= ?"
_NEW = """
INSERT INTO link_code (token, community, account, way, hash, other, channel, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (community, account, way) DO UPDATE SET token = excluded.token, hash = excluded.hash,
other = excluded.other, channel = excluded.channel, expires = excluded.expires
"""
# The names put into these texts are our own columns, nothing else.
_BY_HASH = f"SELECT {_COLUMNS} FROM link_code WHERE community = ? AND hash = ? AND expires > ?"  # noqa: S608 - names of columns, no values
_BY_TOKEN = f"SELECT {_COLUMNS} FROM link_code WHERE community = ? AND token = ? AND expires > ?"  # noqa: S608 - names of columns, no values
_POSTED = f"SELECT {_COLUMNS}, expires FROM link_code WHERE community = ? AND account = ? AND way = 'forge'"  # noqa: S608 - names of columns, no values
_TAKE = "UPDATE link_code SET other = ? WHERE token = ? AND other IS NULL"
_GONE = "DELETE FROM link_code WHERE token = ?"
_MAILED = "SELECT COUNT(*) FROM link_mail WHERE mark = ? AND at > ?"
_MAIL = "INSERT INTO link_mail (mark, at) VALUES (?, ?)"
_OLD_MAILS = "DELETE FROM link_mail WHERE at <= ?"


@dataclass(frozen=True, slots=True)
class _Code:
    token: str
    account: Account
    way: Way
    other: Account | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A code that is to be kept: its characters, and how buttons name it. Nobody could foresee them."""

    characters: str
    token: str


def keep(
    db: sa.Connection,
    community: str,
    account: Account,
    way: Way,
    fresh: Fresh,
    channel: str | None,
    now: int,
    other: Account | None = None,
) -> None:
    """The account's one code of this way. Its characters are kept nowhere."""
    db.exec_driver_sql(_EXPIRED, (now,))
    row = (fresh.token, community, account, way, mark(fresh.characters), other, channel, now + GOOD_FOR)
    db.exec_driver_sql(_NEW, row)


def keep_for_mail(
    db: sa.Connection, community: str, account: Account, address: str, fresh: Fresh, channel: str | None, now: int
) -> bool:
    """False where the account or the address had enough mails in the last hour."""
    db.exec_driver_sql(_OLD_MAILS, (now - MAILS_WITHIN,))
    marks = [hashlib.sha256(text.encode()).digest() for text in (f"{community} {account}", address)]
    if any(db.exec_driver_sql(_MAILED, (m, now - MAILS_WITHIN)).scalar_one() >= MOST_MAILS for m in marks):
        return False
    db.exec_driver_sql(_MAIL, [(m, now) for m in marks])
    keep(db, community, account, "email", fresh, channel, now, f"email/{address}")
    return True


def show(db: sa.Connection, served: Served, account: Account, typed: str, now: int) -> Found:
    """Somebody typed a code in the chat."""
    community = served.plan.community
    who = f"link {community}/{account}"
    if guesses.is_locked(db, who, now):
        return Found("locked")
    code = _find(db, _BY_HASH, community, mark(typed), now)
    if code is not None and (outcome := _pointless(served, code, account)) is not None:
        return Found(outcome, code.account)
    if code is None or not _is_for(code, account) or not _taken(db, code, account):
        guesses.note_wrong(db, who, now)
        return Found("wrong")
    if code.way == "chat":
        return Found("right", code.account, code.token)
    db.exec_driver_sql(_GONE, (code.token,))
    joined = unions.unite(db, served, account, code.other or "", "email", now)
    return Found(joined.outcome, joined.other, joined=joined)


def _pointless(served: Served, code: _Code, account: Account) -> Outcome | None:
    """Why a right code of the other chat is of no use to this account; it is not spent."""
    if code.way != "chat":
        return None
    return "own" if code.account == account else hindrance(served.people, account, code.account, "chat")


def confirm(
    db: sa.Connection, served: Served, account: Account, token: str, now: int, told: Callable[[Joined, Language], Card]
) -> Joined:
    """The last word: whoever typed a code of the other chat, or whoever asked for the one that was posted elsewhere.
    `told`: for the one who is not here."""
    code = _find(db, _BY_TOKEN, served.plan.community, token, now)
    if code is None or code.other is None or _speaker(code) != account:
        return Joined("wrong")
    db.exec_driver_sql(_GONE, (token,))
    other = code.account if code.way == "chat" else code.other
    joined = unions.unite(db, served, account, other, code.way, now)
    if joined.outcome == "right" and code.way == "chat":
        tx, card = SqlTransaction(db, served.plan.community), told(joined, served.speaking_to(code.account))
        whisper(tx, f"link:{token}", code.account, code.channel, card, now)
    return joined


def drop(db: sa.Connection, community: str, account: Account, token: str, now: int) -> None:
    """One of the two says no."""
    code = _find(db, _BY_TOKEN, community, token, now)
    if code is not None and account in (code.account, code.other):
        db.exec_driver_sql(_GONE, (token,))


@dataclass(frozen=True, slots=True)
class Proved:
    """Whose code was posted, and how buttons name it; else why it was left aside."""

    reason: str = ""
    token: str = ""
    account: Account = ""
    channel: str | None = None


def prove(db: sa.Connection, served: Served, proof: Proof, now: int) -> Proved:
    """An account elsewhere posted a code. Nothing is linked before whoever asked for it has seen by whom."""
    community = served.plan.community
    who = f"link {community}/{proof.account}"
    if guesses.is_locked(db, who, now):
        return Proved("too many codes that were not right")
    code = _find(db, _BY_HASH, community, mark(proof.code), now)
    if code is None or code.way != "forge":
        guesses.note_wrong(db, who, now)
        return Proved("the code is not known, or old")
    if code.other == proof.account:
        return Proved("the code was posted before")
    if not _taken(db, code, proof.account):
        return Proved("the code was posted by somebody else before")
    return Proved("", code.token, code.account, code.channel)


def issued(db: sa.Connection, community: str, account: Account, now: int) -> int | None:
    """When the account asked for the code that it is to post (UTC microseconds); None where it has none."""
    found = _of_account(db, community, account, now)
    return found[1] - GOOD_FOR if found is not None else None


def token_of(db: sa.Connection, community: str, account: Account, now: int) -> str | None:
    """How buttons name the code that the account is to post; None where it has none."""
    found = _of_account(db, community, account, now)
    return found[0].token if found is not None else None


def prove_own(db: sa.Connection, served: Served, account: Account, proofs: Sequence[Proof], now: int) -> Proved | None:
    """The account shows where its own code was posted, and by whom; codes of others are left alone. None: none of these
    is its own."""
    community = served.plan.community
    for proof in proofs:
        code = _find(db, _BY_HASH, community, mark(proof.code), now)
        if code is not None and code.account == account:
            return take(db, community, code.token, proof.account, now)
    return None


def take(db: sa.Connection, community: str, token: str, other: Account, now: int) -> Proved | None:
    """An account elsewhere is proved for the code; None where the code is gone. Nothing is linked before whoever asked
    for it said yes."""
    code = _find(db, _BY_TOKEN, community, token, now)
    if code is None or code.way != "forge":
        return None
    if not _taken(db, code, other):
        return Proved("the code was posted by somebody else before")
    return Proved("", code.token, code.account, code.channel)


def _of_account(db: sa.Connection, community: str, account: Account, now: int) -> tuple[_Code, int] | None:
    rows = [r for r in db.exec_driver_sql(_POSTED, (community, account)).all() if r[-1] > now]
    return (_Code(*rows[0][:-1]), int(rows[0][-1])) if rows else None


def whisper(tx: SqlTransaction, cause: str, account: Account, channel: str | None, card: Card, now: int) -> None:
    """Something for one person alone, where they asked; else as soon as they ask something."""
    source = account.partition("/")[0]
    to = Destination(source, "private", channel, account=account)
    tx.send([Outgoing(cause, source, "card", destination_json(to), card, now)])


def _find(db: sa.Connection, query: str, community: str, key: object, now: int) -> _Code | None:
    rows = db.exec_driver_sql(query, (community, key, now)).all()
    return _Code(*rows[0]) if rows else None


def _is_for(code: _Code, account: Account) -> bool:
    """A code that came by mail is for whoever asked for it; one to be posted elsewhere is worth nothing here."""
    return code.way == "chat" or (code.way == "email" and code.account == account)


def _taken(db: sa.Connection, code: _Code, account: Account) -> bool:
    """The first who shows a code has it; the same one may show it again."""
    if code.way == "email" or code.other == account:
        return True
    return db.exec_driver_sql(_TAKE, (account, code.token)).rowcount == 1


def _speaker(code: _Code) -> Account | None:
    return code.other if code.way == "chat" else code.account if code.way == "forge" else None
