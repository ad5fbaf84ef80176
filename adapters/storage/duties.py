"""Who holds what opens something: a duty or a role, since when, and when it would end by itself."""

from __future__ import annotations

from adapters.storage.challenge_boards import rows
from adapters.storage.history import SqlHistory, as_json
from core.court import Court
from core.duties import Duty, entrusting
from core.members import Member
from core.serving import Served

MOST = 200
_HELD = """
SELECT member, achievement, MIN(earned_at) FROM award
WHERE community = ? AND state = 'awarded' AND achievement IN (SELECT value FROM json_each(?))
GROUP BY member, achievement ORDER BY achievement, MIN(earned_at), member LIMIT ?
"""


def read_duties(history: SqlHistory, served: Served, now: int) -> list[Duty]:
    """MOST at most, by badge and then the longest first; as the log has it at this moment (UTC microseconds)."""
    names = as_json(entrusting(served.plan.book))
    held = [(row[0], row[1], int(row[2])) for row in history.rows(_HELD, (history.community, names, MOST))]
    people = rows(history, served, {member for member, _, _ in held}, {})
    court = Court(served.plan, served.people, history, now)
    return [Duty(name, people[m].person, since, _until(court, m, name, now)) for m, name, since in held]


def _until(court: Court, member: Member, achievement: str, now: int) -> int | None:
    """When the last of the awards in force lapses without a new event; None for one that does not."""
    there = [d.lapses_at for d in court.member(member).deserved(achievement) if d.state(now) == "awarded"]
    return None if None in there else max((at for at in there if at is not None), default=None)
