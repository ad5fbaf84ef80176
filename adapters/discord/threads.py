"""Which message a reply belongs to: the root of its thread, or of the chain of messages it continues."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord

from adapters.discord.normalise import Origin
from adapters.discord.rooms import Room

Fetch = Callable[[int, int], Awaitable[discord.Message | None]]
_REMEMBERED = 20_000
_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class _Link:
    """A message: whose, and which one it answers. `author` is None for one that is gone."""

    author: str | None
    bot: bool = False
    parent: int | None = None


class Roots:
    """Finds roots: from what passed by, else by reading. `fetch` gives None for what is gone or closed."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._links: OrderedDict[tuple[int, int], _Link] = OrderedDict()

    def note(self, message: discord.Message) -> None:
        """Remembers a message that passed by, and what it refers to."""
        answered = _answered(message)
        self._keep(message.channel.id, message.id, _link(message, answered))
        resolved = message.reference.resolved if message.reference is not None else None
        if isinstance(resolved, discord.Message) and _points_into(message, resolved):
            self._keep(message.reference.channel_id, resolved.id, _link(resolved, _answered(resolved)))  # type: ignore[union-attr]  # it resolved, so there is one

    async def origin(self, message: discord.Message, room: Room) -> Origin | None:
        """The root of what the message belongs to; None for a post of its own."""
        self.note(message)
        if room.thread:
            return await self.of_thread(room)
        answered = _answered(message)
        return await self._climb(message.channel.id, answered) if answered is not None else None

    async def of_thread(self, room: Room) -> Origin:
        """The root of a thread: the message it was made from, else its opener."""
        number = int(room.id)
        if not room.forum:
            link = await self._look(int(room.channel_id), number)
            if link.author is not None:
                return Origin(room.channel_id, room.id, link.author, link.bot)
        return Origin(room.id, room.id, room.owner)

    async def target(self, message: discord.Message) -> str | None:
        """The user id of the person an inline reply answers."""
        answered = _answered(message)
        return (await self._look(message.channel.id, answered)).author if answered is not None else None

    async def _climb(self, channel: int, message: int) -> Origin:
        link = await self._look(channel, message)
        for _ in range(_LONGEST_CHAIN):
            if link.parent is None:
                break
            message = link.parent
            link = await self._look(channel, message)
        return Origin(str(channel), str(message), link.author, link.bot)

    async def _look(self, channel: int, message: int) -> _Link:
        known = self._links.get((channel, message))
        if known is not None:
            return known
        found = await self._fetch(channel, message)
        if found is None:
            self._keep(channel, message, _Link(None))
        else:
            self.note(found)
            self._keep(channel, message, _link(found, _answered(found)))
        return self._links[channel, message]

    def _keep(self, channel: int, message: int, link: _Link) -> None:
        self._links[channel, message] = link
        if len(self._links) > _REMEMBERED:
            self._links.popitem(last=False)


def _link(message: discord.Message, parent: int | None) -> _Link:
    is_bot = message.author.bot or message.webhook_id is not None
    return _Link(str(message.author.id), is_bot, parent)


def _answered(message: discord.Message) -> int | None:
    """The message that an inline reply answers."""
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    return message.reference.message_id


def _points_into(message: discord.Message, resolved: discord.Message) -> bool:
    """A reply's reference, or the message a thread was made from; a forwarded one is neither."""
    kinds = (discord.MessageType.reply, discord.MessageType.thread_starter_message)
    return message.type in kinds and resolved.id == message.reference.message_id  # type: ignore[union-attr]  # it resolved
