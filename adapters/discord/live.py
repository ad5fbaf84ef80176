"""What is heard while connected, from event to durable statements."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord.cursors import Cursors
from adapters.discord.emoji import has_tones
from adapters.discord.intake import Intake
from adapters.discord.intake import Mark as Kept
from adapters.discord.moments import made_at, micros
from adapters.discord.normalise import (
    Mark,
    Origin,
    Said,
    ban_statement,
    deletion_statements,
    edit_statements,
    emoji_name,
    is_opening,
    is_written,
    join_statement,
    message_statements,
    reaction_statement,
    withdrawal,
)
from adapters.discord.rooms import Room, room_of, source_of
from adapters.discord.threads import Roots
from adapters.discord.trouble import SessionOver, found_or_none, patiently
from core.bans import ban_id
from core.events import Statement, membership_id, message_id
from core.ports import Clock

T = TypeVar("T")
_REMEMBERED = 10_000  # messages with reactions
ReactionsOn = Callable[[str, str], Awaitable[Sequence[str]]]
Read = Callable[[int, int], Awaitable[discord.Message]]
Where = Callable[[int], Awaitable[object]]


class Live:
    """One session's events. `me`: the bot's own user id, whose messages and reactions are no facts.

    `read` fetches a message, `where` finds a channel, `is_over` tells whether the client is closed.
    `reactions_on` asks the log for the ids of the live
    reactions on a message (source, message fact id).
    """

    def __init__(
        self,
        intake: Intake,
        cursors: Cursors,
        clock: Clock,
        log: FilteringBoundLogger,
        *,
        me: Callable[[], int],
        is_over: Callable[[], bool],
        read: Read,
        where: Where,
        reads_text: bool,
        reactions_on: ReactionsOn | None = None,
    ) -> None:
        self._intake = intake
        self._cursors = cursors
        self._clock = clock
        self._log = log
        self._me = me
        self._is_over = is_over
        self._read = read
        self._where = where
        self._reads_text = reads_text
        self._reactions_on = reactions_on
        self._marks: OrderedDict[tuple[int, int], set[str]] = OrderedDict()
        self.roots = Roots(lambda channel, message: found_or_none(read(channel, message)))

    # -- messages -----------------------------------------------------------------------------------------

    async def said(self, message: discord.Message) -> None:
        """A new message."""
        if message.guild is None:
            return
        channel, number = message.channel.id, message.id
        self._cursors.seen(channel, number)
        statements = await self._or_nothing(lambda: self._message(message), message.id)
        await self._intake.take(statements, Kept(message.guild.id, channel, number))

    async def missed(self, message: discord.Message) -> Sequence[Statement]:
        """A message found by catch-up, with the reactions it has."""
        statements = await self._message(message, missed=True)
        return [*statements, *await self._missed_reactions(message)]

    async def edited(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message was rewritten, or only its previews came."""
        if event.guild_id is None or event.message.edited_at is None:
            return
        said = await self._or_nothing(lambda: self._said(event.message), event.message_id)
        await self._take([s for one in said for s in edit_statements(one)])

    async def deleted(self, guild: int | None, channel: int, messages: Sequence[int]) -> None:
        """Messages are gone. What was said about them goes with them, which the core sees to."""
        if guild is not None:
            await self._take(deletion_statements(source_of(guild), channel, messages, self._clock()))

    async def _message(self, message: discord.Message, *, missed: bool = False) -> Sequence[Statement]:
        return [s for said in await self._said(message, missed=missed) for s in message_statements(said)]

    async def _said(self, message: discord.Message, *, missed: bool = False) -> Sequence[Said]:
        """The message with what is around it; nothing for our own and for those that nobody wrote."""
        self.roots.note(message)
        if message.author.id == self._me() or not is_written(message):
            return []
        room = room_of(message.channel) or room_of(await self._where(message.channel.id))
        if room is None:
            return []
        root, target = await self.roots.origin(message, room), await self.roots.target(message)
        return [Said(message, room, root, target, self._reads_text, missed)]

    # -- reactions ----------------------------------------------------------------------------------------

    async def reacted(self, event: discord.RawReactionActionEvent) -> None:
        """A reaction came. Discord does not say when, so it is now."""
        at, mark = self._clock(), self._mark(event)
        if mark is None:
            return
        self._remember(mark)
        await self._take(await self._or_nothing(lambda: self._reaction(mark, at, event.member), mark.message))

    async def unreacted(self, event: discord.RawReactionActionEvent) -> None:
        """A reaction went; another tone of the same hand may still be there."""
        at, mark = self._clock(), self._mark(event)
        if mark is None:
            return
        tone = str(event.emoji)
        is_left = await self._patiently(lambda: self._has_other_tone(mark, tone))
        if not is_left:
            self._marks.get((mark.channel, mark.message), set()).discard(mark.id)
            await self._take([withdrawal(mark.source, mark.id, at)])

    async def cleared(self, guild: int | None, channel: int, message: int, emoji: str | None = None) -> None:
        """A moderator wiped reactions. Discord does not say whose: the log knows, or what we heard ourselves."""
        if guild is None:
            return
        at, source = self._clock(), source_of(guild)
        gone = set(self._marks.get((channel, message), ()))
        if self._reactions_on is not None:
            marks = await self._reactions_on(source, message_id(str(channel), str(message)))
            gone.update(id_ for id_ in marks if id_.startswith("reaction:"))
        gone = {id_ for id_ in gone if emoji is None or id_.rpartition("/")[2] == emoji}
        self._marks.get((channel, message), set()).difference_update(gone)
        await self._take([withdrawal(source, id_, at, "cleared") for id_ in sorted(gone)])

    def _mark(self, event: discord.RawReactionActionEvent) -> Mark | None:
        if event.guild_id is None or event.user_id == self._me():
            return None
        return Mark(
            source=source_of(event.guild_id),
            channel=event.channel_id,
            message=event.message_id,
            user=event.user_id,
            emoji=emoji_name(event.emoji),
            author=event.message_author_id,
        )

    def _remember(self, mark: Mark) -> None:
        place = (mark.channel, mark.message)
        self._marks.setdefault(place, set()).add(mark.id)
        self._marks.move_to_end(place)
        if len(self._marks) > _REMEMBERED:
            self._marks.popitem(last=False)

    async def _reaction(self, mark: Mark, at: int, actor: discord.abc.User | None) -> Sequence[Statement]:
        room = room_of(await self._where(mark.channel))
        root = await self.roots.of_thread(room) if _in_thread(mark, room) and room is not None else None
        return [reaction_statement(_placed(mark, room, root), at, actor)]

    async def _missed_reactions(self, message: discord.Message) -> Sequence[Statement]:
        """Who reacted, by one read for each emoji. The earliest it can have been is the message's own time."""
        room = room_of(message.channel)
        statements: dict[str, Statement] = {}
        for reaction in message.reactions:
            async for user in reaction.users():
                mark = self._found(message, user, emoji_name(reaction.emoji))
                if user.id != self._me() and room is not None:
                    statements[mark.id] = await self._missed_reaction(mark, room, message, user)
        return list(statements.values())

    async def _missed_reaction(
        self, mark: Mark, room: Room, message: discord.Message, user: discord.abc.User
    ) -> Statement:
        self._remember(mark)
        root = await self.roots.origin(message, room)
        at = made_at(message.id)
        return reaction_statement(_placed(mark, room, root), at, user, missed=True)

    def _found(self, message: discord.Message, user: discord.abc.User, emoji: str) -> Mark:
        source = source_of(message.guild.id if message.guild is not None else 0)
        return Mark(source, message.channel.id, message.id, user.id, emoji, author=message.author.id)

    async def _has_other_tone(self, mark: Mark, gone: str) -> bool:
        if not has_tones(mark.emoji):
            return False
        message = await found_or_none(self._read(mark.channel, mark.message))
        for reaction in message.reactions if message is not None else []:
            is_other = emoji_name(reaction.emoji) == mark.emoji and str(reaction.emoji) != gone
            if is_other and mark.user in [user.id async for user in reaction.users()]:
                return True
        return False

    # -- people -------------------------------------------------------------------------------------------

    async def joined(self, member: discord.Member) -> None:
        """Somebody came."""
        statement = join_statement(member)
        await self._take([statement] if statement is not None else [])
        if member.joined_at is not None:
            self._cursors.attend(member.guild.id, micros(member.joined_at))

    async def left(self, guild: int, user: int) -> None:
        """Somebody went, or was sent away."""
        await self._take([withdrawal(source_of(guild), membership_id(str(user)), self._clock(), "left")])

    async def banned(self, guild: int, user: int) -> None:
        """Somebody was thrown out for good."""
        await self._take([ban_statement(source_of(guild), user, self._clock())])

    async def unbanned(self, guild: int, user: int) -> None:
        """Somebody may come back."""
        await self._take([withdrawal(source_of(guild), ban_id(str(user)), self._clock(), "unbanned")])

    # -- helpers ------------------------------------------------------------------------------------------

    async def _take(self, statements: Sequence[Statement]) -> None:
        if statements:
            await self._intake.take(statements)

    async def _patiently(self, ask: Callable[[], Awaitable[bool]]) -> bool:
        return await patiently(ask, self._log, self._is_over)

    async def _or_nothing(self, ask: Callable[[], Awaitable[Sequence[T]]], message: int) -> Sequence[T]:
        """Its answer, however long Discord needs. A fault of ours costs this one message, not those behind it."""
        try:
            return await patiently(ask, self._log, self._is_over)
        except SessionOver:
            raise
        except Exception:  # noqa: BLE001 -- the platform's error hook, see above
            self._log.exception("discord: a message was skipped", message=message)
            return []


def _in_thread(mark: Mark, room: Room | None) -> bool:
    return room is not None and room.thread and not is_opening(room, mark.message)


def _placed(mark: Mark, room: Room | None, root: Origin | None) -> Mark:
    return replace(mark, room=room, root=root)
