"""One look at the message that a statement is about, for the facts its payload lacked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import discord

from adapters.discord.moments import made_at
from adapters.discord.normalise import account_of, is_opening, room_facts
from adapters.discord.rooms import Room, room_of
from adapters.discord.threads import Roots
from adapters.discord.trouble import PASSING
from core.errors import RetryLater
from core.events import Statement
from core.texts import facts_of
from core.times import write_time

_PAUSE = 5.0  # seconds
Read = Callable[[int, int], Awaitable[discord.Message]]
Where = Callable[[int], Awaitable[discord.abc.GuildChannel | discord.Thread | None]]


class DiscordRecall:
    """core.ports.Recall. `read` raises what discord.py raises; `where` finds a channel or thread, None if closed."""

    def __init__(self, read: Read, where: Where, roots: Callable[[], Roots], reads_text: Callable[[], bool]) -> None:
        self._read = read
        self._where = where
        self._roots = roots
        self._reads_text = reads_text

    async def recall(self, statement: Statement) -> Mapping[str, object] | None:
        """Facts of the message in `facts.message`; None if it is gone, nothing where the bot may not look."""
        place = _place_of(statement.facts.get("message"))
        if place is None:
            return {}
        try:
            return await self._look(*place)
        except discord.NotFound:
            return None
        except discord.Forbidden:
            return {}
        except PASSING as error:
            raise RetryLater(_PAUSE, f"Discord does not answer ({type(error).__name__})") from error

    async def _look(self, channel: int, message: int) -> Mapping[str, object]:
        found = await self._read(channel, message)
        room = room_of(await self._where(channel))
        return await self._facts(found, room) if room is not None else {}

    async def _facts(self, found: discord.Message, room: Room) -> Mapping[str, object]:
        facts: dict[str, object] = dict(room_facts(room))
        facts["object_at"] = write_time(made_at(found.id))
        facts["author"] = account_of(room.source, found.author.id)
        root = await self._roots().origin(found, room)
        is_reply = root is not None and not is_opening(room, found.id)
        facts["post_kind"] = "reply" if is_reply else "post"
        if root is not None:
            facts["thread"] = root.id
        if self._reads_text():
            text = facts_of(found.content, [account_of(room.source, user) for user in found.raw_mentions])
            facts.update(text)
        return facts


def _place_of(message: object) -> tuple[int, int] | None:
    """Channel and message id of a message's fact id."""
    channel, _, number = str(message or "").removeprefix("message:").partition("/")
    return (int(channel), int(number)) if channel.isdigit() and number.isdigit() else None
