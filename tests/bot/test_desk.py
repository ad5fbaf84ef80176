"""The desk over a real store: answers, and what waited for the person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from adapters.terminal.cards import render
from bot.desk import FrontDesk
from bot.verification import compare
from core.ports import Person
from core.requests import Request
from tests.adapters.storage.said import NOON, THREE, book, post
from tests.databases import fresh

PRIVATE = THREE.replace("[community]", '[community]\nsources = ["slack:T1"]').replace(
    'name = "Three"', 'name = "Three"\nannounce = "private"'
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = fresh(tmp_path)
    store = await open_store(url, [book(PRIVATE)], lambda: NOON)
    await store.meet([Person("slack:T1/A", "Amira"), Person("slack:T1/M", "Mei")])
    await store.take([post(n) for n in range(3)])
    yield store
    await store.close()


def asked(verb: str, who: str = "slack:T1/A", moderator: bool = False, **arguments: str) -> Request:
    return Request(
        "r1", who.partition("/")[0], who, verb, NOON, arguments, "moderator" if moderator else "member", "C1"
    )


async def test_achievements_are_those_of_the_log(store: Store) -> None:
    answer = await FrontDesk(store).answer(asked("achievements"))
    assert "Three" in render(answer.card)


async def test_private_notes_that_waited_come_with_the_answer_once(store: Store) -> None:
    (parcel,) = await store.claim(["slack:T1"], 5)
    await store.finish(parcel, "held")
    desk = FrontDesk(store)
    answers = [await desk.answer(asked("help", who)) for who in ("slack:T1/M", "slack:T1/A", "slack:T1/A")]
    assert [len(a.notes) for a in answers] == [0, 1, 0]


async def test_a_choice_is_stored_when_the_answer_is_given(store: Store, tmp_path: Path) -> None:
    await FrontDesk(store).answer(asked("settings", choice="tracking=off"))
    await store.take([post(n, at=NOON + n) for n in range(5, 9)])
    counted = await store.look(lambda db: db.exec_driver_sql("SELECT SUM(amount) FROM score").scalar_one())
    assert counted == 3
    assert compare(f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}", [book(PRIVATE)], NOON) == []


async def test_only_a_moderator_grants(store: Store) -> None:
    desk = FrontDesk(store)
    words = {"member": "slack:T1/M", "achievement": "three", "reason": "a fine talk"}
    await desk.answer(asked("grant", "slack:T1/A", moderator=False, **words))
    assert await store.holders("default") == {"three": 1}
    await desk.answer(asked("grant", "slack:T1/A", moderator=True, **words))
    assert await store.holders("default") == {"three": 2}


async def test_somebody_of_no_community_is_told_so(store: Store) -> None:
    stranger = asked("achievements", "slack:T9/X")
    assert "not part of a community" in render((await FrontDesk(store).answer(stranger)).card)
    assert await FrontDesk(store).suggest(stranger, "achievement", "") == []


async def test_the_home_tab_shows_badges(store: Store) -> None:
    assert "Three" in render(await FrontDesk(store).home("slack:T1/A"))
