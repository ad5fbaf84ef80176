"""What people do with all that is kept about them, from the question to the database."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from adapters.terminal.cards import render
from bot import departures
from bot.deeds import Deeds
from bot.desk import FrontDesk
from bot.settings import Settings, read
from bot.verification import compare, verify
from core.cards import note
from core.erasure import AT_THE_DOOR
from core.errors import ConfigurationError
from core.ports import Person
from core.requests import Answer, Request
from tests.adapters.storage.said import NOON, THREE, book, post
from tests.databases import fresh

WHO, NAME = "slack:T1/UCANARY7", "Amira Canary"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "rules.toml").write_text(THREE)
    database = fresh(tmp_path)
    return read({"PLAUDIT_RULES": str(tmp_path / "rules.toml"), "PLAUDIT_DATABASE_URL": database}, None)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    made = await open_store(settings.database_url, [book(THREE)], lambda: NOON)
    await made.meet([Person(WHO, NAME)])
    await made.take([post(n, "UCANARY7") for n in range(3)])
    yield made
    await made.close()


def asked(verb: str, **arguments: str) -> Request:
    return Request("r1", "slack:T1", WHO, verb, NOON, arguments, channel="C1")


def holds(folder: Path, trace: str) -> bool:
    return any(trace.encode() in file.read_bytes() for file in folder.iterdir())


async def test_a_person_gets_their_data_as_a_file(store: Store) -> None:
    answer = await FrontDesk(store).answer(asked("export"))
    (file,) = answer.files
    assert (file.name, answer.private) == ("plaudit-data.zip", True)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert json.loads(archive.read("plaudit.json"))["account"][0]["name"] == NAME


async def test_nothing_is_erased_before_the_word_was_typed(store: Store, tmp_path: Path) -> None:
    desk = FrontDesk(store)
    first = await desk.answer(asked("erase"))
    assert "This cannot be undone" in render(first.card)
    assert [b.verb for b in first.card.buttons] == ["erase-confirm", "export", "settings"]
    second = await desk.answer(asked("erase-confirm"))
    assert second.form is not None
    assert second.form.verb == "erase-confirmed"
    wrong = await desk.answer(asked("erase-confirmed", word="yes"))
    assert "Nothing was erased: the word is ERASE." in render(wrong.card)
    assert holds(tmp_path, NAME)


async def test_a_person_leaves_and_comes_back(store: Store, settings: Settings, tmp_path: Path) -> None:
    desk = FrontDesk(store)
    await desk.answer(asked("erase-confirmed", word="erase"))
    assert not holds(tmp_path, NAME)
    assert not holds(tmp_path, "UCANARY7")
    assert (await store.take([post(10, "UCANARY7")])).ignored == (AT_THE_DOOR,)
    again = await desk.answer(asked("erase-confirmed", word="ERASE"))
    assert "Done." in render(again.card)
    told = await desk.answer(asked("privacy"))
    assert "You were erased" in render(told.card)
    assert "counted from now on" in render((await desk.answer(asked("privacy", argument="join"))).card)
    assert (await store.take([post(11, "UCANARY7")])).new == 1
    assert "What Plaudit knows" in render((await desk.answer(asked("privacy"))).card)
    assert compare(settings.database_url, [book(THREE)], NOON) == []


async def test_whoever_does_not_wait_is_erased_all_the_same(store: Store, tmp_path: Path) -> None:
    told = await Deeds(store, patience=0).do(Answer(note("Done."), deed="erase"), WHO)
    assert "You are being erased" in render(told.card)
    await store.perform(lambda _: None)  # whatever was queued before is done now
    assert not holds(tmp_path, NAME)


async def test_the_command_line_exports_and_erases(store: Store, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "data.zip"
    await departures.export(settings, WHO, file)
    with pytest.raises(ConfigurationError, match="there already"):
        await departures.export(settings, WHO, file)
    with pytest.raises(ConfigurationError, match="slack:T1/UTYPO: nothing is kept about it"):
        await departures.export(settings, "slack:T1/UTYPO", tmp_path / "nobody.zip")
    assert not (tmp_path / "nobody.zip").exists()
    assert await departures.erase(settings, WHO, ["canary@mail.example"], "asked by mail") == 1
    assert await departures.erase(settings, WHO, [], "asked again") == 0
    file.unlink()
    assert not holds(tmp_path, "CANARY")
    assert verify(settings) == []


async def test_a_bot_that_runs_beside_the_command_line_keeps_the_person_out(store: Store, settings: Settings) -> None:
    await departures.erase(settings, WHO, [], "asked by mail")
    taken = await store.take([post(20, "UCANARY7"), post(21, "B")])
    assert (taken.new, taken.ignored) == (1, (AT_THE_DOOR,))
    await store.meet([Person(WHO, NAME)])
    assert verify(settings) == []
