"""How much happened week by week, for finding rules that went quiet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.storage.history import SqlHistory
from core.dead_rules import WEEK, WEEKS_BACK, Activity, Pulse

_EVENTS = """
SELECT type, (? - at) / ? AS week, COUNT(DISTINCT seq), MAX(at) FROM party
WHERE community = ? AND at > ? AND at <= ? GROUP BY type, week
"""
_AWARDS = """
SELECT achievement, (? - earned_at) / ? AS week, COUNT(*), MAX(earned_at) FROM award
WHERE community = ? AND earned_at > ? AND earned_at <= ? AND "by" IS NULL GROUP BY achievement, week
"""


def activity(history: SqlHistory, now: int) -> Activity:
    """Events by type and awards by achievement in the weeks up to `now` (UTC microseconds). Reads the whole index of
    the community once: for a look now and then."""
    asked = (now, WEEK, history.community, now - WEEKS_BACK * WEEK, now)
    return Activity(now, _pulses(history.rows(_EVENTS, asked)), _pulses(history.rows(_AWARDS, asked)))


def _pulses(rows: Iterable[Any]) -> dict[str, Pulse]:
    found: dict[str, Pulse] = {}
    for name, week, number, last in rows:
        before = found.get(name, Pulse())
        latest = last if before.last is None else max(last, before.last)
        found[name] = Pulse({**before.weeks, week: number}, latest)
    return found
