"""Everything that a history of statements supports, without a network, a token or a database: the black-box contract.

The order of lines does not matter. Lines are kept as they came and read again per member: a million stay small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Protocol

from core.compiling import TALLY
from core.court import Court
from core.criteria.matching import thing
from core.errors import MalformedStatement
from core.events import ASSERT, Account, Fact, Statement, fact_in, record, resolve, statement_in, withdrawn
from core.events import accounts as people_of
from core.exact_json import decode
from core.lines import Link, parse_line
from core.members import People, join, links_in, silences
from core.plan import CHOICE, DEAF, LIFE, LINKED, Plan
from core.progressing import progress_lines
from core.results import Replay, award_json
from core.rewards import REDEEMED, balance_of
from core.rewards import TYPES as REWARDS
from core.rules.boards import counted_signals
from core.timelines import deaf_spans, life_of

_when = attrgetter("at", "source", "id")
_DEAD = -(1 << 62)


class Rows(Protocol):
    """Where the lines are kept: a list, or a file for long histories."""

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
    _first: dict[int, int] = field(default_factory=dict)
    _again: dict[int, list[int]] = field(default_factory=dict)
    _by_account: dict[Account, array[int]] = field(default_factory=dict)
    _by_type: dict[str, array[int]] = field(default_factory=dict)
    _by_thing: dict[str, array[int]] = field(default_factory=dict)
    _choosers: set[Account] = field(default_factory=set)
    _spenders: set[Account] = field(default_factory=set)
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
                self._keep(entry, line)

    def take(self, s: Statement) -> None:
        """One statement; those after `until` are not there yet."""
        self._keep(s, record(s))

    def _keep(self, s: Statement, line: bytes) -> None:
        if self.until is not None and s.at > self.until:
            return
        if self.latest is None or s.at > self.latest:
            self.latest = s.at
        if s.op == ASSERT and s.type not in self.plan.known:
            self.ignored.append((self._line, self.plan.unknown(s.type or "")))
            return
        row = len(self._at)
        self.rows.append(line)
        self._at.append(s.at)
        self._live.append(s.at if s.op == ASSERT else _DEAD)
        for account in people_of(s):
            rows = self._by_account.get(account)
            if rows is None:
                rows = self._by_account[account] = array("q")
            rows.append(row)
        if s.type in LIFE and s.actor is not None:
            self._choosers.add(s.actor)
        if s.type == REDEEMED and s.target is not None:
            self._spenders.add(s.target)
        if s.type in self.plan.open:
            self._by_type.setdefault(s.type, array("q")).append(row)
        if s.type in self.plan.things:
            self._by_thing.setdefault(thing(s), array("q")).append(row)
        self._note(s, row)

    def _note(self, s: Statement, row: int) -> None:
        """Rows that may be about the same fact. A hash is enough: `settle` looks at what they really are about."""
        key = hash((s.source, s.id))
        first = self._first.setdefault(key, row)
        if first != row:
            self._again.setdefault(key, [first]).append(row)

    def settle(self) -> People:
        """Find the live facts, once everything was read. Returns who is who."""
        for rows in self._again.values():
            for stated in self._facts_among(rows):
                for row, _ in stated:
                    self._live[row] = _DEAD
                fact = resolve(stated)
                if fact is not None:
                    self._live[fact.seq] = fact.at
        people = self.who_is_who()
        people.opt_in = self.plan.book.community.opt_in
        for member in sorted({people.member(a) for a in self._choosers}):
            facts = self.facts(people.accounts(member), [CHOICE])
            said = ((f.at, f.facts.get("tracking") != "off") for f in facts)
            people.silent[member] = silences(said, people.opt_in)
            people.lives[member] = life_of(self.plan, self.facts(people.accounts(member), LIFE))
        people.deaf = deaf_spans(self.of_type([DEAF]))
        return people

    def who_is_who(self) -> People:
        """Which accounts are one member, once the live facts are found."""
        return join([*self.links, *links_in(self.of_type([LINKED]))])

    def everybody(self, people: People) -> list[str]:
        """All members that a fact names."""
        return sorted({people.member(account) for account in self._by_account})

    def facts(self, accounts: Iterable[Account], types: Iterable[str] | None) -> list[Fact]:
        """As core.ports.History. The last member read is kept."""
        who = tuple(sorted(accounts))
        if self._read[0] != who:
            self._read = (who, self._facts_of(who))
        wanted = self._read[1] if types is None else types
        found = [fact for type_ in wanted for fact in self._read[1].get(type_, ())]
        found.sort(key=_when)
        return found

    def spent(self, accounts: Sequence[Account]) -> int:
        """What rewards did to the balance of somebody with these accounts."""
        if self._spenders.isdisjoint(accounts):
            return 0
        return balance_of(self.facts(accounts, REWARDS), accounts)

    def of_type(self, types: Iterable[str]) -> list[Fact]:
        """As core.ports.History."""
        rows = [row for type_ in types for row in self._by_type.get(type_, ())]
        return self._alive(rows)

    def concerning(self, things: Iterable[str], types: Iterable[str]) -> list[Fact]:
        """As core.ports.History."""
        wanted = frozenset(types)
        found = self._alive([row for name in things for row in self._by_thing.get(name, ())])
        return [fact for fact in found if fact.type in wanted]

    def withdrawn(self, accounts: Iterable[Account], types: Iterable[str]) -> list[Fact]:
        """Facts of these types that name one of the accounts and are no longer alive, newest first."""
        names = tuple(accounts)
        dead = {row for a in names for row in self._by_account.get(a, ()) if self._live[row] == _DEAD}
        said = (statement_in(decode(self.rows[row]), self._at[row]) for row in dead)
        keys = {hash((s.source, s.id)) for s in said}
        return withdrawn((f for k in keys for f in self._facts_among(self._again.get(k, ()))), names, types)

    def _alive(self, rows: Iterable[int]) -> list[Fact]:
        found = [self._fact(row, self._live[row]) for row in rows if self._live[row] != _DEAD]
        found.sort(key=_when)
        return found

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

    def _facts_among(self, rows: Iterable[int]) -> Iterable[list[tuple[int, Statement]]]:
        """Rows with what they say, those about the same fact together."""
        found: dict[tuple[str, str], list[tuple[int, Statement]]] = {}
        for row in rows:
            s = statement_in(decode(self.rows[row]), self._at[row])
            found.setdefault((s.source, s.id), []).append((row, s))
        return found.values()

    def _fact(self, row: int, at: int) -> Fact:
        return fact_in(decode(self.rows[row]), at, row)


WHOLE = (0, 1)


def replay(plan: Plan, log: Log, *, progress: bool = True, share: tuple[int, int] = WHOLE) -> Replay:
    """Evaluate everything in the log. Without `log.until`, now is the latest time plus the longest settle.

    `progress`: also say where everybody stands toward what they do not hold. `share`: (k, n) looks at every n-th member
    only, from the k-th; the shares together are the whole.
    """
    people = log.settle()
    now = log.until if log.until is not None else (log.latest or 0) + longest_settle(plan)
    result = Replay(ignored=[{"line": n, "reason": reason} for n, reason in sorted(log.ignored)])
    court = Court(plan, people, log, now, keep=False)
    for member in log.everybody(people)[share[0] :: share[1]]:
        _judge(court, member, result, progress, log.spent(people.accounts(member)))
    result.sort()
    return result


def longest_settle(plan: Plan) -> int:
    """Of any achievement in the book, those that are off included; microseconds."""
    return max((rule.settle.microseconds for rule in plan.book.achievements.values()), default=0)


def _judge(court: Court, member: str, result: Replay, progress: bool, points: int) -> None:
    plan, judgement = court.plan, court.member(member)
    judgement.look_at_all()
    held: set[str] = set()
    for wanted in plan.wanted.values():
        if wanted.shadow:
            continue
        for d in judgement.deserved(wanted.id):
            result.awards.append(award_json(d, judgement.now))
            held.add(wanted.id)
            points += wanted.points(d.tier) if d.state(judgement.now) == "awarded" else 0
    score = sum(amount for c in plan.scores for amount in judgement.score(c).values())
    if score:
        result.score[member] = score
    if points:
        result.points[member] = points
    for signal in counted_signals(plan.book.boards):
        _, c = plan.ranks[f"score:{TALLY}{signal}"]
        if counted := sum(judgement.score(c).values()):
            result.counted[f"{member} ({c.id})"] = counted
    if progress:
        result.progress += _progress(court, member, held)


def _progress(court: Court, member: str, held: set[str]) -> Iterator[dict[str, Any]]:
    for line in progress_lines(court, member, held):
        yield {
            "achievement": line.achievement,
            "version": court.plan.wanted[line.achievement].rule.version,
            "member": member,
            "value": line.value,
            "goal": line.goal,
            "text": line.text,
        }
