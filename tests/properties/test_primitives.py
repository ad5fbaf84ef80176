"""The primitives as a running bot decides them: what is taken back and what comes late, one statement at a time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from bot.verification import compare
from core.plan import compile_plan
from core.replay import longest_settle
from core.rules.loading import load
from core.serving import Mode
from tests.core.test_primitives import ROWS, book_of, history_of, links_of
from tests.core.told import HEAD, moment

START = moment("2021-01-01")


@pytest.mark.parametrize("column", ["withdrawn", "late"])
@pytest.mark.parametrize("row", ROWS)
def test_the_tables_hold_what_the_log_supports(row: str, column: str, tmp_path: Path, empty: bytes) -> None:
    (tmp_path / "plaudit.db").write_bytes(empty)
    assert asyncio.run(lived(row, column, f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}")) == []


async def lived(row: str, column: str, url: str) -> list[str]:
    """What differs between the tables and a replay of their log, after each link of a cell."""
    book = load(HEAD + '[defaults]\nif_undone = "revoke"\n' + book_of(row), f"{row}.toml")
    history, settling, told, now, found = history_of(row), longest_settle(compile_plan(book)), 0, START, []
    store = await open_store(url, [book], lambda: now)
    for what, _ in links_of(row, column):
        history.read(what)
        latest = max(s.at for s in history.said)
        now = max(now, latest, moment(history.now) if history.now else latest + settling)
        for statement in history.said[told:]:
            await store.take([statement], Mode())
        told = len(history.said)
        await store.settle()
        found += [f"after {what}: {line}" for line in compare(url, [book], now)]
    await store.close()
    return found
