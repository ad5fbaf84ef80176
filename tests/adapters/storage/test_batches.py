"""What many were given at once: known by what the grant says, in old logs by its id, and taken back whole."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.departures import depart
from bot.verification import compare
from core.awards import batch_of
from core.events import Fact, Statement, Value, fact_of
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, NOON, SECOND, TEAM, book, gone

TEXT = f"""{HEAD}
[achievement.thanks]
name = "Thanks"
manual = "moderator"
repeat = true
[achievement.once]
name = "Once"
manual = "moderator"
"""
A = f"{TEAM}/A"
MARK = hashlib.sha256(A.encode()).hexdigest()[:16]


def line(achievement: str, **facts: Value) -> Statement:
    """Dated long ago: what was held so long may stay where it only lost its facts."""
    said: dict[str, Value] = {"achievement": achievement, "reason": "for 2025", **facts}
    id_ = f"bulk:thanks-2025/{MARK}{achievement}"
    return Statement("moderator", id_, NOON - 90 * DAY, "grant.made", target=A, facts=said, by="operator")


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "plaudit.db")) as db:
        return db.execute(query).fetchall()


def fact(s: Statement) -> Fact:
    return fact_of(s, s.at, 0)


@pytest.mark.parametrize("said", [{"batch": "thanks-2025"}, {}], ids=["by what it says", "by its id, as before"])
async def test_its_awards_go_with_it_however_long_ago_they_were_dated(
    opened: Open, url: str, clock: Clock, tmp_path: Path, said: dict[str, Value]
) -> None:
    store = await opened(TEXT)
    lines = [line("thanks", **said), line("once", **said)]
    assert {batch_of(fact(s)) for s in lines} == {"thanks-2025"}
    other = replace(lines[0], id="grant:r1", facts={"achievement": "thanks", "reason": "another"})
    await store.take([*lines, other])
    clock.now += SECOND
    await store.take([replace(gone(s, clock.now), by="operator", target=A) for s in lines])
    held = rows(tmp_path, "SELECT achievement, occurrence FROM award WHERE state = 'awarded'")
    assert held == [("thanks", "grant:moderator:grant:r1")]
    trail = rows(tmp_path, "SELECT what, reason FROM act WHERE reason LIKE '%batch%' ORDER BY rowid")
    assert trail[0] == ("grant.made", "for 2025 (batch thanks-2025)")
    assert len(trail) == 4
    assert compare(url, [book(TEXT)], clock()) == []


async def test_a_single_grant_that_is_taken_back_may_stay_with_whoever_held_it_for_long(
    opened: Open, url: str, clock: Clock, tmp_path: Path
) -> None:
    store = await opened(TEXT)
    alone = replace(line("thanks"), id="grant:r1")
    await store.take([alone])
    clock.now += SECOND
    await store.take([replace(gone(alone, clock.now), by="operator", target=A)])
    assert rows(tmp_path, "SELECT state, kept FROM award") == [("awarded", 1)]
    assert compare(url, [book(TEXT)], clock()) == []


def test_only_what_moderators_say_belongs_to_a_batch() -> None:
    assert batch_of(fact(replace(line("once"), source="desk:acme"))) == ""
    assert batch_of(fact(replace(line("once"), source="desk:acme", facts={"batch": "thanks-2025"}))) == ""
    assert batch_of(fact(replace(line("once", batch="thanks-2025"), id="other"))) == "thanks-2025"
    assert batch_of(fact(replace(line("once"), id="grant:r1"))) == ""


async def test_nobody_can_be_found_by_the_mark_in_the_id(opened: Open, url: str, clock: Clock, tmp_path: Path) -> None:
    store = await opened(TEXT)
    await store.take([line("thanks", batch="thanks-2025"), line("once", batch="thanks-2025")])
    before = rows(tmp_path, "SELECT achievement, state FROM award ORDER BY 1")
    await depart(store, A, [])
    for query in ("SELECT id FROM statement", "SELECT occurrence FROM award", "SELECT body FROM statement"):
        assert MARK not in str(rows(tmp_path, query))
    assert rows(tmp_path, "SELECT achievement, state FROM award ORDER BY 1") == before
    assert rows(tmp_path, "SELECT COUNT(*) FROM statement WHERE id LIKE 'bulk:thanks-2025/erased-%'") == [(2,)]
    assert compare(url, [book(TEXT)], clock()) == []
