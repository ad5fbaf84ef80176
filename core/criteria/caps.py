"""`limit`: nested caps over clock slots. Going by time, an event counts when every cap it falls under has room."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from core.calendar import Calendar
from core.criteria.criterion import Caps, Entry

SECOND = 1_000_000
HOUR = 3600 * SECOND


def keys(caps: Caps, entry: Entry, calendar: Calendar) -> list[tuple[str, int]]:
    """The counters this event falls under, each with its cap. Each is inside those before it."""
    found: list[tuple[str, int]] = []
    path = ""
    for cap, name in _given(caps):
        path += _place(name, entry, calendar) + "|"
        found.append((path, cap))
    if caps.slot is not None:
        # Slots are counted for each person, also without per_person (rules-exact 17).
        slot = entry.at // SECOND // caps.slot
        found.append((f"{path}{'' if caps.person else f'p{entry.person}|'}s{slot}", 1))
    return found


@cache
def _given(caps: Caps) -> tuple[tuple[int, str], ...]:
    every = ("month", "week", "day", "hour", "thing", "person")
    return tuple((cap, name) for name in every if (cap := getattr(caps, name)) is not None)


def _place(name: str, entry: Entry, calendar: Calendar) -> str:
    """The frame of one cap that an event lies in."""
    match name:
        case "month":
            return f"m{calendar.period(entry.day, 'month')}"
        case "week":
            return f"w{calendar.period(entry.day, 'week')}"
        case "day":
            return f"d{entry.day}"
        case "hour":
            return f"h{entry.at // HOUR}"
        case "thing":
            return f"t{entry.thing}"
        case _:
            return f"p{entry.person}"


def admit(caps: Caps, counters: dict[str, int], entry: Entry, calendar: Calendar) -> bool:
    """Does one more event, later than all counted ones, count? Updates the counters when it does."""
    return _count(counters, keys(caps, entry, calendar))


def admit_next(caps: Caps, counters: dict[str, int], entry: Entry, calendar: Calendar) -> bool:
    """As `admit`, for counters that are kept: a new outermost clock frame forgets the one before. In order of time it
    is never asked again, and what goes from it gives no room back."""
    under = keys(caps, entry, calendar)
    if counters and _framed(caps) and under[0][0] not in counters:
        counters.clear()
    return _count(counters, under)


def _count(counters: dict[str, int], under: list[tuple[str, int]]) -> bool:
    for key, cap in under:
        if counters.get(key, 0) >= cap:
            return False
    for key, _ in under:
        counters[key] = counters.get(key, 0) + 1
    return True


def give_back(caps: Caps, counters: dict[str, int], entry: Entry, calendar: Calendar) -> None:
    """An event that counted is gone: its room is free again. Frames that were forgotten are over."""
    for key, _ in keys(caps, entry, calendar):
        if counters.get(key):
            counters[key] -= 1


def admitted(caps: Caps | None, entries: Iterable[Entry], calendar: Calendar) -> list[Entry]:
    """The events that count, of all in order of time."""
    if caps is None:
        return list(entries)
    counters: dict[str, int] = {}
    return [e for e in entries if admit(caps, counters, e, calendar)]


def refused(caps: Caps, entries: Iterable[Entry], calendar: Calendar) -> list[tuple[Entry, str]]:
    """The events that do not count, of all in order of time, each with the outermost cap that is full: "month", "week",
    "day", "hour", "thing", "person" or "slot"."""
    counters: dict[str, int] = {}
    names = [name for _, name in _given(caps)] + ["slot"]
    found: list[tuple[Entry, str]] = []
    for entry in entries:
        under = keys(caps, entry, calendar)
        full = next((name for name, (key, cap) in zip(names, under, strict=False) if counters.get(key, 0) >= cap), None)
        if full is not None:
            found.append((entry, full))
        else:
            counters.update((key, counters.get(key, 0) + 1) for key, _ in under)
    return found


@cache
def _framed(caps: Caps) -> bool:
    return bool(caps.month or caps.week or caps.day or caps.hour)
