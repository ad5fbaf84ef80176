"""Whoever leaves, whatever happened before: what is stored is still what the log supports, and nobody else loses."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from adapters.storage.departures import depart
from adapters.storage.engines import database_file
from adapters.storage.store import open_store
from bot.verification import compare
from core.events import Statement
from core.rules.book import RuleBook
from core.rules.loading import load
from core.serving import Mode
from tests.histories import BOOK, DAY, NOW, history
from tests.properties.kinds import KINDS
from tests.properties.storyteller import history as told

SEEDS = range(6)
Rows = list[tuple[object, ...]]


def held(url: str) -> Rows:
    query = "SELECT member, achievement, tier, occurrence, state, earned_at, evidence FROM award ORDER BY id"
    with sqlite3.connect(database_file(url)) as db:
        return db.execute(query).fetchall()


async def test_somebody_leaves_in_the_middle_of_any_history(tmp_path: Path, empty: bytes) -> None:
    for seed in SEEDS:
        await check(tmp_path, load(BOOK, "rules.toml"), empty, seed, history(seed))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", KINDS)
async def test_somebody_leaves_in_the_middle_of_many_histories(tmp_path: Path, empty: bytes, name: str) -> None:
    kind = KINDS[name]
    for seed in range(12):
        said, _ = told(Random(f"{name} {seed}"), kind.acts, 80)  # noqa: S311 - a history, no secret
        await check(tmp_path, load(kind.book, f"{name}.toml"), empty, seed, said)


async def check(folder: Path, book: RuleBook, empty: bytes, seed: int, said: Sequence[Statement]) -> None:
    """Half of a history, somebody leaves, all of it again (as catch-up would bring it) and the rest."""
    file = folder / f"{seed}.db"
    file.write_bytes(empty)
    url = f"sqlite+aiosqlite:///{file}"
    now = max(NOW, *(s.at for s in said)) + DAY
    who = Random(seed).choice(sorted({s.actor for s in said if s.actor and s.actor.startswith("slack:")}))  # noqa: S311 - the same
    store = await open_store(url, [book], lambda: now)
    await store.take(said[: len(said) // 2], Mode(announce=False))
    await store.settle()
    assert compare(url, [book], now) == [], f"{seed=}, before"
    before = held(url)
    left = {name: account for account, name in (await depart(store, who)).items()}
    after = [tuple(left.get(str(value), value) for value in row) for row in held(url)]
    assert after == before, f"{seed=}"
    await store.settle()
    assert compare(url, [book], now) == [], f"{seed=}"
    await store.take(said, Mode(announce=False))
    await store.settle()
    await store.close()
    assert compare(url, [book], now) == [], f"{seed=}, and the rest"
    assert who not in {row[0] for row in held(url)}, f"{seed=}"
