"""A file of each older version, with a small community in it: brought to this version nothing is lost, and the bot goes
on where it was."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from adapters.storage.store import open_store
from adapters.storage.upgrade import alembic_config, upgrade
from bot.verification import compare
from core.cards import Card, Section, line
from core.events import Statement
from core.ports import Destination, Person
from core.serving import Mode
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import DAY, NOON, SECOND, THREE, book, by_hand, chose, gone, mark, post

VERSIONS = ("0001", "0002", "0003", "0004")  # schemas that were in use somewhere, each with tables of its own
EVER_SINCE = {
    *("account", "award", "choice", "ignored", "inbox", "ledger", "notebook", "outbox", "party", "progress"),
    *("request_seen", "rule", "run", "score", "statement"),
}
SINCE = {"0002": {"book"}, "0003": {"wake"}, "0004": {"level"}}
LATELY = """[achievement.lately]
name = "Lately"
when = "message.posted"
lasts = "5 days"
"""  # versions before 0003 refused a rule that ends with time
MORE = """
[signal.liked]
describe = "a post that two people liked"
when = "reaction.added"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
[achievement.liked]
name = "Liked"
when = "liked"
tiers = { Once = 1, Twice = 2 }
gives_role = "regular"
[achievement.waiting]
name = "Waiting"
when = "message.posted"
settle = "2 days"
[achievement.pick]
name = "Pick"
manual = "moderator"
[[level]]
name = "Newcomer"
at = 2
"""
RULES = THREE + MORE + LATELY
WITHOUT_TIME = THREE + MORE
BOOKS = (RULES, WITHOUT_TIME)
BEHIND = " and what it brings"
UNHEARD_OF = {"message": "message:C1/99"}
ASKING = Mode(recall=True)  # what is said of a message that nobody knows waits in the inbox
POSTS = [*(post(n) for n in range(4)), *(post(n, "B") for n in range(4, 7)), post(7, "C")]
Rows = dict[str, list[tuple[Any, ...]]]


def story() -> list[list[Statement]]:
    """What the community did, batch by batch: earned, settled, given by hand, taken back, and opted out."""
    return [
        POSTS,
        [mark(0, by, NOON - DAY + 100 * SECOND) for by in ("B", "C")],
        [by_hand("grant.made", "pick", "C", NOON - 9)],
        [gone(POSTS[4], NOON - 8)],
        [chose("C", NOON - 7, hidden=True)],
        [Statement("desk:acme", "x1", NOON - 6, "never.heard_of", actor="slack:T1/A")],
        [Statement("slack:T1", "r1", NOON - 5, "reaction.added", actor="slack:T1/B", facts=UNHEARD_OF)],
    ]


async def lived(file: Path, rules: str) -> Path:
    """A file of this version in which everything has happened that fills a table."""
    upgrade(address(file))
    store = await open_store(address(file), [book(rules)], Clock())
    await store.meet([Person(f"slack:T1/{who}", name) for who, name in (("A", "Amira"), ("B", "Ben"))])
    for batch in story():
        await store.take(batch, ASKING)
    await store.write({"cursor:slack:T1:C1": "1700000000.000100"})
    await store.seen("desk:acme", "msg_1", NOON)
    card = Card((Section((line("This week"),)),))
    await store.run_once("default", "digest", "2026-W11", card, [Destination("channel", "slack:T1", channel="#wins")])
    await store.close()
    return file


def rows(file: Path, names: dict[str, list[str]]) -> Rows:
    """The contents of tables, of these columns."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        return {t: sorted(db.execute(f"SELECT {listed(c)} FROM {t}").fetchall(), key=repr) for t, c in names.items()}  # noqa: S608 - names of the schema


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def listed(columns: list[str]) -> str:
    return ", ".join(f'"{c}"' for c in columns)


def columns(file: Path) -> dict[str, list[str]]:
    """Every table with its columns."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {t: [c[1] for c in db.execute(f"PRAGMA table_info({t})")] for t in tables}
    return {t: c for t, c in found.items() if t != "alembic_version" and not t.startswith("sqlite_")}


def older(version: str, newest: Path, file: Path) -> None:
    """A file of that version, with what it could hold of the newest one."""
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), version)
        connection.commit()
    engine.dispose()
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute("ATTACH ? AS newest", (str(newest),))
        for table, names in columns(file).items():
            db.execute(f"INSERT INTO main.{table} ({listed(names)}) SELECT {listed(names)} FROM newest.{table}")  # noqa: S608 - the same
        if version == "0001":  # what an achievement brings stood behind its fingerprint
            db.execute("UPDATE rule SET fingerprint = fingerprint || ? WHERE rule LIKE 'achievement:%'", (BEHIND,))


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of this version, by the rules that the community had."""
    return {rules: asyncio.run(lived(tmp_path_factory.mktemp("newest") / "plaudit.db", rules)) for rules in BOOKS}


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, newest: dict[str, Path], tmp_path: Path) -> tuple[Path, Rows]:
    """An upgraded file, and what was in it before: every table that its version had, none of them empty."""
    file, version = tmp_path / "old.db", str(request.param)
    older(version, newest[RULES if version >= "0003" else WITHOUT_TIME], file)
    before = rows(file, columns(file))
    assert before.keys() == EVER_SINCE.union(*(more for since, more in SINCE.items() if since <= version))
    assert [table for table, found in before.items() if not found] == []
    assert "upgraded" in upgrade(address(file))
    if version == "0001":
        before["rule"] = [(*row[:2], row[2].removesuffix(BEHIND), *row[3:]) for row in before["rule"]]
    return file, before


def now_there(file: Path) -> Rows:
    """The same tables and columns after the upgrade; without the alarms that 0018 sets, for the next start."""
    copy = file.with_name("old.db.before-upgrade")
    assert copy.stat().st_mode & 0o777 == 0o600  # of its owner alone
    found = rows(file, columns(copy))
    return found | {"wake": [row for row in found["wake"] if row[1]]} if "wake" in found else found


async def test_nothing_is_lost_and_the_bot_goes_on_where_it_was(old: tuple[Path, Rows], clock: Clock) -> None:
    file, before = old
    assert now_there(file) == before
    with contextlib.closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store = await open_store(address(file), [book(RULES)], clock)
    assert compare(address(file), [book(RULES)], NOON) == []
    assert now_there(file)["outbox"] == before["outbox"]  # nothing is said a second time
    assert set(now_there(file)["award"]) >= set(before["award"])
    held = {"lately": 3, "liked": 1, "pick": 1, "three": 1, "waiting": 3}
    assert await store.holders("default") == held
    await store.take([post(n, "C") for n in (8, 9)])
    assert await store.holders("default") == held | {"three": 2}
    for _ in range(2):
        clock.now += 3 * DAY
        await store.settle()
    del held["lately"]
    assert await store.holders("default") == held | {"three": 2}
    assert compare(address(file), [book(RULES)], clock.now) == []
    await store.close()
