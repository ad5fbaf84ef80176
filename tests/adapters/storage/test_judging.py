"""Why not, asked of a real file: what was withdrawn is found at the end of the log."""

from __future__ import annotations

from adapters.storage.store import Store
from tests.adapters.storage.conftest import Clock, Open
from tests.adapters.storage.said import DAY, NOON, TEAM, THREE, gone, post


async def reasons(store: Store, user: str = "A") -> list[str]:
    found = await store.records("default").diagnosis(f"{TEAM}/{user}", "three", own=True)
    assert found is not None
    return [group.text for group in found.uncounted]


async def test_what_was_withdrawn_is_told_to_whom_it_concerns(opened: Open) -> None:
    store = await opened(THREE)
    await store.take([post(0), post(1), post(2, "B")])
    await store.take([gone(post(1), NOON + 1), gone(post(2, "B"), NOON + 1)])
    assert await reasons(store) == ["one post was withdrawn"]
    assert await reasons(store, "B") == ["one post was withdrawn"]
    assert await reasons(store, "C") == []


async def test_what_came_back_is_not_withdrawn(opened: Open, clock: Clock) -> None:
    store = await opened(THREE)
    await store.take([post(0), gone(post(0), NOON + 1), post(0, at=NOON + 2)])
    clock.now += DAY
    assert await reasons(store) == []


async def test_one_account_is_not_taken_for_another_that_begins_like_it(opened: Open) -> None:
    store = await opened(THREE)
    await store.take([post(0, "AB"), gone(post(0, "AB"), NOON + 1)])
    assert await reasons(store, "A") == []


async def test_what_is_not_in_the_book_cannot_be_explained(opened: Open) -> None:
    store = await opened(THREE)
    assert await store.records("default").diagnosis(f"{TEAM}/A", "nothing", own=True) is None
