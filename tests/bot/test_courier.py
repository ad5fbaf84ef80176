"""The courier over a real outbox: nothing is lost, nothing is sent while a platform asks to wait."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.storage.engines import database_file
from adapters.storage.outbox import LEASE
from adapters.storage.store import Store, open_store
from bot.courier import Courier
from core.errors import Ambiguous, RetryLater, Undeliverable
from core.ports import Delivery, Held, Receipt
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import SECOND, THREE, book, chose, post
from tests.databases import fresh

PRIVATE = THREE.replace('name = "Three"', 'name = "Three"\nannounce = "private"\ngives_role = "helper"')


class Platform:
    """A messenger that answers as it is told, the last answer again and again."""

    def __init__(self, *replies: Receipt | Exception) -> None:
        self.replies = list(replies) or [Receipt("1.2")]
        self.deliveries: list[Delivery] = []
        self.roles: list[tuple[str, frozenset[str], frozenset[str]]] = []

    async def send(self, delivery: Delivery) -> Receipt:
        self.deliveries.append(delivery)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def set_roles(self, account: str, wanted: frozenset[str], managed: frozenset[str]) -> None:
        self.roles.append((account, wanted, managed))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    url = fresh(tmp_path)
    store = await open_store(url, [book(PRIVATE)], clock)
    await store.take([post(n) for n in range(3)])
    yield store
    await store.close()


def states(folder: Path) -> dict[str, tuple[str, int, str | None, str | None]]:
    with sqlite3.connect(database_file(f"sqlite:///{folder / 'plaudit.db'}")) as db:
        rows = db.execute("SELECT kind, state, attempts, error, receipt FROM outbox")
        return {row[0]: tuple(row[1:]) for row in rows}


@asynccontextmanager
async def at_work(store: Store, platform: Platform | None) -> AsyncIterator[Courier]:
    courier = Courier(store, lambda: {} if platform is None else {"slack:T1": platform})
    running = asyncio.create_task(courier.run(0.01))
    yield courier
    await courier.close(5)
    await asyncio.wait_for(running, 5)


async def until(done: Callable[[], bool]) -> None:
    for _ in range(500):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen in five seconds")


async def a_while() -> None:
    """Long enough for several rounds."""
    await asyncio.sleep(0.08)


async def test_a_card_and_a_role_arrive_once(store: Store, tmp_path: Path) -> None:
    platform = Platform()
    async with at_work(store, platform):
        await until(lambda: states(tmp_path)["card"][0] == "sent" and states(tmp_path)["roles"][0] == "sent")
        await a_while()
    assert states(tmp_path)["card"] == ("sent", 1, None, "1.2")
    assert platform.roles == [("slack:T1/A", frozenset({"helper"}), frozenset({"helper"}))]
    assert [d.again for d in platform.deliveries] == [False]


async def test_what_was_said_is_noted_as_soon_as_the_database_takes_it(store: Store, tmp_path: Path) -> None:
    outside = sqlite3.connect(database_file(f"sqlite:///{tmp_path / 'plaudit.db'}"), isolation_level=None)

    class Locking(Platform):
        async def send(self, delivery: Delivery) -> Receipt:
            outside.execute("BEGIN EXCLUSIVE")
            return await super().send(delivery)

    async with at_work(store, Locking()):
        await until(lambda: store.trouble is not None)
        outside.close()
        await until(lambda: states(tmp_path)["card"] == ("sent", 1, None, "1.2"))


@pytest.mark.parametrize(("asked", "seconds"), [(30, 30), (10**9, 3600)], ids=["as asked", "cut to an hour"])
async def test_nothing_is_sent_before_the_platform_allows_it(
    store: Store, clock: Clock, tmp_path: Path, asked: int, seconds: int
) -> None:
    platform = Platform(RetryLater(asked), Receipt("1.2"))
    async with at_work(store, platform):
        await until(lambda: states(tmp_path)["card"][:2] == ("waiting", 1))
        clock.now += seconds * SECOND - 1
        await a_while()
        assert len(platform.deliveries) == 1
        clock.now += 1
        await until(lambda: states(tmp_path)["card"][:2] == ("sent", 2))


async def test_an_attempt_that_may_have_arrived_says_so_at_the_next_one(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    platform = Platform(Ambiguous("the line broke"), Receipt("1.2", repeated=True))
    async with at_work(store, platform) as courier:
        await until(lambda: states(tmp_path)["card"][:2] == ("waiting", 1))
        assert courier.repeated == 0
        clock.now += SECOND
        await until(lambda: states(tmp_path)["card"][0] == "sent")
        assert courier.repeated == 1
    first, second = platform.deliveries
    assert (first.again, second.again, first.id == second.id) == (False, True, True)


async def test_what_can_never_arrive_is_not_tried_again(store: Store, clock: Clock, tmp_path: Path) -> None:
    platform = Platform(Undeliverable("the channel is archived; choose another"))
    async with at_work(store, platform):
        await until(lambda: states(tmp_path)["card"][0] == "failed")
        clock.now += 100 * LEASE
        await a_while()
    assert states(tmp_path)["card"][:3] == ("failed", 1, "the channel is archived; choose another")


async def test_a_note_that_cannot_be_shown_now_waits_for_the_person(store: Store, tmp_path: Path) -> None:
    async with at_work(store, Platform(Held())):
        await until(lambda: states(tmp_path)["card"][0] == "held")
    assert len(await store.held_notes("slack:T1/A")) == 1


async def test_a_surprise_is_tried_again_with_growing_pauses(store: Store, clock: Clock, tmp_path: Path) -> None:
    platform = Platform(ValueError("unheard of"), ValueError("again"), Receipt("1.2"))
    async with at_work(store, platform):
        for attempt, pause in enumerate((1, 2), 1):
            await until(lambda attempt=attempt: states(tmp_path)["card"][:2] == ("waiting", attempt))  # type: ignore[misc] # bound now
            clock.now += pause * SECOND - 1
            await a_while()
            assert len(platform.deliveries) == attempt
            clock.now += 1
        await until(lambda: states(tmp_path)["card"][:2] == ("sent", 3))


async def test_two_couriers_bring_a_card_once(store: Store, tmp_path: Path) -> None:
    platform = Platform()
    async with at_work(store, platform), at_work(store, platform), at_work(store, platform):
        await until(lambda: states(tmp_path)["card"][0] == "sent")
        await a_while()
    assert len(platform.deliveries) == 1


async def test_what_a_dead_process_held_goes_out_when_its_lease_ends(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    await store.claim(["slack:T1"], 5)  # and then its process died
    platform = Platform()
    async with at_work(store, platform):
        clock.now += LEASE - 1
        await a_while()
        assert platform.deliveries == []
        clock.now += 1
        await until(lambda: states(tmp_path)["card"][0] == "sent")
    assert [d.again for d in platform.deliveries] == [True]


async def test_without_a_connection_everything_waits(store: Store, tmp_path: Path) -> None:
    async with at_work(store, None):
        await a_while()
    assert states(tmp_path)["card"][:2] == ("waiting", 0)


@pytest.mark.parametrize("wish", [{"tracking": "off"}, {"announce": "private"}, {"announce": "none"}])
async def test_who_chose_silence_while_it_waited_is_not_told_aloud(
    tmp_path: Path, clock: Clock, wish: dict[str, str]
) -> None:
    aloud = THREE.replace('name = "Three"', 'name = "Three"\nannounce = "channel"')
    url = fresh(tmp_path)
    store = await open_store(url, [book(aloud)], clock)
    platform = Platform(RetryLater(30), Receipt("1.2"))
    await store.take([post(n) for n in range(3)])
    async with at_work(store, platform):
        await until(lambda: states(tmp_path)["card"][:2] == ("waiting", 1))
        await store.take([chose("A", clock.now, **wish)])
        clock.now += 30 * SECOND
        await until(lambda: states(tmp_path)["card"][0] == "failed")
    assert len(platform.deliveries) == 1
    await store.close()
