"""An empty, an older, a newer and a spoilt file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from adapters.storage import tables
from adapters.storage.engines import journal
from adapters.storage.upgrade import upgrade
from core.errors import ConfigurationError


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def test_a_new_file_has_exactly_the_tables_of_this_version(tmp_path: Path) -> None:
    file = tmp_path / "plaudit.db"
    assert "created" in upgrade(address(file))
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    engine.dispose()


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "plaudit.db"
    upgrade(address(file))
    assert file.stat().st_mode & 0o777 == 0o600


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "plaudit.db"
    upgrade(address(file))
    before = file.read_bytes()
    assert "up to date" in upgrade(address(file))
    assert file.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir() if "before" in f.name] == []


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "plaudit.db"
    upgrade(address(file))
    with sqlite3.connect(file) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(ConfigurationError, match=r"newer version \(9999\)"):
        upgrade(address(file))
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "plaudit.db"
    file.write_bytes(b"not a database, but somebody's notes\n" * 100)
    with pytest.raises(ConfigurationError, match=r"plaudit\.db cannot be used"):
        upgrade(address(file))
    assert file.read_bytes().startswith(b"not a database")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere/plaudit\.db cannot be used"):
        upgrade(address(tmp_path / "nowhere" / "plaudit.db"))


@pytest.mark.parametrize("url", ["postgresql+asyncpg://localhost/plaudit", "sqlite+aiosqlite:///:memory:"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="keeps its data in an SQLite file"):
        upgrade(url)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 60, 0), "WAL"),
    ],
)
def test_wal_is_used_where_the_library_resets_it_rightly(version: tuple[int, ...], mode: str) -> None:
    assert journal(version) == mode
