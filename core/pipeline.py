"""From arrived statements to a changed log, awards, scores and messages: one call, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.audit import acts
from core.awarding import award
from core.ban_cards import tell_bans
from core.bans import follow_bans
from core.changes import Change, Outcome
from core.choices import note_anew, take_note, touched_by_hand
from core.closing import close_cards
from core.doubles import counted_once
from core.effects import Telling
from core.erasure import AT_THE_DOOR
from core.evaluation import Evaluation
from core.events import ASSERT, WITHDRAW, Statement, body, digest, fact_of, resolve
from core.indexing import former_places, places
from core.ladder import climb, touched
from core.leaving import note_leavers
from core.linking import follow_links, send_roles
from core.outgoing import report_decisions
from core.plan import Plan
from core.ports import Stored, Taken, Transaction
from core.recounting import recount_all
from core.recovery import reconcile
from core.serving import LIVE, Mode, Served
from core.stamping import about, lacks_facts, stamp
from core.teams import with_teams
from core.touches import eligible_anew

FactKey = tuple[str, str]
Said = dict[FactKey, list[tuple[int, Statement]]]
_ALL = 1 << 62
THING_DELETED = "thing deleted"


# What became of one statement: None for a new one, "" for a repetition, else why it is ignored.
Fate = str | None


def ingest(tx: Transaction, served: Served, statements: Sequence[Statement], now: int, mode: Mode = LIVE) -> list[Fate]:
    """Append what is new to the log and decide what follows from it. Says of each statement what became of it."""
    if not served.erased:
        return _take_in(tx, served, statements, now, mode)
    known = [served.erased.admit(s, lambda source, id_: bool(tx.statements([(source, id_)], _ALL))) for s in statements]
    fates = iter(_take_in(tx, served, [s for s in known if s is not None], now, mode))
    return [AT_THE_DOOR if s is None else next(fates) for s in known]


def _take_in(tx: Transaction, served: Served, statements: Sequence[Statement], now: int, mode: Mode) -> list[Fate]:
    fates: list[Fate] = [_ignored(served.plan, s) for s in statements]
    ignored = [(s, reason) for s, reason in zip(statements, fates, strict=True) if reason is not None]
    if ignored:
        tx.ignore(ignored, now)
    known: list[tuple[int, Statement]] = []
    for i, s in enumerate(reconcile(tx, statements)):
        if s is None:
            fates[i] = ""
        elif fates[i] is None:
            known.append((i, s))
    said = _said(tx, [s for _, s in known])
    messages = _messages(said, [s for _, s in known])
    ready: list[tuple[Statement, Statement]] = []
    places: list[int] = []
    for i, s in known:
        stamped = _stamped(s, messages)
        if stamped is None and mode.recall and s.source.startswith(("slack:", "discord:")):
            fates[i] = None if tx.hold([s], "unstamped", now) else ""
        else:
            ready.append((s, stamped or s))
            places.append(i)
    ready = with_teams(tx, served, ready, said)
    for i, new in zip(places, _record(tx, served, ready, said, messages, now, mode), strict=True):
        fates[i] = None if new else ""
    return fates


def taken(fates: Sequence[Fate]) -> Taken:
    """The sum of what became of some statements."""
    return Taken(fates.count(None), fates.count(""), tuple(f for f in fates if f))


def _ignored(plan: Plan, s: Statement) -> Fate:
    return None if s.op == WITHDRAW or s.type in plan.known else plan.unknown(s.type or "")


def _said(tx: Transaction, statements: Sequence[Statement]) -> Said:
    """What the log says so far about these facts, and about the messages they are about; empty where nothing."""
    keys = {(s.source, s.id) for s in statements}
    keys.update((s.source, a) for s in statements if (a := about(s)) is not None)
    found = tx.statements(keys, _ALL) if keys else {}
    return {key: found.get(key, []) for key in keys}


def _messages(said: Said, statements: Sequence[Statement]) -> Said:
    """What the log and this batch say about the messages that statements are about."""
    found = {(s.source, a): list(said[s.source, a]) for s in statements if (a := about(s)) is not None}
    for s in statements if found else ():
        if (s.source, s.id) in found:
            found[s.source, s.id].append((0, s))
    return found


def _stamped(s: Statement, messages: Said) -> Statement | None:
    """The stamped statement; None if the message it is about is not known."""
    if not lacks_facts(s):
        return s
    asserted = [(q, m) for q, m in messages.get((s.source, about(s) or ""), ()) if m.op == ASSERT]
    message = resolve(asserted)  # also of a deleted one: what it was is still true
    return None if message is None else stamp(s, message)


def _record(
    tx: Transaction,
    served: Served,
    ready: Sequence[tuple[Statement, Statement]],
    said: Said,
    messages: Said,
    now: int,
    mode: Mode,
) -> list[bool]:
    """Append, with what follows from deletions, and decide. Says of each statement whether it was new."""
    if not ready:
        return []
    first = tx.next_seq()
    rows = _rows(first, ready)
    fresh = tx.append(rows)
    appended = [row for row, new in zip(rows, fresh, strict=True) if new]
    if appended:
        arrived = [r.statement for r in appended]
        following = [*_cascade(tx, arrived, messages), *follow_bans(tx, served.people, arrived)]
        more = _rows(first + len(rows), [(s, s) for s in following])
        appended += [row for row, new in zip(more, tx.append(more), strict=True) if new] if more else []
        changes = _changes(tx, appended, said, first)
        _index(tx, served.plan, changes)
        outcome = decide(tx, served, changes, now, mode)
        new = [row.statement for row in appended]
        trail = acts(new, changes, outcome.happened, served.people, now)
        if trail:
            tx.note_acts(trail)
        telling = telling_of(tx, served, now, mode)
        report_decisions(tx, served, new, telling)
        tell_bans(tx, served, new, telling)
        close_cards(tx, served, new, now)
    return fresh


def _rows(first: int, pairs: Sequence[tuple[Statement, Statement]]) -> list[Stored]:
    """Rows for the log. The hash is that of what arrived: a later stamp must not make a repetition look new."""
    rows = []
    for i, (arrived, s) in enumerate(pairs):
        written = body(s)
        hash_ = digest(written if arrived is s else body(arrived))
        rows.append(Stored(first + i, s, hash_, about(s), written))
    return rows


def _cascade(tx: Transaction, new: Sequence[Statement], messages: Said) -> list[Statement]:
    """Withdrawals that follow from deleted messages: of what was said about them, before and after."""
    gone = {(s.source, s.id): s for s in new if s.op == WITHDRAW and s.id.startswith("message:")}
    found: dict[FactKey, Statement] = {}
    if gone:
        by_fact: Said = {}
        for seq, s in tx.about(gone):
            by_fact.setdefault((s.source, s.id), []).append((seq, s))
        whole = tx.statements(by_fact, _ALL) if by_fact else {}
        for key, said in by_fact.items():
            message = about(said[0][1])
            if resolve(whole[key]) is not None and message is not None:
                # A mark dated after the deletion falls with it too, as if it had arrived after it.
                latest = max(s.at for _, s in said)
                found[key] = _follow(said[0][1], gone[said[0][1].source, message], latest)
    for s in new:
        deletion = _deletion(messages.get((s.source, about(s) or ""), ())) if s.op == ASSERT else None
        if deletion is not None:
            before = found.get((s.source, s.id))
            found[s.source, s.id] = _follow(s, deletion, s.at if before is None else max(s.at, before.at))
    return list(found.values())


def _deletion(said: Sequence[tuple[int, Statement]]) -> Statement | None:
    """The withdrawal by which a message is gone now, if it is."""
    last = max((s for _, s in said if s.op == WITHDRAW), key=lambda s: s.at, default=None)
    return last if last is not None and resolve(said) is None else None


def _follow(s: Statement, deletion: Statement, at_least: int) -> Statement:
    return Statement(s.source, s.id, max(deletion.at, at_least), op=WITHDRAW, reason=THING_DELETED, by=deletion.by)


def _changes(tx: Transaction, appended: Sequence[Stored], said: Said, first: int) -> list[Change]:
    """Every fact that the new rows speak of, before and after them. `said`: what the log said before of most."""
    new: Said = {}
    for row in appended:
        new.setdefault((row.statement.source, row.statement.id), []).append((row.seq, row.statement))
    unread = new.keys() - said.keys()  # what follows from a deletion speaks of facts that nobody asked about
    older = tx.statements(unread, first) if unread else {}
    changes = []
    for key, rows in new.items():
        earlier = said.get(key) or older.get(key) or []
        if not earlier and len(rows) == 1 and rows[0][1].op == ASSERT:
            seq, s = rows[0]
            changes.append(Change(None, fact_of(s, s.at, seq)))
            continue
        change = Change(resolve(earlier), resolve([*earlier, *rows]))
        if change.before != change.after:
            changes.append(change)
    return changes


def _index(tx: Transaction, plan: Plan, changes: Iterable[Change]) -> None:
    """Keep the index of live facts by the people they name."""
    gone: list[tuple[str, str, int, int]] = []
    here: list[tuple[str, str, int, int]] = []
    for c in changes:
        if c.before is not None:
            gone += former_places(c.before)
        if c.after is not None:
            here += places(c.after, plan)
    if gone:
        tx.unplace(gone)
    if here:
        tx.place(here)


def decide(tx: Transaction, served: Served, changes: Sequence[Change], now: int, mode: Mode) -> Outcome:
    """Counts, scores, awards, messages: what follows from changed facts."""
    regrouped = follow_links(tx, served, changes)
    note_anew(tx, served, regrouped.members)
    note_leavers(tx, served, changes)
    anew = take_note(tx, served, changes) | regrouped.members | regrouped.others
    anew |= counted_once(changes, served.people, served.plan.calendar)
    evaluation = Evaluation(served.plan, served.people, served.memory, tx, now)
    served.memory.load(tx, evaluation.collect(changes))
    outcome = evaluation.decide()
    outcome.regrouped, outcome.parted = regrouped.members, regrouped.parted
    served.events += len(changes)
    served.recounts += outcome.recounts
    outcome.again |= touched_by_hand(served, changes)
    recount_all(tx, served, evaluation, anew)
    for (member, rule), days in outcome.scores.items():
        tx.set_scores(member, rule, days)
    if outcome.amounts:
        tx.add_scores(outcome.amounts)
    served.memory.save(tx)
    telling = telling_of(tx, served, now, mode)
    outcome.happened = award(tx, served.plan, served.by_hand, evaluation, changes, telling, mode.dated)
    climb(tx, served, touched(outcome, outcome.happened), telling)
    if served.touches.listening:
        served.touches.add(touched(outcome, outcome.happened) | anew | eligible_anew(served.people, changes))
    send_roles(tx, served, regrouped.members, telling)
    return outcome


def telling_of(tx: Transaction, served: Served, now: int, mode: Mode) -> Telling:
    """How what is decided now is told; the first days nothing is said aloud."""
    quiet = now - tx.first_start(now) < served.plan.book.community.quiet_start.microseconds
    people = served.people
    return Telling(
        now,
        accounts=people.groups,
        quiet=quiet,
        announce=mode.announce,
        roles=mode.roles,
        languages=people.languages,
    )
