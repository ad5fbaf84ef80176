"""Everything that a history of statements supports, without a network, a token or a database: the black-box contract.

The order of lines does not matter. Bodies are kept as bytes and read again per member: a million lines stay small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

from core.awards import Deserved
from core.errors import MalformedStatement
from core.events import ASSERT, WITHDRAW, Account, Fact, Statement, body, fact_from, resolve, statement_from
from core.events import accounts as people_of
from core.judgement import Judgement
from core.lines import Link, parse_line
from core.members import People, join, silences
from core.plan import CHOICE, Plan
from core.progressing import progress_lines
from core.times import write_time

_DEAD = -(1 << 62)


class Rows(Protocol):
    """Where the bodies are kept: a list, or a file for long histories."""

    def append(self, row: bytes, /) -> None: ...

    def __getitem__(self, index: int, /) -> bytes: ...

    def __len__(self) -> int: ...


@dataclass(slots=True)
class Log:
    """Statements, and the live facts among them. `ignored`: (line, reason)."""

    plan: Plan
    until: int | None = None
    rows: Rows = field(default_factory=lambda: list[bytes]())
    links: list[tuple[Account, ...]] = field(default_factory=list)
    ignored: list[tuple[int, str]] = field(default_factory=list)
    latest: int | None = None
    _line: int = 0
    _at: array[int] = field(default_factory=lambda: array("q"))
    _live: array[int] = field(default_factory=lambda: array("q"))
    _by_key: dict[bytes, int | list[int]] = field(default_factory=dict)
    _by_account: dict[Account, array[int]] = field(default_factory=dict)
    _choosers: set[Account] = field(default_factory=set)
    _read: tuple[tuple[Account, ...], dict[str, list[Fact]]] = ((), {})

    def read(self, lines: Iterable[bytes]) -> None:
        """Take the lines of a file; what cannot be understood is named and skipped. Counted over all files."""
        for line in lines:
            self._line += 1
            if not line.strip():
                continue
            try:
                entry = parse_line(line)
            except MalformedStatement as fault:
                self.ignored.append((self._line, str(fault)))
                continue
            if isinstance(entry, Link):
                self.links.append(entry.accounts)
            else:
                self.take(entry)

    def take(self, s: Statement) -> None:
        """One statement; those after `until` are not there yet."""
        if self.until is not None and s.at > self.until:
            return
        self.latest = s.at if self.latest is None else max(self.latest, s.at)
        if s.op == ASSERT and s.type not in self.plan.known:
            self.ignored.append((self._line, self.plan.unknown(s.type or "")))
            return
        row = len(self.rows)
        self.rows.append(b"\0".join((s.source.encode(), s.id.encode(), s.op.encode(), body(s))))
        self._at.append(s.at)
        for account in people_of(s):
            self._by_account.setdefault(account, array("q")).append(row)
        if s.type == CHOICE and s.actor is not None:
            self._choosers.add(s.actor)
        self._join_key(s, row)

    def _join_key(self, s: Statement, row: int) -> None:
        key = blake2b(f"{s.source}\0{s.id}".encode(), digest_size=16).digest()
        there = self._by_key.get(key)
        if there is None:
            self._by_key[key] = row
        elif isinstance(there, list):
            there.append(row)
        else:
            self._by_key[key] = [there, row]

    def settle(self) -> People:
        """Find the live facts, once everything was read. Returns who is who."""
        self._live = array("q", [_DEAD]) * len(self.rows)
        for rows in self._by_key.values():
            if isinstance(rows, int):
                if self._op(rows) == ASSERT:
                    self._live[rows] = self._at[rows]
                continue
            fact = resolve([(row, self._statement(row)) for row in rows])
            if fact is not None:
                self._live[fact.seq] = fact.at
        people = join(self.links)
        for member in sorted({people.member(a) for a in self._choosers}):
            facts = self.facts(people.accounts(member), [CHOICE])
            people.silent[member] = silences((f.at, f.facts.get("tracking") != "off") for f in facts)
        return people

    def everybody(self, people: People) -> list[str]:
        """All members that a fact names."""
        return sorted({people.member(account) for account in self._by_account})

    def facts(self, accounts: Iterable[Account], types: Iterable[str]) -> list[Fact]:
        """As core.ports.History. The last member read is kept."""
        who = tuple(accounts)
        if self._read[0] != who:
            self._read = (who, self._facts_of(who))
        found = [fact for type_ in types for fact in self._read[1].get(type_, ())]
        return sorted(found, key=lambda f: (f.at, f.source, f.id))

    def by_seq(self, places: Iterable[tuple[int, int]]) -> list[Fact]:
        return [self._fact(row, at) for row, at in places]

    def _facts_of(self, accounts: tuple[Account, ...]) -> dict[str, list[Fact]]:
        rows = {row for a in accounts for row in self._by_account.get(a, ())}
        found: dict[str, list[Fact]] = {}
        for row in rows:
            if self._live[row] != _DEAD:
                fact = self._fact(row, self._live[row])
                found.setdefault(fact.type, []).append(fact)
        return found

    def _op(self, row: int) -> str:
        return WITHDRAW if self.rows[row].split(b"\0", 3)[2] == b"withdraw" else ASSERT

    def _statement(self, row: int) -> Statement:
        source, id_, op, content = self.rows[row].split(b"\0", 3)
        return statement_from(source.decode(), id_.decode(), op.decode(), self._at[row], content)

    def _fact(self, row: int, at: int) -> Fact:
        source, id_, _, content = self.rows[row].split(b"\0", 3)
        return fact_from(source.decode(), id_.decode(), at, content, row)


@dataclass(slots=True)
class Replay:
    """What a history gives: awards (as the contract's objects), progress, score and points by member."""

    awards: list[dict[str, Any]] = field(default_factory=list)
    progress: list[dict[str, Any]] = field(default_factory=list)
    score: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    ignored: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "awards": self.awards,
            "progress": self.progress,
            "score": self.score,
            "points": self.points,
            "ignored": self.ignored,
        }


def replay(plan: Plan, log: Log) -> Replay:
    """Evaluate everything in the log. Without `log.until`, now is the latest time plus the longest settle."""
    people = log.settle()
    now = log.until if log.until is not None else (log.latest or 0) + longest_settle(plan)
    result = Replay(ignored=[{"line": n, "reason": reason} for n, reason in sorted(log.ignored)])
    for member in log.everybody(people):
        _judge(plan, Judgement(plan, people, log, member, now), result)
    result.awards.sort(key=_award_order)
    result.progress.sort(key=lambda p: (p["achievement"], p["member"]))
    return result


def longest_settle(plan: Plan) -> int:
    """Of any achievement in the book, those that are off included; microseconds."""
    return max((rule.settle.microseconds for rule in plan.book.achievements.values()), default=0)


def _judge(plan: Plan, judgement: Judgement, result: Replay) -> None:
    member = judgement.member
    points = 0
    held: set[str] = set()
    for wanted in plan.wanted.values():
        if wanted.shadow:
            continue
        for d in judgement.deserved(wanted.id):
            result.awards.append(award_json(d, judgement.now))
            held.add(wanted.id)
            points += wanted.rule.points if d.state(judgement.now) == "awarded" else 0
    score = sum(amount for c in plan.scores for amount in judgement.score(c).values())
    if score:
        result.score[member] = score
    if points:
        result.points[member] = points
    result.progress += _progress(plan, judgement, held)


def award_json(d: Deserved, now: int) -> dict[str, Any]:
    """One award as the contract writes it."""
    return {
        "achievement": d.achievement,
        "version": d.version,
        "member": d.member,
        "tier": d.tier or None,
        "period": d.period,
        "state": d.state(now),
        "earned_at": moment(d.earned_at),
        "evidence": d.evidence,
    }


def moment(at: int) -> str:
    """A time as awards carry it: 2026-03-02T09:15:00+00:00."""
    return write_time(at).removesuffix("Z") + "+00:00"


def _progress(plan: Plan, judgement: Judgement, held: set[str]) -> Iterator[dict[str, Any]]:
    for line in progress_lines(judgement, held):
        yield {
            "achievement": line.achievement,
            "version": plan.wanted[line.achievement].rule.version,
            "member": judgement.member,
            "value": line.value,
            "goal": line.goal,
            "text": line.text,
        }


def _award_order(a: dict[str, Any]) -> tuple[object, ...]:
    tier, period = a["tier"], a["period"]
    return (
        a["achievement"],
        a["member"],
        (tier is not None, tier or ""),
        (period is not None, period or ""),
        a["earned_at"],
        a["evidence"],
    )
