"""A changed rule book: progress is rebuilt before anything is decided, and nobody is told."""

from __future__ import annotations

import sqlite3

import pytest

from adapters.storage.engines import database_file
from bot.verification import compare
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, HEAD, NOON, THREE, book, by_hand, chose, gone, post

MORE = THREE + '[achievement.first]\nname = "First"\nwhen = "message.posted"\n'
EASIER = THREE.replace("goal = 3", "goal = 2\nversion = 2")
HARDER = THREE.replace("goal = 3", "goal = 4\nversion = 2")
DEARER = THREE.replace("give = 1", "give = 3")
MOVED = THREE.replace("Europe/Berlin", "Asia/Tokyo").replace("goal = 3", "goal = 3\nversion = 2")
NO_SCORE = THREE.partition("[score.posts]")[0]
NEITHER = HEAD + '[achievement.other]\nname = "Other"\nwhen = "thread.replied"\n'
QUIET = HEAD.replace("[community]\n", '[community]\nignore_channels = ["#general"]\n')


def count(url: str, table: str) -> int:
    with sqlite3.connect(database_file(url)) as db:
        return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of tests


@pytest.mark.parametrize(
    "changed",
    [MORE, EASIER, HARDER, DEARER, MOVED, NO_SCORE, NEITHER, THREE.replace(HEAD, QUIET), THREE],
    ids=["more", "easier", "harder", "dearer", "moved", "without score", "gone", "ignored channel", "the same"],
)
async def test_a_changed_rule_counts_what_happened_before(opened: Open, url: str, changed: str) -> None:
    store = await opened(THREE)
    await store.take([post(n) for n in range(3)])
    told = count(url, "outbox")
    await store.close()
    store = await opened(changed)
    assert count(url, "outbox") == told
    assert compare(url, [book(changed)], NOON) == []
    await store.take([post(n, at=NOON - DAY + n * 60_000_000) for n in range(3, 5)])
    assert compare(url, [book(changed)], NOON) == []


async def test_a_rule_that_comes_back_finds_its_awards_again(opened: Open, url: str) -> None:
    for rules in (THREE, NEITHER, THREE):
        store = await opened(rules)
        await store.take([post(n) for n in range(3)])
        await store.close()
    assert count(url, "award") == 1
    assert compare(url, [book(THREE)], NOON) == []


async def test_a_restart_remembers_choices_and_moderators(opened: Open, url: str, clock: Clock) -> None:
    store = await opened(THREE)
    await store.take([chose("A", NOON - 2 * DAY, tracking="off"), by_hand("award.revoked", "three", "B", NOON)])
    await store.close()
    store = await opened(THREE)
    await store.take([post(n, user) for n, user in enumerate("AAABBB")])
    assert count(url, "award") == 0
    assert compare(url, [book(THREE)], NOON) == []


async def test_holders_keep_what_a_harder_rule_would_not_give(opened: Open, url: str) -> None:
    store = await opened(THREE)
    said = [post(n) for n in range(3)]
    await store.take(said)
    await store.close()
    store = await opened(HARDER)
    assert await store.holders("default") == {"three": 1}
    await store.take([gone(said[0], NOON)])  # the rule is counted anew, and still nobody loses what they had
    assert await store.holders("default") == {"three": 1}
    await store.take([by_hand("award.revoked", "three", "A", NOON)])
    assert await store.holders("default") == {}
    assert compare(url, [book(HARDER)], NOON) == []
