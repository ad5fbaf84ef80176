"""What was missed while nobody listened: messages after the cursor, their reactions, and who joined."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord.checks import history_fault
from adapters.discord.cursors import Cursors
from adapters.discord.intake import Intake
from adapters.discord.intake import Mark as Kept
from adapters.discord.moments import made_at, micros
from adapters.discord.normalise import join_statement
from adapters.discord.rooms import room_of
from adapters.discord.trouble import SessionOver, patiently
from core.events import Statement
from core.ports import Clock

_PAGE = 100
T = TypeVar("T")
Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class Reader(Protocol):
    """Turns a message found in the history into statements, its reactions included."""

    async def __call__(self, message: discord.Message) -> Sequence[Statement]: ...


class History:
    """Reads one server after the other. `read` makes statements of a message."""

    def __init__(
        self,
        intake: Intake,
        cursors: Cursors,
        read: Reader,
        clock: Clock,
        log: FilteringBoundLogger,
        is_over: Callable[[], bool],
    ) -> None:
        self._intake = intake
        self._cursors = cursors
        self._read = read
        self._clock = clock
        self._log = log
        self._is_over = is_over
        self._one_at_a_time = asyncio.Lock()

    async def begin(self, guild: discord.Guild) -> bool:
        """Whether the bot was never in this server before. Then it remembers where now is, ahead of all other work:
        should the process die with a message in its hands, the next one must know that there is something to read."""
        is_new = await self._cursors.attended(guild.id) is None
        if is_new:
            await self.visit(guild)
        self._cursors.watched.add(guild.id)
        return is_new

    async def visit(self, guild: discord.Guild) -> None:
        """Everything missed in a server. The first visit reads nothing: it only remembers where now is."""
        async with self._one_at_a_time:
            now, attended = self._clock(), await self._cursors.attended(guild.id)
            if attended is not None:
                await self._catch_up_joins(guild, attended)
            found = 0
            async for place in self._places(guild, attended):
                found += await self._visit(place, attended)
            self._cursors.open(guild.id, now)
            await self._intake.take([])  # writes the cursors
        if attended is not None:
            self._log.info("discord: caught up", server=guild.name, messages=found)

    async def enter(self, place: Readable) -> None:
        """A channel or thread that is new, or seen for the first time in this session."""
        async with self._one_at_a_time:
            await self._visit(place, await self._cursors.attended(place.guild.id))
            await self._intake.take([])

    async def _places(self, guild: discord.Guild, attended: int | None) -> AsyncIterator[Readable]:
        for place in readable(guild):
            yield place
        if attended is None:
            return
        for parent in (c for c in guild.channels if isinstance(c, discord.TextChannel | discord.ForumChannel)):
            if history_fault(parent) is None and parent.permissions_for(guild.me).view_channel:
                for thread in await self._patiently(partial(_archived_since, parent, attended)):
                    yield thread

    async def _visit(self, place: Readable, attended: int | None) -> int:
        """Reads one place; how many messages it found."""
        cursor = await self._cursor(place, attended)
        if cursor is None or not _may_read(place) or (place.last_message_id or 0) <= cursor:
            self._cursors.settle(place.guild.id, place.id, max(place.last_message_id or 0, cursor or 0, 1))
            return 0
        if (fault := history_fault(place)) is not None:
            self._log.warning(fault)
            self._cursors.settle(place.guild.id, place.id, place.last_message_id or cursor)
            return 0
        return await self._catch_up(place, cursor)

    async def _cursor(self, place: Readable, attended: int | None) -> int | None:
        """Where to go on reading. A place made since we last listened is read from its start; one that was there
        before, but is new to us, is not read at all."""
        cursor = await self._cursors.read(place.id)
        if cursor is None and attended is not None and _opened_at(place) > attended:
            return place.id - 1
        return cursor

    async def _catch_up(self, place: Readable, cursor: int) -> int:
        count = 0
        while page := await self._patiently(partial(_page, place, cursor)):
            statements: list[Statement] = []
            for message in page:
                statements += await self._statements(message)
            cursor = page[-1].id
            await self._intake.take(statements, *(Kept(place.guild.id, place.id, m.id) for m in page))
            self._cursors.advance(place.id, cursor)
            count += len(page)
            self._log.info("discord: catching up", channel=place.name, messages=count)
        self._cursors.settle(place.guild.id, place.id, cursor)
        return count

    async def _statements(self, message: discord.Message) -> Sequence[Statement]:
        if self._cursors.heard(message.channel.id, message.id):
            return []
        try:
            return await self._patiently(lambda: self._read(message))
        except SessionOver:
            raise
        except Exception:  # noqa: BLE001 -- one message we cannot read must not hide all that come after it
            self._log.exception("discord: a missed message was skipped", message=message.id)
            return []

    async def _catch_up_joins(self, guild: discord.Guild, attended: int) -> None:
        late = [m for m in guild.members if m.joined_at is not None and micros(m.joined_at) > attended]
        joined = [join_statement(member, missed=True) for member in late]
        await self._intake.take([statement for statement in joined if statement is not None])

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        return await patiently(ask, self._log, self._is_over)


def readable(guild: discord.Guild) -> Iterator[Readable]:
    """Every place of a server that holds messages and is known now."""
    for channel in guild.channels:
        if isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel):
            yield channel
    yield from (thread for thread in guild.threads if room_of(thread) is not None)


def _opened_at(place: Readable) -> int:
    """UTC microseconds. A thread made from a message has that message's id, so its id is no date."""
    opened = place.created_at if isinstance(place, discord.Thread) else None
    return micros(opened) if opened is not None else made_at(place.id)


def _may_read(place: Readable) -> bool:
    return place.permissions_for(place.guild.me).view_channel


async def _page(place: Readable, after: int) -> list[discord.Message]:
    found = place.history(limit=_PAGE, after=discord.Object(after), oldest_first=True)
    return [message async for message in found]


async def _archived_since(parent: discord.TextChannel | discord.ForumChannel, attended: int) -> list[discord.Thread]:
    """Threads put to rest since; the list comes youngest first."""
    threads: list[discord.Thread] = []
    async for thread in parent.archived_threads(limit=None):
        if micros(thread.archive_timestamp) <= attended:
            break
        threads.append(thread)
    return threads
