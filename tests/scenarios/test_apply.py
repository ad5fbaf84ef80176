"""`plaudit apply` beside a running bot and without one, killed with -9 between every two steps: afterwards the file and
the database hold one book, the old or the new, and the log supports what is stored."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot.bookfiles import books_to_serve
from bot.books import read_books
from bot.playground.clock import MovableClock
from bot.settings import Settings, read
from bot.verification import compare
from tests.adapters.storage.said import DAY, THREE, book, post
from tests.commands import ROOT
from tests.scenarios.mortal import PROPOSING, SWITCHING
from tests.scenarios.process import Process, started
from tests.scenarios.streets import street_of
from tests.scenarios.town import Town, founded

HARDER = THREE.replace("goal = 3", 'goal = 4\nversion = 2\nexisting = "recheck"')
EASIER = THREE.replace("goal = 3", "goal = 2\nversion = 2")
APPLY = ("apply", "new.toml", "--yes")


def now() -> int:
    return time.time_ns() // 1_000


class Place:
    """A folder with a database, its book, and a new one."""

    def __init__(self, folder: Path, new: str) -> None:
        self.folder = folder
        self.new = new
        self.url = f"sqlite+aiosqlite:///{folder / 'plaudit.db'}"
        self.environment = {"PLAUDIT_DATABASE_URL": self.url, "PLAUDIT_RULES": str(folder / "rules.toml")}
        (folder / "rules.toml").write_text(THREE)
        (folder / "new.toml").write_text(new)

    @property
    def settings(self) -> Settings:
        return read(self.environment, None)

    @property
    def file(self) -> str:
        return (self.folder / "rules.toml").read_text()

    @property
    def in_force(self) -> str:
        with contextlib.closing(sqlite3.connect(self.folder / "plaudit.db")) as db:
            ((text,),) = db.execute("SELECT text FROM book WHERE state = 'in force'").fetchall()
            return str(text)

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Store]:
        """As `plaudit run` opens it."""
        store = await open_store(self.url, books_to_serve(self.settings), now)
        try:
            yield store
        finally:
            await store.close()

    async def ran(self, *command: str) -> Process:
        """The command, ended; with `armed` it dies on its way."""
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        async with started(environment, self.folder, command) as process:
            await process.ended(60)
        return process

    def leftovers(self) -> list[str]:
        return [f.name for f in self.folder.iterdir() if f.name.startswith(".rules.toml.")]


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    """Amira has three posts and the badge."""
    place = Place(tmp_path, HARDER)
    upgrade(place.url)
    async with place.opened() as store:
        await store.take([post(n, at=now() - DAY + n) for n in range(3)])
    return place


async def test_without_a_bot_the_command_does_it_itself(place: Place) -> None:
    await place.ran("bot", *APPLY)
    assert place.file == place.in_force == HARDER
    async with place.opened() as store:
        assert await store.holders("default") == {}
    assert compare(place.url, [book(HARDER)], now()) == []


PROPOSED, SWITCHED = list(PROPOSING), list(SWITCHING)


def slowly(points: Sequence[str]) -> list[Any]:
    """Points that only `make test-slow` dies at."""
    return [pytest.param(point, marks=pytest.mark.slow) for point in points]


@pytest.mark.parametrize("point", [*slowly(PROPOSED), *slowly(SWITCHED[:-1]), *SWITCHED[-1:]])
async def test_the_command_dies_between_two_steps(place: Place, point: str) -> None:
    (place.folder / "armed").touch()
    process = await place.ran("tests.scenarios.mortal", point, *APPLY)
    assert process.code == -signal.SIGKILL
    async with place.opened() as store:  # the next start
        assert place.file == place.in_force
        assert place.in_force == (HARDER if "in force, its" in point or "its file is new" in point else THREE)
        assert await store.holders("default") == ({"three": 1} if place.in_force == THREE else {})
    assert compare(place.url, read_books(place.settings.rules), now()) == []
    (place.folder / "armed").unlink()
    await place.ran("bot", *APPLY)
    assert place.file == place.in_force == HARDER
    assert compare(place.url, [book(HARDER)], now()) == []


@pytest.mark.slow
async def test_an_edit_after_an_interrupted_apply_is_not_lost(place: Place) -> None:
    (place.folder / "armed").touch()
    await place.ran("tests.scenarios.mortal", "a new book is in force, its file is old", *APPLY)
    edited = HARDER.replace('name = "Three"', 'name = "Four"')
    (place.folder / "rules.toml").write_text(edited)
    async with place.opened():
        assert place.file == place.in_force == edited


# -- beside a running bot


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(tmp_path, MovableClock()) as town:
        town.book = THREE
        yield town


@contextlib.asynccontextmanager
async def serving(town: Town, command: Sequence[str] = ("bot", "run")) -> AsyncIterator[tuple[Process, Place]]:
    """A bot as a process of its own; Amira has two of three posts."""
    place = Place(town.folder, EASIER)
    place.environment = town.environment("slack") | {"PYTHONPATH": str(ROOT)}
    async with started(place.environment, town.folder, command) as process:
        await process.ready()
        for number in range(2):
            await street_of(town, "slack").say("amira", f"Post {number}")
        await process.until(lambda: town.number("SELECT COUNT(DISTINCT id) FROM statement WHERE id LIKE 'm%'") == 2)
        yield process, place


async def test_a_running_bot_takes_it_up_and_goes_on(town: Town) -> None:
    async with serving(town) as (process, place):
        asked = time.monotonic()
        await place.ran("bot", *APPLY)
        assert time.monotonic() - asked < 15
        assert process.logged("members were recounted for a new book"), "the bot did it, not the command"
        assert place.file == place.in_force == EASIER
        assert town.number("SELECT COUNT(*) FROM award WHERE achievement = 'three'") == 1
        for number in range(2):
            await street_of(town, "slack").say("kofi", f"Post {number}")
        await process.until(lambda: town.number("SELECT COUNT(*) FROM award WHERE achievement = 'three'") == 2)
        assert await process.stop() == 0
    assert compare(place.url, [book(EASIER)], town.clock()) == []


async def test_a_bad_book_leaves_the_old_one_live(town: Town) -> None:
    async with serving(town) as (process, place):
        (place.folder / "new.toml").write_text(EASIER.replace("version = 2", "version = 1"))
        refused = await place.ran("bot", *APPLY)
        assert refused.code == 78
        assert any("version = 2" in line for line in refused.said)
        assert place.file == place.in_force == THREE
        await street_of(town, "slack").say("amira", "The third")
        await process.until(lambda: town.number("SELECT COUNT(*) FROM award WHERE achievement = 'three'") == 1)
        assert await process.stop() == 0


@pytest.mark.slow
async def test_of_two_at_the_same_time_one_wins_and_the_other_is_told(town: Town) -> None:
    async with serving(town) as (process, place):
        (place.folder / "other.toml").write_text(HARDER)
        both = await asyncio.gather(place.ran("bot", *APPLY), place.ran("bot", "apply", "other.toml", "--yes"))
        codes = sorted(p.code for p in both)
        assert codes[0] == 0
        assert codes[1] != 0
        (told,) = (p.said for p in both if p.code)
        # It proposed after the first, or looked when the file or the database held the first already.
        remedies = ("run plaudit apply again", "apply them first", "version = 3", "versions only rise")
        assert any(remedy in line for line in told for remedy in remedies), told
        assert place.file == place.in_force
        assert place.in_force in (EASIER, HARDER)
        assert await process.stop() == 0
    assert compare(place.url, [book(place.in_force)], town.clock()) == []


@pytest.mark.parametrize("point", [*SWITCHED[:1], *slowly(SWITCHED[1:])])
async def test_the_bot_dies_while_it_takes_it_up_and_the_command_ends_it(town: Town, point: str) -> None:
    async with serving(town, ("tests.scenarios.mortal", point)) as (process, place):
        (place.folder / "armed").touch()
        asked = asyncio.create_task(place.ran("bot", *APPLY))
        assert await process.ended() == -signal.SIGKILL
        assert (await asked).code == 0
    assert place.file == place.in_force == EASIER
    assert place.leftovers() == []
    assert compare(place.url, [book(EASIER)], town.clock()) == []
