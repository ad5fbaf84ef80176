"""`plaudit simulate`: what an event would change, or what a member's history gives and what it lacks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from adapters.storage.engines import database_file
from adapters.storage.reading import reading
from bot.books import read_book
from bot.settings import Settings
from bot.spool import Spool
from core.catalogue import nearest
from core.criteria.matching import View
from core.errors import ConfigurationError, MalformedStatement
from core.events import ASSERT, Fact, Statement, fact_of, resolve
from core.exact_json import decode
from core.fit import fits
from core.lines import Link, parse_line, parse_statement, to_line
from core.plan import compile_plan
from core.replay import Log, longest_settle, replay
from core.results import Replay
from core.rules.book import RuleBook, conditions, types_named
from core.stamping import about, stamp
from core.times import write_time

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """`event`: what might happen, as JSON. `events`: files of what happened before; without any, the log of the
    database. `member`, `achievement`: only about these. `until`: what counts as now, UTC microseconds."""

    event: tuple[str, ...] = ()
    events: tuple[Path, ...] = ()
    member: str | None = None
    achievement: str | None = None
    until: int | None = None


@dataclass(slots=True)
class Answer:
    """`events`: each simulated one, and the rules it fits or not. `earned`, `gone`: awards with it and only without it.
    `held`, `progress`: what is there; `uncounted`: for one achievement, why facts of the member do not count."""

    events: list[Row] = field(default_factory=list)
    earned: list[Row] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    progress: list[Row] = field(default_factory=list)
    uncounted: dict[str, int] = field(default_factory=dict)


def simulate(settings: Settings, rules: Path | None, question: Question) -> Answer:
    """Nothing is stored. Raises ConfigurationError, and MalformedStatement for an event that cannot be read."""
    file = rules or settings.rules
    if file.is_dir():
        raise ConfigurationError(f"{file}: is a folder of rule books; name one of them with --rules")
    book = read_book(file)
    if question.achievement is not None and question.achievement not in book.achievements:
        near = nearest(question.achievement, book.achievements)
        remedy = f"Did you mean {near}?" if near else f"There are {', '.join(book.achievements)}"
        raise ConfigurationError(f'{file}: no achievement is called "{question.achievement}". {remedy}')
    return _Simulation(book, question, _history(settings, book, question.events)).answer()


def _history(settings: Settings, book: RuleBook, files: Sequence[Path]) -> Iterator[bytes]:
    """What happened before, as lines."""
    for file in files:
        with file.open("rb") as lines:
            yield from lines
    if not files and Path(database_file(settings.database_url)).exists():
        with reading(settings.database_url) as histories:
            yield from (to_line(s) for s in histories(book.community.id).log())


class _Simulation:
    """The history without and with the events in question."""

    def __init__(self, book: RuleBook, question: Question, lines: Iterator[bytes]) -> None:
        self.question = question
        self.plan = compile_plan(book)
        self.before, self.after = Log(self.plan, question.until, Spool()), Log(self.plan, question.until, Spool())
        given = [_decoded(text) for text in question.event]
        self.said: dict[object, list[tuple[int, Statement]]] = {_message(data): [] for data in given}
        for n, line in enumerate(lines):
            self._take(n, line)
        self.people = self.before.settle()
        self.statements = [self._statement(n, data) for n, data in enumerate(given, 1)]
        for statement in self.statements:
            self.after.take(statement)
        now = (self.after.latest or 0) + longest_settle(self.plan)
        self.before.until = self.after.until = now if question.until is None else question.until

    def answer(self) -> Answer:
        before, after = replay(self.plan, self.before), replay(self.plan, self.after)
        found = Answer([self._event(s) for s in self.statements])
        if self.statements:
            there, then = _keyed(before.awards), _keyed(after.awards)
            found.earned = self._wanted(a for key, a in then.items() if key not in there)
            found.gone = self._wanted(a for key, a in there.items() if key not in then)
            found.changed = self._wanted(_changes(before, after))
        else:
            found.held, found.progress = self._wanted(before.awards), self._wanted(before.progress)
            found.uncounted = self._uncounted()
        return found

    def _wanted(self, rows: Any) -> list[Row]:
        member = self._member()
        return [
            row
            for row in rows
            if member in (None, row["member"]) and self.question.achievement in (None, row.get("achievement"))
        ]

    def _member(self) -> str | None:
        return None if self.question.member is None else self.people.member(self.question.member)

    def _take(self, number: int, line: bytes) -> None:
        """A line of the history, in both logs; what cannot be read is left out, as in a replay."""
        try:
            entry = parse_line(line)
        except MalformedStatement:
            return
        if isinstance(entry, Link):
            self.before.links.append(entry.accounts)
            self.after.links.append(entry.accounts)
            return
        self.before.take(entry)
        self.after.take(entry)
        if entry.id in self.said:
            self.said[entry.id].append((number, entry))

    def _statement(self, number: int, data: Row) -> Statement:
        """The event; what it does not say is filled in, as on arrival. Raises MalformedStatement."""
        known = self.before.latest if self.question.events else None
        usual = {
            "source": str(data.get("actor", "simulated/nobody")).partition("/")[0],
            "id": f"simulated {number}",
            "at": write_time(int(time.time()) * 1_000_000 if known is None else known),
        }
        statement = parse_statement({**usual, **data})
        message = resolve(self.said.get(about(statement), ()))
        return stamp(statement, message) if statement.op == ASSERT and message is not None else statement

    def _event(self, statement: Statement) -> Row:
        told: Row = {"type": statement.type or statement.op, "at": write_time(statement.at)}
        if statement.op != ASSERT:
            return {**told, "fits": [], "reason": None}
        found = fits(self._view(fact_of(statement, statement.at, 0)), self.plan.book)
        return {**told, "fits": [asdict(f) for f in found], "reason": None if found else self._unused(statement)}

    def _unused(self, statement: Statement) -> str:
        type_ = statement.type or ""
        if type_ not in self.plan.known:
            return self.plan.unknown(type_)
        near = nearest(type_, self.plan.book.types_used())
        return f"no rule names {type_}" + (f"; did you mean {near}?" if near else "")

    def _view(self, fact: Fact) -> View:
        return View(fact, self.people, self.plan.scope)

    def _uncounted(self) -> dict[str, int]:
        """For one member and achievement: what stands against their facts, and how often."""
        member, name = self._member(), self.question.achievement
        if member is None or name is None:
            return {}
        found: dict[str, int] = {}
        for fact in self.before.facts(self.people.accounts(member), None):
            for fit in fits(self._view(fact), self.plan.book):
                if fit.against is not None and fit.rule.split(",")[0] in _resting_on(name, self.plan.book):
                    reason = f"{fact.type} ({fit.rule}): {fit.against}"
                    found[reason] = found.get(reason, 0) + 1
        return found


def _decoded(text: str) -> Row:
    data = decode(text)
    if not isinstance(data, dict):
        raise MalformedStatement('write a JSON object, as {"type": "message.posted", "actor": "slack:T1/U7"}')
    return data


def _message(data: Row) -> object:
    facts = data.get("facts")
    message = facts.get("message") if isinstance(facts, dict) else None
    return message if isinstance(message, str) else None


def _resting_on(achievement: str, book: RuleBook) -> frozenset[str]:
    """The achievement, and the signals below it, as `fits` names them."""
    found = {f"achievement {achievement}"}
    waiting = [name for part in conditions(book.achievements[achievement]) for name in types_named(part)]
    while waiting:
        signal = waiting.pop()
        if signal in book.signals and f"signal {signal}" not in found:
            found.add(f"signal {signal}")
            waiting += types_named(book.signals[signal])
    return frozenset(found)


def _keyed(awards: Sequence[Row]) -> dict[str, Row]:
    """Awards by all that they say; what differs in anything is another one."""
    return {repr(sorted(a.items())): a for a in awards}


def _changes(before: Replay, after: Replay) -> Iterator[Row]:
    """Progress, score and points that are otherwise with the events; None where there was or is nothing."""
    then, now = ({(p["achievement"], p["member"]): p["text"] for p in r.progress} for r in (before, after))
    for achievement, member in sorted(then.keys() | now.keys()):
        texts = then.get((achievement, member)), now.get((achievement, member))
        if texts[0] != texts[1]:
            yield {"achievement": achievement, "member": member, "before": texts[0], "after": texts[1]}
    for what in ("score", "points"):
        old, new = getattr(before, what), getattr(after, what)
        for member in sorted(old.keys() | new.keys()):
            if old.get(member) != new.get(member):
                numbers = {"before": old.get(member, 0), "after": new.get(member, 0)}
                yield {"achievement": None, "what": what, "member": member, **numbers}
