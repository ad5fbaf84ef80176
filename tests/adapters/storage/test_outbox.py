"""Deliveries: claimed once, leased, tried again, held; and facts that are asked for."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from adapters.storage.engines import database_file
from adapters.storage.outbox import LEASE
from bot.verification import compare
from core.serving import Mode
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import HEAD, NOON, SECOND, THREE, book, mark, post

PRIVATE = THREE.replace('name = "Three"', 'name = "Three"\nannounce = "private"')
MARKED = f"""{HEAD}
[achievement.liked]
name = "Liked"
when = "reaction.added"
where.post_kind = "reply"
credit = "author"
goal = 2
"""


async def test_a_parcel_is_claimed_once_and_again_when_its_lease_ends(opened: Open, clock: Clock) -> None:
    store = await opened(PRIVATE)
    await store.take([post(n) for n in range(3)])
    both = await asyncio.gather(*(store.claim(["slack:T1"], 5) for _ in range(4)))
    claimed = [parcel for parcels in both for parcel in parcels]
    assert [p.attempts for p in claimed] == [1]
    clock.now += LEASE - 1
    assert await store.claim(["slack:T1"], 5) == []
    clock.now += 1
    assert [(p.id, p.attempts) for p in await store.claim(["slack:T1"], 5)] == [(claimed[0].id, 2)]


async def test_only_connected_sources_are_claimed(opened: Open) -> None:
    store = await opened(PRIVATE)
    await store.take([post(n) for n in range(3)])
    assert await store.claim(["slack:T2", "discord:1"], 5) == []


async def test_a_parcel_that_waits_is_due_after_its_pause(opened: Open, clock: Clock) -> None:
    store = await opened(PRIVATE)
    await store.take([post(n) for n in range(3)])
    (parcel,) = await store.claim(["slack:T1"], 5)
    await store.finish(parcel, "waiting", after=30, error="wait")
    clock.now += 30 * SECOND - 1
    assert await store.claim(["slack:T1"], 5) == []
    clock.now += 1
    assert len(await store.claim(["slack:T1"], 5)) == 1


@pytest.mark.parametrize("state", ["sent", "failed", "held"])
async def test_what_is_finished_is_not_claimed_again(opened: Open, clock: Clock, state: str) -> None:
    store = await opened(PRIVATE)
    await store.take([post(n) for n in range(3)])
    (parcel,) = await store.claim(["slack:T1"], 5)
    await store.finish(parcel, state)
    clock.now += 10 * LEASE
    assert await store.claim(["slack:T1"], 5) == []


async def test_a_held_note_is_handed_to_its_person_once(opened: Open) -> None:
    store = await opened(PRIVATE)
    await store.take([post(n) for n in range(3)])
    (parcel,) = await store.claim(["slack:T1"], 5)
    await store.finish(parcel, "held")
    assert await store.held_notes("slack:T1/B") == []
    assert len(await store.held_notes("slack:T1/A")) == 1
    assert await store.held_notes("slack:T1/A") == []


async def test_a_mark_on_an_unknown_message_waits_for_what_the_platform_says(
    opened: Open, url: str, clock: Clock
) -> None:
    store = await opened(MARKED)
    bare = [mark(1, by, NOON, post_kind="") for by in "BC"]
    bare = [type(s)(s.source, s.id, s.at, s.type, actor=s.actor, facts={"message": "message:C1/1"}) for s in bare]
    asked = Mode(recall=True)
    assert [(await store.take([s], asked)).new for s in (*bare, bare[0])] == [1, 1, 0]
    waiting = await store.unstamped(["slack:T1"])
    assert [w.statement for w in waiting] == bare
    assert await store.unstamped(["slack:T2"]) == []
    await store.ask_later(waiting[0], 10)
    assert len(await store.unstamped(["slack:T1"])) == 1
    clock.now += 10 * SECOND
    for one in await store.unstamped(["slack:T1"]):
        await store.stamped(one, {"post_kind": "reply", "author": "slack:T1/A"})
    assert await store.unstamped(["slack:T1"]) == []
    assert await store.holders("default") == {"liked": 1}
    assert (await store.take([bare[0]], asked)).new == 0
    assert compare(url, [book(MARKED)], clock.now) == []


async def test_a_mark_on_a_known_message_is_stamped_from_the_log(opened: Open, url: str) -> None:
    store = await opened(MARKED)
    reply = post(1)
    reply = type(reply)(reply.source, reply.id, reply.at, "thread.replied", actor=reply.actor, facts=reply.facts)
    bare = mark(1, "B", NOON)
    bare = type(bare)(bare.source, bare.id, bare.at, bare.type, actor=bare.actor, facts={"message": "message:C1/1"})
    assert (await store.take([reply, bare], Mode(recall=True))).new == 2
    with sqlite3.connect(database_file(url)) as db:
        body = db.execute("SELECT body FROM statement WHERE id = ?", (bare.id,)).fetchone()[0]
    assert b'"post_kind":"reply"' in body
    assert b'"author":"slack:T1/A"' in body
    assert (await store.take([bare])).duplicates == 1
