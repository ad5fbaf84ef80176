"""Levels as the bot keeps them: reached, lost, noted over restarts and changed books, and the roles they change."""

from __future__ import annotations

import sqlite3

from core.serving import Mode
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import HEAD, by_hand, gone, post

LADDER = f"""{HEAD}
[achievement.pick]
name = "Pick"
manual = "moderator"
[score.posts]
when = "message.posted"
give = 1
[[level]]
name = "Newcomer"
at = 1
[[level]]
name = "Regular"
at = 3
gives_role = "regular"
[[level]]
name = "Guide"
at = 4
needs = ["pick"]
gives_role = "guide"
"""
A = "slack:T1/A"


def held(url: str) -> list[tuple[str, int]]:
    with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as db:
        return db.execute("SELECT name, since FROM level WHERE member = ? ORDER BY name", (A,)).fetchall()


def names(url: str) -> list[str]:
    return [name for name, _ in held(url)]


def role_changes(url: str) -> list[str]:
    with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as db:
        return [row[0] for row in db.execute("SELECT destination FROM outbox WHERE kind = 'roles' ORDER BY id")]


async def test_a_level_is_reached_and_falls_with_the_score(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(LADDER)
    posts = [post(n) for n in range(3)]
    await store.take(posts[:2])
    assert (names(url), role_changes(url)) == (["Newcomer"], [])
    await store.take(posts[2:])
    assert held(url)[1] == ("Regular", clock.now)
    assert role_changes(url) == [A]
    assert await store.wanted_roles(A) == ({"regular"}, {"regular", "guide"})
    clock.now += 1
    await store.take([gone(posts[0], clock.now)])
    assert names(url) == ["Newcomer"]
    assert role_changes(url) == [A, A]
    assert (await store.wanted_roles(A))[0] == frozenset()
    clock.now += 1
    await store.take([gone(p, clock.now) for p in posts[1:]])
    assert names(url) == []
    assert role_changes(url) == [A, A]


async def test_a_badge_that_a_level_needs_brings_it_and_takes_it(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(LADDER)
    await store.take([post(n) for n in range(4)])
    given = by_hand("grant.made", "pick", "A", clock.now)
    clock.now += 1
    await store.take([given])
    assert names(url) == ["Guide", "Newcomer", "Regular"]
    assert (await store.wanted_roles(A))[0] == {"regular", "guide"}
    clock.now += 1
    await store.take([by_hand("award.revoked", "pick", "A", clock.now)])
    assert names(url) == ["Newcomer", "Regular"]
    assert role_changes(url) == [A, A, A]


async def test_history_that_is_imported_makes_no_noise(opened: Open, url: str) -> None:
    store = await opened(LADDER)
    await store.take([post(n) for n in range(3)], Mode(announce=False, roles=False))
    assert held(url) == [("Newcomer", 0), ("Regular", 0)]
    assert role_changes(url) == []


async def test_a_changed_ladder_is_noted_at_the_next_start(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(LADDER)
    await store.take([post(n) for n in range(3)])
    await opened(LADDER.replace('"Regular"', '"Regulars"'))
    assert held(url) == [("Newcomer", clock.now), ("Regulars", 0)]


async def test_the_records_know_score_and_levels(opened: Open) -> None:
    store = await opened(LADDER)
    await store.take([post(n) for n in range(2)])
    found = await store.records("default").ladder(A)
    assert (found.score, found.levels) == (2, {"Newcomer"})
    assert (await store.records("default").ladder("slack:T1/B")).levels == frozenset()
