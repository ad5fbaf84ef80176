"""Achievements made of steps, kept as one state: the events of all steps in order of time."""

from __future__ import annotations

from collections.abc import Sequence

from core.batch import Batch
from core.changes import Move, order_of
from core.criteria.combining import Combination
from core.criteria.criterion import Criterion
from core.criteria.runs import advance, in_order, is_over, rebuild
from core.criteria.steps import State
from core.members import Member
from core.progress import WHOLE

Stepped = tuple[int, Move]


def apply(ev: Batch, c: Criterion, moves: Sequence[Stepped]) -> None:
    """Bring the state of an achievement up to date with what its steps lost and gained."""
    whole = ev.plan.wanted[c.id].condition
    if not isinstance(whole, Combination):
        return
    unsure: set[Member] = set()
    for step, move in sorted(moves, key=lambda m: (order_of(m[1]), m[0])):
        if move.member not in unsure and not _take(ev, whole, c, step, move):
            unsure.add(move.member)
    for member in sorted(unsure):
        ev.outcome.recounts += 1
        ev.states.get((member, WHOLE))[state_key(c)] = from_log(ev, whole, member)
        ev.states.changed((member, WHOLE))
        ev.again(member, c)


def state_key(c: Criterion) -> str:
    """Under which key the state of all steps is kept."""
    return f"steps:{c.id}"


def from_log(ev: Batch, whole: Combination, member: Member) -> State:
    """The state as the log has it."""
    judgement = ev.judgement(member)
    return rebuild(whole, [(n, e) for n, leaf in enumerate(whole.leaves) for e in judgement.counted(leaf)])


def _take(ev: Batch, whole: Combination, c: Criterion, step: int, move: Move) -> bool:
    """True where the state says exactly what a move changes."""
    key = (move.member, WHOLE)
    state = ev.states.get(key).setdefault(state_key(c), {})
    if all(e is None or is_over(state, e) for e in (move.old, move.new)):
        return move.old is not None or move.new is not None
    if move.old is not None or move.new is None:
        return False
    latest = state.get("d") or state.get("k")
    same = latest is not None and tuple(latest) == move.new[:3]  # one event may be for several steps
    if not same and not in_order(state, move.new):
        return False
    ev.states.changed(key)
    if advance(whole, state, step, move.new):
        ev.again(move.member, c)
    return True
