"""`plaudit webhooks` beside a bot: what is shown, another try, and a trial."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.storage import outgoing
from adapters.storage.store import open_store
from adapters.storage.transactions import SqlTransaction
from bot import webhooks
from bot.cli import app
from bot.settings import Settings, read
from core.errors import ConfigurationError
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import THREE, book, post
from tests.databases import fresh
from tests.receiver import SECRET, Receiver, receiving, webhook

EVERY = THREE.replace("goal = 3", "goal = 1\nrepeat = true")


@dataclass(frozen=True, slots=True)
class Place:
    """An installation with three documents for its one webhook: sent, waiting, failed."""

    folder: Path
    receiver: Receiver

    def environment(self, secret: str = SECRET) -> dict[str, str]:
        return {
            "PLAUDIT_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / 'plaudit.db'}",
            "PLAUDIT_RULES": str(self.folder / "rules.toml"),
            "PLAUDIT_OUT_CRM_SECRET": secret,
        }

    def settings(self, secret: str = SECRET) -> Settings:
        return read(self.environment(secret), None)

    def rows(self) -> list[Any]:
        with sqlite3.connect(self.folder / "plaudit.db") as db:
            query = "SELECT state, attempts, error FROM outbox WHERE kind = 'webhook' ORDER BY id"
            return db.execute(query).fetchall()

    def run(self, *words: str) -> str:
        """What the command prints."""
        result = CliRunner().invoke(app, ["webhooks", *words], env=self.environment(), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with receiving(204) as receiver:
        place = Place(tmp_path, receiver)
        text = EVERY + webhook(receiver.url, 'events = ["award.given"]')
        (tmp_path / "rules.toml").write_text(text)
        store = await open_store(fresh(tmp_path), [book(text)], Clock())
        await store.take([post(n) for n in range(3)])
        await store.close()
        with sqlite3.connect(tmp_path / "plaudit.db") as db:
            change = "UPDATE outbox SET state = ?, attempts = ?, error = ?, receipt = ?, done_at = due_at WHERE id = ?"
            ids = [row[0] for row in db.execute("SELECT id FROM outbox WHERE kind = 'webhook' ORDER BY id")]
            db.execute(change, ("sent", 1, None, "204", ids[0]))
            db.execute(change, ("failed", 10, "it answered 500; it was tried 10 times", None, ids[2]))
        yield place


def switch_off(place: Place) -> None:
    with webhooks.writing(place.environment()["PLAUDIT_DATABASE_URL"]) as begin:
        tx = begin("default")
        assert isinstance(tx, SqlTransaction)
        outgoing.switch_off(tx, "crm", 1)


async def test_the_list_says_where_it_goes_and_how_it_stands(place: Place) -> None:
    text = place.run("list")
    assert "crm (default): on\n" in text
    assert place.receiver.url in text
    assert "told: award.given" in text
    assert "1 sent, 1 waiting, 1 failed; the last one 2026-03-18T12:00:00Z" in text
    (shown,) = json.loads(place.run("list", "--json"))["webhooks"]
    assert (shown["name"], shown["state"], shown["sent"], shown["events"]) == ("crm", "on", 1, ["award.given"])


async def test_no_secret_is_shown(place: Place) -> None:
    for words in (["list"], ["list", "--json"], ["deliveries"], ["deliveries", "--json"]):
        assert SECRET.removeprefix("whsec_") not in place.run(*words)


async def test_the_list_says_what_keeps_one_from_working(place: Place) -> None:
    assert "off, PLAUDIT_OUT_CRM_SECRET is not set" in "\n".join(webhooks.list_lines(webhooks.look(place.settings(""))))
    switch_off(place)
    assert "off, its address answered 410" in place.run("list")


async def test_without_any_it_says_how_to_begin(tmp_path: Path, place: Place) -> None:
    (tmp_path / "rules.toml").write_text(THREE)
    with sqlite3.connect(tmp_path / "plaudit.db") as db:
        db.execute("UPDATE book SET text = ?", (THREE,))
    assert "[[webhook]] in rules.toml" in place.run("list")


async def test_the_deliveries_say_what_became_of_each(place: Place) -> None:
    lines = place.run("deliveries").splitlines()
    assert lines[0].startswith("2026-03-18T12:00:00Z  crm  award.given  failed, 10 tries  msg_")
    assert lines[1] == "  it answered 500; it was tried 10 times"
    found = json.loads(place.run("deliveries", "--json"))["deliveries"]
    assert [(d["state"], d["attempts"], d["status"]) for d in found] == [
        ("failed", 10, None),
        ("waiting", 0, None),
        ("sent", 1, 204),
    ]
    assert all("data" not in d for d in found)
    assert len(json.loads(place.run("deliveries", "crm", "--state", "sent", "--json"))["deliveries"]) == 1
    assert len(json.loads(place.run("deliveries", "--limit", "2", "--json"))["deliveries"]) == 2
    assert "nothing to show" in place.run("deliveries", "other")


async def test_what_failed_is_tried_from_the_beginning(place: Place) -> None:
    before = place.rows()
    id_ = json.loads(place.run("deliveries", "--state", "failed", "--json"))["deliveries"][0]["id"]
    assert place.run("replay", "--id", id_).startswith("1 to be tried again")
    assert place.rows() == [*before[:2], ("waiting", 0, None)]
    assert id_ in {d["id"] for d in json.loads(place.run("deliveries", "--state", "waiting", "--json"))["deliveries"]}
    assert place.run("replay") == "Nothing has failed.\n"


async def test_a_replay_takes_what_came_since_and_no_strangers(place: Place) -> None:
    assert place.run("replay", "--since", "2026-03-19T00:00:00Z") == "Nothing has failed.\n"
    assert place.run("replay", "other") == "Nothing has failed.\n"
    with pytest.raises(webhooks.NotTaken, match="msg_0: nothing that failed has this id"):
        webhooks.replay(place.settings(), None, ["msg_0"], None)
    assert place.run("replay", "crm", "--since", "2026-03-18T00:00:00Z").startswith("1 to be")


async def trial(place: Place, name: str = "crm", secret: str = SECRET) -> list[str]:
    return await asyncio.to_thread(webhooks.test, place.settings(secret), name)


async def test_a_trial_is_signed_and_says_what_was_answered(place: Place) -> None:
    assert await trial(place) == ["crm: taken, it answered 204."]
    (got,) = place.receiver.got
    assert (got.document["type"], got.document["data"]) == ("plaudit.test", {"community": "default"})
    assert got.headers["webhook-signature"] == got.signature()


async def test_a_trial_that_is_taken_switches_on_again(place: Place) -> None:
    switch_off(place)
    assert await trial(place) == [
        "crm: taken, it answered 204.",
        "It is on again. What failed meanwhile: plaudit webhooks replay crm",
    ]
    assert "crm (default): on\n" in place.run("list")


@pytest.mark.parametrize(
    ("status", "said"),
    [(500, "crm: it answered 500"), (302, "leads elsewhere"), (401, "is the secret the same there"), (410, "410")],
)
async def test_a_trial_that_is_not_taken_says_why_and_switches_nothing_on(place: Place, status: int, said: str) -> None:
    switch_off(place)
    place.receiver.answers = [status]
    with pytest.raises(webhooks.NotTaken, match=said):
        await trial(place)
    assert "answered 410" in place.run("list")


async def test_a_trial_of_nothing_says_what_is_missing(place: Place) -> None:
    with pytest.raises(ConfigurationError, match='no webhook is called "crmm"; did you mean "crm"'):
        await trial(place, "crmm")
    with pytest.raises(ConfigurationError, match="PLAUDIT_OUT_CRM_SECRET: is not set"):
        await trial(place, secret="")
