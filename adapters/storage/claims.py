"""Claims and appeals in SQL: core.claims.Claims for reading, and `carry_out` for what commands want changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from adapters.storage.history import SqlHistory, as_json
from core.claims import Appeal, Claim, Machine
from core.events import Account, Statement, resolve
from core.plan import REVOCATION

_CLAIM = ("id", "account", "member", "achievement", "kind", "by_hand", "at", "opened_at", "proof", "note", "channel")
_DECISION = ("state", "question", "answer", "by", "reason", "decided_at")
_PLAIN = (*_CLAIM, *_DECISION)
_CLAIM_COLUMNS = ", ".join(f'"{c}"' for c in (*_PLAIN, "proposal", "confidence", "explanation"))
_APPEAL_COLUMNS = 'id, account, member, decision, why, opened_at, channel, state, "by", reason, decided_at'
# The names put into these texts are our own columns, nothing else.
_ONE = f"SELECT {_CLAIM_COLUMNS} FROM claim WHERE community = ? AND id = ?"  # noqa: S608 - names of columns, no values
_WAITING = f"SELECT {_CLAIM_COLUMNS} FROM claim WHERE community = ? AND state = 'open' ORDER BY opened_at, id LIMIT ?"  # noqa: S608 - names of columns, no values
_OPEN_OF = """
SELECT COUNT(*) FROM claim WHERE community = ? AND account IN (SELECT value FROM json_each(?))
AND state = 'open' AND proposal IS NULL
"""
_OVERDUE = "SELECT COUNT(*), MIN(opened_at) FROM claim WHERE community = ? AND state = 'open' HAVING MIN(opened_at) < ?"
_APPEAL = f"SELECT {_APPEAL_COLUMNS} FROM appeal WHERE community = ? AND id = ?"  # noqa: S608 - names of columns, no values
_APPEALED = f"""
SELECT {_APPEAL_COLUMNS} FROM appeal
WHERE community = ? AND decision = ? AND account IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - names of columns, no values


@dataclass(frozen=True, slots=True)
class StoredClaims:
    """core.claims.Claims of one community. `look` runs a read on a connection of its own."""

    look: Callable[[Callable[[sa.Connection], Any]], Awaitable[Any]]
    community: str

    async def claim(self, number: int) -> Claim | None:
        found: Claim | None = await self.look(lambda db: read_claim(db, self.community, number))
        return found

    async def waiting(self, most: int) -> list[Claim]:
        found: list[Claim] = await self.look(lambda db: waiting(db, self.community, most))
        return found

    async def open_of(self, accounts: Collection[Account]) -> int:
        return int(await self.look(lambda db: open_of(db, self.community, accounts)))

    async def appeal(self, number: int) -> Appeal | None:
        found: Appeal | None = await self.look(lambda db: read_appeal(db, self.community, number))
        return found

    async def appealed(self, accounts: Collection[Account], decision: str) -> Appeal | None:
        row = (self.community, decision, as_json(accounts))
        rows = await self.look(lambda db: db.exec_driver_sql(_APPEALED, row).all())
        return Appeal(*rows[0]) if rows else None

    async def revocation(self, accounts: Collection[Account], achievement: str) -> Statement | None:
        found: Statement | None = await self.look(
            lambda db: revocation(SqlHistory(db, self.community), accounts, achievement)
        )
        return found

    async def overdue(self, before: int) -> tuple[int, int] | None:
        """How many claims are open and since when the oldest is, if that was before (UTC microseconds)."""
        row = (self.community, before)
        found = await self.look(lambda db: db.exec_driver_sql(_OVERDUE, row).all())
        return (int(found[0][0]), int(found[0][1])) if found else None


def read_claim(db: sa.Connection, community: str, number: int) -> Claim | None:
    rows = db.exec_driver_sql(_ONE, (community, number)).all()
    return _claim(rows[0]) if rows else None


def waiting(db: sa.Connection, community: str, most: int) -> list[Claim]:
    """Open claims, the oldest first."""
    return [_claim(row) for row in db.exec_driver_sql(_WAITING, (community, most))]


def open_of(db: sa.Connection, community: str, accounts: Collection[Account]) -> int:
    """How many claims of their own somebody has open."""
    return int(db.exec_driver_sql(_OPEN_OF, (community, as_json(accounts))).scalar_one())


def read_appeal(db: sa.Connection, community: str, number: int) -> Appeal | None:
    rows = db.exec_driver_sql(_APPEAL, (community, number)).all()
    return Appeal(*rows[0]) if rows else None


def revocation(history: SqlHistory, accounts: Collection[Account], achievement: str) -> Statement | None:
    """The statement that the latest live revocation rests on."""
    facts = [f for f in history.facts(accounts, [REVOCATION]) if f.facts.get("achievement") == achievement]
    if not facts:
        return None
    last = facts[-1]
    said = history.statements([(last.source, last.id)], 1 << 62)[(last.source, last.id)]
    return said[-1][1] if resolve(said) is not None else None


def _claim(row: Sequence[Any]) -> Claim:
    *plain, proposal, confidence, explanation = row
    machine = None
    if proposal is not None:
        machine = Machine(proposal, Decimal(confidence) if confidence is not None else None, explanation or "")
    values: dict[str, Any] = dict(zip(_PLAIN, plain, strict=True))
    return Claim(**{**values, "by_hand": bool(values["by_hand"])}, machine=machine)


def names_of(db: sa.Connection, community: str, accounts: Collection[Account]) -> dict[Account, str]:
    query = "SELECT account, name FROM account WHERE community = ? AND account IN (SELECT value FROM json_each(?))"
    return {row[0]: row[1] for row in db.exec_driver_sql(query, (community, as_json(accounts)))}
