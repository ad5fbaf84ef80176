"""From arrived statements to a changed log, awards, scores and messages: one call, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import orjson

from core.awarding import award
from core.effects import Telling
from core.evaluation import Change, Evaluation, Outcome
from core.events import ASSERT, WITHDRAW, Fact, Statement, body, digest, fact_of, resolve
from core.events import accounts as people_of
from core.members import Member, People, silences
from core.plan import BY_HAND, CHOICE, MEMBERSHIP, Plan
from core.ports import Stored, Taken, Transaction
from core.progress import Blob, Key
from core.stamping import about, lacks_facts, stamp

FactKey = tuple[str, str]
THING_DELETED = "thing deleted"
MOST_BLOBS = 50_000


@dataclass(slots=True)
class Memory:
    """Blobs that were read or written, so that the next batch need not read them. Emptied when somebody else wrote."""

    blobs: dict[Key, Blob] = field(default_factory=dict)
    dirty: set[Key] = field(default_factory=set)

    def get(self, key: Key) -> Blob:
        found = self.blobs.get(key)
        if found is None:
            found = self.blobs[key] = {}
        return found

    def changed(self, key: Key) -> None:
        self.dirty.add(key)

    def touched(self, key: Key) -> Blob:
        self.dirty.add(key)
        return self.get(key)

    def clear(self) -> None:
        self.blobs.clear()
        self.dirty.clear()

    def load(self, tx: Transaction, keys: Iterable[Key]) -> None:
        """Make sure that these are here."""
        missing = [k for k in keys if k not in self.blobs]
        if missing:
            found = tx.blobs(missing)
            self.blobs.update((k, orjson.loads(found[k]) if k in found else {}) for k in missing)

    def save(self, tx: Transaction) -> None:
        if self.dirty:
            tx.save_blobs({k: orjson.dumps(self.blobs[k]) for k in self.dirty})
            self.dirty.clear()
        if len(self.blobs) > MOST_BLOBS:
            self.blobs.clear()

    def forget(self, member: Member) -> None:
        for key in [k for k in self.blobs if k[0] == member]:
            del self.blobs[key]
        self.dirty = {k for k in self.dirty if k[0] != member}


@dataclass(slots=True)
class Served:
    """A community that is served: its plan, who is who, what is remembered. `by_hand`: (member, achievement) that a
    moderator touched, which are always judged from the log."""

    plan: Plan
    people: People = field(default_factory=People)
    memory: Memory = field(default_factory=Memory)
    by_hand: set[tuple[Member, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Mode:
    """`announce`, `roles`: tell people and change roles. `recall`: ask the platform for what the log does not know.
    `dated`: decide at the time the facts happened, as an import does."""

    announce: bool = True
    roles: bool = True
    recall: bool = False
    dated: bool = False


LIVE = Mode()


# What became of one statement: None for a new one, "" for a repetition, else why it is ignored.
Fate = str | None


def ingest(tx: Transaction, served: Served, statements: Sequence[Statement], now: int, mode: Mode = LIVE) -> list[Fate]:
    """Append what is new to the log and decide what follows from it. Says of each statement what became of it."""
    statements = _redated(tx, statements)
    fates: list[Fate] = [_ignored(served.plan, s) for s in statements]
    known = [(i, s) for i, s in enumerate(statements) if fates[i] is None]
    if len(known) < len(statements):
        tx.ignore([(s, f) for s, f in zip(statements, fates, strict=True) if f is not None], now)
    messages = _messages(tx, [s for _, s in known])
    ready: list[tuple[Statement, Statement]] = []
    places: list[int] = []
    for i, s in known:
        stamped = _stamped(s, messages)
        if stamped is None and mode.recall and s.source.startswith(("slack:", "discord:")):
            fates[i] = None if tx.hold([s], "unstamped", now) else ""
        else:
            ready.append((s, stamped or s))
            places.append(i)
    for i, new in zip(places, _record(tx, served, ready, messages, now, mode), strict=True):
        fates[i] = None if new else ""
    return fates


def _redated(tx: Transaction, statements: Sequence[Statement]) -> Sequence[Statement]:
    """What catch-up finds alive although it was withdrawn came back after that: one microsecond later (exact 3)."""
    found = {(s.source, s.id) for s in statements if _is_recovered(s)}
    if not found:
        return statements
    said = tx.statements(found, 1 << 62)
    withdrawn = {key: max(s.at for _, s in there) for key, there in said.items() if resolve(there) is None}
    return [
        replace(s, at=withdrawn[s.source, s.id] + 1) if _is_recovered(s) and (s.source, s.id) in withdrawn else s
        for s in statements
    ]


def _is_recovered(s: Statement) -> bool:
    return s.facts.get("at_is_approximate") is True and s.facts.get("recovered") is True


def taken(fates: Sequence[Fate]) -> Taken:
    """The sum of what became of some statements."""
    return Taken(fates.count(None), fates.count(""), tuple(f for f in fates if f))


def _ignored(plan: Plan, s: Statement) -> Fate:
    return None if s.op == WITHDRAW or s.type in plan.known else plan.unknown(s.type or "")


def _messages(tx: Transaction, statements: Sequence[Statement]) -> dict[FactKey, list[tuple[int, Statement]]]:
    """What the log and this batch say about the messages that statements are about."""
    wanted = {(s.source, a) for s in statements if (a := about(s)) is not None}
    if not wanted:
        return {}
    found = tx.statements(wanted, 1 << 62)
    for s in statements:
        if (s.source, s.id) in wanted:
            found.setdefault((s.source, s.id), []).append((0, s))
    return found


def _stamped(s: Statement, messages: dict[FactKey, list[tuple[int, Statement]]]) -> Statement | None:
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
    messages: dict[FactKey, list[tuple[int, Statement]]],
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
        following = _cascade(tx, [r.statement for r in appended], messages)
        more = _rows(first + len(rows), [(s, s) for s in following])
        appended += [row for row, new in zip(more, tx.append(more), strict=True) if new] if more else []
        changes = _changes(tx, appended, first)
        _index(tx, changes)
        decide(tx, served, changes, now, mode)
    return fresh


def _rows(first: int, pairs: Sequence[tuple[Statement, Statement]]) -> list[Stored]:
    """Rows for the log. The hash is that of what arrived: a later stamp must not make a repetition look new."""
    rows = []
    for i, (arrived, s) in enumerate(pairs):
        written = body(s)
        hash_ = digest(written if arrived is s else body(arrived))
        rows.append(Stored(first + i, s, hash_, about(s), written))
    return rows


def _cascade(
    tx: Transaction, new: Sequence[Statement], messages: dict[FactKey, list[tuple[int, Statement]]]
) -> list[Statement]:
    """Withdrawals that follow from deleted messages: of what was said about them, before and after."""
    gone = {(s.source, s.id): s for s in new if s.op == WITHDRAW and s.id.startswith("message:")}
    found: dict[FactKey, Statement] = {}
    if gone:
        by_fact: dict[FactKey, list[tuple[int, Statement]]] = {}
        for seq, s in tx.about(gone):
            by_fact.setdefault((s.source, s.id), []).append((seq, s))
        for key, said in by_fact.items():
            message = about(said[0][1])
            if resolve(tx.statements([key], 1 << 62)[key]) is not None and message is not None:
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


def _changes(tx: Transaction, appended: Sequence[Stored], first: int) -> list[Change]:
    """Every fact that the new rows speak of, before and after them."""
    new: dict[FactKey, list[tuple[int, Statement]]] = {}
    for row in appended:
        new.setdefault((row.statement.source, row.statement.id), []).append((row.seq, row.statement))
    older = tx.statements(new, first)
    changes = []
    for key, said in new.items():
        earlier = older.get(key)
        if earlier is None and len(said) == 1 and said[0][1].op == ASSERT:
            seq, s = said[0]
            changes.append(Change(None, fact_of(s, s.at, seq)))
            continue
        change = Change(resolve(earlier or ()), resolve([*(earlier or ()), *said]))
        if change.before != change.after:
            changes.append(change)
    return changes


def _index(tx: Transaction, changes: Iterable[Change]) -> None:
    """Keep the index of live facts by the people they name."""
    gone: list[tuple[str, str, int, int]] = []
    here: list[tuple[str, str, int, int]] = []
    for c in changes:
        if c.before is not None:
            gone += _places(c.before)
        if c.after is not None:
            here += _places(c.after)
    if gone:
        tx.unplace(gone)
    if here:
        tx.place(here)


def _places(fact: Fact) -> list[tuple[str, str, int, int]]:
    return [(account, fact.type, fact.at, fact.seq) for account in people_of(fact)]


def decide(tx: Transaction, served: Served, changes: Sequence[Change], now: int, mode: Mode) -> Outcome:
    """Counts, scores, awards, messages: what follows from changed facts."""
    anew = _take_note(tx, served, changes)
    evaluation = Evaluation(served.plan, served.people, served.memory, tx, now)
    served.memory.load(tx, evaluation.collect(changes))
    outcome = evaluation.decide()
    outcome.again |= _touched_by_hand(served, changes)
    for member in anew:
        _recount_all(tx, served, evaluation, member)
    for (member, rule), days in outcome.scores.items():
        tx.set_scores(member, rule, days)
    if outcome.amounts:
        tx.add_scores(outcome.amounts)
    served.memory.save(tx)
    award(tx, served.plan, served.by_hand, evaluation, changes, _telling(tx, served, now, mode), mode.dated)
    return outcome


def _telling(tx: Transaction, served: Served, now: int, mode: Mode) -> Telling:
    quiet = now - tx.first_start(now) < served.plan.book.community.quiet_start.microseconds
    return Telling(now, accounts=served.people.groups, quiet=quiet, announce=mode.announce, roles=mode.roles)


def _touched_by_hand(served: Served, changes: Iterable[Change]) -> set[tuple[Member, str]]:
    """Awards that a grant or a moderator's revocation is about."""
    found: set[tuple[Member, str]] = set()
    for fact in (f for c in changes for f in (c.before, c.after) if f is not None and f.type in BY_HAND):
        achievement = fact.facts.get("achievement")
        if fact.target is not None and isinstance(achievement, str) and achievement in served.plan.wanted:
            found.add((served.people.member(fact.target), achievement))
    served.by_hand |= found
    return found


def _take_note(tx: Transaction, served: Served, changes: Iterable[Change]) -> set[Member]:
    """Memberships and people's own choices. Returns members whose history counts differently from now on."""
    present: dict[str, bool] = {}
    anew: set[Member] = set()
    for change in changes:
        fact = change.after or change.before
        if fact is None or fact.actor is None:
            continue
        if fact.type == MEMBERSHIP:
            present[fact.actor] = change.after is not None
        elif fact.type == CHOICE and note_choice(tx, served, served.people.member(fact.actor)):
            anew.add(served.people.member(fact.actor))
    if present:
        tx.attend(present)
    return anew


def note_choice(tx: Transaction, served: Served, member: Member) -> bool:
    """Read a member's settings from the log. True if what counts for them changed."""
    facts = tx.facts(served.people.accounts(member), [CHOICE])
    last = facts[-1].facts if facts else {}
    announce = last.get("announce")
    tx.choose(
        member,
        announce if isinstance(announce, str) and announce != "default" else None,
        last.get("boards") == "hidden",
        last.get("tracking") != "off",
    )
    spans = silences((f.at, f.facts.get("tracking") != "off") for f in facts)
    if spans == served.people.silent.get(member, []):
        return False
    served.people.silent[member] = spans
    return True


def _recount_all(tx: Transaction, served: Served, evaluation: Evaluation, member: Member) -> None:
    """Everything about one member from the log."""
    tx.forget_progress(member)
    served.memory.forget(member)
    evaluation.recount_member(member)


def rebuild(tx: Transaction, served: Served, members: Iterable[Member], now: int) -> int:
    """Recount these members from the log, as a changed rule book asks for. Returns how many.

    Holders keep what they have; what is found in old history is left to the next digest.
    """
    done = 0
    for member in members:
        evaluation = Evaluation(served.plan, served.people, served.memory, tx, now)
        _recount_all(tx, served, evaluation, member)
        for (who, rule), days in evaluation.outcome.scores.items():
            tx.set_scores(who, rule, days)
        served.memory.save(tx)
        served.memory.forget(member)
        quiet = Telling(now, announce=False, roles=False)
        award(tx, served.plan, served.by_hand, evaluation, (), quiet, dated=False, keep=True)
        done += 1
    return done
