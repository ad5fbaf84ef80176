"""What was redeemed in a month, and beside what."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.storage.history import SqlHistory
from adapters.storage.participation import active
from core.budgets import WEEKS, Given, Spending
from core.calendar import Calendar
from core.members import People

_SPENT = """
SELECT COALESCE(SUM(price), 0) FROM payout
WHERE community = ? AND at >= ? AND at < ? AND state NOT IN ('declined', 'refunded')
"""
_TEAMS = """
SELECT team, SUM(price) FROM payout
WHERE community = ? AND at >= ? AND at < ? AND state NOT IN ('declined', 'refunded') AND team IS NOT NULL GROUP BY team
"""
_SINCE = "SELECT MIN(at) FROM payout WHERE community = ?"
_GIVEN = """
SELECT a.achievement, SUM(SIGN(l.points) * (l.cause <> 'revalued')), SUM(l.points)
FROM ledger l JOIN award a ON a.id = l.award WHERE l.community = ? AND l.at >= ? AND l.at < ?
GROUP BY a.achievement HAVING SUM(l.points) <> 0
"""
_WEEK = 7 * 24 * 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the community: `name` as 2026-11, from `start` until before `end`, UTC microseconds."""

    name: str
    start: int
    end: int


def monthly(calendar: Calendar, now: int) -> Month:
    """The month of this moment."""
    index = calendar.period(calendar.day(now), "month")
    first, last = calendar.first_instant(index, "month"), calendar.first_instant(index + 1, "month")
    return Month(calendar.name(index, "month"), first, last)


def spent_in(history: SqlHistory, month: Month, team: str | None = None) -> int:
    """Points redeemed in it and not given back: by everybody, or by the members of a team."""
    query, more = (f"{_SPENT} AND team = ?", (team,)) if team is not None else (_SPENT, ())
    return int(history.rows(query, (history.community, month.start, month.end, *more))[0][0])


def spending(history: SqlHistory, calendar: Calendar, people: People, now: int) -> Spending:
    """The month of this moment, and the four weeks before it."""
    month = monthly(calendar, now)
    here = (history.community, month.start, month.end)
    recent = Month("", now - WEEKS * _WEEK, now + 1)
    given = {row[0]: Given(int(row[1]), int(row[2])) for row in history.rows(_GIVEN, here)}
    return Spending(
        month.name,
        now,
        month.end,
        spent_in(history, month),
        {row[0]: int(row[1]) for row in history.rows(_TEAMS, here)},
        spent_in(history, recent),
        history.rows(_SINCE, (history.community,))[0][0],
        given,
        active(history, people, month.start, month.end),
    )
