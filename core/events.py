"""Facts and the statements about them: the one contract between every edge and the core.

A fact is alive when the latest statement about it, by `at`, asserts it; a withdrawal wins a tie. A restoration takes
back the withdrawals until then that have the same reason: the fact is as if they had never been said.
Times are UTC microseconds since 1970, as whole numbers. Accounts are `source/user`, as `slack:T1/U7`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import orjson

from core.exact_json import decode

Account = str
Value = str | int | Decimal | bool | tuple[str, ...]
Op = Literal["assert", "withdraw", "restore"]

ASSERT: Op = "assert"
WITHDRAW: Op = "withdraw"
RESTORE: Op = "restore"
NO_FACTS: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the log: it asserts or withdraws the fact `(source, id)`, or restores it. Only an assertion needs a
    type."""

    source: str
    id: str
    at: int
    type: str | None = None
    op: Op = ASSERT
    actor: Account | None = None
    author: Account | None = None
    target: Account | None = None
    participants: tuple[Account, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    reason: str | None = None
    by: Account | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What the live statements about `(source, id)` add up to. `seq`: where the log holds it (0: nowhere)."""

    source: str
    id: str
    type: str
    at: int
    actor: Account | None
    author: Account | None
    target: Account | None
    participants: tuple[Account, ...]
    facts: Mapping[str, Value]
    seq: int = 0


def resolve(statements: Iterable[tuple[int, Statement]]) -> Fact | None:
    """The live fact that these statements (with their place in the log) about one `(source, id)` make, or None.

    Content comes from the latest assertion (a tie goes to the greater content), the time from the earliest
    assertion since the latest withdrawal; one with `at_is_approximate` gives the time only where no exact one remains.
    """
    known = list(statements)
    withdrawn = _withdrawn_at(known)
    living = [(q, s) for q, s in known if s.op == ASSERT and (withdrawn is None or s.at > withdrawn)]
    if not living:
        return None
    seq, last = living[0] if len(living) == 1 else max(living, key=lambda p: (p[1].at, content(p[1]), -p[0]))
    exact = [s.at for _, s in living if s.facts.get("at_is_approximate") is not True]
    at = min(exact) if exact else min(s.at for _, s in living)
    return fact_of(last, at, seq)


def _withdrawn_at(known: Iterable[tuple[int, Statement]]) -> int | None:
    """When the fact was withdrawn last, beside what a restoration took back; None for never."""
    gone = [s for _, s in known if s.op != ASSERT]
    if not gone:
        return None
    back = [s for s in gone if s.op == RESTORE]
    standing = (s for s in gone if s.op == WITHDRAW and not any(s.reason == b.reason and s.at <= b.at for b in back))
    return max((s.at for s in standing), default=None)


def withdrawn(
    known: Iterable[Sequence[tuple[int, Statement]]], names: Iterable[Account], types: Iterable[str]
) -> list[Fact]:
    """What facts said that are no longer alive, newest first: those of these types that name one of the accounts.

    `known`: all statements about each fact, with their place in the log.
    """
    who, wanted = set(names), frozenset(types)
    dead = (said for said in known if resolve(said) is None)
    last = (resolve([(seq, s) for seq, s in said if s.op == ASSERT]) for said in dead)
    found = [f for f in last if f is not None and f.type in wanted and not who.isdisjoint(accounts(f))]
    return sorted(found, key=lambda f: f.at, reverse=True)


def fact_of(statement: Statement, at: int, seq: int) -> Fact:
    """The fact that one assertion makes when nothing else is said about it."""
    s = statement
    if s.type is None:
        raise ValueError("an assertion has a type")
    return Fact(s.source, s.id, s.type, at, s.actor, s.author, s.target, s.participants, s.facts, seq)


def plain(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value).encode())  # the exact digits, never through a binary float
    raise TypeError(f"{type(value).__name__} cannot be written")


def content(statement: Statement) -> bytes:
    """Type, people and facts as JSON: absent ones left out, keys sorted, no spaces. Decides ties and identity."""
    return orjson.dumps(_body(statement), default=plain, option=orjson.OPT_SORT_KEYS)


def _body(s: Statement | Fact) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if s.type is not None:
        body["type"] = s.type
    if s.actor is not None:
        body["actor"] = s.actor
    if s.author is not None:
        body["author"] = s.author
    if s.target is not None:
        body["target"] = s.target
    if s.participants:
        body["participants"] = s.participants
    if s.facts:
        body["facts"] = s.facts
    return body


def body(statement: Statement) -> bytes:
    """What storage keeps beside the columns: the content, and who said it and why."""
    data = _body(statement)
    if statement.reason is not None:
        data["reason"] = statement.reason
    if statement.by is not None:
        data["by"] = statement.by
    return orjson.dumps(data, default=plain, option=orjson.OPT_SORT_KEYS)


def content_of(fact: Fact) -> bytes:
    """The content of a fact, as `content` writes that of a statement."""
    return orjson.dumps(_body(fact), default=plain, option=orjson.OPT_SORT_KEYS)


def record(statement: Statement) -> bytes:
    """All but the time, as JSON: `statement_in` and `fact_in` read it, as they read a line of a file."""
    data = {"source": statement.source, "id": statement.id, **_body(statement)}
    if statement.op != ASSERT:
        data |= {"op": statement.op} | ({} if statement.reason is None else {"reason": statement.reason})
    return orjson.dumps(data, default=plain)


def statement_from(source: str, id_: str, op: str, at: int, body_: bytes) -> Statement:
    """The statement whose `body` storage kept."""
    return statement_in({**decode(body_), "source": source, "id": id_, "op": op}, at)


def statement_in(data: Mapping[str, Any], at: int) -> Statement:
    """The statement in decoded JSON that was written here, or checked before."""
    get = data.get
    return Statement(
        data["source"],
        data["id"],
        at,
        get("type"),
        get("op") or ASSERT,
        get("actor"),
        get("author"),
        get("target"),
        tuple(get("participants", ())),
        _facts(get("facts")),
        get("reason"),
        get("by"),
    )


def fact_from(source: str, id_: str, at: int, body_: bytes, seq: int = 0) -> Fact:
    """The live fact at this time whose content storage kept."""
    return fact_in({**decode(body_), "source": source, "id": id_}, at, seq)


def fact_in(data: Mapping[str, Any], at: int, seq: int) -> Fact:
    """The live fact at this time in decoded JSON that was written here, or checked before."""
    get = data.get
    return Fact(
        data["source"],
        data["id"],
        data["type"],
        at,
        get("actor"),
        get("author"),
        get("target"),
        tuple(get("participants", ())),
        _facts(get("facts")),
        seq,
    )


def _facts(data: dict[str, Any] | None) -> dict[str, Value]:
    """Lists as tuples, so that a fact read back equals the one that was written."""
    if not data:
        return {}
    for name, value in data.items():
        if type(value) is list:
            data[name] = tuple(value)
    return data


def digest(body_: bytes) -> bytes:
    """Sixteen bytes that name a body: with source, id, op and at the identity of a statement in storage."""
    return hashlib.blake2b(body_, digest_size=16).digest()


def accounts(fact: Fact | Statement) -> set[Account]:
    """Everybody a fact names."""
    people = {fact.actor, fact.author, fact.target, *fact.participants}
    people.discard(None)
    return people  # type: ignore[return-value] # None is not among them


def message_id(channel: str, ts: str) -> str:
    """Identity of a chat message: Slack's `ts` or Discord's snowflake."""
    return f"message:{channel}/{ts}"


def reaction_id(channel: str, ts: str, user: str, emoji: str) -> str:
    """Identity of one person's reaction with one emoji (Slack's short name without tone) to one message."""
    return f"reaction:{channel}/{ts}/{user}/{emoji}"


def thread_id(channel: str, root: str) -> str:
    """Identity of the fact that a message opened a thread."""
    return f"thread:{channel}/{root}"


def membership_id(user: str) -> str:
    """Identity of a membership: joined asserts it, left withdraws it."""
    return f"member:{user}"
