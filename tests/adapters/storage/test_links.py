"""Accounts become one member and part again: awards, points, scores and roles follow, and nobody is told twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.storage.store import Store
from bot.verification import compare
from core.events import Statement
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, HOUR, NOON, SECOND, TEAM, THREE, book, gone, mark, post

HERE, THERE, WORK = f"{TEAM}/A", "discord:9/5", "github:acme/77"
ALL = f"""{HEAD}
[channels]
announcements = {{ slack = "#wins" }}
[achievement.everywhere]
name = "Everywhere"
points = 5
all = [
  {{ when = "message.posted", where.source = "{TEAM}", goal = 1 }},
  {{ when = "message.posted", where.source = "discord:9", goal = 1 }},
  {{ when = "pull_request.merged", goal = 1 }},
]
"""
MARKED = f"""{HEAD}
[achievement.marked]
name = "Marked"
when = "reaction.added"
credit = "author"
distinct = "actor"
goal = 2
"""
ROLE = THREE.replace("points = 2", 'points = 2\ngives_role = "regular"')


def link(one: str, other: str, at: int = NOON) -> Statement:
    return Statement("moderator", f"link:{one}+{other}", at, "member.linked", actor=one, target=other)


def part(one: str, other: str, at: int = NOON + SECOND) -> Statement:
    return gone(link(one, other), at)


def merged(at: int) -> Statement:
    return Statement("github:acme", "pull_request:x#1:merged", at, "pull_request.merged", actor=WORK)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Any]:
    with closing(sqlite3.connect(tmp_path / "plaudit.db")) as db:
        yield lambda query: db.execute(query).fetchall()


HELD = "SELECT member, achievement FROM award WHERE state = 'awarded' ORDER BY member"
POINTS = "SELECT member, SUM(points) FROM ledger GROUP BY member HAVING SUM(points) <> 0 ORDER BY member"
SCORES = "SELECT member, SUM(amount) FROM score GROUP BY member ORDER BY member"
CARDS = "SELECT cause FROM outbox WHERE kind = 'card' ORDER BY id"


async def three_each(store: Store) -> None:
    await store.take([post(n) for n in range(3)])
    await store.take([post(n, "5", source="discord:9") for n in range(3)])


async def test_two_who_held_the_same_are_one_who_holds_it_and_nobody_hears_of_it(
    opened: Open, url: str, rows: Any
) -> None:
    store = await opened(THREE)
    await three_each(store)
    told = rows(CARDS)
    assert len(told) == 2
    assert rows(HELD) == [(THERE, "three"), (HERE, "three")]
    await store.take([link(HERE, THERE)])
    assert rows(HELD) == [(HERE, "three")]
    assert rows(POINTS) == [(HERE, 2)]
    assert rows(SCORES) == [(HERE, 6)]
    assert compare(url, [book(THREE)], NOON) == []
    await store.take([part(HERE, THERE)])
    assert rows(HELD) == [(THERE, "three"), (HERE, "three")]
    assert rows(POINTS) == [(THERE, 2), (HERE, 2)]
    assert rows(SCORES) == [(THERE, 3), (HERE, 3)]
    assert rows(CARDS) == told
    assert compare(url, [book(THREE)], NOON + SECOND) == []


async def test_what_needs_all_accounts_comes_with_the_last_link_and_goes_with_it(
    opened: Open, url: str, rows: Any, clock: Clock
) -> None:
    store = await opened(ALL)
    await store.take([post(0), post(1, "5", source="discord:9"), merged(NOON - HOUR)])
    await store.take([link(HERE, THERE)])
    assert rows(HELD) == []
    await store.take([link(HERE, WORK)])
    assert rows("SELECT member, earned_at FROM award") == [(HERE, NOON - HOUR)]
    assert len(rows(CARDS)) == 1
    assert compare(url, [book(ALL)], NOON) == []
    clock.now += SECOND
    await store.take([part(HERE, WORK)])
    assert rows(HELD) == []
    assert rows(POINTS) == []
    ((_,), (card,)) = rows("SELECT card FROM outbox WHERE kind = 'card' ORDER BY id")
    assert "accounts were linked or parted" in str(orjson.loads(card))
    assert compare(url, [book(ALL)], clock.now) == []


async def test_who_is_who_is_known_after_a_restart(opened: Open, url: str, rows: Any) -> None:
    store = await opened(THREE)
    await store.take([link(HERE, THERE)])
    await store.close()
    store = await opened(THREE)
    await store.take([post(0), post(1), post(2, "5", source="discord:9")])
    assert rows(HELD) == [(HERE, "three")]
    assert compare(url, [book(THREE)], NOON) == []


async def test_marks_of_one_person_under_two_names_count_once_also_backwards(opened: Open, url: str, rows: Any) -> None:
    store = await opened(MARKED)
    await store.take([post(0), mark(0, "B", NOON - HOUR), mark(0, "C", NOON - HOUR + SECOND)])
    assert rows(HELD) == [(HERE, "marked")]
    await store.take([link(f"{TEAM}/B", f"{TEAM}/C")])
    assert rows(HELD) == []
    await store.take([mark(0, "C", NOON, emoji="eyes")])
    assert rows(HELD) == []
    await store.take([mark(0, "D", NOON)])
    assert rows(HELD) == [(HERE, "marked")]
    assert compare(url, [book(MARKED)], NOON) == []


async def test_a_mark_by_ones_own_other_account_counts_for_nothing(opened: Open, url: str, rows: Any) -> None:
    store = await opened(MARKED)
    await store.take([post(0), mark(0, "B", NOON - HOUR), mark(0, "C", NOON - HOUR)])
    await store.take([link(HERE, f"{TEAM}/C")])
    assert rows(HELD) == []
    await store.take([part(HERE, f"{TEAM}/C")])
    assert rows(HELD) == [(HERE, "marked")]
    assert compare(url, [book(MARKED)], NOON + SECOND) == []


async def test_an_award_that_stands_without_facts_comes_along_and_goes_back(
    opened: Open, url: str, rows: Any, clock: Clock
) -> None:
    store = await opened(THREE)
    await store.take([post(n, "5", source="discord:9") for n in range(3)])
    await store.close()
    harder = THREE.replace("goal = 3", "goal = 4\nversion = 2")
    store = await opened(harder)
    assert rows("SELECT member FROM award WHERE kept") == [(THERE,)]
    await store.take([link(HERE, THERE)])
    assert [a.achievement for a in await store.records("default").awards(HERE)] == ["three"]
    await store.take([post(n) for n in range(4)])  # now the member deserves it by themselves
    assert [a.member for a in await store.records("default").awards(HERE)] == [HERE]
    clock.now += SECOND
    await store.take([part(HERE, THERE)])
    assert rows(HELD) == [(THERE, "three"), (HERE, "three")]
    assert compare(url, [book(harder)], clock.now) == []


async def test_what_an_account_brought_goes_with_it_however_long_ago_it_was_earned(
    opened: Open, url: str, rows: Any
) -> None:
    text = ALL.replace("points = 5", 'points = 5\nif_undone = "30 days"')
    store = await opened(text)
    long_ago = NOON - 300 * DAY
    await store.take([post(0, at=long_ago), post(1, "5", long_ago, "discord:9"), merged(long_ago)])
    await store.take([link(HERE, THERE), link(HERE, WORK)])
    assert rows(HELD) == [(HERE, "everywhere")]
    await store.take([part(HERE, WORK)])
    assert rows(HELD) == []
    assert compare(url, [book(text)], NOON + SECOND) == []


async def test_a_role_is_given_where_the_linked_account_is(opened: Open, rows: Any) -> None:
    store = await opened(ROLE)
    await store.take([post(n) for n in range(3)])
    await store.take([link(HERE, THERE)])
    changes = rows("SELECT destination FROM outbox WHERE kind = 'roles' AND source = 'discord:9'")
    assert changes == [(THERE,)]
    assert await store.wanted_roles(THERE) == (frozenset({"regular"}), frozenset({"regular"}))


async def test_somebody_only_another_system_knows_is_on_no_board_until_they_say_who_they_are(
    opened: Open, rows: Any
) -> None:
    text = THREE.replace("message.posted", "pull_request.merged").replace("goal = 3", "goal = 1")
    store = await opened(text)
    await store.take([merged(NOON - DAY)])
    assert rows(HELD) == [(WORK, "three")]
    assert rows(CARDS) == []
    assert [row.person.present for row in await store.records("default").standings(0, 10**6)] == [False]
    await store.take([link(HERE, WORK)])
    assert rows("SELECT member, earned_at FROM award WHERE state = 'awarded'") == [(HERE, NOON - DAY)]
    assert [row.person.present for row in await store.records("default").standings(0, 10**6)] == [True]
