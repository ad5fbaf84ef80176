"""The courier over a real outbox: nothing is lost, nothing is sent while a platform asks to wait."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from adapters.storage.engines import database_file
from adapters.storage.outbox import LEASE
from adapters.storage.store import Store, open_store
from adapters.storage.upgrade import upgrade
from bot.courier import Courier
from core.errors import Ambiguous, RetryLater, Undeliverable
from core.ports import Delivery, Held, Receipt
from tests.adapters.storage.conftest import Clock
from tests.adapters.storage.said import SECOND, THREE, book, post

PRIVATE = THREE.replace('name = "Three"', 'name = "Three"\nannounce = "private"\ngives_role = "helper"')
Reply = Receipt | Exception | Callable[[], None]


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
    url = f"sqlite+aiosqlite:///{tmp_path / 'plaudit.db'}"
    upgrade(url)
    store = await open_store(url, [book(PRIVATE)], clock)
    await store.take([post(n) for n in range(3)])
    yield store
    await store.close()


def states(folder: Path) -> dict[str, tuple[str, int, str | None, str | None]]:
    with sqlite3.connect(database_file(f"sqlite:///{folder / 'plaudit.db'}")) as db:
        rows = db.execute("SELECT kind, state, attempts, error, receipt FROM outbox")
        return {row[0]: tuple(row[1:]) for row in rows}


def over(store: Store, platform: Platform) -> Courier:
    return Courier(store, lambda: {"slack:T1": platform})


async def test_a_card_and_a_role_arrive_once(store: Store, tmp_path: Path) -> None:
    platform = Platform()
    courier = over(store, platform)
    assert [await courier.round() for _ in range(3)] == [2, 0, 0]
    assert states(tmp_path)["card"] == ("sent", 1, None, "1.2")
    assert platform.roles == [("slack:T1/A", frozenset({"helper"}), frozenset({"helper"}))]
    assert [d.again for d in platform.deliveries] == [False]


async def test_nothing_is_sent_before_the_platform_allows_it(store: Store, clock: Clock, tmp_path: Path) -> None:
    platform = Platform(RetryLater(30), Receipt("1.2"))
    courier = over(store, platform)
    await courier.round()
    clock.now += 30 * SECOND - 1
    assert await courier.round() == 0
    clock.now += 1
    assert await courier.round() == 1
    assert states(tmp_path)["card"][:2] == ("sent", 2)


async def test_a_very_long_pause_is_cut_to_an_hour(store: Store, clock: Clock) -> None:
    platform = Platform(RetryLater(10**9), Receipt())
    courier = over(store, platform)
    await courier.round()
    clock.now += 3600 * SECOND
    assert await courier.round() == 1


async def test_an_attempt_that_may_have_arrived_says_so_at_the_next_one(store: Store, clock: Clock) -> None:
    platform = Platform(Ambiguous("the line broke"), Receipt("1.2", repeated=True))
    courier = over(store, platform)
    await courier.round()
    assert courier.repeated == 0
    clock.now += SECOND
    await courier.round()
    first, second = platform.deliveries
    assert (first.again, second.again, first.id == second.id) == (False, True, True)
    assert courier.repeated == 1


async def test_what_can_never_arrive_is_not_tried_again(store: Store, clock: Clock, tmp_path: Path) -> None:
    platform = Platform(Undeliverable("the channel is archived; choose another"))
    courier = over(store, platform)
    await courier.round()
    clock.now += 100 * LEASE
    assert await courier.round() == 0
    assert states(tmp_path)["card"][:3] == ("failed", 1, "the channel is archived; choose another")


async def test_a_note_that_cannot_be_shown_now_waits_for_the_person(store: Store, tmp_path: Path) -> None:
    await over(store, Platform(Held())).round()
    assert states(tmp_path)["card"][0] == "held"
    assert len(await store.held_notes("slack:T1/A")) == 1


async def test_a_surprise_is_tried_again_with_growing_pauses(store: Store, clock: Clock, tmp_path: Path) -> None:
    courier = over(store, Platform(ValueError("unheard of"), ValueError("again"), Receipt("1.2")))
    await courier.round()
    for pause in (1, 2):
        clock.now += pause * SECOND - 1
        assert await courier.round() == 0
        clock.now += 1
        assert await courier.round() == 1
    assert states(tmp_path)["card"][:2] == ("sent", 3)


async def test_two_couriers_bring_a_card_once(store: Store) -> None:
    platform = Platform()
    await asyncio.gather(*(over(store, platform).round() for _ in range(5)))
    assert len(platform.deliveries) == 1


async def test_what_a_stopped_courier_held_goes_out_when_its_lease_ends(store: Store, clock: Clock) -> None:
    await store.claim(["slack:T1"], 5)  # and then its process died
    platform = Platform()
    courier = over(store, platform)
    assert await courier.round() == 0
    clock.now += LEASE
    assert await courier.round() == 2
    assert [d.again for d in platform.deliveries] == [True]


async def test_without_a_connection_everything_waits(store: Store, tmp_path: Path) -> None:
    assert await Courier(store, dict).round() == 0
    assert states(tmp_path)["card"][:2] == ("waiting", 0)
