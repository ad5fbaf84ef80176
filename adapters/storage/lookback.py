"""The last stretch of a community's log, for commands that ask what a rule would have meant lately."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.storage.history import SqlHistory, as_json
from core.catalogue import KEPT
from core.events import Statement, statement_from

_START = "SELECT MIN(at) FROM statement WHERE community = ?"
_SINCE = """
SELECT seq, source, id, op, at, body FROM statement WHERE community = ? AND at >= ? AND seq > ? ORDER BY seq LIMIT ?
"""
_STANDING = """
SELECT DISTINCT s.source, s.id, s.op, s.at, s.body FROM json_each(?) t
CROSS JOIN party p ON p.type = t.value AND p.community = ? AND p.at < ? JOIN statement s ON s.seq = p.seq
"""
_PAGE = 5_000
_ABOUT_PEOPLE = (*KEPT, "member.joined", "member.settings_changed")


def start(history: SqlHistory) -> int | None:
    """The time of the earliest statement, UTC microseconds; None for an empty log."""
    found: int | None = history.rows(_START, (history.community,))[0][0]
    return found


def since(history: SqlHistory, at: int) -> Iterator[Statement]:
    """Every statement from that time on, and of those before it what still says who people are."""
    for row in history.rows(_STANDING, (as_json(_ABOUT_PEOPLE), history.community, at)):
        yield statement_from(*row)
    last, after = _PAGE, 0
    while last == _PAGE:
        rows = history.rows(_SINCE, (history.community, at, after, _PAGE))
        for row in rows:
            yield statement_from(*row[1:])
        last, after = len(rows), rows[-1][0] if rows else after
