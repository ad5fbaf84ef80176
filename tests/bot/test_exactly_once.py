"""Four processes with jumping clocks and fifteen kills: every week has one digest, and every period is closed once."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from adapters.storage.engines import database_file
from bot.verification import compare
from core.digests import due_period
from core.plan import compile_plan
from tests.adapters.storage.said import DAY, SECOND, book
from tests.bot.ticking import BEGIN, BOOK, SPEED
from tests.databases import fresh
from tests.forking import fork

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 36.0
KILLS = 15
LOADING = 6.0  # seconds until the first process has imported everything
LAST = 4  # days: what is due so late may be left to the next start
OFFSETS = (0, 1_800, -1_800, 5)  # seconds

_LOST = """
SELECT id FROM award WHERE achievement = 'each_week' AND decided_at > (SELECT MAX(decided_at) FROM award) - ?
AND id NOT IN (SELECT award FROM announcement)
"""


class Crowd:
    """Four processes; who dies comes back with another wrong clock."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.began = time.time() + LOADING
        self.there = [self._start(offset) for offset in OFFSETS]

    def _start(self, offset: int) -> ForkServerProcess:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        arguments = (self.url, str(self.began), str(self.began + SECONDS), str(offset))
        with open(os.devnull) as nothing, (self.folder / "said").open("a") as said:
            files = (nothing.fileno(), said.fileno(), said.fileno())
            return fork("tests.bot.ticking", arguments, self.folder, environment, files)

    def kill(self, which: int, offset: int) -> None:
        self.there[which].kill()
        self.there[which].join(10)
        assert self.there[which].exitcode == -signal.SIGKILL
        self.there[which] = self._start(offset)

    def end(self) -> list[int | None]:
        for process in self.there:
            process.join(SECONDS + LOADING + 20)
        return [process.exitcode for process in self.there]


@contextlib.contextmanager
def crowd(url: str, folder: Path) -> Iterator[Crowd]:
    found = Crowd(url, folder)
    try:
        yield found
    finally:
        for process in found.there:
            if process.is_alive():
                process.kill()
                process.join(10)


@pytest.mark.slow
def test_each_digest_and_each_close_happens_exactly_once(tmp_path: Path) -> None:
    url = fresh(tmp_path)
    chance = random.Random(5)  # noqa: S311 - who dies when, no secret
    with crowd(url, tmp_path) as there:
        for number in range(KILLS):
            at = there.began + SECONDS * 0.9 * (number + chance.random()) / KILLS
            time.sleep(max(0.0, at - time.time()))
            there.kill(chance.randrange(4), chance.choice((0, 900, -900, 3_600)))
        assert there.end() == [0, 0, 0, 0], (tmp_path / "said").read_text()[-2_000:]
    with sqlite3.connect(database_file(url)) as db:
        sent = db.execute("SELECT cause, source FROM outbox WHERE cause GLOB 'digest:*'").fetchall()
        runs = [row[0] for row in db.execute("SELECT period FROM run WHERE job = 'digest' ORDER BY period")]
        closed = Counter(db.execute("SELECT board, name FROM snapshot").fetchall())
        said = Counter(db.execute("SELECT id FROM statement WHERE id GLOB 'closed:*' AND op = 'assert'").fetchall())
        told = Counter(db.execute("SELECT award FROM announcement").fetchall())
        started = db.execute("SELECT at FROM run WHERE job = 'first start'").fetchone()[0]
        lost = db.execute(_LOST, (21 * DAY,)).fetchall()
    assert {*_weeks(started)} <= {*runs}
    assert len(runs) >= 4
    assert Counter(sent) == Counter((f"digest:{week}", s) for week in runs for s in ("slack:T1", "discord:2"))
    assert len(closed) >= 3
    assert {*closed.values(), *said.values(), *told.values()} <= {1}
    assert len(told) > 100
    assert lost == []
    assert compare(url, [book(BOOK)], BEGIN + round(SECONDS * SPEED) * SECOND + 2 * DAY) == []


def _weeks(started: int) -> list[str]:
    """Those whose digest was due while the processes ran."""
    plan = compile_plan(book(BOOK))
    days = range(int(SECONDS * SPEED / 86_400) - LAST)
    found = (due_period(BEGIN + n * DAY, plan.calendar, "monday", "09:00", since=started) for n in days)
    return sorted({due.name for due in found if due is not None})
