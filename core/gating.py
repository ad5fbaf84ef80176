"""What is asked beside the goal: time served, other awards, who somebody is, a moderator's word, how long it lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from core.awards import Deserved
from core.criteria.axis import Axis
from core.criteria.criterion import Criterion, Entry, Number
from core.criteria.holding import FOREVER, held_until, holds_again
from core.engine import Reached
from core.events import Fact
from core.members import Member, People
from core.passing import confirmed, fits, in_cohort, joined_at, later, teams_of
from core.plan import CONFIRMED, DECLINED, TEAM, Plan
from core.rules.durations import Duration
from core.sifting import Sieve
from core.wanted import Wanted


class Judged(Protocol):
    """What is known of the member whose award it is; see `core.judgement.Judgement`."""

    plan: Plan
    people: People
    member: Member
    now: int
    sieve: Sieve

    def held(self, achievement: str) -> Deserved | None: ...

    def about(self, type_: str, achievement: str) -> list[Fact]: ...

    def counted(self, c: Criterion) -> list[Entry]: ...

    def axis(self, c: Criterion) -> Axis: ...

    def levels(self, at: int) -> list[Reached]: ...

    def turn(self, achievement: str, at: int) -> None: ...


def finished(j: Judged, wanted: Wanted, own: Deserved | None) -> Deserved | None:
    """With all that is asked beside the goal; None where it fails."""
    d = own if own is None else _after_membership(j, wanted, own)
    if own is not None and d is None:
        return None
    if wanted.needs:
        d = _with_needs(j, wanted, d)
    if d is None or not in_cohort(wanted, j.member) or not _fits(j, wanted, d):
        return None
    if _retired(j, wanted, d):
        return None
    if wanted.rule.ask:
        said = [*j.about(CONFIRMED, wanted.id), *j.about(DECLINED, wanted.id)]
        d = confirmed(wanted, d, said)
    return _lasting(j, wanted, d) if d is not None else None


def _retired(j: Judged, wanted: Wanted, d: Deserved) -> bool:
    end = wanted.rule.retired
    return end is not None and j.sieve.calendar(wanted, d.earned_at).day(d.earned_at) >= end.toordinal()


def _after_membership(j: Judged, wanted: Wanted, d: Deserved) -> Deserved | None:
    """A tier may also ask for time served: it is earned when both are there."""
    tier = (wanted.rule.tiers or {}).get(d.tier)
    if tier is None or tier.member_for is None:
        return d
    joined = joined_at(j.sieve.acts)
    if joined is None:
        return None
    at = later(j.sieve.calendar(wanted, joined), joined, tier.member_for)
    if at <= d.earned_at:
        return d
    j.turn(wanted.id, at)
    return None if at > j.now else replace(d, earned_at=at, due_at=max(d.due_at, at + wanted.settle))


def _fits(j: Judged, wanted: Wanted, d: Deserved) -> bool:
    who = wanted.rule.who
    if who is None:
        return True
    at = min(d.due_at, j.now)
    teams = teams_of(j.sieve.named([TEAM]), lambda a: j.people.member(a) == j.member)
    if not fits(who, at, j.sieve.acts, teams, j.sieve.calendar(wanted, at)):
        return False
    if who.level is None:
        return True
    wanted_level = who.level
    reached_ = j.levels(at)
    numbers = [n for n, level in enumerate(j.plan.book.levels, 1) if wanted_level in (n, level.name)]
    return any(r.number >= n for r in reached_ for n in numbers)


def _lasting(j: Judged, wanted: Wanted, d: Deserved) -> Deserved | None:
    lasts = wanted.rule.lasts
    if lasts == "forever":
        return d
    if lasts == "while true":
        return _holding(j, wanted, d)
    until = later(j.sieve.calendar(wanted, d.earned_at), d.earned_at, lasts)
    j.turn(wanted.id, until)
    return None if until < d.due_at else replace(d, lapses_at=until)


def for_its_time(j: Judged, wanted: Wanted, d: Deserved) -> Deserved:
    """What was given by hand ends like what was earned, where its time is a duration."""
    lasts = wanted.rule.lasts
    if not isinstance(lasts, Duration):
        return d
    until = later(j.sieve.calendar(wanted, d.earned_at), d.earned_at, lasts)
    j.turn(wanted.id, until)
    return replace(d, lapses_at=until)


def _holding(j: Judged, wanted: Wanted, d: Deserved) -> Deserved | None:
    c = wanted.criterion
    if c is None or not c.framed:
        return d
    goal = next(r.goal for r in c.rungs if r.tier == d.tier)
    due = min(d.due_at, j.now)
    if due > d.earned_at and _held_until(j, wanted, c, d, goal, due) <= due:
        return None
    until = _held_until(j, wanted, c, d, goal, j.now)
    again = holds_again(c, j.counted(c), goal, j.axis(c), j.now) if until <= j.now else None
    j.turn(wanted.id, until if again is None else again)
    return d if until == FOREVER else replace(d, lapses_at=until)


def _held_until(j: Judged, wanted: Wanted, c: Criterion, d: Deserved, goal: Number, at: int) -> int:
    """When the goal falls below, as of a moment: of the best thing, or with `repeat` of the award's own."""
    if c.period is not None and c.repeat:
        calendar = j.sieve.calendar(wanted, at)
        if d.period != calendar.name(calendar.period(calendar.day(at), c.period), c.period):
            return 0
    # A platform's clock may be ahead of ours: what it says has happened.
    entries = [e for e in j.counted(c) if e.at <= at or at == j.now]
    things = {d.thing} if c.each is None or c.repeat else {e.thing for e in entries}
    groups = [entries if c.each is None else [e for e in entries if e.thing == thing] for thing in sorted(things)]
    return max((held_until(c, group, goal, j.axis(c), at) for group in groups), default=0)


def _with_needs(j: Judged, wanted: Wanted, own: Deserved | None) -> Deserved | None:
    """Gate by the awards it needs: dated by the latest of its own goal and these, and settling from there."""
    held = [j.held(part) for part in wanted.needs]
    standing = sorted((d for d in held if d is not None), key=lambda d: (d.earned_at, d.achievement))
    used = standing[: wanted.needed]
    if len(used) < wanted.needed:
        return None
    parts = [*used, own] if own is not None else used
    facts = frozenset().union(*(d.facts for d in parts))
    end = max(parts, key=lambda d: d.earned_at)
    at = end.earned_at
    last = max((_latest(j, d) for d in parts), default=at)
    first = own or end
    return replace(
        first,
        achievement=wanted.id,
        version=wanted.rule.version,
        occurrence=own.occurrence if own else "",
        period=own.period if own else None,
        earned_at=at,
        due_at=max(at, last) + wanted.settle,
        evidence=len(facts),
        since=min(d.since for d in parts),
        facts=facts,
        fact=end.fact,
        by=None,
        note=None,
        tier=own.tier if own else "",
        lapses_at=None,
    )


def _latest(j: Judged, d: Deserved) -> int:
    """The time of the latest fact behind an award: what it is due at, less the settling."""
    return d.due_at if d.by is not None else d.due_at - j.plan.wanted[d.achievement].settle
