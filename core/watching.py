"""What rules ask about a member beside events: roles, membership, score, activity. Kept small, so that a fact that
changes none of it costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.batch import Batch
from core.changes import Change
from core.events import Fact
from core.judgement import Judgement
from core.members import Member
from core.plan import MEMBERSHIP, TEAM
from core.progress import WHOLE, Blob
from core.sifting import is_act

ROLES, DAYS = "\0roles", "\0days"


def watch(ev: Batch, changes: Iterable[Change]) -> None:
    """Look at whom the changes are by, before the rules are asked."""
    for change in changes:
        for fact in {id(f): f for f in (change.before, change.after) if f is not None}.values():
            if fact.type in (MEMBERSHIP, TEAM):
                person = fact.actor if fact.type == MEMBERSHIP else fact.target or fact.actor
                if person is not None:
                    _again(ev, ev.people.member(person), ev.plan.by_membership)
        if ev.plan.by_role:
            _roles(ev, change)
        if ev.plan.by_silence:
            _activity(ev, change)


def _again(ev: Batch, member: Member, achievements: Iterable[str]) -> None:
    for name in achievements:
        ev.outcome.again.add((member, name))
        ev.outcome.recounts += 1


def _roles(ev: Batch, change: Change) -> None:
    """A role that was stamped: nothing changes while it is the same, and nothing older says otherwise."""
    for fact, here in ((change.before, False), (change.after, True)):
        if fact is None or fact.actor is None or "actor_role" not in fact.facts:
            continue
        member = ev.people.member(fact.actor)
        blob = ev.states.get((member, WHOLE))
        known = blob.get(ROLES)
        following = here and change.before is None and (known is None or fact.at >= known["t"])
        if following and known is not None and known["v"] == _roles_of(fact):
            continue
        latest = fact if following else _latest(ev, member)
        blob[ROLES] = {"t": latest.at, "v": _roles_of(latest)} if latest else {"t": 0, "v": None}
        ev.states.changed((member, WHOLE))
        _again(ev, member, ev.plan.by_role)


def _latest(ev: Batch, member: Member) -> Fact | None:
    stamped = [f for f in ev.judgement(member).sieve.acts if "actor_role" in f.facts]
    return stamped[-1] if stamped else None


def _roles_of(fact: Fact) -> list[str]:
    value = fact.facts["actor_role"]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _activity(ev: Batch, change: Change) -> None:
    """On how many facts each day of activity rests; where a day comes or goes in the past, the log is asked."""
    for fact, count in ((change.before, -1), (change.after, 1)):
        if fact is None or fact.actor is None or not is_act(fact):
            continue
        member = ev.people.member(fact.actor)
        days: dict[str, int] = ev.states.get((member, WHOLE)).setdefault(DAYS, {})
        day = str(ev.plan.calendar.day(fact.at))
        before = days.get(day, 0)
        days[day] = before + count
        if not days[day]:
            del days[day]
        ev.states.changed((member, WHOLE))
        moved = (before == 0) != (day not in days)
        last = count > 0 and int(day) >= max(map(int, days)) and not ev.plan.silence_of_others
        if (moved and not last) or member in ev.people.lives:
            _again(ev, member, ev.plan.by_silence)


def silent_before(blob: Blob, day: int, absence: int) -> bool:
    """Was the member silent so many whole days before this one, by what is kept?"""
    earlier = [d for d in map(int, blob.get(DAYS, ())) if d < day]
    return bool(earlier) and day - max(earlier) - 1 >= absence


def watched(ev: Batch, judgement: Judgement) -> None:
    """What is kept about a member, anew from the log."""
    if not (ev.plan.by_role or ev.plan.by_silence):
        return
    blob = ev.states.get((judgement.member, WHOLE))
    ev.states.changed((judgement.member, WHOLE))
    if ev.plan.by_silence:
        blob[DAYS] = dict(Counter(str(ev.plan.calendar.day(f.at)) for f in judgement.sieve.acts if is_act(f)))
    latest = _latest(ev, judgement.member) if ev.plan.by_role else None
    if latest is not None:
        blob[ROLES] = {"t": latest.at, "v": _roles_of(latest)}
