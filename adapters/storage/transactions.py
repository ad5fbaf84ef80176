"""One unit of work on one community: core.ports.Transaction in SQL. The hot path speaks to the driver directly."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Literal

import sqlalchemy as sa

from adapters.storage import audit, chain
from adapters.storage.announcing import SqlRooms
from adapters.storage.cards import write_card
from adapters.storage.engines import driver
from adapters.storage.history import as_json
from adapters.storage.ladders import SqlLadder
from adapters.storage.posted import Posted
from core.audit import Act
from core.awards import Award, Happened
from core.closings import Closing
from core.events import Account, Statement, digest
from core.lines import to_line
from core.members import Chosen, Member
from core.ports import Outgoing, Stored
from core.progress import WHOLE

_APPEND = """
INSERT INTO statement (seq, community, source, id, op, at, hash, about, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_WHOLE = """
SELECT p.member, p.state
FROM json_each(?) j CROSS JOIN progress p ON p.community = ? AND p.member = j.value AND p.thing = ''
"""
_BLOBS = """
SELECT p.member, p.thing, p.state
FROM json_each(?) j CROSS JOIN progress p ON p.community = ? AND p.member = j.value ->> 0 AND p.thing = j.value ->> 1
"""
_SAVE_BLOB = """
INSERT INTO progress (community, member, thing, state) VALUES (?, ?, ?, ?)
ON CONFLICT (community, member, thing) DO UPDATE SET state = excluded.state
"""
LONGEST_PLAIN = 3_900  # bytes
_COLUMNS = tuple(field.name for field in fields(Award))  # in this order, so that a row makes an award
_VALUES = attrgetter(*_COLUMNS[:-1])  # all but the id, which comes last
_KEPT = _COLUMNS.index("kept")
_NAMES = ", ".join(f'"{c}"' for c in _COLUMNS)
_MARKS = ", ".join("?" * len(_COLUMNS))
_SETS = ", ".join(f'"{c}" = ?' for c in _COLUMNS)
# The names put into these texts are our own columns, nothing else.
_AWARDS = f"SELECT {_NAMES} FROM award WHERE community = ? AND member IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of columns, no values
_AWARDS_OF = f"SELECT {_NAMES} FROM award WHERE community = ? AND achievement = ?"  # noqa: S608 - names of columns, no values
_WAKE = "INSERT INTO wake (community, member, achievement, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
# By what is pending: left to itself SQLite goes through all awards, every second.
_DUE = f"SELECT {_NAMES} FROM award INDEXED BY award_due WHERE state = 'pending' AND due_at <= ? AND community = ?"  # noqa: S608 - names of columns, no values
_OVERDUE = (
    f"SELECT {_NAMES} FROM award INDEXED BY award_settles_again "  # noqa: S608 - names of columns, no values
    "WHERE community = ? AND state = 'awarded' AND decided_at < due_at AND due_at <= ? "
    "AND achievement IN (SELECT value FROM json_each(?))"
)
_NEW_AWARD = f"INSERT INTO award ({_NAMES}, community) VALUES ({_MARKS}, ?)"  # noqa: S608 - names of columns, no values
_OLD_AWARD = f"UPDATE award SET {_SETS} WHERE id = ?"  # noqa: S608 - names of columns, no values
_NAMES_OF = "SELECT account, name FROM account WHERE community = ? AND account IN (SELECT value FROM json_each(?))"
_SCORE = """
INSERT INTO score (community, day, member, rule, amount) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (community, day, member, rule) DO UPDATE SET amount = amount + excluded.amount
"""
_SEND = """
INSERT INTO outbox (community, cause, source, destination, kind, card, state, due_at, attempts, created_at)
VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, 0, ?) ON CONFLICT DO NOTHING
"""
_IGNORE = """
INSERT INTO ignored (community, source, statement, hash, reason, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_HOLD = """
INSERT INTO inbox (community, statement, hash, state, attempts, due_at, reason)
VALUES (?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING
"""
_CHOOSE = """
INSERT INTO choice (community, member, announce, hidden, tracked, anonymous, digest, named)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (community, member) DO UPDATE SET announce = excluded.announce, hidden = excluded.hidden,
tracked = excluded.tracked, anonymous = excluded.anonymous, digest = excluded.digest, named = excluded.named
"""
_ATTEND = """
INSERT INTO account (community, account, name, bot, present, roles) VALUES (?, ?, ?, 0, ?, '[]')
ON CONFLICT (community, account) DO UPDATE SET present = excluded.present AND NOT EXISTS (
    SELECT 1 FROM party p WHERE p.community = excluded.community AND p.account = excluded.account
    AND p.type = 'member.left'
)
"""
_STARTED = "SELECT at FROM run WHERE community = ? AND job = 'first start'"
_FIRST_START = "INSERT INTO run (community, job, period, at) VALUES (?, 'first start', '', ?) ON CONFLICT DO NOTHING"


class SqlTransaction(SqlRooms, SqlLadder):
    """Nothing here commits: the store does."""

    def __init__(self, connection: sa.Connection, community: str) -> None:
        super().__init__(connection, community)
        self._raw = driver(connection)
        self._first_start: int | None = None

    def rows(self, query: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
        """Plain tuples, past SQLAlchemy: its result objects cost six times what SQLite needs to find one row."""
        return self._raw.execute(query, parameters).fetchall()

    def next_seq(self) -> int:
        return int(self._one("SELECT COALESCE(MAX(seq), 0) + 1 FROM statement", ()))

    def append(self, rows: Sequence[Stored]) -> list[bool]:
        values = [
            (r.seq, self.community, s.source, s.id, s.op, s.at, r.hash, r.about, r.body)
            for r in rows
            for s in (r.statement,)
        ]
        if self.many(_APPEND, values) == len(rows):
            return [True] * len(rows)
        new = {row[0] for row in self.rows("SELECT seq FROM statement WHERE seq >= ?", (rows[0].seq,))}
        return [r.seq in new for r in rows]

    def unplace(self, rows: Sequence[tuple[Account, str, int, int]]) -> None:
        self.many(
            "DELETE FROM party WHERE community = ? AND account = ? AND type = ? AND at = ? AND seq = ?",
            [(self.community, *row) for row in rows],
        )

    def place(self, rows: Sequence[tuple[Account, str, int, int]]) -> None:
        self.many(
            "INSERT INTO party (community, account, type, at, seq) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(self.community, *row) for row in rows],
        )

    def blobs(self, keys: Iterable[tuple[Member, str]]) -> dict[tuple[Member, str], bytes]:
        whole: list[Member] = []
        parts: list[tuple[Member, str]] = []
        for member, thing in keys:
            if thing == WHOLE:
                whole.append(member)
            else:
                parts.append((member, thing))
        found = {(row[0], WHOLE): _unpack(row[1]) for row in self.rows(_WHOLE, (as_json(whole), self.community))}
        if parts:
            rows = self.rows(_BLOBS, (as_json(parts), self.community))
            found.update({(row[0], row[1]): _unpack(row[2]) for row in rows})
        return found

    def save_blobs(self, rows: Mapping[tuple[Member, str], bytes]) -> None:
        # In the order of the index, as SQLite likes it best.
        self.many(_SAVE_BLOB, [(self.community, *key, _pack(state)) for key, state in sorted(rows.items())])

    def forget_progress(self, member: Member) -> None:
        self.many("DELETE FROM progress WHERE community = ? AND member = ?", [(self.community, member)])

    def awards(self, members: Iterable[Member]) -> list[Award]:
        return [_award(row) for row in self.rows(_AWARDS, (self.community, as_json(sorted(members))))]

    def awards_of(self, achievement: str) -> list[Award]:
        return [_award(row) for row in self.rows(_AWARDS_OF, (self.community, achievement))]

    def wake(self, rows: Iterable[tuple[Member, str, int]]) -> None:
        self.many(_WAKE, [(self.community, *row) for row in rows])

    def woken(self, now: int) -> list[tuple[Member, str]]:
        query = "DELETE FROM wake WHERE community = ? AND at <= ? RETURNING member, achievement"
        return sorted({(row[0], row[1]) for row in self.rows(query, (self.community, now))})

    def due(self, now: int) -> list[Award]:
        return [_award(row) for row in self.rows(_DUE, (now, self.community))]

    def overdue(self, now: int, achievements: Sequence[str]) -> list[Award]:
        if not achievements:
            return []
        return [_award(row) for row in self.rows(_OVERDUE, (self.community, now, as_json(achievements)))]

    def save_awards(self, happened: Sequence[Happened]) -> list[int]:
        free = int(self._one("SELECT COALESCE(MAX(id), 0) + 1 FROM award", ()))
        new: list[tuple[Any, ...]] = []
        old: list[tuple[Any, ...]] = []
        gone: list[tuple[Any, ...]] = []
        ids: list[int] = []
        for h in happened:
            if h.after is None:
                gone.append((h.before.id if h.before else 0,))
                ids.append(0)
            elif h.after.id:
                old.append((*_row(h.after, h.after.id), h.after.id))
                ids.append(h.after.id)
            else:
                ids.append(free + len(new))
                new.append((*_row(h.after, ids[-1]), self.community))
        self.many(_NEW_AWARD, new)
        self.many(_OLD_AWARD, old)
        # What was paid for once stays, for the ledger names it: held, taken back, pending again, and now gone.
        self.many("UPDATE award SET state = 'revoked' WHERE id = ?", gone)
        self.many(
            "DELETE FROM award WHERE id = ? AND id NOT IN (SELECT award FROM ledger WHERE award IS NOT NULL)", gone
        )
        return ids

    def pay(self, rows: Sequence[tuple[Member, int | None, int, int, str]]) -> None:
        if rows:
            chained, strangers = chain.entries(self.rows, self.community, rows)
            self.many(chain.NEW_TOKEN, strangers)
            self.many(chain.APPEND, chained)

    def add_scores(self, rows: Mapping[tuple[Member, str, int], int]) -> None:
        self.many(_SCORE, [(self.community, d, m, r, amount) for (m, r, d), amount in rows.items() if amount])

    def set_scores(self, member: Member, rule: str, days: Mapping[int, int]) -> None:
        self.many("DELETE FROM score WHERE community = ? AND member = ? AND rule = ?", [(self.community, member, rule)])
        self.add_scores({(member, rule, day): amount for day, amount in days.items()})

    def send(self, rows: Sequence[Outgoing]) -> None:
        self.many(
            _SEND,
            [
                (self.community, o.cause, o.source, o.destination, o.kind, body, o.due_at, o.due_at)
                for o in rows
                for body in (o.document or write_card(o.card),)
            ],
        )

    def close(self, closings: Sequence[Closing], now: int) -> None:
        self.send(list(self.posted.closed(closings, now)))

    @property
    def posted(self) -> Posted:
        return Posted(self.rows, self.many, self.community)

    def ignore(self, rows: Sequence[tuple[Statement, str]], at: int) -> None:
        self.many(_IGNORE, [(self.community, s.source, to_line(s), _hash(s), reason, at) for s, reason in rows])

    def hold(
        self,
        rows: Sequence[Statement],
        state: Literal["unstamped", "parked"],
        at: int,
        reason: str | None = None,
    ) -> int:
        return self.many(_HOLD, [(self.community, to_line(s), _hash(s), state, at, reason) for s in rows])

    def names(self, accounts: Iterable[Account]) -> dict[Account, str]:
        rows = self.rows(_NAMES_OF, (self.community, as_json(accounts)))
        return {row[0]: row[1] for row in rows}

    def choices(self, members: Iterable[Member]) -> dict[Member, tuple[str | None, bool, bool]]:
        query = """SELECT c.member, c.announce, c.hidden OR c.anonymous, c.tracked FROM json_each(?) j
                   CROSS JOIN choice c ON c.community = ? AND c.member = j.value"""
        rows = self.rows(query, (as_json(members), self.community))
        return {row[0]: (row[1], bool(row[2]), bool(row[3])) for row in rows}

    def choose(self, member: Member, choice: Chosen) -> None:
        self.many(_CHOOSE, [(self.community, member, *choice)])

    def attend(self, rows: Mapping[Account, bool]) -> None:
        self.many(_ATTEND, [(self.community, a, a.rpartition("/")[2], here) for a, here in rows.items()])

    def note_acts(self, acts: Sequence[Act]) -> None:
        audit.note(self.many, self.community, acts)

    def first_start(self, now: int) -> int:
        if self._first_start is None:
            found = self.rows(_STARTED, (self.community,))
            if not found:
                self.many(_FIRST_START, [(self.community, now)])
            self._first_start = int(found[0][0]) if found else now
        return self._first_start

    def many(self, query: str, rows: list[tuple[Any, ...]]) -> int:
        """Run for every row; how many rows it changed."""
        return self._raw.executemany(query, rows).rowcount if rows else 0

    def _one(self, query: str, parameters: tuple[Any, ...]) -> Any:
        return self.rows(query, parameters)[0][0]


def _pack(state: bytes) -> bytes:
    """Short enough to stay on its page: what does not costs more pages in every commit."""
    return zlib.compress(state, 1) if len(state) > LONGEST_PLAIN else state


def _unpack(stored: bytes) -> bytes:
    return stored if stored.startswith(b"{") else zlib.decompress(stored)


def _hash(statement: Statement) -> bytes:
    return digest(to_line(statement))


def _award(row: Any) -> Award:
    values = list(row)
    values[_KEPT] = bool(values[_KEPT])
    return Award(*values)


def _row(award: Award, id_: int) -> tuple[Any, ...]:
    return (*_VALUES(award), id_)
