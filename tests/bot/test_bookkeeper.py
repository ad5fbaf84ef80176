"""What a working bot does with books that are proposed to it, and with those that another process brought about."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest

from adapters.storage import books
from adapters.storage.books import StoredBook, mark_of
from adapters.storage.history import SqlHistory
from adapters.storage.proposals import propose, take_up_here
from adapters.storage.store import Store, open_store
from bot import logs
from bot.bookkeeper import READS_NOW, Bookkeeper
from bot.verification import compare
from tests.adapters.storage.said import NOON, THREE, book, post
from tests.databases import fresh

EASIER = THREE.replace("goal = 3", "goal = 2\nversion = 2")
READING = THREE + '[achievement.long]\nname = "Long"\nwhen = "message.posted"\nwhere.length.at_least = 200\n'


class Desk:
    """A store that serves THREE, its file, and the keeper of its books. Amira has two posts."""

    def __init__(self, folder: Path, store: Store, logged: StringIO) -> None:
        self.rules = folder / "rules.toml"
        self.url = f"sqlite+aiosqlite:///{folder / 'plaudit.db'}"
        self.store = store
        self.keeper = Bookkeeper(store, self.rules)
        self._logged = logged

    def propose(self, text: str, base: int = 1) -> int:
        return propose(self.url, "default", text, base, mark_of(THREE), NOON)

    async def book(self, number: int) -> StoredBook:
        return await self.store.look(lambda db: books.revision(SqlHistory(db, "default"), number))

    def said(self) -> list[str]:
        return [str(json.loads(line)["event"]) for line in self._logged.getvalue().splitlines()]

    @property
    def log(self) -> str:
        return self._logged.getvalue()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    logged = StringIO()
    logs.configure(stream=logged, human=False)
    (tmp_path / "rules.toml").write_text(THREE)
    url = fresh(tmp_path)
    store = await open_store(url, [book(THREE)], lambda: NOON)
    await store.take([post(n) for n in range(2)])
    yield Desk(tmp_path, store, logged)
    await store.close()


async def test_it_takes_up_what_is_proposed_and_replaces_the_file(desk: Desk) -> None:
    number = desk.propose(EASIER)
    await desk.keeper.look()
    assert (await desk.book(number)).state == "in force"
    assert desk.rules.read_text() == EASIER
    assert await desk.store.holders("default") == {"three": 1}
    assert "a new rule book is in force" in desk.said()
    assert compare(desk.url, [book(EASIER)], NOON) == []


@pytest.mark.parametrize(
    ("text", "base", "reason"),
    [
        (EASIER, 7, "another book came into force meanwhile"),
        (THREE.replace("goal = 3", "goal = 2"), 1, "version = 2"),
        (EASIER.replace("goal", "gaol"), 1, 'Did you mean "goal"?'),
        ("rules = ", 1, "this is no TOML"),
    ],
    ids=["compared with another", "without its version", "with an unknown key", "no TOML"],
)
async def test_a_bad_one_is_refused_with_the_reason_and_the_old_one_works_on(
    desk: Desk, text: str, base: int, reason: str
) -> None:
    number = desk.propose(text, base)
    await desk.keeper.look()
    refused = await desk.book(number)
    assert refused.state == "refused"
    assert reason in (refused.reason or "")
    assert "a new rule book is refused, the old one stays" in desk.said()
    assert desk.rules.read_text() == THREE
    await desk.store.take([post(2)])
    assert await desk.store.holders("default") == {"three": 1}
    assert compare(desk.url, [book(THREE)], NOON) == []


async def test_what_another_process_brought_into_force_is_followed_and_filed(desk: Desk) -> None:
    take_up_here(desk.url, "default", desk.propose(EASIER), NOON)
    await desk.store.settle()
    await desk.keeper.look()
    assert "a new rule book is in force" in desk.said()
    assert desk.rules.read_text() == EASIER
    await desk.store.take([post(n, "B") for n in range(2, 4)])
    assert await desk.store.holders("default") == {"three": 2}


async def test_rules_that_begin_to_look_at_texts_ask_for_a_restart(desk: Desk) -> None:
    desk.propose(READING)
    await desk.keeper.look()
    assert READS_NOW in desk.log


async def test_rules_that_begin_to_follow_voice_ask_for_none(desk: Desk) -> None:
    desk.propose(THREE + '[achievement.talk]\nname = "Talk"\nwhen = "voice.session_ended"\n')
    await desk.keeper.look()
    assert "a new rule book is in force" in desk.said()
    assert "restart" not in desk.log


async def test_a_file_that_cannot_be_written_is_named_and_the_book_is_in_force_all_the_same(desk: Desk) -> None:
    desk.rules.unlink()
    desk.rules.symlink_to(desk.rules.parent / "nowhere" / "rules.toml")
    number = desk.propose(EASIER)
    await desk.keeper.look()
    assert "let Plaudit write to its folder" in desk.log
    stored = await desk.book(number)
    assert stored.state == "in force"
    assert stored.replaces is not None, "so the next start tries again"
