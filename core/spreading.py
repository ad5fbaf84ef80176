"""Whom a changed fact is credited to, by which rules, and as what."""

from __future__ import annotations

from collections.abc import Sequence

from core.batch import Batch
from core.changes import Move
from core.criteria.criterion import Criterion
from core.criteria.matching import Match, View, eligible, entry_of, match
from core.events import Fact
from core.progress import is_straight
from core.signals import SignalEvent
from core.touching import cancel, matched_for, together

Marks = tuple[int, int | None]
"""How many marks a signal event has and when the latest came; without that, the event of a platform."""
PLAIN: Marks = (1, None)


def spread(ev: Batch, before: Fact | None, after: Fact | None) -> None:
    """Note what a fact that changed moves."""
    if before is None and after is not None:
        _arrive(ev, after)
    else:
        _replace(ev, before, after, PLAIN, PLAIN)
    if ev.plan.cancels:
        cancel(ev, before, after)


def spread_signal(ev: Batch, before: SignalEvent | None, after: SignalEvent | None) -> None:
    """As `spread`, for a signal's event and the rules that use it."""
    if before is None and after is None:
        return
    old, new = (event.fact if event is not None else None for event in (before, after))
    _replace(ev, old, new, _marks(before), _marks(after))
    if ev.plan.cancels:
        cancel(ev, old, new)


def _marks(event: SignalEvent | None) -> Marks:
    return PLAIN if event is None else (event.weight, event.last)


def _arrive(ev: Batch, fact: Fact) -> None:
    """A new fact, as most are: nothing is lost, so this is the short way."""
    plan = ev.plan
    if not eligible(fact, plan.scope):
        return
    view = View(fact, ev.people, plan.scope)
    straight, steps = plan.straight, ev.steps
    for c in plan.touched(fact.type, view.get):
        if c.own_zone:
            _by_own_zone(ev, c, None, view, fact)
            continue
        members = view.members(c.credits)
        entry = (view.plain if c.bare else entry_of(c, view)) if members else None
        if entry is None:
            continue
        if c.whose != "member":
            _move(ev, c, None, together(c, view, (members, entry)), fact)
        elif straight.get(c.key) or is_straight(c, plan):
            steps += [(c, member, None, entry, fact) for member in members]
        else:
            _move(ev, c, None, (members, entry), fact)


def _replace(ev: Batch, before: Fact | None, after: Fact | None, w0: Marks, w1: Marks) -> None:
    old, new = _view(ev, before), _view(ev, after)
    for c in _touched(ev, old, new):
        if c.own_zone:
            _by_own_zone(ev, c, old, new, after)
            continue
        was = match(c, old, *w0) if old is not None and old.fact.type in c.types else None
        now = match(c, new, *w1) if new is not None and new.fact.type in c.types else None
        if was != now:
            if c.whose != "member":
                was, now = together(c, old, was), together(c, new, now)
            _move(ev, c, was, now, after)


def _view(ev: Batch, fact: Fact | None) -> View | None:
    return View(fact, ev.people, ev.plan.scope) if fact is not None and eligible(fact, ev.plan.scope) else None


def _touched(ev: Batch, old: View | None, new: View | None) -> Sequence[Criterion]:
    found = [c for view in (old, new) if view is not None for c in ev.plan.touched(view.fact.type, view.get)]
    return list(dict.fromkeys(found))


def _by_own_zone(ev: Batch, c: Criterion, old: View | None, new: View | None, fact: Fact | None) -> None:
    """For a rule that goes by each member's own clock: the same event may lie on different days."""
    views = [v for v in (old, new) if v is not None]
    for member in dict.fromkeys(m for v in views for m in v.credited(c.credit, c.allow_self)):
        was, now = (matched_for(ev, c, member, v) for v in (old, new))
        if was != now:
            _move(ev, c, was, now, fact)


def _move(ev: Batch, c: Criterion, was: Match | None, now: Match | None, fact: Fact | None) -> None:
    lost, old = was or ((), None)
    gained, new = now or ((), None)
    for member in dict.fromkeys((*lost, *gained)):
        move = Move(member, old if member in lost else None, new if member in gained else None, fact)
        if is_straight(c, ev.plan):
            ev.steps.append((c, *move))
        else:
            ev.moves.setdefault(c.key, []).append(move)
