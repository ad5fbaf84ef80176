"""Awards that an evaluation asks for: added where that is certain, else judged from the log; then what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from core import firsts
from core.alarms import set_alarms
from core.awards import Award, Deserved, Happened, Loss, reconcile, settle, settled_again
from core.changes import Change
from core.court import EVERYBODY
from core.criteria.criterion import Met
from core.effects import Telling, messages, payments, place_json, rooms_of
from core.evaluation import Evaluation
from core.events import Fact
from core.firsts import by_place
from core.handover import REGROUPED, Key, carried, hand_over, key_of
from core.hushing import hushed
from core.languages import theirs
from core.members import Member
from core.outgoing import report_awards
from core.plan import Plan
from core.ports import Transaction
from core.standings import standing
from core.taking_back import WITHDRAWN, ByHand, taken_by_hand, taken_until
from core.together import own_part
from core.wanted import ENGINE_TYPES, Wanted, may_be_cancelled

Gains = Sequence[tuple[Met, Fact | None]]
CANCELLED = "something it rested on does not count any more"  # taken out by `unless`, and perhaps nobody withdrew it


def award(
    tx: Transaction,
    plan: Plan,
    by_hand: set[tuple[Member, str]],
    evaluation: Evaluation,
    changes: Sequence[Change],
    telling: Telling,
    dated: bool,
    keep: bool = False,
) -> list[Happened]:
    """Write the awards that follow from an evaluation, and what follows from them.

    `dated`: as if decided when due; `keep`: nobody loses anything, as when a rule changes.
    """
    todo = _todo(evaluation)
    if not todo and not evaluation.outcome.closings:
        return []
    _recall_places(tx, evaluation)
    members = {member for there in todo.values() for member in there}
    stored = _by_achievement(tx.awards(members - {EVERYBODY}))
    taken = taken_by_hand(changes, plan, evaluation.people)
    happened: list[Happened] = []
    here: set[tuple[Member, str]] = set()
    for name, wanted in plan.wanted.items():
        if name in todo and wanted.shared:
            todo[name] = _with_others(tx, wanted, evaluation, stored, todo[name], members)
        for member, gains in sorted(todo.get(name, {}).items()):
            held = stored.get((member, name), [])
            touched = (member, name) in by_hand
            if not held and not touched and not _possible(wanted, member, evaluation, stored, here):
                continue
            sure = gains is not None and wanted.plainly and not held and not touched
            if sure and gains is not None:
                found = list(_gain(wanted, member, gains, telling.now))
            else:
                found = list(_judge(wanted, held, evaluation, member, telling.now, taken, keep))
            happened += found
            if found:
                here.add((member, name))
            # Judged from the log, it may rest on other facts although nothing about it is new to see.
            if found or not sure:
                for user in plan.dependents.get(name, ()):
                    todo.setdefault(user, {})[member] = None
                    _more(tx, stored, member, members)
    _score_awards(tx, evaluation, {member for member, _ in here})
    evaluation.states.save(tx)
    set_alarms(tx, evaluation, todo)
    return _write(tx, plan, evaluation, happened, telling, dated)


def settle_due(tx: Transaction, plan: Plan, evaluation: Evaluation, telling: Telling) -> list[Happened]:
    """Award what has settled, and what was waiting for that."""
    evaluation.outcome.again |= {key for key in tx.woken(telling.now) if key[1] in plan.wanted}
    waiting = [a for a in tx.due(telling.now) if a.achievement in plan.wanted]
    evaluation.outcome.again |= {(a.member, a.achievement) for a in waiting if not plan.wanted[a.achievement].plainly}
    plain = [a for a in waiting if plan.wanted[a.achievement].plainly]
    again = [a for a in tx.overdue(telling.now, awaited(plan)) if a.achievement in plan.wanted]
    due = [*settle(plain, telling.now), *settled_again(again)]
    if due:
        _write(tx, plan, evaluation, due, telling, dated=False)
    for h in due:
        if h.before is not None:
            evaluation.outcome.again |= {
                (h.before.member, user) for user in plan.dependents.get(h.before.achievement, ())
            }
    return due + award(tx, plan, set(), evaluation, (), telling, dated=False)


def awaited(plan: Plan) -> list[str]:
    """Achievements that settle and that others need."""
    return [name for name in plan.dependents if name in plan.wanted and plan.wanted[name].settle]


def _with_others(
    tx: Transaction,
    wanted: Wanted,
    evaluation: Evaluation,
    stored: dict[tuple[Member, str], list[Award]],
    touched: Mapping[Member, object],
    loaded: set[Member],
) -> dict[Member, Gains | None]:
    """Everybody whose award of a shared achievement may have changed with these."""
    concerned = _concerned(tx, wanted, evaluation, stored, set(touched))
    for member in concerned - loaded:
        _more(tx, stored, member, loaded)
    return dict.fromkeys(concerned)


def _recall_places(tx: Transaction, evaluation: Evaluation) -> None:
    wanted = [w for w in evaluation.plan.wanted.values() if by_place(w)]
    evaluation.states.load(tx, [firsts.key_of(w.id) for w in wanted])
    for w in wanted:
        firsts.recall(evaluation, w)


def _concerned(
    tx: Transaction,
    wanted: Wanted,
    evaluation: Evaluation,
    stored: dict[tuple[Member, str], list[Award]],
    touched: set[Member],
) -> set[Member]:
    """Whoever has a shared achievement, or would have it now; of the first so many, those whose place may change."""
    court = evaluation.court
    if by_place(wanted):
        moved = None if EVERYBODY in touched else firsts.update(evaluation, wanted, touched)
        if moved is not None:
            return moved
        firsts.found_anew(evaluation, wanted)
        found = {member for member, _ in court.places[wanted.id]}
    else:
        found = set(court.all_awards(wanted.id))
    there = tx.awards_of(wanted.id)
    stored.update(_by_achievement(there))
    return found | {a.member for a in there} | touched - {EVERYBODY}


def _score_awards(tx: Transaction, evaluation: Evaluation, members: Iterable[Member]) -> None:
    """Scores that are given for awards and levels."""
    for c in evaluation.plan.scores:
        if not c.types.isdisjoint(ENGINE_TYPES):
            for member in members:
                tx.set_scores(member, c.id, evaluation.judgement(member).score(c))


def _todo(evaluation: Evaluation) -> dict[str, dict[Member, Gains | None]]:
    todo: dict[str, dict[Member, Gains | None]] = {}
    for (member, name), gains in evaluation.outcome.gained.items():
        todo.setdefault(name, {})[member] = gains
    for member, name in evaluation.outcome.again:
        todo.setdefault(name, {})[member] = None
    return todo


def _possible(
    wanted: Wanted,
    member: Member,
    evaluation: Evaluation,
    stored: Mapping[tuple[Member, str], Sequence[Award]],
    here: Collection[tuple[Member, str]],
) -> bool:
    """Can it be there at all? What it needs would be stored, or would just have happened."""
    if (member, wanted.id) in evaluation.outcome.nothing and (member, wanted.id) not in evaluation.outcome.gained:
        return False
    if not wanted.needs:
        return True
    return sum((member, part) in here or bool(stored.get((member, part))) for part in wanted.needs) >= wanted.needed


def _more(tx: Transaction, stored: dict[tuple[Member, str], list[Award]], member: Member, loaded: set[Member]) -> None:
    if member not in loaded:
        loaded.add(member)
        stored.update(_by_achievement(tx.awards([member])))


def _by_achievement(awards: Iterable[Award]) -> dict[tuple[Member, str], list[Award]]:
    found: dict[tuple[Member, str], list[Award]] = {}
    for a in awards:
        found.setdefault((a.member, a.achievement), []).append(a)
    return found


def _gain(wanted: Wanted, member: Member, gains: Gains, now: int) -> Iterable[Happened]:
    for met, fact in gains:
        at = met.key[0]
        deserved = Deserved(
            wanted.id,
            wanted.rule.version,
            member,
            met.occurrence,
            met.period,
            at,
            max(at, met.last) + wanted.settle,
            met.evidence,
            met.since,
            frozenset(),
            fact,
            tier=met.tier,
        )
        yield from reconcile(wanted, (), [(deserved, place_json(fact))], now, Loss())


def _judge(
    wanted: Wanted,
    held: Sequence[Award],
    evaluation: Evaluation,
    member: Member,
    now: int,
    by_hand: ByHand,
    keep: bool,
) -> Iterable[Happened]:
    owner = evaluation.people.member(member)
    if owner != member:
        heir = evaluation.judgement(owner)
        loss = Loss(REGROUPED, keep=keep, taken=taken_until(heir, wanted.id))
        return hand_over(wanted, held, heir.deserved(wanted.id), now, loss)
    judgement = evaluation.judgement(member)
    deserved = [(d, place_json(d.fact)) for d in judgement.deserved(wanted.id)]
    lost = CANCELLED if may_be_cancelled(wanted.leaves, judgement.plan.signals) else WITHDRAWN
    if member in evaluation.outcome.regrouped:
        lost = REGROUPED
    lasting = member not in evaluation.outcome.parted  # what an account brought goes with it, however long it was here
    reason = by_hand.reasons.get((member, wanted.id))
    taken = taken_until(judgement, wanted.id) if held else None
    loss = Loss(reason or lost, reason is not None, keep, lasting, taken, by_hand.undone)
    return reconcile(wanted, held, deserved, now, loss)


def _write(
    tx: Transaction,
    plan: Plan,
    evaluation: Evaluation,
    happened: list[Happened],
    telling: Telling,
    dated: bool,
) -> list[Happened]:
    if not happened:
        return []
    if dated:
        happened = [_as_of_then(h) for h in happened]
    ids = tx.save_awards(happened)
    telling = _informed(tx, plan, happened, telling)
    paid = [p for h, id_ in zip(happened, ids, strict=True) for p in payments(h, id_, plan, telling.now)]
    if paid:
        tx.pay(paid)
    quiet = carried(tx, happened, evaluation.outcome.regrouped)
    told = [[*messages(h, _numbers(h, evaluation, telling), plan, _softly(telling, h, quiet))] for h in happened]
    tx.send(hushed(tx, plan, [*zip(ids, happened, told, strict=True)], telling))
    report_awards(tx, plan, happened, telling)
    return happened


def _softly(telling: Telling, h: Happened, quiet: Collection[tuple[Member, Key]]) -> Telling:
    """Without a word about what only goes by another name now."""
    silent = h.after is not None and (h.after.member, key_of(h.after)) in quiet
    return replace(telling, announce=False) if silent else telling


def _as_of_then(h: Happened) -> Happened:
    return h if h.after is None else replace(h, after=replace(h.after, decided_at=h.after.due_at))


def _informed(tx: Transaction, plan: Plan, happened: Iterable[Happened], telling: Telling) -> Telling:
    """With the names and choices of those concerned; nothing is looked up when nobody is told."""
    if not telling.announce:
        return telling
    awards = [h.after for h in happened if h.after is not None]
    members = {a.member for a in awards}
    named = {account for m in members for account in telling.accounts.get(m, (m,))}
    names: Mapping[str, str] = tx.names(named | {a.by for a in awards if a.by is not None})
    # Whoever opted out meanwhile keeps what settles now, and nothing is said about it.
    choices = {m: announce if tracked else "none" for m, (announce, _, tracked) in tx.choices(members).items()}
    return replace(telling, names=names, choices=choices, rooms=rooms_of(plan))


def _numbers(h: Happened, evaluation: Evaluation, telling: Telling) -> str | None:
    """Where the member stands now, as said with a revocation; their part in what several earned together."""
    if h.what == "awarded":
        return own_part(h, evaluation, telling)
    if h.what != "revoked" or h.after is None or h.after.by is not None:
        return None
    found = standing(evaluation.court, evaluation.judgement(h.after.member), h.after.achievement)
    if found is None or found.value >= found.goal:
        return None
    t = theirs(evaluation.plan.book, telling.languages, h.after.member)
    return t.gettext("{value} of {goal} now").format(value=found.value, goal=found.goal)
