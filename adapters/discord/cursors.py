"""How far each channel was read: after a crash, what lies behind a cursor is read again."""

from __future__ import annotations

from collections import defaultdict

from adapters.discord.moments import made_at
from core.ports import Notebook


class Cursors:
    """Per channel the newest message up to which *all* are durable, remembered in the Notebook.

    Messages arrive (`seen`), become durable in any order (`kept`), and the cursor follows the oldest one
    still on its way. While catch-up reads a channel its cursor stands still (`hold` … `settle`): else live traffic
    would move it over the gap.
    """

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._flying: dict[int, set[int]] = defaultdict(set)
        self._highest: dict[int, int] = {}
        self._live: dict[int, set[int]] = defaultdict(set)
        self._settled: set[int] = set()
        self._open: set[int] = set()
        self._entered: set[int] = set()
        self.watched: set[int] = set()  # servers where what goes by unheard now is found by the next session
        self._latest: dict[int, int] = defaultdict(int)
        self._dirty: dict[str, str] = {}

    def hold(self) -> None:
        """A new session: what happened before it is unknown, in every channel."""
        self._settled.clear()
        self._open.clear()
        self._entered.clear()
        self.watched.clear()
        self._live.clear()

    def hold_place(self, channel: int) -> None:
        """An older place came into sight; what was missed in it is read before its cursor moves."""
        if channel not in self._settled:
            self._entered.add(channel)

    def seen(self, channel: int, message: int) -> None:
        """A message arrived. Call it before anything that waits."""
        self._flying[channel].add(message)
        if channel not in self._settled:
            self._live[channel].add(message)

    def heard(self, channel: int, message: int) -> bool:
        """Whether catch-up need not read it: it came live in this session."""
        return message in self._live[channel]

    def kept(self, guild: int, channel: int, message: int) -> None:
        """It is durable now."""
        self._flying[channel].discard(message)
        self._highest[channel] = max(message, self._highest.get(channel, 0))
        if guild in self._open and channel not in self._entered:
            self._settled.add(channel)  # it was closed to us when catch-up passed: before this there is nothing
        if channel in self._settled:
            self._live.pop(channel, None)
            self._move(guild, channel)

    def settle(self, guild: int, channel: int, position: int) -> None:
        """Catch-up has read the channel up to `position`."""
        self._settled.add(channel)
        self._entered.discard(channel)
        self._live.pop(channel, None)
        self._highest[channel] = max(position, self._highest.get(channel, 0))
        self._move(guild, channel)

    def _move(self, guild: int, channel: int) -> None:
        waiting = self._flying[channel]
        position = min(min(waiting) - 1, self._highest[channel]) if waiting else self._highest[channel]
        self._dirty[_channel_key(channel)] = str(position)
        if not waiting:
            del self._flying[channel]
            self.attend(guild, made_at(position))

    def advance(self, channel: int, position: int) -> None:
        """Catch-up got this far; live messages beyond are not counted yet."""
        self._dirty[_channel_key(channel)] = str(position)

    def open(self, guild: int, at: int) -> None:
        """Catch-up has been everywhere in this server, where it began at `at` (UTC microseconds)."""
        self._open.add(guild)
        self.attend(guild, at)

    def is_open(self, guild: int) -> bool:
        """Whether catch-up has been everywhere in this server since the session began."""
        return guild in self._open

    def attend(self, guild: int, at: int) -> None:
        """The bot listened in this server at that moment. Not believed while catch-up is on its way: a thread
        that it has not seen yet would pass for one from before our time. Never moves back: an empty place, or a
        thread made of an old message, would make the bot read years that it was not there for."""
        if guild not in self._open or at <= self._latest[guild]:
            return
        self._latest[guild] = at
        self._dirty[_guild_key(guild)] = str(at)

    async def flush(self) -> None:
        """Writes what moved."""
        moved, self._dirty = self._dirty, {}
        if not moved:
            return
        try:
            await self._notebook.write(moved)
        except BaseException:
            self._dirty = moved | self._dirty
            raise

    async def read(self, channel: int) -> int | None:
        """The remembered cursor; None for a channel never read."""
        text = self._dirty.get(_channel_key(channel)) or await self._notebook.read(_channel_key(channel))
        return int(text) if text else None

    async def attended(self, guild: int) -> int | None:
        """When the bot last listened in this server (UTC microseconds); None for one it never was in."""
        text = await self._notebook.read(_guild_key(guild))
        return int(text) if text else None


def _channel_key(channel: int) -> str:
    return f"discord:cursor:{channel}"


def _guild_key(guild: int) -> str:
    return f"discord:attended:{guild}"
