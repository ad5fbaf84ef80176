"""Rewards in SQL: core.rewards.Rewards for reading, and `carry_out` for what people want changed.

Whether somebody may have a reward is found out in the commit that writes it: SQLite has one writer at a time, so that
two who ask for the last one at the same moment are asked one after the other, however many bots there are.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage.attempts import Late, attempt
from adapters.storage.claims import names_of
from adapters.storage.history import SqlHistory, as_json
from adapters.storage.kin import balance, owed, parted
from adapters.storage.runs import claim_run
from adapters.storage.spending import monthly, spent_in
from adapters.storage.transactions import SqlTransaction
from core import reward_cards
from core.budgets import is_low
from core.effects import destination_json, moderators_of
from core.erasure import is_pseudonym
from core.languages import ours
from core.members import Member
from core.pipeline import ingest
from core.plan import TEAM
from core.ports import Destination, Outgoing
from core.rewards import (
    AFTER,
    BEFORE,
    GONE,
    Entry,
    Payout,
    Redeem,
    Settle,
    Till,
    cause_of,
    hindrance,
    payout_of,
    redeemed,
    redemption,
    settlement,
    team_at,
    tidied,
)
from core.serving import Served

WARNING = "rewards"  # the job whose period is a month: one warning in each
_COLUMNS = ", ".join(f'"{field.name}"' for field in fields(Payout))
# The names put into these texts are our own columns, nothing else.
_SELECT = f"SELECT {_COLUMNS} FROM payout WHERE community = ?"  # noqa: S608 - names of columns, no values
_UNSETTLED = "state IN ('asked', 'open')"
_OPEN = f"{_SELECT} AND {_UNSETTLED} ORDER BY at, id LIMIT ?"
_OPEN_IN_ALL = f"SELECT COUNT(*) FROM payout WHERE community = ? AND {_UNSETTLED}"  # noqa: S608 - the text above
_OF = " AND account IN (SELECT value FROM json_each(?))"
_OWN = _SELECT + _OF + " ORDER BY at DESC, id DESC LIMIT ?"
_THESE = _SELECT + " AND id IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of columns, no values
_NEXT = "SELECT COALESCE(MAX(id), 0) + 1 FROM payout WHERE community = ?"
_NEW = f"""
INSERT INTO payout (community, {_COLUMNS}) VALUES (?, {", ".join("?" * len(fields(Payout)))})
"""  # noqa: S608 - names of columns, no values
_SETTLE = 'UPDATE payout SET state = ?, "by" = ?, reason = ?, decided_at = ? WHERE community = ? AND id = ?'
_ENTRIES = """
SELECT l.points, l.at, l.cause, l.member, a.achievement FROM ledger l LEFT JOIN award a ON a.id = l.award
WHERE l.community = ? AND l.member IN (SELECT value FROM json_each(?)) ORDER BY l.id DESC LIMIT ?
"""
_TAKEN = "SELECT reward, COUNT(*) FROM payout WHERE community = ? AND state NOT IN ('declined', 'refunded')"
_EACH = " GROUP BY reward"
_ROLES = "SELECT roles FROM account WHERE community = ? AND account IN (SELECT value FROM json_each(?))"
_LEVELS = "SELECT name FROM level WHERE community = ? AND member = ?"
_MOVES = 4  # entries that only changed their holder are read too, and left out


@dataclass(frozen=True, slots=True)
class StoredRewards:
    """core.rewards.Rewards of one community. `look` runs a read on a connection of its own; `now`: UTC microseconds."""

    look: Callable[[Callable[[sa.Connection], Any]], Awaitable[Any]]
    served: Served
    now: int

    async def till(self, member: Member) -> Till:
        found: Till = await self._read(lambda history: read_till(history, self.served, member, self.now))
        return found

    async def entries(self, member: Member, most: int) -> list[Entry]:
        accounts = self.served.people.accounts(member)
        found: list[Entry] = await self._read(lambda history: _entries(history, accounts, most))
        return found

    async def payout(self, number: int) -> Payout | None:
        return await self._one(f"{_SELECT} AND id = ?", number)

    async def answered(self, key: str) -> Payout | None:
        return await self._one(f"{_SELECT} AND key = ?", key)

    async def of_member(self, member: Member, most: int) -> list[Payout]:
        return await self._all(_OWN, as_json(self.served.people.accounts(member)), most)

    async def waiting(self, most: int) -> tuple[Sequence[Payout], int]:
        found: tuple[list[Payout], int] = await self._read(lambda history: _waiting(history, most))
        return found

    async def _read(self, query: Callable[[SqlHistory], Any]) -> Any:
        return await self.look(lambda db: query(SqlHistory(db, self.served.plan.community)))

    async def _one(self, query: str, value: object) -> Payout | None:
        found = await self._all(query, value)
        return found[0] if found else None

    async def _all(self, query: str, *values: object) -> list[Payout]:
        found: list[Payout] = await self._read(lambda history: payouts(history, query, *values))
        return found


def payouts(history: SqlHistory, query: str, *values: object) -> list[Payout]:
    return [Payout(*row) for row in history.rows(query, (history.community, *values))]


def _waiting(history: SqlHistory, most: int) -> tuple[list[Payout], int]:
    """Both as of one moment."""
    return payouts(history, _OPEN, most), int(history.rows(_OPEN_IN_ALL, (history.community,))[0][0])


def read_till(history: SqlHistory, served: Served, member: Member, now: int) -> Till:
    """What decides on a redemption of this member now. What one takes with an account and parts from counts on: else
    the same points would be spent with one account after the other."""
    accounts = served.people.accounts(member)
    before, own = parted(history, accounts), balance(history, accounts)
    named, community = as_json(accounts), history.community
    month = monthly(served.plan.calendar, now)
    have = max(min(own, 0), own + owed(history, served, before))
    team = team_at(history.facts(accounts, [TEAM]), accounts, now)
    roles = [orjson.loads(row[0]) for row in history.rows(_ROLES, (community, named))]
    return Till(
        have,
        dict(map(tuple, history.rows(_TAKEN + _EACH, (community,)))),
        dict(map(tuple, history.rows(_TAKEN + _OF + _EACH, (community, as_json([*accounts, *before]))))),
        spent_in(history, month),
        team,
        spent_in(history, month, team) if team is not None else 0,
        frozenset(role for there in roles for role in there),
        frozenset(row[0] for row in history.rows(_LEVELS, (community, member))),
        own - have,
    )


def _entries(history: SqlHistory, accounts: Sequence[str], most: int) -> list[Entry]:
    rows = history.rows(_ENTRIES, (history.community, as_json(accounts), most * _MOVES))
    about = {number for row in rows if (number := payout_of(row[2])) is not None}
    known = {p.id: p.name for p in payouts(history, _THESE, as_json(sorted(about)))}
    found = [_entry(known, *row) for row in rows]
    return tidied(found)[:most]


def _entry(names: dict[int, str], points: int, at: int, cause: str, member: str, achievement: str | None) -> Entry:
    number = payout_of(cause)
    what = achievement if number is None else names.get(number)
    return Entry(points, at, cause, what or "", number, member)


# ---- changes


def carry_out(db: sa.Connection, served: Served, changes: Sequence[Redeem | Settle], now: int) -> bool:
    """All of them, or none where one cannot be done any more."""
    return attempt(db, changes, Counter(db, served, now).do)


class Counter:
    """One commit for one community. `now`: UTC microseconds."""

    def __init__(self, db: sa.Connection, served: Served, now: int) -> None:
        self._db = db
        self._served = served
        self._now = now
        self._tx = SqlTransaction(db, served.plan.community)

    def do(self, change: Redeem | Settle) -> None:
        """Raises Late."""
        if isinstance(change, Redeem):
            self._redeem(change)
        else:
            self._settle(change)

    @property
    def _community(self) -> str:
        return self._served.plan.community

    def _redeem(self, order: Redeem) -> None:
        book, people, calendar = self._served.plan.book, self._served.people, self._served.plan.calendar
        till = read_till(self._tx, self._served, people.member(order.account), self._now)
        if hindrance(book, order.reward, till, calendar.day(self._now)) is not None:
            raise Late
        if order.price != book.shelf[order.reward].price or self._found("key", order.key):
            raise Late
        number = int(self._tx.rows(_NEXT, (self._community,))[0][0])
        payout = redeemed(book, order, number, till.team, self._now)
        if ingest(self._tx, self._served, [redemption(payout)], self._now) != [None]:
            raise Late
        row = tuple(getattr(payout, field.name) for field in fields(Payout))
        self._tx.many(_NEW, [(self._community, *row)])
        self._tx.pay([(payout.account, None, -payout.price, self._now, cause_of(number, "redeemed"))])
        self._tx.send([*self._shown(payout), *self._warned(payout, till.month + payout.price)])

    def _settle(self, change: Settle) -> None:
        before = self._found("id", change.payout)
        if not before or before[0].state not in BEFORE[change.step]:
            raise Late
        payout, state, people = before[0], AFTER[change.step], self._served.people
        if people.member(payout.account) == people.member(change.by):  # they were linked in between
            raise Late
        if ingest(self._tx, self._served, [settlement(payout, change, self._now)], self._now) != [None]:
            raise Late
        row = (state, change.by, change.reason, self._now, self._community, payout.id)
        self._tx.many(_SETTLE, [row])
        if state in GONE:
            self._tx.pay([(payout.account, None, payout.price, self._now, cause_of(payout.id, change.step))])
        after = self._found("id", payout.id)[0]
        self._tx.send([*self._shown(after), *self._whispered(after)])

    def _found(self, column: str, value: object) -> list[Payout]:
        return payouts(self._tx, f"{_SELECT} AND {column} = ?", value)

    # ---- what is told

    def _shown(self, payout: Payout) -> Iterator[Outgoing]:
        """The card in the moderators' channel."""
        names = names_of(self._db, self._community, [a for a in (payout.account, payout.by) if a])
        book = self._served.plan.book
        card = reward_cards.review(payout, book, names, ours(book))
        to = moderators_of(self._served, payout.account)
        yield from self._tx.posted.pinned(f"reward:{payout.id}", to, card, self._now)

    def _whispered(self, payout: Payout) -> Iterator[Outgoing]:
        if is_pseudonym(payout.account):
            return
        source = payout.account.partition("/")[0]
        to = Destination(source, "private", payout.channel, account=payout.account)
        card = reward_cards.told(payout, self._served.plan.book, self._served.speaking_to(payout.account))
        cause = f"reward:{payout.id}:{payout.state}:told"
        yield Outgoing(cause, source, "card", destination_json(to), card, self._now)

    def _warned(self, payout: Payout, spent: int) -> Iterator[Outgoing]:
        """Once in a month, when most of it is used up. Claimed in the same commit, so that nobody else says it too."""
        book, calendar = self._served.plan.book, self._served.plan.calendar
        cap = book.rewards.monthly_cap if book.rewards is not None else None
        to = moderators_of(self._served, payout.account)
        if cap is None or to is None or not is_low(spent, cap):
            return
        month = calendar.name(calendar.period(calendar.day(self._now), "month"), "month")
        if claim_run(self._tx, WARNING, month, self._now):
            card = reward_cards.warning(spent, cap, month, book, ours(book))
            yield Outgoing(f"rewards:{month}", to.source, "card", destination_json(to), card, self._now)
