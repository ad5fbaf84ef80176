"""What fairness is found out from, and what moderators were shown of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.storage.discretion import erased_of
from adapters.storage.history import SqlHistory, as_json
from adapters.storage.runs import claim_run
from adapters.storage.transactions import SqlTransaction
from core import fairness
from core.audit import Act
from core.cards import Line
from core.claim_cards import mention
from core.closings import Closing
from core.effects import destination_json
from core.events import WITHDRAW, Account, Statement, resolve
from core.fairness import GIVING, PERIOD, Finding, Mark, Shown
from core.fairness_cards import Numbered, called_fine, card, marks_dropped
from core.languages import ours
from core.members import Member, People, join, links_in
from core.pipeline import ingest
from core.plan import LINKED, MEMBERSHIP, Plan
from core.ports import Destination, Outgoing
from core.recovery import NOT_COUNTED
from core.serving import Served

JOB = "fairness"
NOT_SHOWN = 0
"""When a finding was shown that was in no card yet: somebody asked for it."""
_ALL = 1 << 62
DISMISSED = "finding.dismissed"
_GIVEN = """
SELECT s.source, s.id, p.at, s.body
FROM (
    SELECT DISTINCT p.seq, p.at FROM json_each(?) t
    CROSS JOIN party p ON p.type = t.value AND p.community = ? AND p.at >= ? AND p.at <= ?
) p CROSS JOIN statement s ON s.seq = p.seq
"""
_APART = "SELECT account FROM account WHERE community = ? AND bot"
_UNTRACKED = "SELECT member FROM choice WHERE community = ? AND NOT tracked"
_SHOWN = 'SELECT id, kind, people, size, shown_at, fine, "by" FROM finding WHERE community = ?'
_SHOW = """
INSERT INTO finding (community, id, kind, people, size, shown_at)
SELECT ?, COALESCE(MAX(id), 0) + 1, ?, ?, ?, ? FROM finding WHERE community = ?
ON CONFLICT (community, kind, people) DO UPDATE SET size = excluded.size, shown_at = excluded.shown_at,
fine = NULL, "by" = NULL
RETURNING id
"""
_FINE = 'UPDATE finding SET fine = size, "by" = ? WHERE community = ? AND id = ? AND fine IS NULL'


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as it was shown. `by`: who called it fine."""

    id: int
    kind: str
    people: tuple[Member, ...]
    shown: Shown
    by: Account | None


def look(history: SqlHistory, plan: Plan, now: int) -> tuple[list[Finding], People]:
    """What is worth a look in the thirty days before now, and who is who. Takes a second for 100,000 marks: not for
    the event loop."""
    people = join(links_in(history.live([LINKED])))
    if plan.book.fairness.off:
        return [], people
    left_out = {people.member(row[0]) for row in history.rows(_APART, (history.community,))}
    left_out |= {row[0] for row in history.rows(_UNTRACKED, (history.community,))}
    given = _marks(history, plan, people, now)
    marks = [m for m in given if m.giver not in left_out and m.receiver not in left_out]
    return fairness.find(marks, _joined(history, people, now), plan.book.fairness), people


def _marks(history: SqlHistory, plan: Plan, people: People, now: int) -> list[Mark]:
    types = sorted(set(GIVING) & plan.by_type.keys())
    rows = history.rows(_GIVEN, (as_json(types), history.community, now - PERIOD, now))
    read = (_mark(row[0], row[1], row[2], orjson.loads(row[3]), plan, people) for row in rows)
    return [mark for mark in read if mark is not None]


def _mark(source: str, id_: str, at: int, body: Mapping[str, Any], plan: Plan, people: People) -> Mark | None:
    """None for what no rule counts, and for what names nobody who gives or gets."""
    facts: Mapping[str, Any] = body.get("facts", {})
    type_ = body["type"]
    giver = body.get("by") if type_ == "action.validated" else body.get("actor")
    receiver = body.get("target") or body.get("author")
    if giver is None or receiver is None or facts.get("bot") is True or "/" not in giver:
        return None
    if not plan.touched(type_, lambda name: facts.get(name, body.get(name, source if name == "source" else None))):
        return None
    thing = facts.get("message") or f"{receiver} {at // (24 * fairness.HOUR)}"
    exact = facts.get("at_is_approximate") is not True
    return Mark(people.member(giver), people.member(receiver), at, source, id_, str(thing), exact)


def _joined(history: SqlHistory, people: People, now: int) -> dict[Member, int]:
    """Who came in these thirty days: by the first time that anybody knows of."""
    first: dict[Member, int] = {}
    for fact in history.live([MEMBERSHIP]):
        if fact.actor is not None:
            member = people.member(fact.actor)
            first[member] = min(first.get(member, fact.at), fact.at)
    return {member: at for member, at in first.items() if at >= now - PERIOD}


def rows(history: SqlHistory) -> list[Row]:
    """Every finding that moderators were shown, in order."""
    found = history.rows(_SHOWN, (history.community,))
    return sorted((_row(row) for row in found), key=lambda row: row.id)


def _row(row: Sequence[Any]) -> Row:
    return Row(
        int(row[0]), row[1], tuple(json.loads(row[2])), Shown(int(row[3]), int(row[4]), row[5] is not None), row[6]
    )


def state_of(known: Iterable[Row], finding: Finding) -> Row | None:
    """What moderators were shown of this finding, if it was."""
    return next((row for row in known if (row.kind, row.people) == (finding.kind, finding.named)), None)


def report(
    db: sa.Connection, plan: Plan, day: str, found: Sequence[Finding], to: Sequence[Destination], now: int
) -> bool:
    """Claim the day and queue its card, if there is anything to tell, in one commit. False if somebody else did."""
    community = plan.community
    tx = SqlTransaction(db, community)
    if not claim_run(tx, JOB, day, now):
        return False
    known = rows(tx)
    there = _without_erased(tx, found)
    due = [f for f in there if fairness.is_due(f, row.shown if (row := state_of(known, f)) else None, now)]
    if due:
        told = [Numbered(_show(db, community, f, now), f) for f in due[: fairness.MOST_SHOWN]]
        names = tx.names({account for f in due for account in f.people})
        made = card(told, len(due) - len(told), names, ours(plan.book))
        tx.send([Outgoing(f"{JOB}:{day}", d.source, "card", destination_json(d), made, now) for d in to])
    return True


def _without_erased(history: SqlHistory, found: Iterable[Finding]) -> list[Finding]:
    """To find them takes a while: somebody may have been erased meanwhile."""
    there = list(found)
    gone = erased_of(history, {account for f in there for account in f.people})
    return [f for f in there if gone.isdisjoint(f.people)]


def _show(db: sa.Connection, community: str, finding: Finding, now: int) -> int:
    people = json.dumps(finding.named)
    row = (community, finding.kind, people, finding.size, now, community)
    return int(db.exec_driver_sql(_SHOW, row).scalar_one())


def numbered(db: sa.Connection, community: str, found: Iterable[Finding]) -> list[tuple[int, Finding]]:
    """Those that nobody called fine as they are. What was in no card yet gets its number, and comes in one still."""
    history = SqlHistory(db, community)
    known, told = rows(history), []
    for f in _without_erased(history, found):
        row = state_of(known, f)
        if row is None or (row.shown.fine and fairness.is_due(f, row.shown, 0)):
            told.append((_show(db, community, f, NOT_SHOWN), f))
        elif not row.shown.fine:
            told.append((row.id, f))
    return told


def drop(db: sa.Connection, served: Served, number: int, finding: Finding, by: Account, now: int) -> int:
    """Withdraw the marks, and say so on the card; how many it were."""
    tx, at = SqlTransaction(db, served.plan.community), max(now, finding.until)
    said = tx.statements(finding.facts, _ALL)
    alive = [key for key in finding.facts if resolve(said.get(key, ())) is not None]
    ingest(tx, served, [Statement(*key, at, op=WITHDRAW, reason=NOT_COUNTED, by=by) for key in alive], now)
    _close(tx, served.plan, number, marks_dropped(number, mention(by, tx.names([by])), ours(served.plan.book)), now)
    return len(alive)


def call_fine(db: sa.Connection, plan: Plan, number: int, by: Account, now: int) -> bool:
    """Remember that a moderator sees nothing wrong in it. False if that was said already, or there is none."""
    if db.exec_driver_sql(_FINE, (by, plan.community, number)).rowcount == 0:
        return False
    tx = SqlTransaction(db, plan.community)
    row = next(r for r in rows(tx) if r.id == number)
    about, after = row.people[0], f"{row.kind}, {row.shown.size} facts: looks fine"
    tx.note_acts([Act(now, by, DISMISSED, about, after=after)])
    _close(tx, plan, number, called_fine(number, mention(by, tx.names([by])), ours(plan.book)), now)
    return True


def _close(tx: SqlTransaction, plan: Plan, number: int, said: Line, now: int) -> None:
    """The card that showed it, if one did, has no buttons for it any more."""
    row = next((r for r in rows(tx) if r.id == number and r.shown.at != NOT_SHOWN), None)
    if row is not None:
        day = plan.calendar.name(plan.calendar.day(row.shown.at), "day")
        tx.close([Closing(f"{JOB}:{day}", said, gone=frozenset({str(number)}))], now)
