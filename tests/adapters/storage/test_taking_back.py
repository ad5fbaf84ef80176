"""What is taken back is undone to the end, and what is given back stands as if nothing had happened: every table that
says who has what equals that of a world in which it never, or always, was so."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from adapters.storage.store import open_store
from adapters.storage.upgrade import upgrade
from bot.verification import compare
from core.events import Statement
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import HEAD, HOUR, NOON, SECOND, TEAM, book, by_hand, gone, mark, post

CHAIN = f"""{HEAD}
[signal.liked]
when = "reaction.added"
credit = "author"
each = "message"
distinct = "actor"
goal = 2
[achievement.helper]
name = "Helper"
when = "liked"
goal = 2
points = 10
gives_role = "helper"
[achievement.pillar]
name = "Pillar"
needs = ["helper", "talker"]
points = 3
[achievement.talker]
name = "Talker"
when = "message.posted"
goal = 2
[achievement.earliest]
name = "Earliest"
when = "liked"
first = 1
[achievement.together]
name = "Together"
when = "liked"
for = "community"
goal = 3
[score.liked]
when = "liked"
give = 5
[[level]]
name = "Seen"
at = 10
gives_role = "seen"
"""
LAST = mark(1, "C", NOON - HOUR)
LIVED = [
    *(post(n) for n in range(2)),
    post(7, "B"),
    *(mark(n, by, NOON - 2 * HOUR + n * SECOND) for n in range(2) for by in "BC" if (n, by) != (1, "C")),
    *(mark(7, by, NOON - 90 * 60 * SECOND, author="B") for by in "AC"),
]
REVOKED = by_hand("award.revoked", "helper", "A", NOON)
World = dict[str, object]
Live = Callable[..., Awaitable[World]]
TABLES = {
    "awards": """SELECT member, achievement, tier, occurrence, period, state, kept, earned_at, evidence, since, place,
                 "by" FROM award WHERE state IN ('awarded', 'pending') ORDER BY 1, 2, 3, 4""",
    "points": "SELECT member, SUM(points) FROM ledger GROUP BY 1 HAVING SUM(points) <> 0 ORDER BY 1",
    "scores": "SELECT member, rule, day, amount FROM score WHERE amount <> 0 ORDER BY 1, 2, 3",
    "levels": "SELECT member, name FROM level ORDER BY 1, 2",
    "index": "SELECT account, type, at FROM party WHERE type NOT IN ('award.revoked') ORDER BY 1, 2, 3",
}


@pytest.fixture
def live(tmp_path: Path, clock: Clock) -> Live:
    """Lives through batches of statements in a world of its own, and tells what stands at the end."""

    numbers = count()

    async def lived(*batches: Sequence[Statement]) -> World:
        name = f"world{next(numbers)}.db"
        url = f"sqlite+aiosqlite:///{tmp_path / name}"
        upgrade(url)
        clock.now = NOON
        store = await open_store(url, [book(CHAIN)], clock)
        for batch in batches:
            await store.take(batch)
            clock.now += SECOND
        roles = {who: sorted((await store.wanted_roles(f"{TEAM}/{who}"))[0]) for who in "ABC"}
        await store.close()
        assert compare(url, [book(CHAIN)], clock.now) == []
        with closing(sqlite3.connect(tmp_path / name)) as db:
            return {"roles": roles} | {table: db.execute(query).fetchall() for table, query in TABLES.items()}

    return lived


async def test_the_whole_chain_is_there_to_be_undone(live: Live) -> None:
    world = await live([*LIVED, LAST])
    held = {(row[0][-1], row[1]) for row in world["awards"]}  # type: ignore[attr-defined] # rows of a table
    assert {("A", "helper"), ("A", "pillar"), ("A", "talker"), ("A", "earliest"), ("B", "together")} <= held
    assert world["roles"] == {"A": ["helper", "seen"], "B": [], "C": []}
    assert world["points"] == [(f"{TEAM}/A", 13)]


@pytest.mark.parametrize("lost", [LAST, LIVED[0], LIVED[3]], ids=["a mark", "a post", "an earlier mark"])
async def test_a_withdrawn_fact_leaves_the_world_as_if_it_had_never_been(live: Live, lost: Statement) -> None:
    """Of a message that is deleted, what was said about it goes too."""
    without = [s for s in (*LIVED, LAST) if lost.id not in (s.id, s.facts.get("message"))]
    assert await live([*LIVED, LAST], [gone(lost, NOON)]) == await live(without)


async def test_a_revocation_that_is_undone_never_was(live: Live) -> None:
    always = await live([*LIVED, LAST])
    taken = await live([*LIVED, LAST], [REVOKED])
    assert always["roles"] != taken["roles"]
    assert taken["points"] == []
    assert "pillar" not in {row[1] for row in taken["awards"]}  # type: ignore[attr-defined] # rows of a table
    assert await live([*LIVED, LAST], [REVOKED], [gone(REVOKED, NOON + SECOND)]) == always


async def test_undone_before_it_arrived_a_revocation_takes_nothing(live: Live) -> None:
    always = await live([*LIVED, LAST])
    assert await live([*LIVED, LAST], [gone(REVOKED, NOON + SECOND)], [REVOKED]) == always
