"""What is asked all the time costs the same however much there is: SQLite's own steps are counted, not seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage import outbox, outgoing
from adapters.storage.engines import driver, write_engine
from adapters.storage.given_roles import given_roles
from adapters.storage.transactions import SqlTransaction
from tests.adapters.storage.said import NOON, book
from tests.adapters.storage.test_ladder import LADDER
from tests.databases import fresh

MANY = 20_000
MOST = 3_000  # steps
A = "slack:T1/U7"
Question = Callable[[sa.Connection, SqlTransaction], object]
FILLED = (
    "INSERT INTO score SELECT 'default', 739000, 'slack:T1/U' || value, 'posts', 5 FROM n",
    "INSERT INTO level SELECT 'default', 'slack:T1/U' || value, 'Newcomer', 0 FROM n",
    """INSERT INTO award (id, community, member, achievement, version, tier, occurrence, state, kept, earned_at, due_at,
    evidence, since, decided_at)
    SELECT value, 'default', 'slack:T1/U' || value, 'pick', 1, '', '', 'awarded', 0, 1, 1, 1, 1, 1 FROM n""",
    """INSERT INTO ledger (id, community, member, award, points, at, cause)
    SELECT value, 'default', 'slack:T1/U' || value, value, 2, 1, 'awarded' FROM n""",
    """INSERT INTO outbox (id, community, cause, source, destination, kind, state, due_at, attempts, created_at)
    SELECT value, 'default', value, 'slack:T1', 'slack:T1/U' || value, 'roles', 'sent', 1, 1, 1 FROM n""",
    "INSERT INTO party SELECT 'default', 'slack:T1/U' || value, 'message.posted', value, value FROM n",
    "INSERT INTO wake SELECT 'default', 1 << 60, 'slack:T1/U' || value, 'pick' FROM n",
)
QUESTIONS: dict[str, Question] = {
    "what has settled": lambda db, tx: tx.due(NOON),
    "what has settled once more": lambda db, tx: tx.overdue(NOON, ["pick"]),
    "what an alarm was set for": lambda db, tx: tx.woken(NOON),
    "the score of somebody": lambda db, tx: tx.totals([A]),
    "the levels of somebody": lambda db, tx: tx.levels([A]),
    "the awards of somebody": lambda db, tx: tx.awards([A]),
    "the roles of somebody": lambda db, tx: given_roles(db, book(LADDER), A, [A]),
    "what waits to be sent": lambda db, tx: outbox.claim(db, NOON, '["slack:T1"]', 100),
    "what waits for a webhook": lambda db, tx: outgoing.claim(db, [outgoing.Ask("default", "crm", None, 10)], NOON),
    "the notes held back for somebody": lambda db, tx: outbox.held(db, "default", A),
    "what an award was paid": lambda db, tx: tx.rows("SELECT SUM(points) FROM ledger WHERE award = ?", (7,)),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Connection]:
    """A community of many, as stored."""
    url = fresh(tmp_path_factory.mktemp("filled"))
    file = Path(url.removeprefix("sqlite+aiosqlite:///"))
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA synchronous=OFF")
        for query in FILLED:
            head, _, select = query.partition("SELECT")
            numbers = f"WITH n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {MANY})"  # noqa: S608 - a number of this file
            db.execute(f"{head} {numbers} SELECT {select}")
    engine = write_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("what", QUESTIONS)
def test_it_costs_no_more_in_a_large_community(filled: sa.Connection, what: str) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 10
        return 0

    driver(filled).set_progress_handler(count, 10)
    QUESTIONS[what](filled, SqlTransaction(filled, "default"))
    driver(filled).set_progress_handler(None, 0)
    assert steps < MOST, what
