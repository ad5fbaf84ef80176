"""Questions about one member that are answered from the log, on a connection that only reads."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.history import SqlHistory
from core.court import Court
from core.diagnosis import Diagnosis, diagnose, types_of
from core.language import ENGLISH, Language
from core.members import Member
from core.progressing import held_now, progress_lines
from core.records import ProgressLine
from core.serving import Served


def progress(db: sa.Connection, served: Served, member: Member, now: int, t: Language = ENGLISH) -> list[ProgressLine]:
    """Where a member stands toward what they do not hold."""
    court = Court(served.plan, served.people, SqlHistory(db, served.plan.community), now)
    return list(progress_lines(court, member, held_now(court, member), t))


def examine(
    db: sa.Connection, served: Served, member: Member, achievement: str, now: int, t: Language = ENGLISH, *, own: bool
) -> Diagnosis | None:
    """Why a member has an achievement, or why not; None for one that is off."""
    history = SqlHistory(db, served.plan.community)
    court = Court(served.plan, served.people, history, now)
    types = types_of(court, achievement)
    withdrawn = history.withdrawn(served.people.accounts(member), types) if types else []
    return diagnose(court, member, achievement, withdrawn, t, own=own)
