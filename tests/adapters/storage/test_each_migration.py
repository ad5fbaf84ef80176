"""Every migration meets a table full of rows: version by version a file goes up, and no row is lost or changed."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from adapters.storage.departures import depart
from adapters.storage.erasure import journal_file, key_file
from adapters.storage.store import open_store
from adapters.storage.upgrade import alembic_config, upgrade
from bot.verification import compare
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, NOON, book, by_hand, post
from tests.adapters.storage.test_upgrade_with_data import RULES, address, columns, listed, lived, older, rows

HOST = """[achievement.host]
name = "Host"
manual = "moderator"
lasts = "5 days"
"""
BOOK = RULES + HOST
FIRST = "0004"  # before it only tables that grew since: test_upgrade_with_data.py
VALUES = {"TEXT": "'said'", "BLOB": "x'01'"}
NEVER_REDEEMED = "default: reward 1 is stored as said for said with 0 points, the log says unknown"


def versions() -> list[str]:
    """All from FIRST on, in order."""
    found = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return sorted(script.revision for script in found if script.revision >= FIRST)


def to(version: str, file: Path) -> None:
    """One step, as `upgrade` takes it."""
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        command.upgrade(alembic_config(connection), version)
        connection.commit()
    engine.dispose()


def fill(file: Path, newest: Path) -> None:
    """What is empty gets what the newest file has, else one row of anything."""
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute("ATTACH ? AS newest", (str(newest),))
        for table, names in columns(file).items():
            if db.execute(f"SELECT COUNT(*) FROM main.{table}").fetchone() != (0,):  # noqa: S608 - names of the schema
                continue
            known = {row[1] for row in db.execute(f"PRAGMA newest.table_info({table})")}
            if known >= set(names):
                db.execute(f"INSERT INTO main.{table} SELECT {listed(names)} FROM newest.{table}")  # noqa: S608 - the same
            if db.execute(f"SELECT COUNT(*) FROM main.{table}").fetchone() == (0,):  # noqa: S608 - the same
                db.execute(f"INSERT INTO main.{table} VALUES ({anything(db, table)})")  # noqa: S608 - the same


def anything(db: sqlite3.Connection, table: str) -> str:
    """A row by the types of its columns, of this community."""
    there = [(row[1], row[2]) for row in db.execute(f"PRAGMA main.table_info({table})")]
    return ", ".join("'default'" if name == "community" else VALUES.get(kind, "1") for name, kind in there)


async def full(folder: Path) -> Path:
    """A file of this version: badges given by hand, one of them for a time, and somebody who was erased."""
    file = await lived(folder / "plaudit.db", BOOK)
    store = await open_store(address(file), [book(BOOK)], Clock())
    await store.take([by_hand("grant.made", "host", "B", NOON - 9), post(20, "D")])
    await depart(store, "slack:T1/D")
    await store.close()
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM wake WHERE achievement = 'host'")  # it had no end before 0018
    return file


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(full(tmp_path_factory.mktemp("full")))


@pytest.fixture
def old(newest: Path, tmp_path: Path) -> Path:
    """A file of the first version, full."""
    file = tmp_path / "plaudit.db"
    older(FIRST, newest, file)
    for beside in (key_file, journal_file):
        shutil.copy(beside(newest), beside(file))
    fill(file, newest)
    return file


async def test_no_migration_loses_or_changes_a_row(old: Path, newest: Path) -> None:
    for version in versions()[1:]:
        there = columns(old)
        before = rows(old, there)
        assert [table for table, found in before.items() if not found] == []
        to(version, old)
        after = rows(old, there)
        for table in there:
            assert set(after[table]) >= set(before[table]), (version, table)
            assert len(after[table]) == len(before[table]) or table == "wake", (version, table)
        with contextlib.closing(sqlite3.connect(old)) as db:
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        fill(old, newest)
    assert "up to date" in upgrade(address(old))
    assert compare(address(old), [book(BOOK)], NOON) == [NEVER_REDEEMED]


async def test_what_was_given_by_hand_for_a_time_ends_after_the_upgrade_too(old: Path) -> None:
    upgrade(address(old))
    late = Clock(NOON + 6 * DAY)
    assert compare(address(old), [book(BOOK)], late.now) == []
    store = await open_store(address(old), [book(BOOK)], late)
    assert compare(address(old), [book(BOOK)], late.now) == []
    assert (await store.holders("default"))["host"] == 1
    await store.settle()
    assert "host" not in await store.holders("default")
    assert compare(address(old), [book(BOOK)], late.now) == []
    await store.close()
