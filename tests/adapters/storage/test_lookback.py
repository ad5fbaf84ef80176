"""The last stretch of a log: all that was said since, and what from before still says who people are."""

from __future__ import annotations

from adapters.storage.history import SqlHistory
from adapters.storage.lookback import since, start
from core.events import Statement
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import DAY, NOON, SECOND, TEAM, THREE, chose, gone, post

JOINED = Statement(TEAM, "member:A", NOON - 9 * DAY, "member.joined", actor=f"{TEAM}/A")
HIDES = chose("A", NOON - 8 * DAY, hidden=True)
OLD, EDGE, NEW = post(1, at=NOON - 7 * DAY), post(2, at=NOON - DAY), post(3, at=NOON - SECOND)


async def test_an_empty_log_has_no_start(opened: Open) -> None:
    store = await opened(THREE)
    assert await store.look(lambda db: start(SqlHistory(db, "default"))) is None


async def test_it_begins_at_a_moment_and_knows_who_people_are(opened: Open) -> None:
    store = await opened(THREE)
    taken_back = gone(OLD, NOON)
    for said in (NEW, OLD, JOINED, HIDES, EDGE, taken_back):  # in whatever order they came
        await store.take([said])
    assert await store.look(lambda db: start(SqlHistory(db, "default"))) == JOINED.at
    found = await store.look(lambda db: list(since(SqlHistory(db, "default"), EDGE.at)))
    assert sorted(s.id for s in found[:2]) == sorted([JOINED.id, HIDES.id])
    assert [(s.id, s.op) for s in found[2:]] == [(s.id, s.op) for s in (NEW, EDGE, taken_back)]


async def test_another_community_is_another_log(opened: Open) -> None:
    store = await opened(THREE)
    await store.take([JOINED, NEW])
    assert await store.look(lambda db: list(since(SqlHistory(db, "other"), 0))) == []
    assert await store.look(lambda db: start(SqlHistory(db, "other"))) is None
