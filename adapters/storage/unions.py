"""Accounts that become one person, or part, in the commit that is under way."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from adapters.storage import strangers
from adapters.storage.transactions import SqlTransaction
from core import unions
from core.events import Account, Statement
from core.link_codes import Joined, Parted, Way
from core.pipeline import ingest
from core.plan import LINKED
from core.serving import Served

_ALL = 1 << 62


def unite(
    db: sa.Connection,
    served: Served,
    account: Account,
    other: Account,
    way: Way,
    now: int,
    by: Account | None = None,
    reason: str | None = None,
) -> Joined:
    """`account` speaks of itself and of `other`; `by`: a moderator who speaks of both."""
    people = served.people
    if (outcome := unions.hindrance(people, account, other, way)) is not None:
        return Joined(outcome, other)
    tx = SqlTransaction(db, served.plan.community)
    ours, theirs = _held(tx, people.member(account)), _held(tx, people.member(other))
    if way != "moderator":
        strangers.compare(tx, served, account, other, now)
    first, second = (other, account) if way == "chat" else (account, other)  # whoever began names the person
    said = unions.link(people, first, second, way, by or account, now, reason)
    _say(tx, served, said, now)
    if people.member(account) != people.member(other):  # somebody who was erased is linked with nobody
        return Joined("wrong", other)
    after = _held(tx, people.member(account))
    return Joined("right", other, len(after), len((theirs - ours) & after), len(after - theirs - ours))


def match(
    db: sa.Connection,
    served: Served,
    account: Account,
    candidate: Account,
    by: Account,
    now: int,
    reason: str | None = None,
) -> Joined:
    """A moderator says that an account from elsewhere is somebody of the chat."""
    if unions.hindrance(served.people, candidate, account, "moderator") is None:
        strangers.decide(SqlTransaction(db, served.plan.community), served, account, candidate, by, now)
    return unite(db, served, candidate, account, "moderator", now, by, reason)


def part(
    db: sa.Connection, served: Served, account: Account, leaving: Account, by: Account, now: int, reason: str
) -> Parted | None:
    """`leaving` parts from the others of `account`; None where they are not linked."""
    people = served.people
    head = people.member(account)
    group = people.accounts(head)
    if leaving not in group or len(group) == 1:
        return None
    tx = SqlTransaction(db, served.plan.community)
    found = unions.parting(group, head, leaving, tx.facts(group, [LINKED]))
    for fact in found.withdrawn:
        ingest(tx, served, [unions.withdrawal(fact, by, now, reason)], now)
    for first, second in found.anew:
        _say(tx, served, unions.kept_together(first, second, by, now), now)
    stays = next(a for a in group if a != leaving)
    return Parted(len(_held(tx, people.member(stays))), len(_held(tx, people.member(leaving))))


def _say(tx: SqlTransaction, served: Served, said: Statement, now: int) -> None:
    """A link that was taken back is said later than that: at the same moment it would stay undone."""
    known = tx.statements([(said.source, said.id)], _ALL).get((said.source, said.id), ())
    at = max([said.at, *(s.at + 1 for _, s in known)])
    ingest(tx, served, [replace(said, at=at)], now)


def _held(tx: SqlTransaction, member: Account) -> set[str]:
    return {a.achievement for a in tx.awards([member]) if a.state == "awarded"}
