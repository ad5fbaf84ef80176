"""A backup is whole and taken beside a running bot; what is put back is verified, and forgets who was erased since."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.storage.backups import manifest_file
from adapters.storage.departures import depart
from adapters.storage.store import open_store
from adapters.storage.upgrade import upgrade
from bot.backups import back_up, restore
from bot.settings import Settings, read
from bot.verification import verify
from core.errors import ConfigurationError
from core.ports import Person
from tests.adapters.storage.said import NOON, THREE, book, post

WHO, NAME = "slack:T1/UCANARY7", "Amira Canary"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which somebody holds a badge."""
    file = tmp_path_factory.mktemp("filled") / "plaudit.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    asyncio.run(fill(f"sqlite+aiosqlite:///{file}"))
    return file


async def fill(url: str) -> None:
    store = await open_store(url, [book(THREE)], lambda: NOON)
    await store.meet([Person(WHO, NAME)])
    await store.take([post(n, "UCANARY7") for n in range(3)])
    await store.close()


@pytest.fixture
def settings(filled: Path, tmp_path: Path) -> Settings:
    shutil.copy(filled, tmp_path / "plaudit.db")
    (tmp_path / "rules.toml").write_text(THREE)
    database = f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    return read({"PLAUDIT_RULES": str(tmp_path / "rules.toml"), "PLAUDIT_DATABASE_URL": database}, None)


def statements(file: Path) -> int:
    with sqlite3.connect(file) as db:
        return int(db.execute("SELECT COUNT(*) FROM statement").fetchone()[0])


async def test_a_backup_beside_a_working_bot_is_whole(settings: Settings, tmp_path: Path) -> None:
    store = await open_store(settings.database_url, [book(THREE)], lambda: NOON)
    copy = tmp_path / "copy.db"
    making = asyncio.create_task(asyncio.to_thread(back_up, settings, copy))
    for n in range(10, 60):
        await store.take([post(n, "B")])
    said = await making
    await store.close()
    assert "SHA-256" in said
    assert 3 <= statements(copy) <= 53
    assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600
    assert await asyncio.to_thread(restore, settings, copy, replace=True) == []
    assert statements(tmp_path / "plaudit.db") == statements(copy)


def test_what_was_restored_goes_on(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    os.unlink(tmp_path / "plaudit.db")
    assert restore(settings, tmp_path / "copy.db", replace=False) == []
    assert verify(settings) == []
    assert [f.name for f in tmp_path.iterdir() if "restoring" in f.name or f.name.endswith(".part")] == []


def test_whoever_was_erased_after_the_backup_is_not_in_what_is_restored(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    asyncio.run(erase(settings.database_url))
    assert restore(settings, tmp_path / "copy.db", replace=True) == []
    for file in (f for f in tmp_path.iterdir() if not f.name.startswith("copy.db") and f.is_file()):
        assert b"CANARY7" not in file.read_bytes(), file.name
        assert b"Amira" not in file.read_bytes(), file.name
    assert statements(tmp_path / "plaudit.db") == 4


async def erase(url: str) -> None:
    store = await open_store(url, [book(THREE)], lambda: NOON + 1)
    await depart(store, WHO)
    await store.close()


def test_points_that_came_after_the_backup_are_not_missed(settings: Settings, tmp_path: Path) -> None:
    """The end of the ledger is noted anew: an older one is no theft here."""
    back_up(settings, tmp_path / "copy.db")
    asyncio.run(earn(settings.database_url))
    assert verify(settings) == []
    assert restore(settings, tmp_path / "copy.db", replace=True) == []
    assert verify(settings) == []


async def earn(url: str) -> None:
    store = await open_store(url, [book(THREE)], lambda: NOON)
    await store.take([post(n, "B") for n in range(10, 13)])
    await store.close()


async def test_nothing_is_replaced_under_a_bot(settings: Settings, tmp_path: Path) -> None:
    await asyncio.to_thread(back_up, settings, tmp_path / "copy.db")
    store = await open_store(settings.database_url, [book(THREE)], lambda: NOON)
    with pytest.raises(ConfigurationError, match="has it open; stop it first"):
        await asyncio.to_thread(restore, settings, tmp_path / "copy.db", replace=True)
    await store.close()
    assert await asyncio.to_thread(restore, settings, tmp_path / "copy.db", replace=True) == []


def test_a_database_that_is_there_stays_unless_it_is_said(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    with pytest.raises(ConfigurationError, match="add --replace"):
        restore(settings, tmp_path / "copy.db", replace=False)


def test_a_backup_does_not_overwrite_another(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy.db")
    with pytest.raises(ConfigurationError, match="name another file"):
        back_up(settings, tmp_path / "copy.db")


def test_there_must_be_something_to_back_up(settings: Settings, tmp_path: Path) -> None:
    os.unlink(tmp_path / "plaudit.db")
    with pytest.raises(ConfigurationError, match="no database to back up"):
        back_up(settings, tmp_path / "copy.db")


@pytest.mark.parametrize("spoil", ["changed", "cut", "without its manifest", "not there"])
def test_a_spoilt_backup_changes_nothing(settings: Settings, tmp_path: Path, spoil: str) -> None:
    copy, before = tmp_path / "copy.db", (tmp_path / "plaudit.db").read_bytes()
    back_up(settings, copy)
    content = copy.read_bytes()
    match spoil:
        case "changed":
            copy.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
        case "cut":
            copy.write_bytes(content[:-4096])
        case "without its manifest":
            manifest_file(copy).unlink()
        case _:
            copy.unlink()
    with pytest.raises(ConfigurationError, match="copy"):
        restore(settings, copy, replace=True)
    assert (tmp_path / "plaudit.db").read_bytes() == before


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_no_half_file(settings: Settings, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plaudit.db") as db:
        db.executemany("INSERT INTO notebook VALUES (?, ?)", [(str(n), os.urandom(100_000).hex()) for n in range(300)])
    environment = {
        "PLAUDIT_DATABASE_URL": settings.database_url,
        "PLAUDIT_RULES": str(settings.rules),
        "PATH": os.environ["PATH"],
    }
    for n in range(5):
        copy = tmp_path / f"copy-{n}.db"
        command = [sys.executable, "-m", "bot", "backup", str(copy)]
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not copy.with_name(f"{copy.name}.part").exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.02 * n)
        child.send_signal(signal.SIGKILL)
        child.wait(30)
        assert not (manifest_file(copy).exists() and not copy.exists())
        if not manifest_file(copy).exists():
            with pytest.raises(ConfigurationError, match=r"complete only with it|no such file"):
                restore(settings, copy, replace=True)
