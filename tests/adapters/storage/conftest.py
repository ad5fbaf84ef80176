"""Real SQLite files, opened as the bot opens them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from io import StringIO
from pathlib import Path

import pytest

from adapters.storage.store import Store, open_store
from bot import logs
from tests.adapters.storage.said import NOON, book
from tests.databases import fresh

Open = Callable[..., Awaitable[Store]]


class Clock:
    """Shows `now` until it is moved."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@pytest.fixture(autouse=True)
def written() -> StringIO:
    """What is logged, as the running bot logs it."""
    stream = StringIO()
    logs.configure(stream=stream, human=False)
    return stream


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def opened(url: str, clock: Clock) -> AsyncIterator[Open]:
    """Opens stores with books (texts) on the same file; they are closed afterwards."""
    stores: list[Store] = []

    async def open_(*books: str) -> Store:
        stores.append(await open_store(url, [book(text) for text in books], clock))
        return stores[-1]

    yield open_
    for store in stores:
        await store.close()
