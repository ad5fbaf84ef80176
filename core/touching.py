"""Whom an event touches beside those it is credited to: their team, the community, whoever it takes something from."""

from __future__ import annotations

from collections.abc import Sequence

from core.batch import Batch
from core.changes import Move
from core.court import EVERYBODY
from core.criteria.criterion import Criterion
from core.criteria.matching import Match, View, match, thing
from core.events import Fact
from core.members import Member
from core.sifting import cancelled
from core.timelines import calendar_of

TEAM_MARK = "*"
"""Before the name of a team under which its progress is kept; no account begins so."""


def together(c: Criterion, view: View | None, match_: Match | None) -> Match | None:
    """An event credited to members as one credited to their team, or to the community."""
    if view is None or match_ is None:
        return None
    if c.whose == "community":
        return (EVERYBODY,), match_[1]
    team = view.get("team")
    return ((f"{TEAM_MARK}{team}",), match_[1]) if isinstance(team, str) else None


def cancelled_for(ev: Batch, c: Criterion, fact: Fact) -> set[Member]:
    """Who is credited by a rule for what this event cancels."""
    if c.whose != "member":
        return {EVERYBODY}
    view = View(fact, ev.people, ev.plan.scope)
    if c.unless is None or c.unless.match != "object":
        return set(view.credited(c.credit, c.allow_self))
    found: set[Member] = set()
    signals = c.types & ev.plan.signals.keys()
    for other in ev.history.concerning([thing(fact)], c.types - signals):
        found.update(View(other, ev.people, ev.plan.scope).credited(c.credit, c.allow_self))
    for signal in signals:
        found.update(ev.court.members_about(signal, thing(fact)))
    return found


def matched_for(ev: Batch, c: Criterion, member: Member, view: View | None) -> Match | None:
    """The event on a member's own calendar, for a rule that goes by each member's clock."""
    if view is None or view.fact.type not in c.types:
        return None
    calendar = calendar_of(ev.plan, ev.people, member, view.fact.at)
    found = match(c, view.inside(calendar))
    return None if found is None or member not in found[0] else ((member,), found[1])


def uncancelled(ev: Batch, c: Criterion, moves: Sequence[Move]) -> list[Move]:
    """Without the events that something cancels; whom a cancelling event of this batch touches is counted again."""
    if c.unless is None or c.unless.match != "object":
        return list(moves)
    things = {e.thing for move in moves for e in (move.old, move.new) if e is not None}
    plan, people = ev.plan, ev.people
    gone = cancelled(plan, ev.history, c.unless, things, ev.court.things, lambda f: View(f, people, plan.scope))
    found: list[Move] = []
    for move in moves:
        old, new = (e if e is not None and e.thing not in gone else None for e in (move.old, move.new))
        if old is not None or new is not None or (move.old is None and move.new is None):
            found.append(move._replace(old=old, new=new))
    return found


def rank(ev: Batch, c: Criterion, moves: list[Move]) -> None:
    """Rankings are decided when their period closes, and again when something changes in one that is out."""
    calendar, period = ev.plan.calendar, c.period or "month"
    days = {e.day for m in moves for e in (m.old, m.new) if e is not None}
    ends = {calendar.first_instant(i + 1, period) for i in {calendar.period(day, period) for day in days}}
    ev.outcome.closings |= {(c.id, end) for end in ends if end > ev.now}
    if any(end <= ev.now for end in ends) or any(m.old is None and m.new is None for m in moves):
        ev.again(EVERYBODY, c)


def cancel(ev: Batch, before: Fact | None, after: Fact | None) -> None:
    """An event that cancels others: whoever these were credited to is counted again."""
    for fact in (f for f in (before, after) if f is not None):
        for c in ev.plan.cancels.get(fact.type, ()):
            moves = ev.moves.setdefault(c.key, [])
            moves += [Move(member, None, None, None) for member in sorted(cancelled_for(ev, c, fact))]
