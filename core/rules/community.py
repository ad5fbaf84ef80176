"""The community a book is for, and where things are: channels, roles, moderators, the digest's hour."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, PlainValidator

from core.calendar import Calendar, zone
from core.rules.durations import Duration
from core.rules.grammar import (
    Announce,
    AnyDuration,
    Elapsed,
    Flag,
    IfUndone,
    Limit,
    Table,
    Text,
    Texts,
    Weekday,
    Whole,
    Whose,
)

Platform = Literal["slack", "discord"]

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ADDRESS = re.compile(r"(?=[!-~]+\Z)[^@,<>\"/:;]{1,64}@[A-Za-z0-9.-]{1,253}")
_IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SHORTEST_KEPT = 90  # days; commands look back so far, and catch-up and appeals take a while
SOURCE = re.compile(r"[a-z][a-z0-9_]*:[^\s/]+")


def _clock(value: object) -> str:
    if isinstance(value, str) and CLOCK.fullmatch(value):
        return value
    raise ValueError('write a time of day in quotes, as "04:00"')


def _zone(value: object) -> str:
    return zone(value if isinstance(value, str) else "").key


def _identity(value: object) -> str:
    if isinstance(value, str) and _IDENTITY.fullmatch(value):
        return value
    raise ValueError("write a short name of letters, digits, - and _")


def _sources(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(s, str) and SOURCE.fullmatch(s) for s in value):
        return tuple(dict.fromkeys(value))
    raise ValueError('write a list like ["slack:T024BE7LD", "discord:81384788765712384"]')


def _addresses(value: object) -> tuple[str, ...]:
    written = [value] if isinstance(value, str) else value
    if isinstance(written, list | tuple) and all(isinstance(a, str) and _ADDRESS.fullmatch(a) for a in written):
        return tuple(dict.fromkeys(written))
    raise ValueError('write e-mail addresses, as ["list@example.org"]')


def _kept(value: Duration) -> Duration:
    days = value.count * 30 if value.unit == "month" else value.count * 365 if value.unit == "year" else 0
    if days < SHORTEST_KEPT and (not value.elapsed or value.seconds < SHORTEST_KEPT * 86_400):
        raise ValueError('keep at least "90 days": what is deleted cannot be brought back')
    return value


class Community(Table):
    """`sources` None: with one book, every source belongs to it."""

    id: Annotated[str, PlainValidator(_identity)] = "default"
    sources: Annotated[tuple[str, ...] | None, PlainValidator(_sources)] = None
    timezone: Annotated[str, PlainValidator(_zone)] = "UTC"
    day_starts: Annotated[str, PlainValidator(_clock)] = "00:00"
    week_starts: Literal["monday", "sunday"] = "monday"
    late_grace: Elapsed = Duration(3, "day")
    language: Text = "en"
    ignore_channels: Texts = ()
    only_channels: Texts = ()
    count_private: Flag = False
    opt_in: Flag = False
    staff: Text | None = None
    quiet_start: Elapsed = Duration(14, "day")
    proposals: Flag = False
    keep: Annotated[AnyDuration, AfterValidator(_kept)] | None = None

    @property
    def calendar(self) -> Calendar:
        """Its own days and weeks."""
        return Calendar(self.timezone, self.day_starts, self.week_starts)


class Defaults(Table):
    """What every rule has that does not say otherwise."""

    announce: Announce | None = None
    settle: Elapsed | None = None
    if_undone: IfUndone | None = None
    open_for: Elapsed | None = None
    timezone: Whose | None = None
    limit: Limit | None = None


class OnPlatforms(Table):
    """A name or id on each platform."""

    slack: Text | None = None
    discord: Text | None = None

    def on(self, platform: Platform) -> str | None:
        """The name or id there, None if the book says nothing."""
        return self.slack if platform == "slack" else self.discord


NOWHERE = OnPlatforms()


class Moderators(OnPlatforms):
    """`two_people_above`: badges worth more points than this are given by hand by two of them only."""

    two_people_above: Whole | None = None


class Channels(Table):
    """Where the bot posts what has no place of its own."""

    announcements: OnPlatforms = NOWHERE
    digest: OnPlatforms = NOWHERE
    moderators: OnPlatforms = NOWHERE


class Digest(Table):
    """When the weekly digest is posted, in the community's zone, and to whom it goes by mail."""

    day: Weekday = "monday"
    time: Annotated[str, PlainValidator(_clock)] = "09:00"
    mail: Annotated[tuple[str, ...], PlainValidator(_addresses)] = ()


class Pictures(Table):
    """`on`: the digest and leaderboards come with a picture."""

    on: Flag = False


class Kudos(Table):
    """`daily`: how many one person may give on a local day. `values`: what the community wants to see named."""

    daily: Whole = 5
    values: Texts = ()


class Types(Table):
    """`known`: event types of the community's own connectors."""

    known: Texts = ()
