"""`plaudit verify` finds what somebody changed behind the bot's back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from bot.verification import compare
from tests.adapters.storage.said import NOON, THREE, book, post
from tests.databases import fresh

BOOK = THREE + '[[level]]\nname = "Regular"\nat = 3\n'
TAMPERED = {
    "UPDATE award SET evidence = 4": [
        "three of slack:T1/A (2026-03-17T12:00:02+00:00, 4 facts) is stored",
        "3 facts), which",
    ],
    "UPDATE award SET earned_at = earned_at + 1000000": ["(2026-03-17T12:00:03+00:00, 3 facts) is stored"],
    "DELETE FROM ledger; DELETE FROM award": ["the log supports three of slack:T1/A", "points of slack:T1/A is 0"],
    "UPDATE award SET state = 'revoked'": ["the log supports three", "award 1 was revoked, but 2 points of it"],
    "UPDATE award SET member = 'slack:T1/B'": ["three of slack:T1/B", "the log supports three of slack:T1/A"],
    "UPDATE score SET amount = 7": ["score of slack:T1/A is 7, the log gives 3"],
    "DELETE FROM score": ["score of slack:T1/A is 0, the log gives 3"],
    "DELETE FROM level": ["the level Regular of slack:T1/A is not stored, the log says otherwise"],
    "UPDATE level SET name = 'Guide'": ["the level Guide of slack:T1/A is stored, the log says otherwise"],
    "UPDATE ledger SET points = 20": ["points of slack:T1/A is 20, the log gives 2"],
    "DELETE FROM statement WHERE seq = 2": ["is stored, but the log does not support it", "entries of the index"],
}


@pytest.fixture
async def url(tmp_path: Path) -> str:
    address = fresh(tmp_path)
    store = await open_store(address, [book(BOOK)], lambda: NOON)
    await store.take([post(n) for n in range(3)])
    await store.close()
    return address


def test_an_honest_file_has_no_differences(url: str) -> None:
    assert compare(url, [book(BOOK)], NOON) == []


@pytest.mark.parametrize("change", TAMPERED, ids=str)
def test_a_change_behind_our_back_is_found(url: str, tmp_path: Path, change: str) -> None:
    db = sqlite3.connect(tmp_path / "plaudit.db")
    db.executescript(change)
    db.close()
    found = "\n".join(compare(url, [book(BOOK)], NOON))
    assert [part for part in TAMPERED[change] if part not in found] == [], found
