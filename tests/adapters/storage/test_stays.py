"""Open stays survive a restart, and nothing of them is left of who asked to be erased."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from adapters.storage.departures import depart
from adapters.storage.exporting import collect
from adapters.storage.retention import step_beside
from adapters.storage.stays import SqlStays
from adapters.storage.transactions import SqlTransaction
from core.stays import Stay
from tests.adapters.storage.conftest import Open

SOURCE = "slack:T1"
BOOK = """
rules = 1
[community]
sources = ["slack:T1"]
[achievement.talk]
name = "Talk"
when = "voice.session_ended"
"""
AMIRA = Stay(f"{SOURCE}/A", "voice:1", "1", 10, 20, 5, facts={"channel": "#lounge", "actor_role": ("Helper",)})
JONAS = Stay(f"{SOURCE}/J", "voice:1", "1", 15, 20, 5, hears=False)


async def test_a_stay_is_read_as_it_was_kept_last(opened: Open) -> None:
    store = await opened(BOOK)
    stays = SqlStays(store)
    await stays.keep(SOURCE, [AMIRA, JONAS])
    later = replace(AMIRA, room="2", seen=30, counted=15, ended=30)
    await stays.keep(SOURCE, [later])
    assert await SqlStays(store).open(SOURCE) == [later, JONAS]
    assert await stays.open("slack:T2") == []
    await stays.forget(SOURCE, [later.key])
    assert await stays.open(SOURCE) == [JONAS]


async def test_a_server_of_no_community_leaves_nothing(opened: Open) -> None:
    store = await opened(BOOK)
    stays = SqlStays(store)
    await stays.keep("discord:404", [replace(AMIRA, account="discord:404/1")])
    assert await store.look(lambda db: db.exec_driver_sql("SELECT COUNT(*) FROM stay").scalar_one()) == 0


async def test_what_nobody_ended_goes_with_old_history(opened: Open) -> None:
    store = await opened(BOOK)
    await SqlStays(store).keep(SOURCE, [AMIRA, replace(JONAS, seen=30)])
    tally = await store.perform(lambda db: step_beside(SqlTransaction(db, "default"), 25, shared=False))
    assert tally.beside == {"stay": 1}
    assert [stay.account for stay in await SqlStays(store).open(SOURCE)] == [JONAS.account]


async def test_a_stay_is_in_the_own_export_and_goes_with_an_erasure(opened: Open) -> None:
    store = await opened(BOOK)
    stays = SqlStays(store)
    await stays.keep(SOURCE, [AMIRA, JONAS])
    held = await store.look(lambda db: collect(db, "default", [AMIRA.account]))
    assert [row["room"] for row in held["stay"]] == ["1"]
    await depart(store, AMIRA.account)
    await stays.keep(SOURCE, [AMIRA])
    assert await stays.open(SOURCE) == [JONAS]  # not under a pseudonym either


async def test_nothing_is_kept_of_who_is_erased_in_the_commit_before(opened: Open) -> None:
    store = await opened(BOOK)
    stays = SqlStays(store)
    await asyncio.gather(depart(store, AMIRA.account), stays.keep(SOURCE, [AMIRA, JONAS]))
    assert await stays.open(SOURCE) == [JONAS]
