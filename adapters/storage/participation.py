"""In which weeks members did something, and who wants a digest of their own."""

from __future__ import annotations

from adapters.storage.history import SqlHistory, as_json
from core.members import Member, People
from core.participation import ACTS

WEEK = 7 * 24 * 3_600_000_000  # microseconds
WEEKS_BACK = 60
"""What is older counts as so old."""
_DEEDS = """
FROM party p CROSS JOIN statement s ON s.seq = p.seq
WHERE p.community = ? AND p.at < ? AND p.type IN (SELECT value FROM json_each(?))
AND instr(s.body, CAST('"actor":"' || p.account || '"' AS BLOB))
AND p.account NOT IN (SELECT account FROM account WHERE community = p.community AND bot)
"""
_WEEKS = f"SELECT p.account, MIN((? - 1 - p.at) / ?, ?) AS week {_DEEDS} GROUP BY p.account, week"
_ACTIVE = f"SELECT DISTINCT p.account {_DEEDS} AND p.at >= ?"
_OUT = "SELECT member FROM choice WHERE community = ? AND NOT tracked"
_SUBSCRIBERS = "SELECT member FROM choice WHERE community = ? AND digest AND tracked ORDER BY member"


def weeks(history: SqlHistory, people: People, end: int) -> dict[Member, set[int]]:
    """The weeks before `end` (UTC microseconds) in which each member did something: 0 is the last. Without bots and
    those who opted out. Reads all that people did once: for a look now and then."""
    out = _out(history)
    asked = (end, WEEK, WEEKS_BACK, history.community, end, as_json(ACTS))
    found: dict[Member, set[int]] = {}
    for account, week in history.rows(_WEEKS, asked):
        if (member := people.member(account)) not in out:
            found.setdefault(member, set()).add(int(week))
    return found


def active(history: SqlHistory, people: People, start: int, end: int) -> int:
    """How many members did something from `start` until before `end` (UTC microseconds), counted as in `weeks`."""
    found = history.rows(_ACTIVE, (history.community, end, as_json(ACTS), start))
    return len({people.member(row[0]) for row in found} - _out(history))


def _out(history: SqlHistory) -> set[Member]:
    return {row[0] for row in history.rows(_OUT, (history.community,))}


def subscribers(history: SqlHistory) -> list[Member]:
    """Who asked for a digest of their own."""
    return [row[0] for row in history.rows(_SUBSCRIBERS, (history.community,))]
