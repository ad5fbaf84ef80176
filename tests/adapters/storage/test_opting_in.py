"""Where people are asked first, nothing counts for anybody before they said yes; live and replay agree."""

from __future__ import annotations

import sqlite3

from adapters.storage.engines import database_file
from bot.verification import compare
from tests.adapters.storage.conftest import Open
from tests.adapters.storage.said import DAY, NOON, THREE, book, chose, post

ASKED = THREE.replace("[community]\n", "[community]\nopt_in = true\n")
YES = NOON - DAY


def held(url: str) -> list[str]:
    with sqlite3.connect(database_file(url)) as db:
        return [row[0] for row in db.execute("SELECT member FROM award WHERE state = 'awarded' ORDER BY member")]


async def test_only_what_is_done_after_the_yes_counts(opened: Open, url: str) -> None:
    store = await opened(ASKED)
    await store.take([post(n, user, at=YES - 10 + n) for n, user in enumerate("ABCABCAB")])
    await store.take([chose("A", YES, tracking="on"), chose("B", YES + 10, tracking="on")])
    await store.take([post(20 + n, "A", at=YES + n) for n in range(3)])
    await store.take([post(30 + n, "B", at=YES + 9 + n) for n in range(3)])
    await store.take([post(40 + n, "C", at=YES + n) for n in range(3)])
    assert held(url) == ["slack:T1/A"]
    assert compare(url, [book(ASKED)], NOON) == []


async def test_a_yes_that_is_dated_earlier_counts_what_followed_it(opened: Open, url: str) -> None:
    store = await opened(ASKED)
    await store.take([post(n, at=YES + n) for n in range(3)])
    assert held(url) == []
    await store.take([chose("A", YES, tracking="on")])
    assert held(url) == ["slack:T1/A"]
    await store.take([chose("A", YES + 1, tracking="off")])
    assert compare(url, [book(ASKED)], NOON) == []


async def test_asking_first_from_now_on_counts_everything_anew(opened: Open, url: str) -> None:
    store = await opened(THREE)
    await store.take([post(n, at=YES + n) for n in range(3)])
    await store.close()
    store = await opened(ASKED)
    await store.close()
    assert [line for line in compare(url, [book(ASKED)], NOON) if "score" in line] == []
