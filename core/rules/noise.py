"""`[noise]`: how much of what people earn is said aloud, and when. Without the table everything is said at once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, PlainValidator

from core.rules.community import CLOCK
from core.rules.durations import Duration
from core.rules.grammar import Count, Elapsed, Table

Importance = Literal["high", "normal", "low"]
_LONGEST = 3_600  # seconds: the budget is that of an hour


def _hours(value: object) -> tuple[str, str] | None:
    if isinstance(value, list | tuple) and not value:
        return None
    if isinstance(value, list | tuple) and len(value) == 2 and all(_is_clock(v) for v in value):
        first, last = value
        return None if first == last else (first, last)
    raise ValueError('write from when to when nothing is said, as ["22:00", "08:00"], or [] for never')


def _is_clock(value: object) -> bool:
    return isinstance(value, str) and CLOCK.fullmatch(value) is not None


def _short(value: Duration) -> Duration:
    if value.seconds > _LONGEST:
        raise ValueError('write an hour at most, as "10 minutes"')
    return value


class Noise(Table):
    """`per_channel_hour`: messages about badges in one channel in any hour. `quiet_hours`: local times of day, None for
    none. `batch_within`: what follows a message so soon waits and is said in one."""

    per_channel_hour: Count = 6
    quiet_hours: Annotated[tuple[str, str] | None, PlainValidator(_hours)] = ("22:00", "08:00")
    batch_within: Annotated[Elapsed, AfterValidator(_short)] = Duration(10, "minute")
