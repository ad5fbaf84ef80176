"""Goals that nobody can reach: above what `where` allows (R9), or what `limit` leaves in the frame (R10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.catalogue import CHAT
from core.rules.conditions import Achievement, Condition, Counting
from core.rules.durations import Duration
from core.rules.faults import Fault
from core.rules.grammar import Limit, Period
from core.rules.locations import Path

_HOUR = 3600
_LONGEST_DAY = 25 * _HOUR  # the day on which the clocks go back
_DAYS: dict[Period, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
# How many different values the calendar has of these facts.
_ONE_PERSON = ("actor", "author", "target")
_VALUES = {"weekday": 7, "hour": 24, "day_of_month": 31, "day_of_year": 366, "date": 366, "post_kind": 2}


def reach_faults(path: Path, rule: object, *, together: bool = False) -> Iterator[Fault]:
    """Goals of one condition that are out of reach, with the numbers that show it.

    `together`: several members make one progress (for = "team" or "community").
    """
    if not isinstance(rule, Counting):
        return
    if isinstance(rule, Condition) and rule.any_ and isinstance(rule.goal, int) and rule.goal > len(rule.any_):
        text = f"goal {rule.goal} is out of reach: any has {len(rule.any_)} parts; write {len(rule.any_)} or less"
        yield Fault((*path, "goal"), text, code="R9")
    if rule.distinct in _ONE_PERSON and rule.distinct == rule.credit and not together:
        yield from _own_faults(path, rule)
    else:
        yield from _value_faults(path, rule)
    yield from _limit_faults(path, rule)
    yield from _object_faults(path, rule)


def _own_faults(path: Path, rule: Counting) -> Iterator[Fault]:
    """Counting different people among the credited one finds one person."""
    for key, goal in _goals(path, rule):
        if goal > 1:
            text = f"goal {goal} is out of reach: {rule.distinct} is always the member who is credited"
            remedy = 'add credit = "author"' if rule.credit == "actor" else 'write distinct = "actor"'
            yield Fault(key, f"{text}; {remedy}", code="R9")


def _value_faults(path: Path, rule: Counting) -> Iterator[Fault]:
    for key, goal in _goals(path, rule):
        most, highest = _most_values(rule), _highest(rule)
        if most is not None and goal > most:
            text = f"goal {goal} is out of reach: {rule.distinct} can have only {most} different values here"
            yield Fault(key, text, code="R9")
        if highest is not None and goal > highest:
            text = f"goal {goal} is out of reach: where leaves {rule.best} at most {highest}"
            yield Fault(key, text, code="R9")


def _goals(path: Path, rule: Counting) -> Iterator[tuple[Path, int | Decimal]]:
    """What the measure of one frame has to reach, and where it is written."""
    if rule.streak is not None:
        yield (*path, "at_least"), rule.at_least
    elif isinstance(rule, Achievement) and rule.tiers:
        yield from (((*path, "tiers", name), tier.goal) for name, tier in rule.tiers.items())
    elif isinstance(rule.goal, int | Decimal):
        yield (*path, "goal"), rule.goal


def _most_values(rule: Counting) -> int | None:
    if rule.distinct is None:
        return None
    frame = _frame(rule)
    most = [_VALUES[rule.distinct]] if rule.distinct in _VALUES else []
    most += [len(values) for values in _allowed(rule, rule.distinct)]
    if rule.distinct in ("day", "date") and frame is not None:
        most.append(frame[0])
        most += [len(values) for values in _allowed(rule, "weekday") if frame[0] <= _DAYS["week"]]
    # A fact may be a list (mentions, participants): then `where` says which events count, not which values.
    return None if rule.distinct in ("mentions", "participants", "actor_role") else min(most, default=None)


def _allowed(rule: Counting, fact: str) -> Iterator[Sequence[object]]:
    """Every list of values that `where` leaves for a fact."""
    for f in rule.where:
        if f.fact != fact:
            continue
        if f.comparison == "one_of" and isinstance(f.value, tuple):
            yield f.value
        elif f.comparison == "equal":
            yield (f.value,)
        elif f.comparison == "between" and fact in _VALUES and isinstance(f.value, tuple):
            low, high = f.value
            if isinstance(low, int) and isinstance(high, int):
                yield range(low, high + 1)


def _highest(rule: Counting) -> int | Decimal | None:
    """The highest number that `where` leaves for the fact that `best` looks at."""
    bounds = [f.value for f in rule.where if f.fact == rule.best and f.comparison in ("at_most", "equal", "less_than")]
    bounds += [f.value[1] for f in rule.where if f.fact == rule.best and f.comparison == "between"]  # type: ignore[index] # a pair
    numbers = [b for b in bounds if isinstance(b, int | Decimal) and not isinstance(b, bool)]
    return min(numbers, default=None)


def _object_faults(path: Path, rule: Counting) -> Iterator[Fault]:
    """R10 for one message: chat events have no other thing that `per_object` could mean."""
    most = rule.limit.per_object if rule.limit is not None else None
    if most is None or rule.each != "message" or rule.sum or rule.best or not set(rule.when) <= set(CHAT):
        return
    for key, goal in _goals(path, rule):
        if goal > most:
            text = f"goal {goal} is out of reach: limit.per_object leaves at most {most} on one message"
            yield Fault(key, text, code="R10")


def _limit_faults(path: Path, rule: Counting) -> Iterator[Fault]:
    if rule.limit is None or rule.sum or rule.best:
        return
    frame = _frame(rule)
    if frame is None:
        return
    days, named = frame
    for key, goal in _goals(path, rule):
        for cap, most in _caps(rule.limit, days):
            if goal > most:
                text = f"goal {goal} is out of reach: limit.{cap} leaves at most {most} {named}"
                yield Fault(key, text, code="R10")
                break


def _frame(rule: Counting) -> tuple[int, str] | None:
    """How many days the frame has at most, and its name."""
    period = rule.in_one or rule.streak
    if period is not None:
        return _DAYS[period], f"in one {period}"
    if rule.within is not None:
        return _days(rule.within), f"within {rule.within}"
    return None


def _days(within: Duration) -> int:
    whole = -(-within.seconds // 86_400)
    return whole + 1 if within.seconds < 2 * 86_400 else whole  # hours in a row may touch one day more


def _caps(limit: Limit, days: int) -> Iterator[tuple[str, int]]:
    """For each cap, the most events that it leaves in so many days in a row."""
    slots = {
        "per_month": (limit.per_month, _touched(days, 28)),
        "per_week": (limit.per_week, _touched(days, 7)),
        "per_day": (limit.per_day, days),
        "per_hour": (limit.per_hour, days * _LONGEST_DAY // _HOUR + 1),
    }
    yield from ((name, cap * number) for name, (cap, number) in slots.items() if cap is not None)
    if limit.one_per is not None and limit.one_per.seconds:
        yield "one_per", days * _LONGEST_DAY // limit.one_per.seconds + 2


def _touched(days: int, length: int) -> int:
    """How many periods of at least `length` days so many days in a row can touch."""
    return 1 if days == 1 else (days - 2) // length + 2
