"""A ban takes back what the person earned until then; lifted, it gives it back. What they gave to others stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.verification import compare
from core.bans import ban_id
from core.events import Statement
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HOUR, NOON, SECOND, TEAM, THREE, book, gone, mark, post
from tests.adapters.storage.test_links import MARKED

A, B, M = f"{TEAM}/A", f"{TEAM}/B", f"{TEAM}/M"
TEXT = THREE + MARKED[MARKED.index("[achievement") :]
BAN = Statement(TEAM, ban_id("B"), NOON, "member.banned", actor=M, target=B, reason="spam", by=M)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Any]:
    with closing(sqlite3.connect(tmp_path / "plaudit.db")) as db:
        yield lambda query: db.execute(query).fetchall()


HELD = "SELECT member, achievement FROM award WHERE state = 'awarded' ORDER BY 1, 2"
POINTS = "SELECT COALESCE(SUM(points), 0) FROM ledger"
LIFE = [
    *(post(n, "B") for n in range(3)),
    post(9),
    mark(9, "B", NOON - HOUR),
    mark(9, "C", NOON - HOUR),
]


async def test_what_was_earned_goes_with_the_reason_and_comes_back_when_the_ban_is_lifted(
    opened: Open, url: str, rows: Any, clock: Clock
) -> None:
    store = await opened(TEXT)
    await store.take(LIFE)
    assert rows(HELD) == [(A, "marked"), (B, "three")]
    await store.take([BAN])
    assert rows(HELD) == [(A, "marked")]
    assert rows("SELECT reason FROM award WHERE state = 'revoked'") == [("a moderator says: spam",)]
    assert rows(POINTS) == [(0,)]
    assert compare(url, [book(TEXT)], NOON) == []
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows(HELD) == [(A, "marked"), (B, "three")]
    assert rows(POINTS) == [(2,)]
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_marks_go_only_when_a_moderator_says_so(opened: Open, url: str, rows: Any, clock: Clock) -> None:
    store = await opened(TEXT)
    await store.take([*LIFE, BAN])
    clock.now += SECOND
    await store.take([replace(BAN, at=clock.now, facts={"marks": True})])
    assert rows(HELD) == []
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_said_twice_it_is_one_ban(opened: Open, url: str, rows: Any) -> None:
    store = await opened(TEXT)
    await store.take(LIFE)
    await store.take([BAN])
    before = rows("SELECT COUNT(*) FROM statement")
    await store.take([BAN, BAN])
    assert rows("SELECT COUNT(*) FROM statement") == before
    assert compare(url, [book(TEXT)], NOON) == []


AWARDS = """
SELECT member, achievement, version, tier, occurrence, period, state, kept, earned_at, due_at, evidence, since, place,
    "by", note, reason FROM award ORDER BY member, achievement, tier, occurrence
"""
LIVE = """
SELECT p.account, p.type, p.at, s.source, s.id, s.body FROM party p JOIN statement s ON s.seq = p.seq
WHERE p.type NOT IN ('member.banned', 'award.revoked') ORDER BY 1, 2, 3, 4, 5
"""
OTHERS = (
    "SELECT member, rule, day, amount FROM score WHERE amount <> 0 ORDER BY 1, 2, 3",
    "SELECT member, SUM(points) FROM ledger GROUP BY member HAVING SUM(points) <> 0 ORDER BY 1",
    "SELECT member, name, since FROM level ORDER BY 1, 2",
    "SELECT member, announce, hidden, tracked, anonymous FROM choice ORDER BY 1",
)
MARKS = replace(BAN, at=NOON + SECOND, facts={"marks": True})


@pytest.fixture
async def world(opened: Open, rows: Any) -> Any:
    """Every table that tells how things stand."""

    def look() -> list[object]:
        return [*(rows(query) for query in (AWARDS, LIVE, *OTHERS)), counts(rows)]

    return look


def counts(rows: Any) -> list[tuple[str, str, object]]:
    """What is kept of each rule; a rule of which nothing is kept may have an empty place."""
    found = rows("SELECT member, thing, state FROM progress ORDER BY 1, 2")
    states = [(m, thing, {k: v for k, v in orjson.loads(state).items() if v}) for m, thing, state in found]
    return [row for row in states if row[2]]


async def lived(opened: Open, clock: Clock, *said: Statement) -> Any:
    store = await opened(TEXT)
    await store.take(LIFE)
    for s in said:
        clock.now = max(clock.now, s.at)
        await store.take([s])
    return store


async def test_lifted_it_is_as_if_it_had_never_been(
    opened: Open, clock: Clock, url: str, world: Any, rows: Any
) -> None:
    store = await lived(opened, clock)
    before = world()
    for start in (NOON, NOON + HOUR):  # and once more
        for s in (replace(BAN, at=start), replace(MARKS, at=start + SECOND)):
            clock.now = s.at
            await store.take([s])
        assert rows(HELD) == []
        assert rows("SELECT COUNT(*) FROM party WHERE type = 'reaction.added' AND account = 'slack:T1/B'") == [(0,)]
        assert compare(url, [book(TEXT)], clock.now) == []
        clock.now = start + 2 * SECOND
        await store.take([gone(BAN, clock.now)])
        assert world() == before
        assert compare(url, [book(TEXT)], clock.now) == []


async def test_what_went_for_another_reason_stays_away(opened: Open, clock: Clock, url: str, rows: Any) -> None:
    store = await lived(opened, clock, BAN, MARKS)
    clock.now += SECOND
    await store.take([gone(mark(9, "B", NOON - HOUR), clock.now)])  # B takes the mark back, banned as they are
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows(HELD) == [(B, "three")]
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_a_mark_on_a_message_that_was_deleted_meanwhile_stays_away(
    opened: Open, clock: Clock, url: str, rows: Any
) -> None:
    store = await lived(opened, clock, BAN, MARKS)
    clock.now += SECOND
    await store.take([gone(post(9), clock.now)])
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows("SELECT COUNT(*) FROM party WHERE type = 'reaction.added'") == [(0,)]
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_another_ban_of_the_same_person_keeps_everything(
    opened: Open, clock: Clock, url: str, world: Any, rows: Any
) -> None:
    link = Statement(TEAM, "link:B:C", NOON - HOUR, "member.linked", actor=B, target=f"{TEAM}/C", by="engine")
    store = await lived(opened, clock, link)
    before = world()[:-1]  # a count that was taken back may ask the log again
    other = replace(MARKS, id=ban_id("C"), target=f"{TEAM}/C", at=NOON + 2 * SECOND)
    for s in (BAN, MARKS, other):
        clock.now = s.at
        await store.take([s])
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows(HELD) == []
    clock.now += SECOND
    await store.take([gone(other, clock.now)])
    assert world()[:-1] == before
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_catch_up_does_not_bring_back_the_marks_of_somebody_who_is_banned(
    opened: Open, clock: Clock, url: str, world: Any, rows: Any
) -> None:
    store = await lived(opened, clock, BAN, MARKS)
    clock.now += SECOND
    seen = mark(9, "B", NOON - HOUR)
    found = replace(seen, at=NOON - DAY, facts={**seen.facts, "recovered": True, "at_is_approximate": True})
    await store.take([found])
    assert rows(HELD) == []
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows(HELD) == [(A, "marked"), (B, "three")]
    assert compare(url, [book(TEXT)], clock.now) == []


async def test_what_stood_without_facts_comes_back_too(opened: Open, clock: Clock, url: str, rows: Any) -> None:
    await lived(opened, clock)
    harder = TEXT.replace("goal = 3", "goal = 4\nversion = 2", 1)
    store = await opened(harder)
    assert rows(f"{HELD[: HELD.index('ORDER')]} AND kept") == [(B, "three")]
    clock.now += SECOND
    await store.take([replace(BAN, at=clock.now)])
    clock.now += SECOND
    await store.take([post(20, "B", clock.now), gone(post(0, "B"), clock.now)])  # looked at again, it stays away
    assert (B, "three") not in rows(HELD)
    clock.now += SECOND
    await store.take([gone(BAN, clock.now)])
    assert rows(HELD) == [(A, "marked"), (B, "three")]
    assert rows(POINTS) == [(2,)]
    assert compare(url, [book(harder)], clock.now) == []


async def test_marks_that_are_dated_ahead_go_with_every_ban_and_what_was_given_by_hand_with_none(
    opened: Open, clock: Clock, url: str, rows: Any
) -> None:
    store = await opened(TEXT)
    given = Statement("moderator", "validate:1", NOON, "action.validated", actor=B, target=A, by=B)
    await store.take([post(9), mark(9, "B", NOON + HOUR), given])
    marks = "SELECT COUNT(*) FROM party WHERE type = 'reaction.added' AND account = 'slack:T1/B'"
    for start in (NOON, NOON + 10 * SECOND):
        for s in (replace(BAN, at=start), replace(MARKS, at=start + SECOND)):
            clock.now = s.at
            await store.take([s])
        assert rows(marks) == [(0,)]
        assert rows("SELECT COUNT(*) FROM party WHERE type = 'action.validated' AND account = 'slack:T1/A'") == [(1,)]
        clock.now = start + 2 * SECOND
        await store.take([gone(BAN, clock.now)])
        assert rows(marks) == [(1,)]
    assert compare(url, [book(TEXT)], clock.now) == []
