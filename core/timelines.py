"""Whose clock counts, and what breaks no streak: zones, pauses, freezes, and when the bot heard nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from core.calendar import Calendar
from core.criteria.axis import Axis
from core.criteria.criterion import Criterion
from core.events import Fact
from core.members import NO_LIFE, Life, Member, People
from core.plan import FROZEN, PAUSED, ZONE, Plan
from core.times import read_time

_END_OF_DAYS = dt.date.max.toordinal()


def calendar_of(plan: Plan, people: People, member: Member, at: int) -> Calendar:
    """A member's own calendar at a time: that of the community until they set a zone."""
    zone = people.lives.get(member, NO_LIFE).zone(at)
    return plan.calendar if zone is None else plan.calendar_in(zone)


def axis_of(plan: Plan, people: People, member: Member, c: Criterion, now: int, void: Collection[int] = ()) -> Axis:
    """The time line of a rule for a member (or, in a shared rule, for all)."""
    if c.streak is None and not c.own_zone and not void:
        return plan.axis
    calendar = calendar_of(plan, people, member, now) if c.own_zone else plan.calendar
    if c.streak is None:
        return Axis(calendar, frozenset(void))
    if member not in people.lives and not people.deaf and not void and not c.own_zone:
        return plan.axis
    life = people.lives.get(member, NO_LIFE)
    frozen = tuple((day, day) for day, rule in life.frozen if rule is None or rule == c.id)
    days = calendar_of if c.own_zone else _of_community
    deaf = tuple(
        (days(plan, people, member, start).day(start), days(plan, people, member, end).day(end - 1))
        for start, end in people.deaf
    )
    paused = tuple(
        (days(plan, people, member, at).day(at) if start is None else start, end) for start, end, at in life.paused
    )
    return Axis(calendar, frozenset(void), paused, frozen + deaf)


def _of_community(plan: Plan, people: People, member: Member, at: int) -> Calendar:
    return plan.calendar


def life_of(plan: Plan, facts: Iterable[Fact]) -> Life:
    """What a member's live facts say about zone, pauses and freezes. What cannot be read says nothing."""
    zones: list[tuple[int, str]] = []
    paused: list[tuple[int | None, int, int]] = []
    frozen: list[tuple[int, str | None]] = []
    for fact in facts:
        if fact.type == ZONE:
            name = fact.facts.get("timezone")
            zones += [(fact.at, name)] if isinstance(name, str) and _known(plan, name) else []
        elif fact.type == PAUSED:
            paused.append((_day(fact.facts.get("from")), _day(fact.facts.get("until")) or _END_OF_DAYS, fact.at))
        elif fact.type == FROZEN and (day := _day(fact.facts.get("day"))) is not None:
            rule = fact.facts.get("achievement")
            frozen.append((day, rule if isinstance(rule, str) else None))
    return Life(
        tuple(sorted(zones, key=lambda z: z[0])),
        tuple(paused),
        tuple(sorted(frozen, key=lambda f: (f[0], f[1] or ""))),
    )


def deaf_spans(facts: Iterable[Fact]) -> tuple[tuple[int, int], ...]:
    """When the bot heard nothing, as [from, until) in microseconds."""
    spans = []
    for fact in facts:
        until = fact.facts.get("until")
        try:
            end = read_time(until) if isinstance(until, str) else fact.at
        except ValueError:
            continue
        if end > fact.at:
            spans.append((fact.at, end))
    return tuple(sorted(spans))


def _known(plan: Plan, name: str) -> bool:
    try:
        plan.calendar_in(name)
    except ValueError:
        return False
    return True


def _day(written: object) -> int | None:
    try:
        return dt.date.fromisoformat(written).toordinal() if isinstance(written, str) else None
    except ValueError:
        return None


def months_later(calendar: Calendar, at: int, months: int) -> int:
    """So many calendar months later on the same wall clock; a day that the month does not have becomes its last."""
    local = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=at + calendar.offset(at))
    number = local.year * 12 + local.month - 1 + months
    year, month = divmod(number, 12)
    first_after = dt.date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    last = (first_after - dt.timedelta(days=1)).day
    return calendar.instant(local.replace(year=year, month=month + 1, day=min(local.day, last)))
