"""Who holds what opens something: a duty or a role, since when, and when it would end by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from adapters.storage.challenge_boards import rows
from adapters.storage.history import SqlHistory, as_json
from core.court import Court
from core.duties import Duty, entrusting
from core.members import Member
from core.serving import Served

_HELD = """
SELECT member, achievement, MIN(earned_at) FROM award
WHERE community = ? AND state = 'awarded' AND achievement IN (SELECT value FROM json_each(?))
GROUP BY member, achievement ORDER BY achievement, MIN(earned_at), member
"""


@dataclass(frozen=True, slots=True)
class StoredDuties:
    """core.duties.Duties of one community. `look` runs a read on a connection of its own; `now`: UTC microseconds."""

    look: Callable[[Callable[[sa.Connection], Any]], Awaitable[Any]]
    served: Served
    now: int

    async def first(self, most: int) -> tuple[Sequence[Duty], int]:
        def read(db: sa.Connection) -> tuple[list[Duty], int]:
            return _first(SqlHistory(db, self.served.plan.community), self.served, self.now, most)

        found: tuple[Sequence[Duty], int] = await self.look(read)
        return found


def _first(history: SqlHistory, served: Served, now: int, most: int) -> tuple[list[Duty], int]:
    """As the log has it: only those that are shown are judged."""
    held = history.rows(_HELD, (history.community, as_json(entrusting(served.plan.book))))
    shown = [(row[0], row[1], int(row[2])) for row in held[:most]]
    people = rows(history, served, {member for member, _, _ in shown}, {})
    court = Court(served.plan, served.people, history, now)
    return [Duty(name, people[m].person, since, _until(court, m, name, now)) for m, name, since in shown], len(held)


def _until(court: Court, member: Member, achievement: str, now: int) -> int | None:
    """When the last of the awards in force lapses without a new event; None for one that does not."""
    there = [d.lapses_at for d in court.member(member).deserved(achievement) if d.state(now) == "awarded"]
    return None if None in there else max((at for at in there if at is not None), default=None)
