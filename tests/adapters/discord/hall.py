"""A town with a voice channel."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from adapters.discord import DiscordEdge
from core.events import Statement
from core.stays import VOICE
from tests.adapters.discord.town import Town, now

MINUTE = 60_000_000
IDENTIFY = 2


@dataclass
class Hall:
    """A town with a voice channel, whose clock a test moves."""

    town: Town
    lounge: str
    passed: int = 0

    def __call__(self) -> int:
        return now() + self.passed

    def wait(self, minutes: float) -> None:
        self.passed += int(minutes * MINUTE)

    @property
    def sessions(self) -> list[Statement]:
        return self.town.inbox.of_type("voice.session_ended")

    @property
    def visits(self) -> list[Statement]:
        return self.town.inbox.of_type("event.attended")

    def open(self) -> dict[str, bool]:
        """Who is kept as being in a voice channel, and whether they hear."""
        kept = self.town.stays.kept[self.town.source].values()
        return {s.account: s.hears for s in kept if s.thing.startswith(VOICE) and s.ended is None}

    async def join(self, user: str, channel: str | None = None, *, deaf: bool = False) -> None:
        """Enters, and is noticed; a little later, so that nothing happens at once."""
        self.wait(0.2)
        await self.town.server.join_voice(channel or self.lounge, user, deaf=deaf)
        await self.town.until(lambda: self.open().get(self.town.account(user)) is (not deaf))

    async def leave(self, user: str) -> None:
        self.wait(0.2)
        await self.town.server.leave_voice(self.town.guild, user)
        await self.town.until(lambda: self.town.account(user) not in self.open())

    @contextlib.asynccontextmanager
    async def running(self, **changes: Any) -> AsyncIterator[DiscordEdge]:
        async with self.town.running(self.town.edge(**changes)) as edge:
            yield edge

    def intents(self) -> int:
        """What the latest client asked for."""
        return int([f["d"]["intents"] for f in self.town.server.gateway.received if f["op"] == IDENTIFY][-1])
