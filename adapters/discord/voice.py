"""Voice sessions and visits of scheduled events: who was where, with whom, and for how long. Never what was said."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import discord
from structlog.typing import FilteringBoundLogger

from adapters.discord.intake import Intake
from adapters.discord.normalise import account_of
from adapters.discord.rooms import source_of
from adapters.discord.trouble import PASSING, SessionOver
from adapters.discord.whereabouts import There, at_its_end, gathering, there
from core.errors import StorageUnavailable
from core.events import Account, Value
from core.places import PlacesOf
from core.ports import Clock
from core.stays import (
    EVENT,
    TYPES,
    Gathering,
    House,
    Stay,
    Stays,
    Step,
    begin,
    changed,
    count,
    drop,
    finish,
    housed,
    lose,
    move,
    skip,
    told,
)

T = TypeVar("T")
_LONGEST_PAUSE = 30.0  # seconds
_AT_ONCE = 5_000_000  # microseconds: two changes of one person within them may have come in the wrong order
_LOOK = 5.0  # seconds that Discord has for an answer about it
_MISSED: Mapping[str, Value] = {"recovered": True, "at_is_approximate": True}


class Voice:
    """One house for each server, from its loading to the next silence. What changes in it is kept before anything is
    said, and forgotten when the log has it: a kill in between says the same once more, and no more."""

    def __init__(self, intake: Intake, stays: Stays, places: PlacesOf, clock: Clock, log: FilteringBoundLogger) -> None:
        self._intake = intake
        self._stays = stays
        self._places = places
        self._clock = clock
        self._log = log
        self._houses: dict[int, House] = {}
        self._quiet_since: dict[int, int] = {}  # servers that are not heard: the end of what is known of them
        self._down_since: int | None = None
        self._latest: dict[Account, int] = {}
        self._turns: dict[Account, object] = {}  # the last change of everybody who waits
        self._one_at_a_time: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._over = False

    # -- the line -----------------------------------------------------------------------------------------

    def line_is(self, up: bool) -> None:
        """The gateway came or went. After a RESUME nothing was missed, and all goes on."""
        self._down_since = None if up else self._down_since or self._clock()

    def hold(self) -> None:
        """A new session: what happened since the line went is unknown, everywhere."""
        for guild in self._houses:
            self.pause(guild)

    def pause(self, guild: int) -> None:
        """A server is not heard any more."""
        self._quiet_since.setdefault(guild, self._down_since or self._clock())

    async def save(self) -> None:
        """Everything that is known is counted and kept, and forgotten where no rule asks any more; where the database
        does not take it, the next time."""
        now = self._clock()
        self._latest = {who: at for who, at in self._latest.items() if _at_once(at, now)}
        for guild in list(self._houses):
            async with self._one_at_a_time[guild]:
                if (before := self._houses.get(guild)) is None:  # sent away from there meanwhile
                    continue
                source, asks = source_of(guild), self._asks(guild)
                after = count(before, self._known_until(guild)) if asks else House()
                try:
                    await self._stays.keep(source, changed(before, after))
                    await self._stays.forget(source, [] if asks else [stay.key for stay in before.stays])
                    self._houses[guild] = after
                except StorageUnavailable as error:
                    self._log.warning("discord: open voice sessions not saved", reason=str(error))

    def _known_until(self, guild: int) -> int:
        return self._quiet_since.get(guild) or self._down_since or self._clock()

    async def close(self) -> None:
        """The last save."""
        self._over = True
        await self.save()

    # -- what happens -------------------------------------------------------------------------------------

    async def moved(self, member: discord.Member, before: discord.VoiceState, state: discord.VoiceState) -> None:
        """Somebody came, went, moved, or changed what they hear. Discord tells no time, so it is now."""
        at, guild, place = self._clock(), member.guild.id, there(member, state)
        if member.bot:
            return
        account = account_of(source_of(guild), member.id)
        latest, self._latest[account] = self._latest.get(account, 0), at
        if there(member, before) == place:  # who mutes themselves still hears
            return
        turn = self._turns[account] = object()
        async with self._one_at_a_time[guild]:
            is_last = self._turns.get(account) is turn and bool(self._turns.pop(account))
            if not self._hears(guild) or (_at_once(latest, at) and not is_last):
                return  # the later change of theirs that waits is the one that asks
            if _at_once(latest, at):
                place = there(member, await self._ask(member, state))
            await self._settle(member.guild, _moved(self._houses[guild], account, place, at))

    async def left(self, guild: discord.Guild, user: int) -> None:
        """Somebody left the server. Of people who are no members the library tells no voice states any more."""
        at, account = self._clock(), account_of(source_of(guild.id), user)
        async with self._one_at_a_time[guild.id]:
            if self._hears(guild.id):
                await self._settle(guild, move(self._houses[guild.id], account, None, at))

    async def banned(self, guild: discord.Guild, user: int) -> None:
        """Somebody was thrown out for good: what they had begun to collect goes with all the rest."""
        at, source = self._clock(), source_of(guild.id)
        async with self._one_at_a_time[guild.id]:
            if self._hears(guild.id):
                step = drop(self._houses[guild.id], account_of(source, user), at)
                await self._settle(guild, Step(step.house))
                await self._insist(lambda: self._stays.forget(source, [stay.key for stay in step.ended]))

    async def dismissed(self, guild: discord.Guild) -> None:
        """The bot was sent away: what was collected until then is told, and nobody there is followed any more."""
        async with self._one_at_a_time[guild.id]:
            if guild.id in self._houses:
                known = count(self._houses[guild.id], self._known_until(guild.id))
                await self._settle(guild, lose(known, {}, ()))
                del self._houses[guild.id]

    async def _ask(self, member: discord.Member, told: discord.VoiceState) -> discord.VoiceState | None:
        """What Discord says when asked: what was told so soon after another change may have come before it."""
        try:
            async with asyncio.timeout(_LOOK):
                return await member.fetch_voice()
        except discord.NotFound:
            return None
        except (discord.Forbidden, *PASSING):
            return told

    async def event_changed(self, event: discord.ScheduledEvent) -> None:
        """An event began, ended, or something else about it changed."""
        await self._event(event, gathering(event) if self._asks_for_events(event.guild_id) else None)

    async def event_gone(self, event: discord.ScheduledEvent) -> None:
        """An event was deleted: if it ran, it is over."""
        await self._event(event, None)

    async def _event(self, event: discord.ScheduledEvent, runs: Gathering | None) -> None:
        at, guild = self._clock(), event.guild
        if guild is None:
            return
        async with self._one_at_a_time[guild.id]:
            if not self._hears(guild.id):
                return
            house, prefix = self._houses[guild.id], f"{EVENT}{event.id}/"
            thing = next((thing for thing in house.gatherings if thing.startswith(prefix)), None)
            if runs is not None:
                await self._settle(guild, Step(begin(house, replace(runs, thing=thing or runs.thing), at)))
            elif thing is not None:
                await self._settle(guild, finish(house, thing, at))

    def _hears(self, guild: int) -> bool:
        """Whether a change is news: else the loading of the server will look who is there. Of a server whose own book
        does not ask nothing is news, whatever those of others want."""
        return guild in self._houses and guild not in self._quiet_since and self._asks(guild)

    def _asks(self, guild: int) -> bool:
        return not self._places(source_of(guild)).watches.isdisjoint(TYPES.values())

    def _asks_for_events(self, guild: int) -> bool:
        return TYPES[EVENT] in self._places(source_of(guild)).watches

    # -- a server is loaded -------------------------------------------------------------------------------

    async def enter(self, guild: discord.Guild) -> None:
        """Who is there now beside who was there when we last knew: nothing is made up about the time between."""
        async with self._one_at_a_time[guild.id]:
            before = self._houses[guild.id] = await self._known(guild.id)
            self._quiet_since.pop(guild.id, None)  # now: what is lost while this works is another silence
            now, people, running = self._clock(), self._people(guild), self._running(guild)
            places = {account: place.room for account, place in people.items()}
            lost = lose(before, places, {g.thing for g in running})
            house = skip(lost.house, now)
            for event in running:
                house = begin(house, event, now)
            for account, place in people.items():
                house = _moved(house, account, place, now).house
            await self._settle(guild, Step(house, lost.ended), _MISSED)

    def _people(self, guild: discord.Guild) -> dict[Account, There]:
        rooms: Sequence[discord.VoiceChannel | discord.StageChannel] = [*guild.voice_channels, *guild.stage_channels]
        members = [m for room in rooms for m in room.members if not m.bot] if self._asks(guild.id) else []
        found = {account_of(source_of(guild.id), m.id): there(m, m.voice) for m in members}
        return {account: place for account, place in found.items() if place is not None}

    def _running(self, guild: discord.Guild) -> list[Gathering]:
        is_asked = self._asks_for_events(guild.id)
        return [g for event in guild.scheduled_events if is_asked and (g := gathering(event)) is not None]

    async def _known(self, guild: int) -> House:
        """What this process knew when it heard the last of the server, else what was kept."""
        if guild in self._houses:
            return count(self._houses[guild], self._quiet_since.get(guild, 0))
        kept = await self._insist(lambda: self._stays.open(source_of(guild)))
        await self._tell(source_of(guild), [stay for stay in kept if stay.ended is not None])
        return housed(stay for stay in kept if stay.ended is None)

    # -- the end of a stay --------------------------------------------------------------------------------

    async def _settle(self, guild: discord.Guild, step: Step, more: Mapping[str, Value] | None = None) -> None:
        before, self._houses[guild.id] = self._houses[guild.id], step.house
        over = [replace(s, facts={**s.facts, **at_its_end(guild, s), **(more or {})}) for s in step.ended]
        source, kept = source_of(guild.id), [*changed(before, step.house), *over]
        await self._insist(lambda: self._stays.keep(source, kept))
        await self._tell(source, over)

    async def _tell(self, source: str, over: Collection[Stay]) -> None:
        if not over:
            return
        watches = self._places(source).watches
        said = [told(source, stay) for stay in over if TYPES[stay.kind] in watches]
        await self._intake.take([statement for statement in said if statement is not None])
        await self._insist(lambda: self._stays.forget(source, [stay.key for stay in over]))

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Again and again while the database is full; not while the bot stops: the next start looks anew."""
        pause = 0.5
        while True:
            try:
                return await ask()
            except StorageUnavailable as error:
                if self._over:
                    raise SessionOver from error
                self._log.warning("discord: voice waits for the database", reason=str(error), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)


def _moved(house: House, account: Account, place: There | None, at: int) -> Step:
    if place is None:
        return move(house, account, None, at)
    return move(house, account, place.room, at, hears=place.hears, facts=place.facts)


def _at_once(first: int, then: int) -> bool:
    return 0 <= then - first <= _AT_ONCE
