"""Huddles as voice sessions. Slack tells who is in which call, and of its channel only by a message in that channel:
what is in no channel that the bot sees is private, and what is in a direct conversation is nobody's business."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from structlog.typing import FilteringBoundLogger

from adapters.slack.payloads import HuddleStarted, PersonEvent, User
from adapters.slack.roster import Roster
from adapters.slack.times import SECOND, micros
from core.errors import StorageUnavailable
from core.events import Account, Value
from core.places import PlacesOf
from core.ports import Clock, Inbox
from core.stays import TYPES, VOICE, House, Stay, Stays, Step, changed, count, housed, lose, move, place_of, skip, told

TELLING = frozenset({"user_huddle_changed", "user_change"})
"""Slack sends both at once, with the same in them."""
STARTED = "huddle_thread"
SAVE_EVERY = 30 * SECOND  # what a kill can cost of a session at most
LOOK_AGAIN = 300 * SECOND
_REMEMBERED = 1_000  # calls, and people
_UNKNOWN: Mapping[str, Value] = {"private": True}
_MISSED: Mapping[str, Value] = {"recovered": True, "at_is_approximate": True}


class Huddles:
    """Who is in a huddle. What changes is kept before Slack has its acknowledgement; where the database does not take
    it, nothing has changed here either, and Slack sends it again."""

    def __init__(
        self, inbox: Inbox, stays: Stays, roster: Roster, places: PlacesOf, clock: Clock, log: FilteringBoundLogger
    ) -> None:
        self._inbox = inbox
        self._stays = stays
        self._roster = roster
        self._places = places
        self._clock = clock
        self._log = log
        self._house: House | None = None
        self._over: list[Stay] = []
        self._channels: OrderedDict[str, str] = OrderedDict()
        self._latest: OrderedDict[Account, int] = OrderedDict()
        self._saved_at = 0
        self._entered = False
        self._quiet_since = 0
        self._looked_at = clock()
        self._one_at_a_time = asyncio.Lock()

    @property
    def watched(self) -> bool:
        """Whether a rule asks for it."""
        return TYPES[VOICE] in self._places(self._roster.source).watches

    async def hear(self, event: Mapping[str, Any], sent_at: int) -> None:
        """An event of any kind. `sent_at` (UTC microseconds) dates one without a time of its own. Raises
        StorageUnavailable and pydantic.ValidationError."""
        if not self.watched:
            return
        if event.get("type") == "message" and event.get("subtype") == STARTED:
            await self._started(HuddleStarted.model_validate(event))
        elif event.get("type") in TELLING:
            person = PersonEvent.model_validate(event)
            await self._moved(person.user, micros(person.event_ts) if person.event_ts else sent_at)

    def pause(self, since: int) -> None:
        """Nothing was heard since then (UTC microseconds), for so long that Slack does not repeat what it told
        meanwhile: it is not known until everybody is read again."""
        if self._entered:
            self._entered, self._quiet_since = False, since

    def wants_a_look(self) -> bool:
        """Whether everybody has to be read: the rules ask since a moment ago, or it did not work. Not too often."""
        now = self._clock()
        if self._entered or not self.watched or now - self._looked_at < LOOK_AGAIN:
            return False
        self._looked_at = now
        return True

    async def enter(self) -> None:
        """Everybody was read from Slack after a silence: who is in no huddle any more left at the last moment known,
        and the time between counts for nobody."""
        try:
            await self._enter()
        except StorageUnavailable as error:
            self._log.warning("slack.huddles_not_compared", reason=str(error))

    async def _enter(self) -> None:
        async with self._one_at_a_time:
            if not self.watched:
                await self._forget_all()
                return
            house, now = count(await self._known(), self._quiet_since), self._clock()
            people = [
                u for u in self._roster.people.values() if u.in_huddle(now) and u.id not in self._roster.known.bots
            ]
            there = {self._account(u): room for u in people if (room := self._room(house, u)) is not None}
            lost = lose(house, there, ())
            after = skip(lost.house, now)
            for account, room in there.items():
                after = move(after, account, room, now, facts=self._facts(after, room)).house
            await self._settle(Step(after, lost.ended), _MISSED)
            self._entered = True

    async def save(self, *, at_once: bool = False) -> None:
        """What is counted up to now, at times; where the database does not take it, the next time. Of a silence nobody
        knows anything."""
        now = self._clock()
        if self._house is None or not self._entered or (now - self._saved_at < SAVE_EVERY and not at_once):
            return
        self._saved_at = now
        async with self._one_at_a_time:
            try:
                await (self._settle(Step(count(self._house, now))) if self.watched else self._forget_all())
            except StorageUnavailable as error:
                self._log.warning("slack.huddles_not_saved", reason=str(error))

    # -- what happens

    async def _moved(self, user: User, at: int) -> None:
        """Somebody came or went. An event that another one of the same person overtook is old news."""
        account = self._account(user)
        async with self._one_at_a_time:
            if user.profile.huddle_state is None or user.id in self._roster.known.bots or at < self._known_at(account):
                return
            house = await self._known()
            room = self._room(house, user) if user.in_huddle(at) else None
            if not self._entered:  # nobody has looked yet who is there: what this one did meanwhile is unknown
                before = place_of(house, account)
                house = skip(house, at, {room or "", before.room if before else ""})
            facts = self._facts(house, room) if room is not None else {}
            await self._settle(move(house, account, room, at, facts=facts))
            self._latest[account] = at
            self._latest.move_to_end(account)
            if len(self._latest) > _REMEMBERED:
                self._latest.popitem(last=False)

    def _known_at(self, account: Account) -> int:
        return self._latest.get(account, 0)

    async def _started(self, told_: HuddleStarted) -> None:
        """A huddle says in which channel it is."""
        call, channel = told_.room.id, told_.channel
        await self._roster.place(channel)
        async with self._one_at_a_time:
            self._channels[call] = channel
            if len(self._channels) > _REMEMBERED:
                self._channels.popitem(last=False)
            house, facts = await self._known(), self._where(channel)
            stays = (replace(s, facts=facts) if s.room == call else s for s in house.stays)
            await self._settle(Step(housed(stays)))

    def _where(self, channel: str) -> Mapping[str, Value]:
        known = self._roster.known
        return _UNKNOWN if known.is_direct(channel) else known.where(channel)

    def _room(self, house: House, user: User) -> str | None:
        """The call; where Slack does not name it, the one that the person was in, else nobody else's."""
        now = place_of(house, self._account(user))
        return user.profile.huddle_state_call_id or (now.room if now is not None else f"of-{user.id}")

    def _facts(self, house: House, room: str) -> Mapping[str, Value]:
        """Of the channel, if it is known: by the message, or (after a restart) by others in the same call."""
        if room in self._channels:
            return self._where(self._channels[room])
        return next((s.facts for s in house.stays if s.room == room), _UNKNOWN)

    def _account(self, user: User) -> Account:
        return self._roster.known.account(user.id)

    # -- what is kept

    async def _known(self) -> House:
        if self._house is None:
            kept = await self._stays.open(self._roster.source)
            self._over = [stay for stay in kept if stay.ended is not None]
            self._house = housed(stay for stay in kept if stay.ended is None)
        return self._house

    async def _settle(self, step: Step, more: Mapping[str, Value] | None = None) -> None:
        over = [replace(s, facts={**s.facts, **self._who(s), **(more or {})}) for s in step.ended]
        kept = [*changed(self._house or House(), step.house), *over]
        if kept:
            await self._stays.keep(self._roster.source, kept)
        self._house, self._over = step.house, [*self._over, *over]
        await self._tell()

    async def _tell(self) -> None:
        """What is over goes to the log, again until it is there."""
        if not self._over:
            return
        source = self._roster.source
        said = [statement for stay in self._over if (statement := told(source, stay)) is not None]
        if said:
            await self._inbox.take(said)
        await self._stays.forget(source, [stay.key for stay in self._over])
        self._over = []

    def _who(self, stay: Stay) -> dict[str, Value]:
        return self._roster.known.who(stay.account.rpartition("/")[2])

    async def _forget_all(self) -> None:
        """No rule asks any more."""
        kept = await self._stays.open(self._roster.source)
        if kept:
            await self._stays.forget(self._roster.source, [stay.key for stay in kept])
        self._house, self._over, self._entered = None, [], False
