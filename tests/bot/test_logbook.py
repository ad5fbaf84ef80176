"""`plaudit log` prints what was said, as it was said, beside a running bot."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from adapters.storage.upgrade import upgrade
from bot.logbook import log
from bot.settings import Settings, read
from core.errors import ConfigurationError
from core.lines import parse_line
from tests.adapters.storage.said import NOON, THREE, book, gone, post


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(THREE)
    database = f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    return read({"PLAUDIT_RULES": str(tmp_path / "rules.toml"), "PLAUDIT_DATABASE_URL": database}, None)


def printed(settings: Settings) -> list[bytes]:
    out = BytesIO()
    log(settings, out)
    return out.getvalue().splitlines()


async def test_the_log_is_what_was_said_in_order_of_arrival(settings: Settings) -> None:
    upgrade(settings.database_url)
    store = await open_store(settings.database_url, [book(THREE)], lambda: NOON)
    said = [
        post(3),
        gone(post(1), NOON, "deleted"),
        replace(post(1, amount=Decimal("0.10"), tags=("a", "b"), has_link=True), by="engine", reason="why not"),
        post(2),
    ]
    await store.take([*said, said[0]])
    assert [parse_line(line) for line in printed(settings)] == said  # while the bot is open
    await store.close()
    assert b"0.10" in printed(settings)[2]


def test_without_a_database_it_says_what_makes_one(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="there is no database yet"):
        printed(settings)


async def test_an_empty_log_prints_nothing(settings: Settings) -> None:
    upgrade(settings.database_url)
    assert printed(settings) == []


@pytest.mark.parametrize("content", [b"", b"no database " * 500])
def test_a_file_that_is_none_of_ours_is_named_with_a_remedy(settings: Settings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plaudit.db").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"plaudit\.db: .*(plaudit migrate|restore a backup)"):
        printed(settings)


def test_a_file_of_a_newer_version_is_refused(settings: Settings, tmp_path: Path) -> None:
    upgrade(settings.database_url)
    with contextlib.closing(sqlite3.connect(tmp_path / "plaudit.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError, match="newer version"):
        printed(settings)


async def test_any_folder_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "50% #1 ünd mehr"
    folder.mkdir()
    (folder / "rules.toml").write_text(THREE)
    url = f"sqlite+aiosqlite:///{folder / 'plaudit.db'}"
    settings = read({"PLAUDIT_RULES": str(folder / "rules.toml"), "PLAUDIT_DATABASE_URL": url}, None)
    upgrade(settings.database_url)
    store = await open_store(settings.database_url, [book(THREE)], lambda: NOON)
    await store.take([post(1)])
    assert await store.first_start("default") == NOON
    await store.close()
    assert len(printed(settings)) == 1
