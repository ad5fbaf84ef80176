"""The real web app with a real database on a real socket, and a bad road before it."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adapters.storage.store import Store, open_store
from adapters.web.app import create_app
from adapters.web.server import serving
from bot.forwarding import Forwarding
from bot.logbook import log
from bot.settings import read
from core.events import Statement
from core.lines import parse_statement_line
from tests.core.rules.books import book
from tests.databases import fresh

SECRET = "whsec_" + base64.b64encode(b"road-" * 5).decode()
BOOK = '[achievement.closer]\nname = "Closer"\nwhen = "ticket.resolved"\ngoal = 5\n'
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
Happening = Literal["busy", "lost before", "lost after"]


@dataclass
class Road:
    """Forwards each request, unless something is to happen first. `lost after`: it arrives, the answer does not."""

    port: int
    happens: list[Happening | None] = field(default_factory=list)
    travelled: int = 0

    async def travel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _whole(reader)
            self.travelled += 1
            event = self.happens.pop(0) if self.happens else None
            if event == "busy":
                writer.write(BUSY)
            elif event != "lost before":
                answer = await self._ask(request)
                writer.write(b"" if event == "lost after" else answer)
            await writer.drain()
        finally:
            writer.close()

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return answer


async def _whole(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length"))
    return head + await reader.readexactly(length)


@dataclass
class Bot:
    """`url`: over the road. `database`: what `plaudit log` would read."""

    url: str
    road: Road
    store: Store
    database: str

    def stored(self, capture: Path) -> list[Statement]:
        """The whole log, in order of arrival."""
        with capture.open("wb") as file:
            log(read({"PLAUDIT_DATABASE_URL": self.database}, None), file)
        return [parse_statement_line(line) for line in capture.read_bytes().splitlines()]


@asynccontextmanager
async def hearing(folder: Path, *sources: str, text: str = BOOK) -> AsyncIterator[Bot]:
    """A bot that takes what these sources say."""
    database = fresh(folder)
    store = await open_store(database, [book(text)], _now)
    forwarding = Forwarding(store)
    app = create_app(
        store,
        lambda source: (SECRET,) if source in sources else (),
        _now,
        list,
        forwarding.seen,
        forwarding.connector_of,
        forwarding.leave_out,
        probed=forwarding.probed,
    )
    async with serving(app, "127.0.0.1", 0) as port:
        road = Road(port)
        server = await asyncio.start_server(road.travel, "127.0.0.1", 0)
        async with server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield Bot(url, road, store, database)
    await store.close()


def _now() -> int:
    return time.time_ns() // 1_000
