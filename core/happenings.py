"""The events of an example as statements: with the facts that a platform would have stamped on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from core.events import ASSERT, WITHDRAW, Account, Fact, Statement, Value, fact_of
from core.rules.examples import SOURCE, Example, Happening
from core.stamping import OPENING, about, stamp
from core.times import write_time

ANSWER = "thread.replied"
MESSAGES = {"message.posted": "post", ANSWER: "reply"}
DELETED = "thing deleted"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """A statement, and which event of the example (from 1) says it."""

    event: int
    statement: Statement


def tell(example: Example, zone: dt.tzinfo) -> list[Told]:
    """All statements of an example, as live traffic would make them: a reaction takes over what its message says, an
    answer its thread; a thread that gets its first answer has started; with a message its marks are deleted."""
    told = [Told(n, s) for n, event in enumerate(example.events, 1) for s in _statements(n, event, zone)]
    messages = {t.statement.id: _fact(t.statement) for t in told if t.statement.type in MESSAGES}
    stamped = [replace(t, statement=_stamped(t.statement, messages)) for t in told]
    return [*stamped, *_started(stamped, messages), *_deleted(stamped, messages)]


def account(person: str) -> Account:
    """A plain name is an account of the example; `slack:T1/U7` is one already."""
    return person if "/" in person else f"{SOURCE}/{person}"


def person(member: Account) -> str:
    """The name as the example writes it."""
    return member.removeprefix(f"{SOURCE}/")


def instant(moment: dt.datetime, zone: dt.tzinfo) -> int:
    """UTC microseconds; a moment without an offset is local."""
    there = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return (there - _EPOCH) // dt.timedelta(microseconds=1)


def _statements(number: int, event: Happening, zone: dt.tzinfo) -> Iterator[Statement]:
    for n in range(1, event.repeat + 1):
        later = dt.timedelta(seconds=event.every.seconds * (n - 1)) if event.every else dt.timedelta()
        for actor in event.actor or (None,):
            words = _Words(n, actor)
            at = instant(event.at + later, zone)
            if event.withdraw is not None:
                yield Statement(event.source, words.fill(event.withdraw), at, op=WITHDRAW)
            else:
                yield _statement(event, f"event {number}.{n} {actor or ''}", at, words, zone)


@dataclass(frozen=True, slots=True)
class _Words:
    """What `{n}` and `{actor}` stand for."""

    n: int
    actor: str | None

    def fill(self, text: str) -> str:
        return text.replace("{actor}", self.actor or "").replace("{n}", str(self.n))


def _statement(event: Happening, unnamed: str, at: int, words: _Words, zone: dt.tzinfo) -> Statement:
    id_ = words.fill(event.id) if event.id is not None else unnamed
    facts = {name: _value(name, value, words, zone) for name, value in event.facts.items()}
    if event.type in MESSAGES:
        facts = {"message": id_, "post_kind": MESSAGES[event.type], **facts}
    return Statement(
        event.source,
        id_,
        at,
        event.type,
        ASSERT,
        _person(words.actor, words),
        _person(event.author, words),
        _person(event.target, words),
        tuple(account(words.fill(p)) for p in event.participants),
        facts,
    )


def _person(name: str | None, words: _Words) -> Account | None:
    return None if name is None else account(words.fill(name))


def _value(name: str, value: object, words: _Words, zone: dt.tzinfo) -> Value:
    match value:
        case str():
            return words.fill(value)
        case bool() | int() | Decimal():
            return value
        case dt.datetime():
            return write_time(instant(value, zone))
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat("minutes")
        case _:
            texts = [words.fill(str(item)) for item in value] if isinstance(value, list) else [str(value)]
            return tuple(account(t) for t in texts) if name == "mentions" else tuple(texts)


def _fact(statement: Statement) -> Fact:
    return fact_of(statement, statement.at, 0)


def _stamped(statement: Statement, messages: Mapping[str, Fact]) -> Statement:
    root = messages.get(str(statement.facts.get("thread")))
    if statement.type == ANSWER and root is not None:
        return _answering(statement, root)
    message = messages.get(about(statement) or "")
    return statement if message is None else stamp(statement, message)


def _answering(answer: Statement, root: Fact) -> Statement:
    """An answer knows who opened its thread, where and when."""
    facts = {name: root.facts[name] for name in ("channel", "channel_id", "private") if name in root.facts}
    waited = max(answer.at - root.at, 0) // _SECOND
    facts |= {"object_at": write_time(root.at), "delay": waited, **answer.facts}
    return replace(answer, author=answer.author or root.actor, facts=facts)


def _started(told: Iterable[Told], messages: Mapping[str, Fact]) -> Iterator[Told]:
    """A message that was answered opened a thread, unless the example says so itself."""
    said = {t.statement.facts.get("thread", t.statement.id) for t in told if t.statement.type == OPENING}
    for t in told:
        root = messages.get(str(t.statement.facts.get("thread")))
        if t.statement.type == ANSWER and root is not None and root.id not in said:
            said.add(root.id)
            facts = {**root.facts, "thread": root.id}
            yield Told(
                t.event, Statement(root.source, f"thread {root.id}", root.at, OPENING, ASSERT, root.actor, facts=facts)
            )


def _deleted(told: Iterable[Told], messages: Mapping[str, Fact]) -> Iterator[Told]:
    """With a message go the marks on it."""
    gone = {t.statement.id: t for t in told if t.statement.op == WITHDRAW and t.statement.id in messages}
    for t in told:
        s = t.statement
        deleted = gone.get(about(s) or "")
        if s.op == ASSERT and deleted is not None:
            at = max(deleted.statement.at, s.at)
            yield Told(deleted.event, Statement(s.source, s.id, at, op=WITHDRAW, reason=DELETED))
