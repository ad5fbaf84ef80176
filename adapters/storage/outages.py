"""When the bot heard nothing: a statement that names nobody and forgives streaks."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.storage.transactions import SqlTransaction
from core.events import Statement
from core.pipeline import ingest
from core.plan import DEAF
from core.serving import Served
from core.times import write_time

SOURCE = "plaudit"


def note_outage(db: sa.Connection, served: Served, start: int, end: int) -> None:
    """Say in the log of a community that nothing was heard in [start, end), UTC microseconds."""
    said = Statement(SOURCE, f"deaf:{write_time(start)}", start, DEAF, facts={"until": write_time(end)})
    ingest(SqlTransaction(db, served.plan.community), served, [said], end)
