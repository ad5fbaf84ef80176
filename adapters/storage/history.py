"""Live facts from the log, by the people they name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from core.events import Account, Fact, Statement, fact_from, statement_from

_FACTS = """
SELECT s.source, s.id, p.at, s.body, p.seq
FROM json_each(?) a CROSS JOIN json_each(?) t
CROSS JOIN party p ON p.community = ? AND p.account = a.value AND p.type = t.value
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
_LOG = "SELECT seq, source, id, op, at, body FROM statement WHERE community = ? AND seq > ? ORDER BY seq LIMIT ?"
_PAGE = 5_000


class SqlHistory:
    """core.ports.History on one connection, for one community."""

    def __init__(self, connection: sa.Connection, community: str) -> None:
        self._db = connection
        self.community = community

    def facts(self, accounts: Iterable[Account], types: Iterable[str]) -> list[Fact]:
        who, what = json.dumps(list(accounts)), json.dumps(list(types))
        rows = self._db.exec_driver_sql(_FACTS, (who, what, self.community)).all()
        found = {row[4]: fact_from(*row) for row in rows}  # one row, even if it names two accounts of a member
        return sorted(found.values(), key=lambda f: (f.at, f.source, f.id))

    def by_seq(self, places: Iterable[tuple[int, int]]) -> list[Fact]:
        rows = self._db.exec_driver_sql(_BY_SEQ, (json.dumps(list(places)),)).all()
        return [fact_from(*row) for row in rows]

    def statements(
        self, keys: Iterable[tuple[str, str]], before: int
    ) -> dict[tuple[str, str], list[tuple[int, Statement]]]:
        by_source: dict[str, list[str]] = {}
        for source, id_ in keys:
            by_source.setdefault(source, []).append(id_)
        found: dict[tuple[str, str], list[tuple[int, Statement]]] = {}
        for source, ids in by_source.items():  # plain texts: taking pairs apart in SQL costs more than finding them
            rows = self._db.exec_driver_sql(_STATEMENTS, (json.dumps(ids), self.community, source, before))
            for id_, seq, op, at, body in rows:
                found.setdefault((source, id_), []).append((seq, statement_from(source, id_, op, at, body)))
        return found

    def about(self, messages: Iterable[tuple[str, str]]) -> list[tuple[int, Statement]]:
        rows = self._db.exec_driver_sql(_ABOUT, (json.dumps(list(messages)), self.community)).all()
        return [(row[0], statement_from(*row[1:])) for row in rows]

    def rows(self, query: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
        """Any other read."""
        found: Sequence[Any] = self._db.exec_driver_sql(query, parameters).all()
        return found

    def everybody(self) -> list[Account]:
        """All accounts that a live fact names."""
        found = self._db.exec_driver_sql("SELECT DISTINCT account FROM party WHERE community = ?", (self.community,))
        return [row[0] for row in found]

    def log(self) -> Iterator[Statement]:
        """The whole log in the order of arrival, a page at a time."""
        last, start = _PAGE, 0
        while last == _PAGE:
            rows = self._db.exec_driver_sql(_LOG, (self.community, start, _PAGE)).all()
            for row in rows:
                yield statement_from(*row[1:])
            last, start = len(rows), rows[-1][0] if rows else start
