"""What is followed only where a rule asks for it: voice channels, events and polls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord.checks import POLLS
from adapters.discord.history import Reader
from adapters.discord.intake import Intake
from adapters.discord.polls import Polls, Sight, VotesOn
from adapters.discord.rooms import source_of
from adapters.discord.voice import Voice
from core.errors import StorageUnavailable
from core.events import Statement
from core.places import Places, PlacesOf
from core.ports import Clock, Notebook
from core.stays import Stays

SAVE_EVERY = 30.0  # seconds: what a kill can cost of a session at most
_PAUSE = 5.0  # seconds


class Watched:
    """Voice and polls of one edge. Which of them Discord tells is decided when a client is made; one that asked for
    other things than the books do now makes room for a fresh one. `look_every`: seconds."""

    def __init__(
        self,
        intake: Intake,
        stays: Stays,
        notebook: Notebook,
        places: PlacesOf,
        clock: Clock,
        log: FilteringBoundLogger,
        votes_on: VotesOn | None,
        look_every: float = SAVE_EVERY,
    ) -> None:
        self._places = places
        self._log = log
        self._look_every = look_every
        self._asked = Places()
        self._sight: Sight | None = None
        self.voice = Voice(intake, stays, places, clock, log)
        self.polls = Polls(intake, notebook, clock, log, votes_on)

    def look_through(self, sight: Sight) -> None:
        """A new client."""
        self._asked, self._sight = self._places(""), sight
        self.polls.look_through(sight)

    async def run(self) -> None:
        """Saves what is counted again and again, and sees to it that what the books ask for is told, until
        cancelled."""
        while True:
            await asyncio.sleep(self._look_every)
            try:
                await self._look()
            except Exception:  # noqa: BLE001 -- a worker loop: without it nothing would be saved any more
                self._log.exception("discord: what is watched was not looked after, trying again")

    async def _look(self) -> None:
        await self.voice.save()
        if self._sight is not None and not self._sight.is_over() and self._is_renewed():
            self._log.info("discord: the rules ask for other events, connecting anew")
            await self._sight.close()

    def _is_renewed(self) -> bool:
        """Not where texts would be asked for too: without the switch in the portal Discord would refuse everything."""
        now = self._places("")
        return now.watches != self._asked.watches and now.reads_text == self._asked.reads_text

    def reading(self, read: Reader) -> Reader:
        """`read`, which also looks at the votes in the polls that it comes across."""

        async def read_on(message: discord.Message) -> Sequence[Statement]:
            if self._asks(message.guild):
                await self.polls.found(message)
            return await read(message)

        return read_on

    async def seen(self, message: discord.Message) -> None:
        """A message that may be a poll."""
        if self._asks(message.guild):
            await self.polls.seen(message)

    async def voted(self, event: discord.RawPollVoteActionEvent) -> None:
        """Somebody chose an answer."""
        if self._asks(event.guild_id):
            await self.polls.voted(event)

    async def unvoted(self, event: discord.RawPollVoteActionEvent) -> None:
        """Somebody took an answer back. Where no rule asks, that is news only about a vote from when one did."""
        if self._asks(event.guild_id) or await self.polls.is_told(event):
            await self.polls.unvoted(event)

    async def reconcile(self, guild: discord.Guild) -> None:
        """Everything else of a server was caught up: what became of its open polls."""
        while self._asks(guild) and not self.polls.is_over:
            try:
                await self.polls.reconcile(guild)
            except StorageUnavailable as error:
                self._log.warning("discord: polls wait for the database", reason=str(error))
                await asyncio.sleep(_PAUSE)
            else:
                return

    def _asks(self, guild: discord.Guild | int | None) -> bool:
        """Whether the server's own book asks, and Discord was asked."""
        number = guild.id if isinstance(guild, discord.Guild) else guild or 0
        return POLLS in self._asked.watches & self._places(source_of(number)).watches
