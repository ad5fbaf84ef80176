"""Bans: what the banned person earned until then is taken back, with the reason; a ban that is lifted gives it back.

The marks they gave to others stay, unless a moderator says (`marks`) that they were worth nothing; lifted, these come
back too, as if they had never been away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.awards import FactKey
from core.events import ASSERT, WITHDRAW, Account, Fact, Statement, resolve
from core.members import People
from core.plan import BANNED, REVOCATION
from core.ports import Transaction
from core.withdrawals import Lost, free_again, restored

BY_BAN = "given by somebody who was banned"
_ALL = 1 << 62
_LIVING = ("awarded", "pending")


def follow_bans(tx: Transaction, people: People, new: Iterable[Statement]) -> list[Statement]:
    """Beside bans and what lifts them: revocations of what was earned, and withdrawals of marks."""
    return [follow for s in new if _is_ban(s) for follow in _following(tx, people, s)]


def ban_id(user: str) -> str:
    """Identity of a ban."""
    return f"ban:{user}"


def _is_ban(s: Statement) -> bool:
    return s.type == BANNED or (s.op == WITHDRAW and s.id.startswith("ban:"))


def _following(tx: Transaction, people: People, s: Statement) -> Iterator[Statement]:
    if s.op == WITHDRAW:
        yield from _lifted(tx, people, s)
    elif s.target is not None:
        yield from _revocations(tx, people.member(s.target), s, s.target)
        if s.facts.get("marks") is True:
            yield from _marks(tx, set(people.accounts(people.member(s.target))), s)


def _revocations(tx: Transaction, member: str, s: Statement, account: Account) -> Iterator[Statement]:
    for name in sorted({a.achievement for a in tx.awards([member]) if a.state in _LIVING}):
        facts = {"achievement": name, "reason": s.reason or "banned"}
        id_ = f"{s.source}/{s.id}/{name}"
        yield Statement("moderator", id_, s.at, REVOCATION, ASSERT, s.by, target=account, facts=facts, by=s.by)


def _marks(tx: Transaction, own: set[Account], s: Statement) -> Iterator[Statement]:
    marks = [fact for fact in tx.facts(own, None) if _is_mark(fact, own)]
    ban = {"ban": f"{s.source}/{s.id}"}
    for (source, id_), at in free_again(tx, {(f.source, f.id): max(s.at, f.at) for f in marks}).items():
        yield Statement(source, id_, at, op=WITHDRAW, facts=ban, reason=BY_BAN, by=s.by)


def _is_mark(fact: Fact, own: set[Account]) -> bool:
    """Did one of these do it for somebody else?"""
    if fact.actor not in own or fact.source in ("moderator", "engine", "clock"):
        return False
    return any(a is not None and a not in own for a in (fact.author, fact.target))


def _lifted(tx: Transaction, people: People, s: Statement) -> Iterator[Statement]:
    """Who was banned is named in the ban, not in what lifts it. What another ban of theirs takes too stays away until
    that one is lifted."""
    said = tx.statements([(s.source, s.id)], _ALL).get((s.source, s.id), ())
    accounts = {a for _, ban in said if ban.target is not None for a in people.accounts(people.member(ban.target))}
    if not accounts or resolve(said) is not None:
        return
    bans = tx.statements({_ban_of(a) for a in accounts} | {(s.source, s.id)}, _ALL)
    standing = [fact for known in bans.values() if (fact := resolve(known)) is not None]
    names = {f"{source}/{id_}" for source, id_ in bans}
    if not standing:
        yield from _given_back(tx, accounts, {f"{name}/" for name in names}, s)
    if not any(fact.facts.get("marks") is True for fact in standing):
        first = min(seq for known in bans.values() for seq, _ in known)
        yield from restored(tx, Lost(BY_BAN, first, frozenset(accounts), frozenset(names)), s.at, s.by)


def _given_back(tx: Transaction, accounts: set[Account], bans: set[str], s: Statement) -> Iterator[Statement]:
    for fact in tx.facts(accounts, [REVOCATION]):
        if fact.id.startswith(tuple(bans)):
            yield Statement(fact.source, fact.id, max(s.at, fact.at), op=WITHDRAW, reason=s.reason, by=s.by)


def _ban_of(account: Account) -> FactKey:
    source, _, user = account.partition("/")
    return source, ban_id(user)
