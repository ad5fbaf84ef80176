"""The ledger cannot be changed, thinned or cut without `plaudit verify` naming the place."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from adapters.storage.chain import faults, note_head
from adapters.storage.engines import database_file
from adapters.storage.reading import reading
from adapters.storage.store import open_store
from adapters.storage.upgrade import alembic_config, upgrade
from bot.verification import compare
from core.errors import ConfigurationError
from tests.adapters.storage.said import NOON, THREE, book, gone, post

OLD = (("slack:T1/A", 2), ("slack:T1/B", 3), ("slack:T1/A", -2))
Tamper = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a ledger of three entries, and its anchor."""
    file = tmp_path_factory.mktemp("paid") / "plaudit.db"
    url = f"sqlite+aiosqlite:///{file}"
    upgrade(url)
    asyncio.run(fill(url))
    with reading(url) as histories:
        note_head(histories(""))
    return file


async def fill(url: str) -> None:
    store = await open_store(url, [book(THREE)], lambda: NOON)
    posts = [post(n, user) for n, user in enumerate("AAABBB")]
    await store.take(posts)
    await store.take([gone(posts[0], NOON)])
    await store.close()


@pytest.fixture
def url(paid: Path, tmp_path: Path) -> str:
    for name in ("plaudit.db", "plaudit.anchor"):
        shutil.copy(paid.with_name(name), tmp_path / name)
    return f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"


@pytest.fixture
def tampered(url: str) -> Tamper:
    def run(change: str) -> list[str]:
        with sqlite3.connect(database_file(url)) as db:
            db.executescript(change)
        return [line for line in compare(url, [book(THREE)], NOON) if line.startswith("the ledger")]

    return run


def test_an_untouched_ledger_verifies(tampered: Tamper) -> None:
    assert tampered("SELECT 1") == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE ledger SET points = points + 1 WHERE id = 2", "entry 2"),
        ("UPDATE ledger SET at = at + 1 WHERE id = 3", "entry 3"),
        ("UPDATE ledger SET cause = 'x' WHERE id = 1", "entry 1"),
        ("UPDATE ledger SET token = 'x' WHERE id = 2", "entry 2"),
        ("UPDATE ledger SET hash = x'00' WHERE id = 2", "entry 2"),
        ("DELETE FROM ledger WHERE id = 1", "entry 2"),
        ("DELETE FROM ledger WHERE id = 2", "entry 3"),
        ("DELETE FROM ledger WHERE id = 3", "cut or replaced: it had an entry 3"),
        ("DELETE FROM ledger", "its last one is 0"),
    ],
)
def test_the_first_broken_place_is_named(tampered: Tamper, change: str, named: str) -> None:
    (found,) = tampered(change)
    assert named in found


def test_a_chain_that_was_made_anew_does_not_meet_its_anchor(tampered: Tamper, url: str) -> None:
    """Whoever can compute the hashes still cannot change the note beside the database."""
    anchor = Path(database_file(url)).with_suffix(".anchor")
    anchor.write_text(json.dumps({"entry": 3, "hash": "00" * 32}))
    assert "cut or replaced" in tampered("SELECT 1")[0]


def test_a_note_that_cannot_be_read_is_named(tampered: Tamper, url: str) -> None:
    Path(database_file(url)).with_suffix(".anchor").write_text("entry three")
    with pytest.raises(ConfigurationError, match=r"plaudit\.anchor: cannot be read"):
        tampered("SELECT 1")


def test_no_personal_data_is_in_what_is_hashed(url: str) -> None:
    with sqlite3.connect(database_file(url)) as db:
        rows = db.execute("SELECT DISTINCT l.member, l.token, i.token FROM ledger l JOIN identity i USING (member)")
        found = rows.fetchall()
    assert len(found) == 2
    assert all(token == known and len(token) == 32 and member not in token for member, token, known in found)


def test_a_ledger_from_before_the_chain_is_chained(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'plaudit.db'}")
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), "0005")
        connection.commit()
        rows = [(n, "default", who, 1, points, NOON, "awarded") for n, (who, points) in enumerate(OLD, 1)]
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
    engine.dispose()
    upgrade(url)
    with reading(url) as histories:
        assert list(faults(histories(""))) == []
        tokens = [row[0] for row in histories("").rows("SELECT token FROM ledger ORDER BY id", ())]
        assert tokens[0] == tokens[2] != tokens[1]
        assert histories("").rows("SELECT COUNT(*) FROM identity", ())[0][0] == 2
