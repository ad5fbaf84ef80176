"""Everything about a member anew from the log: for a changed rule book, and for what counts differently from now on."""

from __future__ import annotations

from collections.abc import Iterable

from core.awarding import award
from core.criteria.criterion import Criterion
from core.effects import Telling
from core.evaluation import Evaluation
from core.judgement import Judgement
from core.members import Member
from core.ports import Transaction
from core.progress import WHOLE, Blob, Shard, event_id, is_wide, pack, rebuilt, shards, write_shard
from core.serving import Served


def recount_member(evaluation: Evaluation, member: Member) -> None:
    """Build all states, scores and awards of one member anew. The states must have been forgotten."""
    judgement = evaluation.judgement(member)
    for c in evaluation.plan.order:
        if c.kind == "signal" or c.grouped:
            _rebuild_shards(evaluation, c, member, judgement)
        elif c.kind != "score" or c.limit is not None:
            _blob(evaluation, member, WHOLE)[c.key] = rebuilt(c, judgement.entries(c), evaluation.plan.calendar)
        if c.kind == "score":
            evaluation.outcome.scores[member, c.id] = judgement.score(c)
    evaluation.outcome.gained = {k: v for k, v in evaluation.outcome.gained.items() if k[0] != member}
    evaluation.outcome.amounts = {k: v for k, v in evaluation.outcome.amounts.items() if k[0] != member}
    evaluation.outcome.again |= {(member, name) for name in evaluation.plan.wanted}


def _rebuild_shards(evaluation: Evaluation, c: Criterion, member: Member, judgement: Judgement) -> None:
    said = {e.fact.id: e for e in judgement.events(c.id)} if c.kind == "signal" else {}
    if is_wide(c, evaluation.plan.signals):
        if said:
            _blob(evaluation, member, WHOLE)[c.key] = {"x": [pack(e) for e in said.values()]}
        return
    for name, found in shards(c, judgement.entries(c), evaluation.plan.calendar).items():
        _blob(evaluation, member, name)[c.key] = write_shard(
            Shard(found, said.get(event_id(c, name, evaluation.plan.calendar)))
        )


def _blob(evaluation: Evaluation, member: Member, shard: str) -> Blob:
    evaluation.states.changed((member, shard))
    return evaluation.states.get((member, shard))


def recount_all(tx: Transaction, served: Served, evaluation: Evaluation, member: Member) -> None:
    """Everything about one member from the log."""
    tx.forget_progress(member)
    served.memory.forget(member)
    recount_member(evaluation, member)


def rebuild(tx: Transaction, served: Served, members: Iterable[Member], now: int) -> int:
    """Recount these members from the log, as a changed rule book asks for. Returns how many.

    Holders keep what they have; what is found in old history is left to the next digest.
    """
    done = 0
    for member in members:
        evaluation = Evaluation(served.plan, served.people, served.memory, tx, now)
        recount_all(tx, served, evaluation, member)
        for (who, rule), days in evaluation.outcome.scores.items():
            tx.set_scores(who, rule, days)
        served.memory.save(tx)
        served.memory.forget(member)
        quiet = Telling(now, announce=False, roles=False)
        award(tx, served.plan, served.by_hand, evaluation, (), quiet, dated=False, keep=True)
        done += 1
    return done
