"""Live facts from the log, by the people they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from core.events import Account, Fact, Statement, fact_from, statement_from, withdrawn
from core.indexing import EVERYTHING, about_thing

_FACTS = """
SELECT s.source, s.id, p.at, s.body, p.seq
FROM json_each(?) a CROSS JOIN json_each(?) t
CROSS JOIN party p ON p.community = ? AND p.account = a.value AND p.type = t.value
CROSS JOIN statement s ON s.seq = p.seq
"""
_ACTS = """
SELECT s.source, s.id, p.at, s.body, p.seq
FROM json_each(?) a CROSS JOIN party p ON p.community = ? AND p.account = a.value
CROSS JOIN statement s ON s.seq = p.seq
"""
_LIVE = """
SELECT s.source, s.id, p.at, s.body, p.seq
FROM json_each(?) t CROSS JOIN party p ON p.type = t.value AND p.community = ?
CROSS JOIN statement s ON s.seq = p.seq
"""
_BY_SEQ = """
SELECT s.source, s.id, j.value ->> 1, s.body, s.seq
FROM json_each(?) j CROSS JOIN statement s ON s.seq = j.value ->> 0
"""
_STATEMENTS = """
SELECT s.id, s.seq, s.op, s.at, s.body
FROM json_each(?) j CROSS JOIN statement s ON s.community = ? AND s.source = ? AND s.id = j.value
WHERE s.seq < ?
"""
_ABOUT = """
SELECT s.seq, s.source, s.id, s.op, s.at, s.body
FROM json_each(?) j
CROSS JOIN statement s ON s.community = ? AND s.source = j.value ->> 0 AND s.about = j.value ->> 1
"""
# Only the end of the log is searched: a withdrawn fact has no place among the live ones by which to find it.
_WITHDRAWN = """
SELECT DISTINCT w.source, w.id
FROM statement w CROSS JOIN statement s ON s.community = w.community AND s.source = w.source AND s.id = w.id
WHERE w.community = ? AND w.op = 'withdraw' AND w.seq > (SELECT MAX(seq) FROM statement) - ?
  AND s.op = 'assert' AND EXISTS (SELECT 1 FROM json_each(?) a WHERE instr(s.body, CAST(a.value AS BLOB)))
"""
_LOOKED_BACK = 50_000  # statements
_WITHDRAWN_FOR = """
SELECT DISTINCT source, id FROM statement
WHERE community = ? AND op = 'withdraw' AND seq >= ? AND instr(body, CAST(? AS BLOB)) ORDER BY source, id
"""
_LOG = "SELECT seq, source, id, op, at, body FROM statement WHERE community = ? AND seq > ? ORDER BY seq LIMIT ?"
_PAGE = 5_000


def as_json(values: Iterable[object]) -> str:
    """A list for SQLite's json_each."""
    return orjson.dumps(list(values)).decode()


class SqlHistory:
    """core.ports.History on one connection, for one community."""

    def __init__(self, connection: sa.Connection, community: str) -> None:
        self._db = connection
        self.community = community

    def rows(self, query: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
        """What a query finds."""
        found: Sequence[Any] = self._db.exec_driver_sql(query, parameters).all()
        return found

    def named_rows(self, query: str, parameters: dict[str, Any]) -> Sequence[Any]:
        """As `rows`, with parameters by name."""
        found: Sequence[Any] = self._db.execute(sa.text(query), parameters).all()
        return found

    def facts(self, accounts: Iterable[Account], types: Iterable[str] | None) -> list[Fact]:
        if types is None:
            rows = self.rows(_ACTS, (as_json(accounts), self.community))
        else:
            rows = self.rows(_FACTS, (as_json(accounts), as_json(types), self.community))
        found = {row[4]: fact_from(*row) for row in rows}  # one row, even if it names two accounts of a member
        return sorted(found.values(), key=lambda f: (f.at, f.source, f.id))

    def of_type(self, types: Iterable[str]) -> list[Fact]:
        return self.facts([EVERYTHING], types)

    def concerning(self, things: Iterable[str], types: Iterable[str]) -> list[Fact]:
        return self.facts([about_thing(name) for name in things], types)

    def live(self, types: Iterable[str]) -> list[Fact]:
        """All live facts of these types, by whatever name they are kept."""
        found = {row[4]: fact_from(*row) for row in self.rows(_LIVE, (as_json(types), self.community))}
        return list(found.values())

    def active_since(self, at: int) -> list[Account]:
        """Whom live facts since then name."""
        query = "SELECT DISTINCT account FROM party WHERE community = ? AND at >= ? AND account NOT LIKE '*%'"
        return [row[0] for row in self.rows(query, (self.community, at))]

    def by_seq(self, places: Iterable[tuple[int, int]]) -> list[Fact]:
        return [fact_from(*row) for row in self.rows(_BY_SEQ, (as_json(places),))]

    def statements(
        self, keys: Iterable[tuple[str, str]], before: int
    ) -> dict[tuple[str, str], list[tuple[int, Statement]]]:
        by_source: dict[str, list[str]] = {}
        for source, id_ in keys:
            by_source.setdefault(source, []).append(id_)
        found: dict[tuple[str, str], list[tuple[int, Statement]]] = {}
        for source, ids in by_source.items():  # plain texts: taking pairs apart in SQL costs more than finding them
            rows = self.rows(_STATEMENTS, (as_json(ids), self.community, source, before))
            for id_, seq, op, at, body in rows:
                found.setdefault((source, id_), []).append((seq, statement_from(source, id_, op, at, body)))
        return found

    def withdrawn(self, accounts: Iterable[Account], types: Iterable[str]) -> list[Fact]:
        """Facts of these types that name one of the accounts and were withdrawn lately, newest first."""
        names = list(accounts)
        written = as_json(orjson.dumps(name).decode() for name in names)
        keys = [(row[0], row[1]) for row in self.rows(_WITHDRAWN, (self.community, _LOOKED_BACK, written))]
        return withdrawn(self.statements(keys, 1 << 62).values(), names, types)

    def withdrawn_for(self, reason: str, since: int) -> list[tuple[str, str]]:
        said = f'"reason":{orjson.dumps(reason).decode()}'
        return [(row[0], row[1]) for row in self.rows(_WITHDRAWN_FOR, (self.community, since, said))]

    def about(self, messages: Iterable[tuple[str, str]]) -> list[tuple[int, Statement]]:
        rows = self.rows(_ABOUT, (as_json(messages), self.community))
        return [(row[0], statement_from(*row[1:])) for row in rows]

    def everybody(self) -> list[Account]:
        """All accounts that a live fact names."""
        query = "SELECT DISTINCT account FROM party WHERE community = ? AND account NOT LIKE '*%'"
        found = self.rows(query, (self.community,))
        return [row[0] for row in found]

    def log(self) -> Iterator[Statement]:
        """The whole log in the order of arrival, a page at a time."""
        last, start = _PAGE, 0
        while last == _PAGE:
            rows = self.rows(_LOG, (self.community, start, _PAGE))
            for row in rows:
                yield statement_from(*row[1:])
            last, start = len(rows), rows[-1][0] if rows else start
