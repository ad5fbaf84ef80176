"""The webhooks' courier over a real outbox to a real receiver: once, signed, at each address's own pace."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest

from adapters.outgoing.sender import Sender
from adapters.storage.store import Store, open_store
from bot import logs
from bot.outgoing import OutgoingCourier
from core.outgoing import PAUSES, next_pause
from core.plan import compile_plan
from core.serving import Served
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import SECOND, THREE, book, gone, post
from tests.databases import fresh
from tests.receiver import DROP, SECRET, Receiver, receiving, webhook

Opened = Callable[[str], Awaitable[Store]]
EVERY = THREE.replace("goal = 3", "goal = 1\nrepeat = true")  # each post earns one


@pytest.fixture
def logged() -> StringIO:
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    return stream


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def opened(tmp_path: Path, clock: Clock, logged: StringIO) -> AsyncIterator[Opened]:
    stores: list[Store] = []

    async def open_(text: str) -> Store:
        stores.append(await open_store(fresh(tmp_path), [book(text)], clock))
        return stores[-1]

    yield open_
    for store in stores:
        await store.close()


def rows(folder: Path, way: str = "webhook:crm") -> list[tuple[str, int, str | None, str | None]]:
    """State, attempts, error and receipt of what is for a webhook, in the order of its making."""
    with sqlite3.connect(folder / "plaudit.db") as db:
        query = "SELECT state, attempts, error, receipt FROM outbox WHERE source = ? ORDER BY id"
        return db.execute(query, (way,)).fetchall()


def waits(folder: Path, clock: Clock) -> float:
    """Seconds until the earliest attempt."""
    with sqlite3.connect(folder / "plaudit.db") as db:
        query = "SELECT MIN(due_at) FROM outbox WHERE kind = 'webhook' AND state = 'waiting'"
        return float(db.execute(query).fetchone()[0] - clock.now) / SECOND


def warnings(logged: StringIO) -> list[str]:
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    return [str(line.get("warning") or line["event"]) for line in lines if line["level"] == "warning"]


@asynccontextmanager
async def at_work(store: Store, *secrets: str, patience: float = 5) -> AsyncIterator[OutgoingCourier]:
    known = secrets or (SECRET,)
    courier = OutgoingCourier(
        store, lambda name: known if name == "PLAUDIT_OUT_CRM_SECRET" else (), Sender(patience=patience), lambda: 0.0
    )
    running = asyncio.create_task(courier.run(0.01))
    try:
        yield courier
    finally:
        await courier.close(2)
        await asyncio.wait_for(running, 5)


async def until(done: Callable[[], bool]) -> None:
    for _ in range(1000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen in ten seconds")


async def a_while() -> None:
    """Long enough for several rounds."""
    await asyncio.sleep(0.1)


async def attempts(store: Store, receiver: Receiver, clock: Clock, number: int) -> None:
    """Go on to the time of each attempt, until there were so many requests."""
    for count in range(1, number + 1):
        await until(lambda count=count: len(receiver.got) == count)  # type: ignore[misc] # bound now
        await a_while()
        clock.now += 25 * 3_600 * SECOND if count < number else 0


async def test_it_arrives_once_and_verifies(opened: Opened, tmp_path: Path) -> None:
    async with receiving(204) as receiver:
        store = await opened(THREE + webhook(receiver.url))
        async with at_work(store):
            await store.take([post(n) for n in range(3)])
            await until(lambda: rows(tmp_path) == [("sent", 1, None, "204")])
            await a_while()
    (got,) = receiver.got
    assert got.document["type"] == "award.given"
    assert got.headers["webhook-signature"] == got.signature()


async def test_every_attempt_has_the_same_id_and_its_own_time(opened: Opened, tmp_path: Path, clock: Clock) -> None:
    async with receiving(DROP, 500, 204) as receiver:
        store = await opened(THREE + webhook(receiver.url))
        async with at_work(store):
            await store.take([post(n) for n in range(3)])
            await until(lambda: rows(tmp_path)[0][:2] == ("waiting", 1))
            assert rows(tmp_path)[0][2] == "the connection broke before it answered"
            assert waits(tmp_path, clock) == 5
            clock.now += 5 * SECOND - 1
            await a_while()
            assert len(receiver.got) == 1
            clock.now += 1
            await until(lambda: rows(tmp_path)[0][:2] == ("waiting", 2))
            assert waits(tmp_path, clock) == 300
            clock.now += 300 * SECOND
            await until(lambda: rows(tmp_path)[0] == ("sent", 3, None, "204"))
    assert len({got.id for got in receiver.got}) == 1
    assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 3
    assert all(got.headers["webhook-signature"] == got.signature() for got in receiver.got)


@pytest.mark.parametrize("status", [429, 503])
async def test_nothing_goes_there_before_it_allows_it(
    opened: Opened, tmp_path: Path, clock: Clock, status: int
) -> None:
    """Also nothing else: the wish is the address's, not the document's."""
    async with receiving((status, {"Retry-After": "60"}), 204) as receiver:
        store = await opened(EVERY + webhook(receiver.url))
        async with at_work(store):
            await store.take([post(0)])
            await until(lambda: rows(tmp_path)[0][:2] == ("waiting", 1))
            assert waits(tmp_path, clock) == 60
            await store.take([post(1)])
            clock.now += 60 * SECOND - 1
            await a_while()
            assert len(receiver.got) == 1
            clock.now += 1
            await until(lambda: [row[0] for row in rows(tmp_path)] == ["sent", "sent"])


async def test_after_the_last_attempt_the_operator_is_told(
    opened: Opened, tmp_path: Path, clock: Clock, logged: StringIO
) -> None:
    async with receiving(500) as receiver:
        receiver.body = b"what the other side says is shown to nobody"
        store = await opened(THREE + webhook(receiver.url))
        async with at_work(store):
            await store.take([post(n) for n in range(3)])
            await attempts(store, receiver, clock, len(PAUSES) + 1)
            await until(lambda: rows(tmp_path)[0][0] == "failed")
            clock.now += 1000 * 3_600 * SECOND
            await a_while()
    assert len(receiver.got) == len(PAUSES) + 1
    assert rows(tmp_path) == [("failed", 10, "it answered 500; it was tried 10 times", None)]
    assert warnings(logged) == ["a webhook is not reached, and tried again later", "not delivered"]
    assert f"plaudit webhooks replay --id {receiver.got[0].id}" in logged.getvalue()
    assert "other side" not in logged.getvalue()


async def test_who_is_gone_is_asked_no_more_until_the_book_changes(
    opened: Opened, tmp_path: Path, logged: StringIO
) -> None:
    async with receiving(410, 204) as receiver:
        store = await opened(EVERY + webhook(receiver.url))
        async with at_work(store):
            await store.take([post(0)])
            await until(lambda: rows(tmp_path)[0][0] == "failed")
            await store.take([post(1)])
            await until(lambda: [row[0] for row in rows(tmp_path)] == ["failed", "failed"])
            assert len(receiver.got) == 1
        async with at_work(store):  # a restart asks no more, either
            await store.take([post(2)])
            await until(lambda: rows(tmp_path)[2][0] == "failed")
            assert len(receiver.got) == 1
            served = store.communities.served["default"]
            served.become(Served(compile_plan(book(EVERY + webhook(receiver.url))), revision=2))
            await store.take([post(3)])
            await until(lambda: rows(tmp_path)[3][0] == "sent")
    assert sum("switched off" in warning for warning in warnings(logged)) == 1


async def test_a_missing_secret_is_said_once_and_what_waits_is_kept(
    opened: Opened, tmp_path: Path, logged: StringIO
) -> None:
    async with receiving(204) as receiver:
        text = webhook(receiver.url).replace("PLAUDIT_OUT_CRM_SECRET", "PLAUDIT_OUT_OTHER_SECRET")
        store = await opened(THREE + text)
        async with at_work(store):
            await store.take([post(n) for n in range(3)])
            await a_while()
            assert rows(tmp_path) == [("waiting", 0, None, None)]
        assert receiver.got == []
    (warning,) = warnings(logged)
    assert warning.startswith("the webhook crm is off: PLAUDIT_OUT_OTHER_SECRET is not set.")


async def test_what_waits_for_a_webhook_that_left_the_book_is_given_up(
    opened: Opened, tmp_path: Path, clock: Clock
) -> None:
    async with receiving(500) as receiver:
        store = await opened(THREE + webhook(receiver.url))
        async with at_work(store):
            await store.take([post(n) for n in range(3)])
            await until(lambda: rows(tmp_path)[0][0] == "waiting" and rows(tmp_path)[0][1] == 1)
            store.communities.served["default"].become(Served(compile_plan(book(THREE)), revision=2))
            await until(lambda: rows(tmp_path)[0][0] == "failed")
    assert rows(tmp_path)[0][2] == "the rule book names this webhook no longer"


async def test_a_slow_address_holds_up_only_itself(opened: Opened, tmp_path: Path) -> None:
    async with receiving(204) as slow, receiving(204) as quick:
        slow.pause = 60
        store = await opened(EVERY + webhook(slow.url, name="slow") + webhook(quick.url, name="quick"))
        async with at_work(store, patience=0.5):
            await store.take([post(n) for n in range(20)])
            await until(lambda: [row[0] for row in rows(tmp_path, "webhook:quick")] == ["sent"] * 20)
            assert "sent" not in {row[0] for row in rows(tmp_path, "webhook:slow")}
            assert [parcel.kind for parcel in await store.claim(["slack:T1"], 100)] == ["card"] * 20
            assert 0 < len(slow.got) <= 8


async def test_a_forbidden_address_fails_at_once_in_words(opened: Opened, tmp_path: Path, logged: StringIO) -> None:
    async with receiving(204) as receiver:
        inside = webhook(f"https://localhost:{receiver.port}/").replace("allow_private = true", "")
        store = await opened(THREE + inside.replace(f":{receiver.port}", ""))
        async with at_work(store):
            await store.take([post(n) for n in range(3)])
            await until(lambda: rows(tmp_path)[0][0] == "failed")
        assert receiver.got == []
    assert "write allow_private = true" in str(rows(tmp_path)[0][2])
    assert "not delivered" in warnings(logged)


async def test_what_was_under_way_is_sent_again_under_its_id(opened: Opened, tmp_path: Path) -> None:
    async with receiving(204) as receiver:
        receiver.pause = 3
        store = await opened(THREE + webhook(receiver.url))
        courier = OutgoingCourier(store, lambda _: (SECRET,), Sender())
        running = asyncio.create_task(courier.run(0.01))
        await store.take([post(n) for n in range(3)])
        await until(lambda: len(receiver.got) == 1)
        await courier.close(0.01)
        await asyncio.wait_for(running, 5)
        assert rows(tmp_path) == [("waiting", 1, "stopped on the way", None)]
        receiver.pause = 0
        async with at_work(store):
            await until(lambda: rows(tmp_path)[0][0] == "sent")
    first, second = receiver.got
    assert first.id == second.id


@pytest.mark.parametrize("turns", range(5))
async def test_what_is_just_taken_out_is_put_back_at_the_end(opened: Opened, tmp_path: Path, turns: int) -> None:
    """However far the courier has come: nothing stays leased, and nothing is under way after it was closed."""
    async with receiving(204) as receiver:
        receiver.pause = 60
        store = await opened(EVERY + webhook(receiver.url))
        await store.take([post(n) for n in range(3)])
        courier = OutgoingCourier(store, lambda _: (SECRET,), Sender())
        running = asyncio.create_task(courier.run(0.01))
        for _ in range(turns):
            await asyncio.sleep(0.002)
        await courier.close(0.05)
        await asyncio.wait_for(running, 5)
        assert {row[0] for row in rows(tmp_path)} == {"waiting"}


async def test_a_revocation_follows_its_award(opened: Opened, tmp_path: Path) -> None:
    async with receiving(204) as receiver:
        store = await opened(THREE + webhook(receiver.url))
        async with at_work(store):
            said = [post(n) for n in range(3)]
            await store.take(said)
            await until(lambda: len(receiver.got) == 1)
            await store.take([gone(said[0], said[0].at + 1)])
            await until(lambda: [row[0] for row in rows(tmp_path)] == ["sent", "sent"])
    assert receiver.types() == ["award.given", "award.revoked"]


def test_the_pauses_grow_to_a_day_and_end() -> None:
    assert [next_pause(n, None, 0.0) for n in range(1, 11)] == [*PAUSES, None]
    assert next_pause(1, None, 1.0) == 5.5
    assert next_pause(1, 60, 0.0) == 60
    assert next_pause(9, 60, 0.0) == 86_400
    assert next_pause(1, 10**9, 0.0) == 86_400
