"""Times on Discord: every id carries the millisecond in which it was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_DISCORD_EPOCH_MS = 1_420_070_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def made_at(snowflake: int) -> int:
    """UTC microseconds at which the thing with this id was made."""
    return ((snowflake >> 22) + _DISCORD_EPOCH_MS) * 1000


def micros(moment: datetime) -> int:
    """An aware datetime as UTC microseconds, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
