"""`plaudit shadow`: what a rule on trial would have done, and that it did nothing."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from bot.settings import Settings, read
from bot.trials import as_json, as_lines, find
from core.ports import Person
from tests.adapters.storage.said import DAY, THREE, book, post
from tests.databases import fresh

BOOK = (
    THREE.replace('name = "Three"', 'name = "Three"\nstatus = "shadow"\ngives_role = "Trusted"')
    + '[achievement.never]\nname = "Never"\nwhen = "ticket.resolved"\nstatus = "shadow"\n'
    + '[achievement.off]\nname = "Off"\nwhen = "message.posted"\nstatus = "off"\n'
)


def now() -> int:
    return time.time_ns() // 1_000


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Amira is reached now, Jonas ten days ago."""
    (tmp_path / "rules.toml").write_text(BOOK)
    url = fresh(tmp_path)
    store = await open_store(url, [book(BOOK)], now)
    await store.meet([Person("slack:T1/A", "Amira"), Person("slack:T1/J", "Jonas")])
    await store.take([post(n, at=now() - DAY + n) for n in range(3)])
    await store.take([post(n, "J", at=now() - 10 * DAY + n) for n in range(10, 13)])
    await store.take([post(n, "K", at=now() - 10 * DAY + n) for n in range(20, 22)])
    await store.close()
    return read({"PLAUDIT_DATABASE_URL": url, "PLAUDIT_RULES": str(tmp_path / "rules.toml")}, None)


def test_people_weeks_and_examples(settings: Settings) -> None:
    lines = list(as_lines(find(settings)))
    assert lines[0] == "Three (three)"
    assert lines[1:3] == ["  2 people would have it", "  by week, this one first: 1, 1, 0, 0"]
    assert lines[3].startswith("  lately: Amira (")
    assert "Jonas (" in lines[3]
    assert lines[4:] == ["Never (never)", "  nobody would have it so far"]


def test_the_same_as_json(settings: Settings) -> None:
    three, never = json.loads(as_json(find(settings)))["trials"]
    assert (three["achievement"], three["people"], three["people_by_week"]) == ("three", 2, [1, 1, 0, 0])
    assert [e["member"] for e in three["examples"]] == ["slack:T1/A", "slack:T1/J"]
    assert (never["people"], never["examples"]) == (0, [])


def test_a_rule_on_trial_touches_nobody(settings: Settings) -> None:
    with sqlite3.connect(settings.database_url.removeprefix("sqlite+aiosqlite:///")) as db:
        assert db.execute("SELECT (SELECT COUNT(*) FROM outbox), (SELECT COUNT(*) FROM ledger)").fetchall() == [(0, 0)]


def test_without_trials_it_says_how_to_begin_one(settings: Settings) -> None:
    (told,) = as_lines([(book(THREE), ())])
    assert 'status = "shadow"' in told
