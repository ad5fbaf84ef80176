"""Moments as text: RFC 3339 outside, UTC microseconds inside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII).fullmatch
# Calendars need room on both sides of a moment: nobody earns anything outside these years.
EARLIEST = -2_208_988_800_000_000  # 1900-01-01
LATEST = 7_258_118_399_999_999  # the last microsecond of 2199


def read_time(text: str) -> int:
    """UTC microseconds of an RFC 3339 time with offset; digits below a microsecond are dropped.

    Raises ValueError, whose text says what to write instead.
    """
    found = _RFC_3339(text)
    if found is None:
        raise ValueError("is no RFC 3339 time; write it as 2026-03-02T09:15:00Z or 2026-03-02T10:15:00+01:00")
    if found.group(1) is None:
        raise ValueError(f"has no offset; write {text[:19]}Z if that is UTC, else with +01:00 or the like")
    try:
        since = datetime.fromisoformat(text.upper()) - _EPOCH
    except ValueError as error:
        raise ValueError(f"is no real time ({error})") from None
    at = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    if not EARLIEST <= at <= LATEST:
        raise ValueError("is outside the years 1900 to 2199")
    return at


def write_time(at: int) -> str:
    """RFC 3339 in UTC, with microseconds only where there are any: `2026-03-02T09:15:00Z`."""
    moment = _EPOCH + timedelta(microseconds=at)
    return moment.replace(tzinfo=None).isoformat() + "Z"
