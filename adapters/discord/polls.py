"""Votes in Discord's polls: one person's answers to one poll are one vote, until the last of them is taken back."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord.intake import Intake
from adapters.discord.moments import made_at, micros
from adapters.discord.normalise import account_of, person_facts, room_facts, withdrawal
from adapters.discord.rooms import Room, room_of, source_of
from adapters.discord.trouble import patiently
from core.errors import StorageUnavailable
from core.events import Statement, Value, message_id
from core.ports import Clock, Notebook
from core.times import write_time

T = TypeVar("T")
MOST_ANSWERS = 10
LONGEST = 32 * 24 * 3600 * 1_000_000  # microseconds that Discord lets a poll be open
PAGE = 100
MOST_NOTED = 1_000
"""Polls of a server whose votes are looked at after a silence: the newest of those that are open."""
_REMEMBERED = 10_000  # votes
_NO_SUCH_ANSWER = (400, 404)
Voters = Callable[[int, int, int, int], Awaitable[Sequence[int]]]
"""Channel, message, answer, and after which person: the next hundred who chose it, by ascending id."""
VotesOn = Callable[[str, str], Awaitable[Sequence[str]]]
"""Source and message: the ids of the live marks there, votes among them, in the log."""


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody's vote, whichever answers it has."""

    source: str
    channel: int
    message: int
    user: int

    @property
    def id(self) -> str:
        """The fact's id."""
        return f"poll:{self.channel}/{self.message}/{self.user}"


@dataclass(frozen=True, slots=True)
class Sight:
    """What Discord shows to this session. `member`: somebody of a server, as far as known."""

    voters: Voters
    where: Callable[[int], Awaitable[object]]
    member: Callable[[int, int], discord.Member | None]
    is_over: Callable[[], bool]
    close: Callable[[], Awaitable[None]]


def vote_statement(
    vote: Vote, at: int, room: Room | None, member: discord.abc.User | None, *, missed: bool = False
) -> Statement:
    """A vote that is there. Whose poll it is, and what kind of post, the core finds out: Discord does not say."""
    facts: dict[str, Value] = {
        "message": message_id(str(vote.channel), str(vote.message)),
        "object_at": write_time(made_at(vote.message)),
    }
    facts |= room_facts(room) if room is not None else {}
    facts |= person_facts(member) if member is not None else {}
    facts |= {"recovered": True, "at_is_approximate": True} if missed else {}
    return Statement(vote.source, vote.id, at, "poll.voted", actor=account_of(vote.source, vote.user), facts=facts)


class Polls:
    """`votes_on` asks the log. Polls that are open are noted, so that votes cast during a silence are found."""

    def __init__(
        self, intake: Intake, notebook: Notebook, clock: Clock, log: FilteringBoundLogger, votes_on: VotesOn | None
    ) -> None:
        self._intake = intake
        self._notebook = notebook
        self._clock = clock
        self._log = log
        self._votes_on = votes_on
        self._sight: Sight | None = None
        self._held: OrderedDict[Vote, set[int]] = OrderedDict()
        self._noted: dict[int, dict[str, int]] = {}

    def look_through(self, sight: Sight) -> None:
        """A new session."""
        self._sight = sight
        self._held.clear()

    @property
    def is_over(self) -> bool:
        """Whether the session that could be asked has ended."""
        return self._sight is None or self._sight.is_over()

    # -- live ---------------------------------------------------------------------------------------------

    async def voted(self, event: discord.RawPollVoteActionEvent) -> None:
        """Somebody chose an answer. Discord does not say when, so it is now."""
        at = self._clock()
        if event.guild_id is None or self._sight is None:
            return
        vote = _vote(event.guild_id, event)
        self._remember(vote, event.answer_id)
        member = self._sight.member(event.guild_id, event.user_id)
        room = room_of(await self._patiently(partial(self._sight.where, event.channel_id)))
        await self._intake.take([vote_statement(vote, at, room, member)])
        await self._note(event.guild_id, event.channel_id, event.message_id, made_at(event.message_id) + LONGEST)

    async def unvoted(self, event: discord.RawPollVoteActionEvent) -> None:
        """Somebody took an answer back; another one of theirs may still be there."""
        at = self._clock()
        if event.guild_id is None or self._sight is None:
            return
        vote = _vote(event.guild_id, event)
        held = self._held.get(vote, set())
        held.discard(event.answer_id)
        if not held and not await self._has_another(vote, event.answer_id):
            self._held.pop(vote, None)
            await self._intake.take([withdrawal(vote.source, vote.id, at)])

    async def is_told(self, event: discord.RawPollVoteActionEvent) -> bool:
        """Whether the log has a vote of this person there."""
        if event.guild_id is None or self._votes_on is None:
            return False
        vote = _vote(event.guild_id, event)
        return vote.id in await self._votes_on(vote.source, message_id(str(vote.channel), str(vote.message)))

    def _remember(self, vote: Vote, answer: int) -> None:
        self._held.setdefault(vote, set()).add(answer)
        self._held.move_to_end(vote)
        if len(self._held) > _REMEMBERED:
            self._held.popitem(last=False)

    async def _has_another(self, vote: Vote, gone: int) -> bool:
        """Asks for each other answer. Which there are Discord shows only to bots that may read texts; they are
        numbered from one, and behind the last there is none."""
        for answer in range(1, MOST_ANSWERS + 1):
            found = await self._page(vote.channel, vote.message, answer, vote.user - 1)
            if found is None:
                return False
            if answer != gone and vote.user in found[:1]:
                return True
        return False

    # -- what was missed ----------------------------------------------------------------------------------

    async def seen(self, message: discord.Message) -> None:
        """A message that may be a poll: its votes are looked at after the next silence."""
        if message.guild is None or message.poll is None:
            return
        ends = message.poll.expires_at
        until = micros(ends) if ends is not None else made_at(message.id) + LONGEST
        await self._note(message.guild.id, message.channel.id, message.id, until)

    async def found(self, message: discord.Message) -> None:
        """A message of a silence that may be a poll: its votes are looked at now."""
        await self.seen(message)
        if message.guild is not None and message.poll is not None:
            await self._compare(message.guild, message.channel.id, message.id)

    async def reconcile(self, guild: discord.Guild) -> None:
        """Votes in the noted polls, beside what the log has."""
        now = self._clock()
        for place, until in dict(await self._notes(guild.id)).items():
            channel, message = (int(part) for part in place.split("/"))
            await self._compare(guild, channel, message)
            if until < now:  # it was still open when we last looked; now it is counted for good
                self._noted[guild.id].pop(place, None)
        await self._write(guild.id)

    async def _compare(self, guild: discord.Guild, channel: int, message: int) -> None:
        source, now = source_of(guild.id), self._clock()
        users = await self._everybody(channel, message)
        if users is None or self._votes_on is None:
            return
        found = {vote.id: vote for user in users for vote in [Vote(source, channel, message, user)]}
        marks = await self._votes_on(source, message_id(str(channel), str(message)))
        logged = {id_ for id_ in marks if id_.startswith("poll:")}
        room = room_of(guild.get_channel_or_thread(channel))
        said = [
            vote_statement(vote, made_at(message), room, guild.get_member(vote.user), missed=True)
            for id_, vote in sorted(found.items())
            if id_ not in logged
        ]
        said += [withdrawal(source, id_, now, "taken back") for id_ in sorted(logged - found.keys())]
        if said:
            await self._intake.take(said)

    async def _everybody(self, channel: int, message: int) -> set[int] | None:
        """Who voted; None where the message is gone or closed."""
        users: set[int] = set()
        for answer in range(1, MOST_ANSWERS + 1):
            after: int | None = 0
            while after is not None:
                page = await self._page(channel, message, answer, after)
                if page is None:
                    return users if answer > 1 else None
                users.update(page)
                after = max(page) if len(page) == PAGE else None
        return users

    async def _page(self, channel: int, message: int, answer: int, after: int) -> Sequence[int] | None:
        """Voters of one answer; None where there is no such answer, or the poll is gone or closed."""
        sight = self._sight
        if sight is None:
            return None
        try:
            return await self._patiently(partial(sight.voters, channel, message, answer, after))
        except discord.Forbidden:
            return None
        except discord.HTTPException as error:
            if error.status not in _NO_SUCH_ANSWER:
                raise
            return None

    # -- notes --------------------------------------------------------------------------------------------

    async def _notes(self, guild: int) -> dict[str, int]:
        if guild not in self._noted:
            text = await self._notebook.read(_key(guild))
            self._noted[guild] = {str(k): int(v) for k, v in json.loads(text).items()} if text else {}
        return self._noted[guild]

    async def _note(self, guild: int, channel: int, message: int, until: int) -> None:
        place, notes = f"{channel}/{message}", await self._notes(guild)
        if place not in notes and until > self._clock():
            notes[place] = until
            for oldest in list(notes)[:-MOST_NOTED]:
                del notes[oldest]
            await self._write(guild)

    async def _write(self, guild: int) -> None:
        try:
            await self._notebook.write({_key(guild): json.dumps(self._noted.get(guild, {}))})
        except StorageUnavailable as error:
            self._log.warning(
                "discord: open polls not noted, votes cast during a silence may be missed", reason=str(error)
            )

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        return await patiently(ask, self._log, lambda: self.is_over)


def _vote(guild: int, event: discord.RawPollVoteActionEvent) -> Vote:
    return Vote(source_of(guild), event.channel_id, event.message_id, event.user_id)


def _key(guild: int) -> str:
    return f"discord:polls:{guild}"
