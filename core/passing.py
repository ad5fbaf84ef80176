"""What is asked of a member beside the goal: who they are when the award is due, and what moderators say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

from core.awards import Deserved
from core.calendar import Calendar
from core.events import Fact
from core.members import Member
from core.plan import CONFIRMED, DECLINED, MEMBERSHIP, TEAM
from core.rules.durations import Duration
from core.rules.grammar import Who
from core.rules.shares import read_share
from core.timelines import months_later
from core.wanted import Wanted

UNKNOWN = 1 << 62
"""When an award is due that a moderator has not confirmed yet."""


def later(calendar: Calendar, at: int, span: Duration) -> int:
    """So much later: days are 24 hours, months and years go by the calendar."""
    if span.elapsed:
        return at + span.microseconds
    return months_later(calendar, at, span.count * (12 if span.unit == "year" else 1))


def joined_at(acts: Sequence[Fact]) -> int | None:
    """When the member first joined, by what they did; None if nobody says so."""
    return min((f.at for f in acts if f.type == MEMBERSHIP), default=None)


def fits(who: Who, at: int, acts: Sequence[Fact], teams: Sequence[Fact], calendar: Calendar) -> bool:
    """Does the member fulfil `who`, its level apart, at this moment? `acts`: live facts with the member as actor;
    `teams`: statements of teams about them; both in order of time."""
    if who.role or who.not_role:
        roles = _roles(acts, at)
        if who.role and roles.isdisjoint(who.role):
            return False
        if who.not_role and not roles.isdisjoint(who.not_role):
            return False
    if who.team and _latest(teams, at, "team") not in who.team:
        return False
    return _joined_fits(who, at, joined_at(acts), calendar)


def _joined_fits(who: Who, at: int, joined: int | None, calendar: Calendar) -> bool:
    if who.member_for is None and who.joined_before is None and who.joined_after is None:
        return True
    if joined is None:
        return False
    if who.member_for is not None and later(calendar, joined, who.member_for) > at:
        return False
    day = calendar.day(joined)
    if who.joined_before is not None and day >= who.joined_before.toordinal():
        return False
    return who.joined_after is None or day > who.joined_after.toordinal()


def _roles(acts: Sequence[Fact], at: int) -> frozenset[str]:
    """The latest stamped roles; none where nothing is stamped."""
    stamped = _latest(acts, at, "actor_role")
    if isinstance(stamped, tuple):
        return frozenset(stamped)
    return frozenset() if stamped is None else frozenset({str(stamped)})


def _latest(facts: Sequence[Fact], at: int, name: str) -> object:
    found = [f for f in facts if f.at <= at and name in f.facts]
    return found[-1].facts[name] if found else None


def teams_of(facts: Sequence[Fact], is_member: Callable[[str], bool]) -> list[Fact]:
    """Statements of teams about a member: the person named, else the one who did it."""
    return [f for f in facts if f.type == TEAM and (person := f.target or f.actor) is not None and is_member(person)]


def confirmed(wanted: Wanted, d: Deserved, said: Sequence[Fact]) -> Deserved | None:
    """An award that needs a moderator's word: pending until confirmed, gone once declined.

    `said`: live confirmations and refusals about this member and achievement, in order of time.
    """
    about = [f for f in said if f.facts.get("tier") in (None, d.tier)]
    yes = max((f.at for f in about if f.type == CONFIRMED), default=None)
    no = max((f.at for f in about if f.type == DECLINED), default=None)
    if no is not None and (yes is None or no > yes):
        return None
    return replace(d, asked=True, due_at=UNKNOWN) if yes is None else replace(d, due_at=max(d.due_at, yes))


def in_cohort(wanted: Wanted, member: Member) -> bool:
    """Is the member in the share for which this is tried out? The same members at every question."""
    share = read_share(wanted.rule.cohort)
    if share is None:
        return True
    mark = blake2b(f"{wanted.id}\0{member}".encode(), digest_size=8).digest()
    return int.from_bytes(mark, "big") * 10_000 < share << 64
