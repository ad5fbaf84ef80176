"""A Discord server on this machine with the edge under test connected to it through the real discord.py."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from structlog.testing import CapturingLogger

from adapters.discord import DiscordEdge, DiscordSettings
from bot.playground.discord_server import DiscordServer
from core.places import Places
from tests.fakes import FakeDesk, FakeInbox, FakeNotebook, FakeStays


def now() -> int:
    return time.time_ns() // 1000


@dataclass
class Town:
    """A started stand-in with one server, a channel and two people; the core's fakes; and edges connected to it."""

    server: DiscordServer
    guild: str
    channel: str
    ann: str
    bob: str
    inbox: FakeInbox = field(default_factory=FakeInbox)
    desk: FakeDesk = field(default_factory=FakeDesk)
    notebook: FakeNotebook = field(default_factory=FakeNotebook)
    stays: FakeStays = field(default_factory=FakeStays)
    places: Places = field(default_factory=Places)
    own_places: dict[str, Places] = field(default_factory=dict)
    clock: Callable[[], int] = now
    logged: CapturingLogger = field(default_factory=CapturingLogger)

    @property
    def source(self) -> str:
        return f"discord:{self.guild}"

    def account(self, user: str) -> str:
        return f"{self.source}/{user}"

    def edge(self, **changes: Any) -> DiscordEdge:
        settings = DiscordSettings(self.server.token, self.server.api_url, self.server.gateway_url)
        log = structlog.wrap_logger(self.logged, processors=[_flat])
        return DiscordEdge(
            replace(settings, **{k: changes.pop(k) for k in ("token", "gateway_url") if k in changes}),
            self.inbox,
            self.desk,
            self.notebook,
            lambda source: self.own_places.get(source, self.places),
            self.clock,
            log,
            stays=self.stays,
            identify_delay=0.0,
            **changes,
        )

    @contextlib.asynccontextmanager
    async def running(self, edge: DiscordEdge | None = None, *, caught_up: bool = True) -> AsyncIterator[DiscordEdge]:
        """A connected edge that has read what it missed, closed properly afterwards."""
        edge = edge or self.edge()
        task = asyncio.create_task(edge.run())
        try:
            await self.server.until(lambda: edge.connected or task.done(), 10)
            if task.done():
                task.result()
            await self.until(lambda: not caught_up or edge.caught_up)
            yield edge
        finally:
            await asyncio.wait_for(edge.close(), 5)
            await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 10)

    async def until(self, predicate: Callable[[], object], timeout: float = 5.0) -> None:  # noqa: ASYNC109 -- a limit
        await self.server.until(predicate, timeout)

    def warnings(self) -> str:
        """Everything that was logged, as text."""
        return "\n".join(f"{c.method_name} {c.args[0]}" for c in self.logged.calls)


def _flat(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    return f"{event.pop('event')} {event}"


@contextlib.asynccontextmanager
async def founded() -> AsyncIterator[Town]:
    """A town whose stand-in is listening."""
    server = DiscordServer()
    guild = server.add_guild("Library")
    channel = server.add_channel(guild, "general")
    ann, bob = server.add_member(guild, "ann"), server.add_member(guild, "bob")
    async with server:
        yield Town(server, guild, channel, ann, bob)
