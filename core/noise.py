"""How much is said aloud in one channel: what is said at once, what waits and is said together, what the digest tells.

Only messages about badges are counted, in the channel that hears them; private notes and reactions make no noise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

from core.awards import Award
from core.calendar import Calendar
from core.rules.noise import Importance, Noise

HOUR = 3_600_000_000  # microseconds, as all times here
State = Literal["told", "waiting", "digest", "dropped"]
"""digest: it waits for it."""
_EPOCH = dt.datetime(1970, 1, 1)  # on the wall, without a zone


class Room(NamedTuple):
    """A channel, as messages are addressed to it."""

    source: str
    channel: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a room heard in the last hour, and when what waits there is due."""

    said: tuple[int, ...] = ()
    waiting: int | None = None

    def after(self, verdict: int | None, now: int) -> Heard:
        """The same room once that is decided."""
        if verdict is None:
            return self
        if verdict <= now:
            return replace(self, said=(*self.said, now))
        return replace(self, waiting=verdict if self.waiting is None else min(self.waiting, verdict))


@dataclass(frozen=True, slots=True)
class Announcement:
    """One award in one room. `at`: when it was told, or is to be; `message`: which one tells it."""

    room: Room
    award: int
    decided_at: int
    state: State
    at: int
    message: str = ""


class Rooms(Protocol):
    """What was said where, and what waits."""

    def heard(self, rooms: Iterable[Room], since: int) -> dict[Room, Heard]:
        """What each room heard after that moment."""
        ...

    def announce(self, rows: Sequence[Announcement]) -> None: ...

    def waiting(self, now: int) -> Mapping[Room, list[tuple[int, Award | None]]]:
        """What is due in each room: the row's number, and the award as it was decided; None if it changed since."""
        ...

    def told(self, numbers: Iterable[int], state: State, at: int, message: str = "") -> None:
        """What became of those rows."""
        ...


def verdict(
    importance: Importance, now: int, heard: Heard, noise: Noise, calendar: Calendar, *, may_wait_for_digest: bool
) -> int | None:
    """When to say it: `now`, a later moment together with others, or None: the digest tells it."""
    quiet = _morning(now, noise, calendar)
    if importance == "low" and may_wait_for_digest:
        alone = quiet is None and heard.waiting is None and not _within(heard, now)
        return now if alone else None
    if importance == "high" and quiet is None and len(_within(heard, now)) + (heard.waiting is not None) < _most(noise):
        return now
    if heard.waiting is not None:
        return max(heard.waiting, now + 1)  # overdue or not: it goes along with the others
    if quiet is not None:
        return quiet
    after = max(heard.said, default=now - HOUR) + noise.batch_within.microseconds
    due = _awake(max(now, after), noise, calendar)
    if len(_within(heard, due)) < _most(noise):
        return due
    return None if importance == "normal" and may_wait_for_digest else free(due, heard, noise, calendar)


def free(now: int, heard: Heard, noise: Noise, calendar: Calendar) -> int:
    """The first moment from now on at which the room may hear one more message."""
    lately = sorted(_within(heard, now))
    most = _most(noise)
    return _awake(now if len(lately) < most else lately[-most] + HOUR, noise, calendar)


def _most(noise: Noise) -> int:
    return int(noise.per_channel_hour)


def _within(heard: Heard, now: int) -> list[int]:
    """What was said in the hour up to now; what a clock that jumped has said in the future counts, too."""
    return [at for at in heard.said if at > now - HOUR]


def _awake(at: int, noise: Noise, calendar: Calendar) -> int:
    return _morning(at, noise, calendar) or at


def _morning(at: int, noise: Noise, calendar: Calendar) -> int | None:
    """When the quiet hours around that moment end; None outside of them."""
    if noise.quiet_hours is None:
        return None
    first, last = (_minutes(time) for time in noise.quiet_hours)
    minute = calendar.minute(at)
    if not (first <= minute < last or (last < first and not last <= minute < first)):
        return None
    wall = _EPOCH + dt.timedelta(microseconds=at + calendar.offset(at))
    day = wall.date() + dt.timedelta(days=minute >= last)
    return max(at + 1, calendar.instant(dt.datetime.combine(day, dt.time(last // 60, last % 60))))


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
