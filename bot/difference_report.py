"""What `plaudit diff` says: for people in a few lines for each rule, for programs as one object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.differences import Difference, Differences, Held, Numbers

MOST_NAMES = 5
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def as_lines(found: Differences) -> list[str]:
    """Short lines for people; rules without a difference are left out."""
    rules = [line for rule in found.rules for line in _rule(rule, found)]
    numbers = [*_numbers("Score", found.score, found), *_numbers("Points", found.points, found)]
    until = (_EPOCH + dt.timedelta(microseconds=found.until)).strftime("%Y-%m-%d %H:%M UTC")
    head = f"{_count(found.statements, 'statement')}, decided under both books as of {until}."
    return [head, "", *(rules + numbers or ["Nobody gains or loses anything."])]


def as_json(found: Differences) -> dict[str, Any]:
    """One object: every achievement of both books, and all members whose score or points differ."""
    return {
        "statements": found.statements,
        "achievements": [_rule_json(rule, found) for rule in found.rules],
        "score": {member: list(pair) for member, pair in found.score.items()},
        "points": {member: list(pair) for member, pair in found.points.items()},
    }


def _rule(rule: Difference, found: Differences) -> Iterator[str]:
    if rule.what == "same" and not (rule.gains or rule.losses):
        return
    yield f"{rule.name} ({rule.achievement}): {_said(rule)}"
    if rule.gains:
        yield from _group("+", f"{_people(rule.gains)} would get it", rule.gains, found)
    if rule.losses:
        yield from _group("-", f"{_people(rule.losses)} {_fate(rule)}", rule.losses, found)
    if not (rule.gains or rule.losses):
        yield "  nobody gains or loses it"
    if rule.unraised:
        yield f"  plaudit apply will ask for version = {(rule.versions[0] or 0) + 1}"
    yield ""


def _said(rule: Difference) -> str:
    before, after = rule.versions
    match rule.what:
        case "new":
            return "new"
        case "gone":
            return "leaves the book and is retired"
        case "changed" if before != after:
            return f"version {before} → {after}"
        case "changed":
            return f"changed, still version {after}"
        case "same":
            return "the same rule, but what it rests on changes"


def _fate(rule: Difference) -> str:
    if rule.what == "gone":
        return "hold it and keep it" if _members(rule.losses) != 1 else "holds it and keeps it"
    one = _members(rule.losses) == 1
    does = "no longer meets it and " if one else "no longer meet it and "
    if rule.lose:
        return does + ("loses it" if one else "lose it") + ' (existing = "recheck")'
    return does + ("keeps it" if one else "keep it")


def _group(sign: str, said: str, held: Sequence[Held], found: Differences) -> Iterator[str]:
    names = list(dict.fromkeys(_name(h, found) for h in held))
    shown = ", ".join(names[:MOST_NAMES]) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")
    yield f"  {sign} {said}: {shown}"
    first = held[0]
    day = f"{first.earned_at[:10]} {first.earned_at[11:16]} UTC"
    yield f"    for example {_name(first, found)}: {day}, with {_count(first.evidence, 'fact')} behind it"


def _name(held: Held, found: Differences) -> str:
    more = ", ".join(part for part in (held.tier, held.period or "") if part)
    return found.names.get(held.member, held.member) + (f" ({more})" if more else "")


def _people(held: Sequence[Held]) -> str:
    people, times = _members(held), len(held)
    said = "1 person" if people == 1 else f"{people:,} people"
    return said if times == people else f"{said}, {times:,} times,"


def _members(held: Iterable[Held]) -> int:
    return len({h.member for h in held})


def _numbers(what: str, numbers: Numbers, found: Differences) -> Iterator[str]:
    if not numbers:
        return
    most = sorted(numbers.items(), key=lambda entry: (-abs(entry[1][1] - entry[1][0]), entry[0]))[:MOST_NAMES]
    shown = ", ".join(f"{found.names.get(m, m)} {before:,} → {after:,}" for m, (before, after) in most)
    more = f" and {len(numbers) - MOST_NAMES:,} more" if len(numbers) > MOST_NAMES else ""
    people = "1 person" if len(numbers) == 1 else f"{len(numbers):,} people"
    yield f"{what} changes for {people}: {shown}{more}"


def _rule_json(rule: Difference, found: Differences) -> dict[str, Any]:
    return {
        "achievement": rule.achievement,
        "name": rule.name,
        "what": rule.what,
        "from_version": rule.versions[0],
        "to_version": rule.versions[1],
        "losers": "lose" if rule.lose else "keep",
        "needs_version": rule.unraised,
        "gains": [_held_json(h, found) for h in rule.gains],
        "losses": [_held_json(h, found) for h in rule.losses],
    }


def _held_json(held: Held, found: Differences) -> dict[str, Any]:
    return {
        "member": held.member,
        "name": found.names.get(held.member),
        "tier": held.tier or None,
        "period": held.period,
        "earned_at": held.earned_at,
        "evidence": held.evidence,
    }


def _count(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number:,} {thing}s"
