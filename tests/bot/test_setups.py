"""Set up from the chat: what is recorded before, who may, the preview, what comes into force, a file that is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.storage.reading import reading
from adapters.storage.store import open_store
from adapters.terminal.cards import render
from bot.bookfiles import books_to_serve
from bot.bookkeeper import Bookkeeper
from bot.desk import FrontDesk
from bot.settings import Settings, read
from bot.setups import SetupDesk, books_to_run
from core.errors import ConfigurationError
from core.requests import Answer, Request
from core.rights import Role
from core.setups import WAITING
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, NOON, post
from tests.databases import fresh

FORM = {"announcements": "#wins", "digest": "#general", "moderators": "#mods", "staff": "@moderators"}
TEMPLATE = {"template": "new-community"}
OWN = """\
# ours
rules = 1
[community]
timezone = "Europe/Berlin"  # home
[channels]
announcements = { slack = "#old", discord = "#ruhm" }
[achievement.first]
name = "First"
when = "message.posted"
"""


@dataclass
class Hall:
    """A desk of a community whose rule book may be missing."""

    settings: Settings
    setups: SetupDesk
    desk: FrontDesk
    clock: Clock
    asked: int = 0

    @property
    def file(self) -> Path:
        return self.settings.rules

    async def ask(self, verb: str, role: Role = "admin", source: str = "slack:T1", **arguments: str) -> Answer:
        self.asked += 1
        request = Request(f"r{self.asked}", source, f"{source}/A", verb, self.clock(), arguments, role, "C1")
        return await self.desk.answer(request)

    async def said(self, verb: str, role: Role = "admin", source: str = "slack:T1", **arguments: str) -> str:
        return render((await self.ask(verb, role, source, **arguments)).card)

    async def keep(self) -> None:
        """What the bookkeeper does soon afterwards."""
        await self.keeper.look()

    def __post_init__(self) -> None:
        self.keeper = Bookkeeper(self.setups.store, self.settings.rules)


@asynccontextmanager
async def opened(folder: Path, text: str = "") -> AsyncIterator[Hall]:
    url, clock = await asyncio.to_thread(fresh, folder), Clock(NOON)
    if text:
        (folder / "rules.toml").write_text(text)
    settings = read({"PLAUDIT_DATABASE_URL": url, "DISCORD_TOKEN": "x"}, None)
    store = await open_store(url, books_to_run(settings), clock)
    setups = SetupDesk(store, settings.rules)
    try:
        yield Hall(settings, setups, FrontDesk(store, setups=setups), clock)
    finally:
        await store.close()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with opened(tmp_path) as hall:
        yield hall


async def test_before_it_is_set_up_facts_are_recorded_and_nothing_is_said(hall: Hall) -> None:
    await hall.setups.store.take([post(1, "B", NOON)])
    with reading(hall.settings.database_url) as histories:
        assert [s.id for s in histories("default").log()] != []
    assert "I am not set up here yet" in await hall.said("kudos", "member", member="slack:T1/B", reason="all of it")
    assert "I record what happens, and post nothing" in await hall.said("setup")
    assert not hall.file.exists()


async def test_only_admins_set_up(hall: Hall) -> None:
    for verb in ("setup", "setup-fill", "setup-filled", "setup-start", "setup-drop"):
        assert "Only admins can do that" in await hall.said(verb, "manager", **FORM, **TEMPLATE)
    assert hall.setups.store.communities.served["default"].plan.book.written.text == WAITING


async def test_two_forms_a_preview_and_the_file(hall: Hall) -> None:
    await hall.setups.store.take([post(n, who, NOON - DAY) for n, who in enumerate(("B", "C", "B"))])
    hall.setups.finds = lambda source, ref, channel: ref != "#mods"
    assert (await hall.ask("setup-fill")).form is not None
    shown = await hall.said("setup-filled", **FORM, **TEMPLATE)
    assert "In the last 30 days, 2 people would hold a badge." in shown
    assert "Said hello · 2" in shown
    assert "I cannot see #mods." in shown
    assert not hall.file.exists()
    assert (await hall.ask("setup-more")).form is not None
    shown = await hall.said("setup-timed", day="friday", time="17:30", zone="Europe/Lisbon")
    assert "Friday, 17:30 (Europe/Lisbon)" in shown
    assert "It is set." in await hall.said("setup-start", argument="quiet")
    await hall.keep()
    (book,) = books_to_serve(hall.settings)
    assert book.channels.announcements.slack == "#wins"
    assert book.community.quiet_start.microseconds == 14 * DAY
    assert hall.setups.store.communities.served["default"].plan.book.written.text == hall.file.read_text()
    assert "What the rule book says" in await hall.said("setup")


async def test_what_was_recorded_before_counts_and_is_not_announced(hall: Hall) -> None:
    await hall.setups.store.take([post(1, "B", NOON)])
    await hall.ask("setup-filled", **FORM, **TEMPLATE)
    await hall.ask("setup-start", argument="loud")
    held = await hall.setups.store.holders("default")
    assert held["said_hello"] == 1
    assert await hall.setups.store.claim(["slack:T1"], 10) == []


async def test_quiet_days_begin_with_the_answer(hall: Hall) -> None:
    hall.clock.now += 10 * DAY
    await hall.ask("setup-filled", **FORM, **TEMPLATE)
    await hall.ask("setup-start", argument="quiet")
    await hall.keep()
    assert books_to_serve(hall.settings)[0].community.quiet_start.microseconds == 24 * DAY


async def test_a_file_that_says_it_already_keeps_its_rules_and_comments(tmp_path: Path) -> None:
    async with opened(tmp_path, OWN) as hall:
        shown = await hall.said("setup")
        assert "New badges · #old" in shown
        assert "Setting up changes the channels" in shown
        form = (await hall.ask("setup-fill")).form
        assert form is not None
        assert [f.name for f in form.fields] == ["announcements", "digest", "moderators", "staff"]
        preview = await hall.ask("setup-filled", **FORM, **TEMPLATE)
        assert [b.label for b in preview.card.buttons][:2] == ["Save", "Change…"]
        await hall.ask("setup-start", argument="loud")
        await hall.keep()
        text = hall.file.read_text()
        assert text.startswith('# ours\nrules = 1\n[community]\ntimezone = "Europe/Berlin"  # home\n')
        assert 'announcements = { slack = "#wins", discord = "#ruhm" }' in text
        assert "quiet_start" not in text
        (act,) = await hall.setups.store.look(
            lambda db: db.exec_driver_sql('SELECT "by", what, "before", "after" FROM act').all()
        )
        assert tuple(act) == ("slack:T1/A", "community.set_up", "revision 1", "revision 2")


async def test_a_file_edited_since_is_not_overwritten(tmp_path: Path) -> None:
    async with opened(tmp_path, OWN) as hall:
        await hall.ask("setup-filled", **FORM)
        hall.file.write_text(OWN + "# more\n")
        assert "holds changes that are not in force" in await hall.said("setup-start", argument="loud")
        assert hall.file.read_text().endswith("# more\n")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"day": "someday", "time": "09:00", "zone": "UTC"}, "Day of the digest: choose one."),
        ({"day": "monday", "time": "9", "zone": "UTC"}, "Time of the digest: write it as 09:00."),
        ({"day": "monday", "time": "09:00", "zone": "Lisboa"}, 'no time zone is called "Lisboa"'),
    ],
)
async def test_what_was_typed_wrong_is_named_by_its_field(hall: Hall, wrong: dict[str, str], told: str) -> None:
    assert told in await hall.said("setup-timed", **wrong)


async def test_two_admins_at_once_set_it_up_once(hall: Hall) -> None:
    await hall.ask("setup-filled", **FORM, **TEMPLATE)
    both = await asyncio.gather(*(hall.said("setup-start", argument=how) for how in ("quiet", "loud")))
    assert sorted(text.partition(".")[0].partition(":")[0] for text in both) == ["It is set", "Nothing waits here"]
    assert hall.setups.store.communities.served["default"].revision == 2


async def test_dropped_means_nothing_changed(hall: Hall) -> None:
    await hall.ask("setup-filled", **FORM, **TEMPLATE)
    assert "So it would be" in await hall.said("setup")
    assert "Dropped" in await hall.said("setup-drop")
    assert "I am not set up yet" in await hall.said("setup")


async def test_a_book_that_goes_missing_later_is_a_fault_and_no_new_beginning(tmp_path: Path) -> None:
    async with opened(tmp_path, OWN) as hall:
        hall.file.unlink()
        with pytest.raises(ConfigurationError, match="there is no such file"):
            books_to_run(hall.settings)


async def test_a_file_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    settings = read({"PLAUDIT_RULES": "elsewhere.toml", "DISCORD_TOKEN": "x"}, None)
    with pytest.raises(ConfigurationError, match="is PLAUDIT_RULES right"):
        books_to_run(settings)


async def test_it_still_waits_after_a_restart(hall: Hall) -> None:
    (book,) = books_to_run(hall.settings)
    assert book.written.text == WAITING


async def test_who_moderated_does_so_no_more_where_the_field_is_left_empty(tmp_path: Path) -> None:
    text = OWN + '[moderators]\nslack = "@mods"\ndiscord = "Mod"\ntwo_people_above = 500\n'
    async with opened(tmp_path, text) as hall:
        shown = await hall.said("setup-filled", announcements="#old")
        assert "Who moderates · only admins" in shown
        await hall.said("setup-start", argument="loud")
        moderators = hall.setups.store.communities.served["default"].plan.book.moderators
        assert (moderators.slack, moderators.discord, moderators.two_people_above) == (None, "Mod", 500)
