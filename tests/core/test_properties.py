"""Whatever happens in whatever order: what is stored is what the log supports, and what a naive reading says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest

from adapters.storage.reading import reading
from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot.verification import compare
from core.events import Statement
from core.plan import compile_plan
from core.replay import Log, replay
from core.rules.book import RuleBook
from core.rules.loading import load
from core.serving import Mode
from core.times import read_time
from tests.histories import BOOK, DAY, NOW, history
from tests.oracle import Row, Verdict, judge

SEEDS = (*range(23), 78)  # 78: a needed award rests on other facts, and nothing else about it changed
MANY = range(976, 1_400)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load(BOOK, "rules.toml")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database without rows, to be copied."""
    file = tmp_path_factory.mktemp("empty") / "plaudit.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file.read_bytes()


class Clock:
    def __init__(self) -> None:
        self.now = NOW - 20 * DAY

    def __call__(self) -> int:
        return self.now


async def lived(url: str, book: RuleBook, said: Sequence[Statement], random: Random) -> Store:
    """Everything was told to a bot, in batches, with restarts, while time went by."""
    clock = Clock()
    store = await open_store(url, [book], clock)
    start = 0
    while start < len(said):
        size = random.choice([1, 1, 2, 5, 20])
        await store.take(said[start : start + size], Mode(announce=random.random() < 0.5))
        start += size
        clock.now += random.randrange(DAY // 2)
        if random.random() < 0.3:
            await store.settle()
        if random.random() < 0.05:
            await store.close()
            store = await open_store(url, [book], clock)
    clock.now = max(NOW, clock.now)
    await store.settle()
    return store


def stored_log(url: str) -> list[Statement]:
    with reading(url) as histories:
        return list(histories("default").log())


def parked(file: Path) -> list[tuple[str]]:
    with sqlite3.connect(file) as db:
        return db.execute("SELECT reason FROM inbox").fetchall()


def rows_of(book: RuleBook, statements: Iterable[Statement], now: int) -> tuple[list[Row], dict[str, int]]:
    log = Log(compile_plan(book), now)
    for statement in statements:
        log.take(statement)
    result = replay(log.plan, log)
    rows = [
        (
            a["achievement"],
            a["member"],
            a["tier"] or "",
            a["period"] or "",
            a["state"],
            read_time(a["earned_at"]),
            a["evidence"],
        )
        for a in result.awards
    ]
    return sorted(rows), result.score


def differences(verdict: Verdict, rows: list[Row], score: dict[str, int]) -> list[object]:
    """What only one of the two says."""
    return [*sorted(set(verdict.rows) ^ set(rows)), *sorted(verdict.score.items() ^ score.items())]


async def check(folder: Path, book: RuleBook, empty: bytes, seed: int) -> None:
    file = folder / f"{seed}.db"
    file.write_bytes(empty)
    url = f"sqlite+aiosqlite:///{file}"
    store = await lived(url, book, history(seed), Random(seed))  # noqa: S311 - a history, no secret
    now = store.now()
    await store.close()
    assert parked(file) == [], f"seed {seed}: everything could be decided"
    assert compare(url, [book], now) == [], f"seed {seed}: live and replay"
    log = stored_log(url)
    assert differences(judge(BOOK, log, now), *rows_of(book, log, now)) == [], f"seed {seed}: replay and oracle"


@pytest.mark.parametrize("seeds", [SEEDS[i::4] for i in range(4)], ids=str)
async def test_a_lived_history_holds_what_its_log_supports(
    tmp_path: Path, book: RuleBook, empty: bytes, seeds: Sequence[int]
) -> None:
    for seed in seeds:
        await check(tmp_path, book, empty, seed)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seeds", [MANY[i::8] for i in range(8)], ids=str)
async def test_many_lived_histories_hold_what_their_logs_support(
    tmp_path: Path, book: RuleBook, empty: bytes, seeds: Sequence[int]
) -> None:
    for seed in seeds:
        await check(tmp_path, book, empty, seed)


FAULTS = {
    "utc days": 8,
    "no tombstones": 10,
    "arrival order": 5,
    "no grace": 2,
    "repetitions count": 14,
    "edits move": 8,
}


def test_the_comparison_notices_faults(book: RuleBook) -> None:
    """A wrong reading of one sentence differs in at least so many of 16 histories; the right one in none."""
    noticed = dict.fromkeys(FAULTS, 0)
    for seed in range(16):
        said = history(seed)
        rows, score = rows_of(book, said, NOW)
        assert differences(judge(BOOK, said, NOW), rows, score) == [], f"seed {seed}"
        for fault in FAULTS:
            wrong = judge(BOOK, said, NOW, faults=frozenset({fault}))
            noticed[fault] += differences(wrong, rows, score) != []
    assert {fault: n for fault, n in noticed.items() if n < FAULTS[fault]} == {}, noticed
