"""The chaos button: everything is delivered again in any order, the bot is killed in the middle and started again.

The board before and after must be the same, and what is stored must be what the log gives.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from adapters.storage.overview import Overview
from bot.playground.boards import checksum, read_overview
from bot.playground.community import Community
from bot.playground.echoes import Echo, Echoes
from bot.verification import compare
from core.errors import PlauditError
from core.rules.book import RuleBook

QUIET_WITHIN = 75.0  # seconds; what a killed bot had just taken out is free again after sixty
_LOOK, _STILL = 0.25, 4  # looks that must agree, and seconds between them
_PACE = 0.01  # seconds between two deliveries: a burst, and the page still sees it
Json = dict[str, Any]


class Mortal(Protocol):
    """A bot that can be killed."""

    @property
    def pid(self) -> int: ...

    async def kill(self) -> None: ...

    async def start(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Stand:
    """What must not change. `said`: how many messages of the bot everybody can read."""

    checksum: str
    awards: int
    facts: int
    said: int


@dataclass(slots=True)
class Ordeal:
    """One run, as the page shows it. `verify`: differences between log and tables, None before they were looked for."""

    steps: list[str] = field(default_factory=list)
    running: bool = True
    delivered: int = 0
    before: Stand | None = None
    after: Stand | None = None
    verify: list[str] | None = None
    problem: str | None = None

    @property
    def held(self) -> bool:
        """Whether nothing changed at all."""
        return self.before is not None and self.before == self.after and self.verify == []

    def as_json(self) -> Json:
        before, after = self.before, self.after
        again = (
            {}
            if before is None or after is None
            else {
                "counted_again": after.facts - before.facts,
                "said_again": after.said - before.said,
            }
        )
        return asdict(self) | again | {"same": self.held}


class Chaos:
    """`note` is called after every step. `now`: the playground's clock, UTC microseconds."""

    def __init__(
        self,
        community: Community,
        bot: Mortal,
        url: str,
        book: RuleBook,
        now: Callable[[], int],
        note: Callable[[], None],
    ) -> None:
        self._community = community
        self._bot = bot
        self._url = url
        self._book = book
        self._now = now
        self._note = note
        self._echoes = Echoes(community)
        self.ordeal: Ordeal | None = None

    @property
    def running(self) -> bool:
        return self.ordeal is not None and self.ordeal.running

    async def run(self, order: random.Random) -> Ordeal:
        """What happened stands in the ordeal; faults of it, too."""
        ordeal = self.ordeal = Ordeal()
        try:
            await self._run(ordeal, order)
        except (TimeoutError, PlauditError) as fault:
            ordeal.problem = str(fault) or "It took too long; the bot may still be busy."
        finally:
            ordeal.running = False
            self._note()
        return ordeal

    async def _run(self, ordeal: Ordeal, order: random.Random) -> None:
        ordeal.before = await self._stand()
        self._tell(ordeal, f"Before: {ordeal.before.awards} badges, checksum {ordeal.before.checksum}.")
        echoes = self._echoes.shuffled(order)
        middle = len(echoes) // 2
        await self._deliver(ordeal, echoes[:middle])
        first = self._bot.pid
        await self._bot.kill()
        self._tell(ordeal, f"Killed the bot with SIGKILL (process {first}) after {middle} of {len(echoes)} events.")
        meanwhile = [e for e in echoes[middle:] if e.platform == "slack"]  # Slack tries again until somebody answers
        await self._deliver(ordeal, meanwhile)
        began = time.monotonic()
        await self._bot.start()
        self._tell(ordeal, f"Started it again (process {self._bot.pid}) in {time.monotonic() - began:.1f} s.")
        await self._deliver(ordeal, [e for e in echoes[middle:] if e.platform != "slack"])
        self._tell(ordeal, f"Delivered {len(echoes)} events again, shuffled, every third one twice.")
        ordeal.after = await self._stand()
        ordeal.verify = await asyncio.to_thread(compare, self._url, (self._book,), self._now())
        self._tell(ordeal, f"After: {ordeal.after.awards} badges, checksum {ordeal.after.checksum}.")

    def _tell(self, ordeal: Ordeal, words: str) -> None:
        ordeal.steps.append(words)
        self._note()

    async def _deliver(self, ordeal: Ordeal, echoes: list[Echo]) -> None:
        for echo in echoes:
            echo.send()
            ordeal.delivered += 1
            await asyncio.sleep(_PACE)

    async def _stand(self) -> Stand:
        """Once nothing is under way any more. Raises TimeoutError."""
        looks: list[Stand] = []
        async with asyncio.timeout(QUIET_WITHIN):
            while len(looks) < _STILL or len(set(looks[-_STILL:])) > 1:
                found = await asyncio.to_thread(read_overview, self._url, self._book)
                looks = [] if self._is_busy(found) else [*looks, self._seen(found)]
                await asyncio.sleep(_LOOK)
        return looks[-1]

    def _is_busy(self, found: Overview) -> bool:
        return bool(found.waiting or self._community.slack.pending)

    def _seen(self, found: Overview) -> Stand:
        return Stand(checksum(found), len(found.badges), found.facts, self._said())

    def _said(self) -> int:
        slack, discord = self._community.slack, self._community.discord
        mine: int = sum(m["user"] == slack.me.bot_user for there in slack.messages.values() for m in there)
        return mine + sum(len(discord.bot_messages(channel)) for channel in discord.world.posts)
