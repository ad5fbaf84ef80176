"""Who is where right now, and for how long: voice sessions and visits of events are made of it.

A stay is one person's time in one thing: `voice:CHANNEL` (or a huddle), `event:EVENT/START` while that event runs. Time
in a voice session counts while the person can hear and somebody else there can too: who waits alone, or is deafened,
collects nothing. Time in an event counts while the person can hear. Everything is pure: times are UTC microseconds and
arguments, and a moment that lies before one already told counts as that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.events import NO_FACTS, Account, Statement, Value

MINUTE = 60_000_000
VOICE, EVENT = "voice:", "event:"
TYPES = {VOICE: "voice.session_ended", EVENT: "event.attended"}
ENOUGH = {VOICE: 1, EVENT: 5}
"""Whole counted minutes below which nothing is said."""

Key = tuple[Account, str, int]


@dataclass(frozen=True, slots=True)
class Stay:
    """`seen`: up to when it is counted; `counted`: microseconds that count. `hears`: is there, and can hear. `ended`:
    when it was over; until its fact is in the log it is kept. `facts`: of the channel or event, as at its beginning."""

    account: Account
    thing: str
    room: str
    began: int
    seen: int
    counted: int = 0
    hears: bool = True
    ended: int | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """No two stays have the same."""
        return self.account, self.thing, self.began

    @property
    def kind(self) -> str:
        """VOICE or EVENT."""
        return VOICE if self.thing.startswith(VOICE) else EVENT

    @property
    def minutes(self) -> int:
        """Whole minutes that count."""
        return self.counted // MINUTE


@dataclass(frozen=True, slots=True)
class Gathering:
    """An event that runs in a room. `thing`: `event:EVENT/START`."""

    thing: str
    room: str
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class House:
    """Everybody's open stays on one server, and the events that run there. `hearing`: who is in each room and can hear.
    Whoever comes or goes changes nothing for most of the others: their time is counted when it is asked for."""

    people: Mapping[Account, tuple[Stay, ...]] = field(default_factory=dict)
    gatherings: Mapping[str, Gathering] = field(default_factory=dict)
    hearing: Mapping[str, frozenset[Account]] = field(default_factory=dict)

    @property
    def stays(self) -> Iterator[Stay]:
        """All of them."""
        return (stay for stays in self.people.values() for stay in stays)


@dataclass(frozen=True, slots=True)
class Step:
    """What a change led to: how the house is now, and the stays that are over."""

    house: House
    ended: tuple[Stay, ...] = ()


class Stays(Protocol):
    """Open stays, kept over restarts."""

    async def open(self, source: str) -> list[Stay]:
        """Those of a server or workspace, ended ones whose fact may not be in the log yet among them."""
        ...

    async def keep(self, source: str, stays: Sequence[Stay]) -> None:
        """Remember them as they are now. Raises StorageUnavailable."""
        ...

    async def forget(self, source: str, keys: Collection[Key]) -> None:
        """Raises StorageUnavailable."""
        ...


def housed(stays: Iterable[Stay]) -> House:
    """A house with these stays, as they were kept."""
    people: defaultdict[Account, tuple[Stay, ...]] = defaultdict(tuple)
    hearing: defaultdict[str, set[Account]] = defaultdict(set)
    for stay in stays:
        people[stay.account] += (stay,)
        if stay.hears and stay.kind == VOICE:
            hearing[stay.room].add(stay.account)
    return House(dict(people), hearing={room: frozenset(who) for room, who in hearing.items()})


def place_of(house: House, account: Account) -> Stay | None:
    """The voice session somebody is in."""
    return next((s for s in house.people.get(account, ()) if s.kind == VOICE), None)


def count(house: House, at: int) -> House:
    """Everything up to `at`."""
    return _count(house, house.people, at)


def skip(house: House, at: int, rooms: Collection[str] | None = None) -> House:
    """Up to `at` nobody knows what happened, or only in `rooms`: it counts for nobody there."""
    here = (s for s in house.stays if rooms is None or s.room in rooms)
    return _with(house, (replace(s, seen=max(s.seen, at)) for s in here))


def move(
    house: House,
    account: Account,
    room: str | None,
    at: int,
    *,
    hears: bool = True,
    facts: Mapping[str, Value] = NO_FACTS,
) -> Step:
    """The person is in `room` now (None: in none), and can hear or not. `facts` of the room, for a new session."""
    now = place_of(house, account)
    rooms = {r for r in (room, now.room if now else None) if r is not None}
    house = _count(house, {account, *_few(house, rooms)}, at)
    if now is not None and now.room == room:
        return Step(_hearing(house, account, room, hears))
    ended: tuple[Stay, ...] = ()
    if now is not None:
        house, ended = _left(house, account, at)
    return Step(house if room is None else _entered(house, account, room, at, hears, facts), ended)


def drop(house: House, account: Account, at: int) -> Step:
    """The person is gone from everything; what they collected is to be said of nobody."""
    step = move(house, account, None, at)
    visits = step.house.people.get(account, ())
    return Step(_without(step.house, visits), (*step.ended, *visits))


def begin(house: House, gathering: Gathering, at: int) -> House:
    """An event runs from now on, or in another room than until now; that it is told again changes nothing."""
    thing, room = gathering.thing, gathering.room
    before = house.gatherings.get(thing)
    if before is not None and before.room == room:
        return house
    there = [s.account for s in house.stays if s.kind == VOICE and s.room == room]
    visits = [s.key for s in house.stays if s.thing == thing]
    house = _count(house, {*there, *(account for account, _, _ in visits)}, at)
    house = House(house.people, {**house.gatherings, thing: gathering}, house.hearing)
    house = _with(house, (replace(s, room=room, hears=False) for s in house.stays if s.thing == thing))
    heard = house.hearing.get(room, frozenset())
    return _with(house, (_visit(house, account, gathering, at, account in heard) for account in there))


def finish(house: House, thing: str, at: int) -> Step:
    """An event is over, and so is every visit of it."""
    house = _count(house, [s.account for s in house.stays if s.thing == thing], at)
    over = [s for s in house.stays if s.thing == thing]
    house = House(house.people, {t: h for t, h in house.gatherings.items() if t != thing}, house.hearing)
    return Step(_without(house, over), tuple(replace(s, ended=max(at, s.seen)) for s in over))


def lose(house: House, there: Mapping[Account, str], running: Collection[str]) -> Step:
    """After a time in which nobody listened. `there`: who is in which room now; `running`: the events that run. Who is
    elsewhere left at the last moment that is known, and an event that runs no more was over then."""
    over = tuple(replace(s, ended=s.seen) for s in house.stays if not _goes_on(s, there, running))
    left = (_still(s, there) for s in house.stays if _goes_on(s, there, running))
    return Step(housed(left), over)


def told(source: str, stay: Stay, more: Mapping[str, Value] = NO_FACTS) -> Statement | None:
    """What a stay that is over says; None for one that was too short. `more`: facts known at its end."""
    if stay.ended is None or stay.minutes < ENOUGH[stay.kind]:
        return None
    user = stay.account.rpartition("/")[2]
    id_ = f"{stay.thing}/{user}/{stay.began}" if stay.kind == VOICE else f"{stay.thing}/{user}"
    facts = {**stay.facts, **more, "minutes": stay.minutes}
    return Statement(source, id_, stay.ended, TYPES[stay.kind], actor=stay.account, facts=facts)


def changed(before: House, after: House) -> list[Stay]:
    """The stays that are not as they were."""
    new = ((before.people.get(who, ()), stays) for who, stays in after.people.items())
    return [s for old, stays in new if old is not stays for s in stays if s not in old]


def _count(house: House, people: Iterable[Account], at: int) -> House:
    stays = (s for who in people for s in house.people.get(who, ()))
    return _with(house, (_counted(s, at, len(house.hearing.get(s.room, ())) > 1) for s in stays if s.seen < at))


def _counted(stay: Stay, at: int, in_company: bool) -> Stay:
    counts = stay.hears and (in_company or stay.kind == EVENT)
    return replace(stay, seen=at, counted=stay.counted + (at - stay.seen if counts else 0))


def _few(house: House, rooms: Iterable[str]) -> Iterator[Account]:
    """For whom it matters that somebody comes or goes: company begins or ends."""
    heard = (house.hearing.get(room, frozenset()) for room in rooms)
    return (account for accounts in heard if len(accounts) <= 2 for account in accounts)


def _goes_on(stay: Stay, there: Mapping[Account, str], running: Collection[str]) -> bool:
    return there.get(stay.account) == stay.room if stay.kind == VOICE else stay.thing in running


def _still(stay: Stay, there: Mapping[Account, str]) -> Stay:
    return replace(stay, hears=stay.hears and there.get(stay.account) == stay.room)


def _hearing(house: House, account: Account, room: str | None, hears: bool) -> House:
    here = (s for s in house.people.get(account, ()) if s.room == room)
    return _with(house, (replace(s, hears=hears) for s in here if s.hears is not hears))


def _left(house: House, account: Account, at: int) -> tuple[House, tuple[Stay, ...]]:
    """Visits of events stay open: who comes back goes on with them."""
    gone = [s for s in house.people[account] if s.kind == VOICE]
    house = _hearing(house, account, gone[0].room, hears=False)
    return _without(house, gone), tuple(replace(s, ended=max(at, s.seen)) for s in gone)


def _entered(house: House, account: Account, room: str, at: int, hears: bool, facts: Mapping[str, Value]) -> House:
    stay = Stay(account, f"{VOICE}{room}", room, at, at, hears=hears, facts=facts)
    running = (h for h in house.gatherings.values() if h.room == room)
    return _with(house, (stay, *(_visit(house, account, h, at, hears) for h in running)))


def _visit(house: House, account: Account, gathering: Gathering, at: int, hears: bool) -> Stay:
    """The visit that is open already, or a new one."""
    thing, room = gathering.thing, gathering.room
    known = next((s for s in house.people.get(account, ()) if s.thing == thing), None)
    fresh = Stay(account, thing, room, at, at, facts=gathering.facts)
    return replace(known or fresh, seen=max(at, known.seen if known else at), hears=hears)


def _with(house: House, stays: Iterable[Stay]) -> House:
    people, hearing = dict(house.people), dict(house.hearing)
    for stay in stays:
        people[stay.account] = (*(s for s in people.get(stay.account, ()) if s.key != stay.key), stay)
        _note(hearing, stay, hears=stay.hears)
    return House(people, house.gatherings, hearing)


def _without(house: House, stays: Iterable[Stay]) -> House:
    people, hearing = dict(house.people), dict(house.hearing)
    for stay in stays:
        people[stay.account] = tuple(s for s in people[stay.account] if s.key != stay.key)
        _note(hearing, stay, hears=False)
    return House({who: left for who, left in people.items() if left}, house.gatherings, hearing)


def _note(hearing: dict[str, frozenset[Account]], stay: Stay, *, hears: bool) -> None:
    here = hearing.get(stay.room, frozenset())
    if stay.kind == VOICE and (stay.account in here) is not hears:
        hearing[stay.room] = here | {stay.account} if hears else here - {stay.account}
        if not hearing[stay.room]:
            del hearing[stay.room]
