"""Everything about a member anew from the log: for a changed rule book, and for what counts differently from now on."""

from __future__ import annotations

from collections.abc import Iterable

from core.awarding import award
from core.court import EVERYBODY
from core.criteria.combining import Combination
from core.criteria.criterion import Criterion
from core.effects import Telling
from core.evaluation import Evaluation
from core.judgement import Judgement
from core.members import Member
from core.ports import Transaction
from core.progress import WHOLE, Blob, Shard, event_id, pack, shards, way_of, write_shard
from core.serving import Served
from core.stepping import from_log, state_key
from core.touching import TEAM_MARK
from core.watching import watched


def recount_member(evaluation: Evaluation, member: Member) -> None:
    """Build all states, scores and awards of one member anew. The states must have been forgotten."""
    judgement = evaluation.judgement(member)
    for c in evaluation.plan.order:
        way = way_of(c, evaluation.plan)
        if way == "shards":
            _rebuild_shards(evaluation, c, member, judgement)
        elif way == "log" and c.kind == "signal":
            _rebuild_said(evaluation, c, member, judgement)
        elif way == "whole" and c.whose == "member":
            _blob(evaluation, member, WHOLE)[c.key] = evaluation.from_log(c, member)
        elif way == "run" and c is evaluation.plan.wanted[c.id].leaves[0]:
            _rebuild_run(evaluation, c, member)
        if c.kind == "score":
            evaluation.outcome.scores[member, c.id] = judgement.score(c)
    evaluation.outcome.gained = {k: v for k, v in evaluation.outcome.gained.items() if k[0] != member}
    evaluation.outcome.amounts = {k: v for k, v in evaluation.outcome.amounts.items() if k[0] != member}
    watched(evaluation, judgement)
    evaluation.outcome.again |= {(member, name) for name, w in evaluation.plan.wanted.items() if not w.shared}


def _rebuild_shards(evaluation: Evaluation, c: Criterion, member: Member, judgement: Judgement) -> None:
    said = {e.fact.id: e for e in judgement.events(c.id)} if c.kind == "signal" else {}
    for name, found in shards(c, judgement.entries(c), evaluation.plan.calendar).items():
        _blob(evaluation, member, name)[c.key] = write_shard(
            Shard(found, said.get(event_id(c, name, evaluation.plan.calendar)))
        )


def _rebuild_run(evaluation: Evaluation, c: Criterion, member: Member) -> None:
    whole = evaluation.plan.wanted[c.id].condition
    if isinstance(whole, Combination):
        _blob(evaluation, member, WHOLE)[state_key(c)] = from_log(evaluation, whole, member)


def _rebuild_said(evaluation: Evaluation, c: Criterion, member: Member, judgement: Judgement) -> None:
    said = judgement.events(c.id)
    if said:
        _blob(evaluation, member, WHOLE)[c.key] = {"x": [pack(e) for e in said]}


def _blob(evaluation: Evaluation, member: Member, shard: str) -> Blob:
    evaluation.states.changed((member, shard))
    return evaluation.states.get((member, shard))


def recount_all(tx: Transaction, served: Served, evaluation: Evaluation, members: Iterable[Member]) -> None:
    """Everything about these members from the log. A name that is now an account of another member has nothing left."""
    concerned = sorted(members)
    for member in concerned:
        tx.forget_progress(member)
        served.memory.forget(member)
        if served.people.member(member) == member:
            recount_member(evaluation, member)
        else:
            _clear(evaluation, member)
    if concerned:
        recount_groups(evaluation)


def _clear(evaluation: Evaluation, member: Member) -> None:
    """Nothing counts under this name any more; its awards are looked at, to be handed over."""
    outcome, plan = evaluation.outcome, evaluation.plan
    outcome.gained = {k: v for k, v in outcome.gained.items() if k[0] != member}
    outcome.amounts = {k: v for k, v in outcome.amounts.items() if k[0] != member}
    outcome.scores |= {(member, c.id): {} for c in plan.order if c.kind == "score"}
    outcome.again |= {(member, name) for name in plan.wanted}


def rebuild(tx: Transaction, served: Served, members: Iterable[Member], now: int) -> int:
    """Recount these members from the log, as a changed rule book asks for. Returns how many.

    Holders keep what they have; what is found in old history is left to the next digest.
    """
    done = 0
    for member in members:
        evaluation = Evaluation(served.plan, served.people, served.memory, tx, now)
        tx.forget_progress(member)
        served.memory.forget(member)
        recount_member(evaluation, member)
        for (who, rule), days in evaluation.outcome.scores.items():
            tx.set_scores(who, rule, days)
        served.memory.save(tx)
        served.memory.release(member)
        quiet = Telling(now, announce=False, roles=False)
        award(tx, served.plan, served.by_hand, evaluation, (), quiet, dated=False, keep=True)
        done += 1
    tx.forget_progress(EVERYBODY)
    served.memory.forget(EVERYBODY)
    together = Evaluation(served.plan, served.people, served.memory, tx, now)
    recount_groups(together)
    quiet = Telling(now, announce=False, roles=False)
    award(tx, served.plan, served.by_hand, together, (), quiet, dated=False, keep=True)
    return done


def recount_groups(evaluation: Evaluation) -> None:
    """The progress of teams and of the community anew; what others decide too is looked at as a whole."""
    for wanted in (w for w in evaluation.plan.wanted.values() if w.shared):
        evaluation.outcome.again.add((EVERYBODY, wanted.id))
        c = wanted.criterion
        if c is None or c.whose == "member" or way_of(c, evaluation.plan) != "whole":
            continue
        for group in evaluation.court.groups(wanted):
            name = group if c.whose == "community" else f"{TEAM_MARK}{group}"
            _blob(evaluation, name, WHOLE)[c.key] = evaluation.from_log(c, name)
